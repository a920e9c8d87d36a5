"""Instants as whole numbers, which is how the memory keeps them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970. ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    return (at - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """The instant in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


@lru_cache(maxsize=4096)
def hour_of(number: int) -> datetime:
    """The beginning of an hour counted since 1970."""
    return _EPOCH + timedelta(hours=number)
