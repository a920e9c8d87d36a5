"""What people do with papers."""

from huiying.desk.reports.actions.issuing import instruct, issue, phone, read, sign
from huiying.desk.reports.actions.templates import drop_template, put_template
from huiying.desk.reports.actions.writing import discard, redraft, save, start

__all__ = [
    "discard",
    "drop_template",
    "instruct",
    "issue",
    "phone",
    "put_template",
    "read",
    "redraft",
    "save",
    "sign",
    "start",
]
