"""The first screen, the wall, and search."""
