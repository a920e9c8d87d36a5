"""What the worker does for collecting: visit what is due, read in files, forget what was kept long enough."""

from huiying.desk.collect.work.fetching import fetch_due, fetch_one, next_due
from huiying.desk.collect.work.reading_in import read_in_next

__all__ = ["fetch_due", "fetch_one", "next_due", "read_in_next"]
