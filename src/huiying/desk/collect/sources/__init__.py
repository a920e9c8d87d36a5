"""One folder a kind of source: what it asks of a person (form), how it fetches, how it reads."""
