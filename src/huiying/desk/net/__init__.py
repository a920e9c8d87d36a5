"""Reaching other machines: guarded against private networks, bounded in size and time. Collecting and telling share it."""
