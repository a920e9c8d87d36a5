"""Reads of the first screen, the wall and the search page, each over what the reader may see."""
