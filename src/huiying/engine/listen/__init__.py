"""The ear: mentions in, stories with their evidence out. A pure fold; see `fold`."""
