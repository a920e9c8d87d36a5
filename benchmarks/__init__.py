"""Each module here prints what it measured, against what, on what data."""
