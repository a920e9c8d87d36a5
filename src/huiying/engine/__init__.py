"""The pure part of Huiying: no Django, no files, no network, no clock."""
