"""Search over everything that the desk holds: what is put in here is found by any part of its words.

Anything searchable is a kind and an id (`put("case", case.pk, ...)`); who may see what is found is decided by whoever
shows it, by giving `within` for that kind.
"""

from huiying.desk.listen.search.find import Found, search
from huiying.desk.listen.search.spans import asked_spans
from huiying.desk.listen.search.store import Doc, drop, put, put_many

__all__ = ["Doc", "Found", "asked_spans", "drop", "put", "put_many", "search"]
