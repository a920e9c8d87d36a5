"""What people bring: an informant's tip, a phone call, a transfer from a higher office."""
