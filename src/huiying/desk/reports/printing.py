"""Pages of papers, kept a little while so that a paper of six pages is not set six times."""

import hashlib
import json
from collections import OrderedDict
from threading import Lock

from huiying.desk.reports.layout import pdf
from huiying.desk.reports.layout.sheet import Sheet

#: How many papers' pages one process keeps.
KEPT = 12
_pages: OrderedDict[str, list[bytes]] = OrderedDict()
_lock = Lock()


def printed(sheet: Sheet) -> list[bytes]:
    """A PNG of each page. Raises ValidationError when this machine has no Chinese font."""
    key = hashlib.sha256(json.dumps(sheet.as_dict(), sort_keys=True).encode()).hexdigest()
    with _lock:
        if key in _pages:
            _pages.move_to_end(key)
            return _pages[key]
    made = pdf.pages(sheet)
    with _lock:
        _pages[key] = made
        while len(_pages) > KEPT:
            _pages.popitem(last=False)
    return made
