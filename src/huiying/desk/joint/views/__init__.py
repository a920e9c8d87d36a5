"""Pages of what is done together."""
