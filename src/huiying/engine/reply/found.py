"""Short ways of writing a finding."""

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.reply.spans import Span
from huiying.engine.text import Text


def finding(
    code: str,
    level: Severity,
    message: Text,
    *,
    at: Span | None = None,
    mend: Text | None = None,
    replacement: str | None = None,
) -> Finding:
    """A finding of the reply checks: `code` gets its prefix, `at` is the place in the draft's text."""
    place = Place(start=at.start, end=at.end) if at else Place()
    return Finding(
        code=f"reply.{code}",
        level=level,
        message=message,
        place=place,
        mend=mend,
        replacement=replacement,
    )
