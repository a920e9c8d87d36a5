"""Pages of listening: stories, mentions, watches, places."""
