"""Pages about the institution, its people, rosters, ways of reaching them, and oneself."""
