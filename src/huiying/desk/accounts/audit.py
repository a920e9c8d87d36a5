"""The audit log: what was changed outside of cases, by whom, when. Rows are added, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiying.desk.accounts.models import AuditLog, Person


def record(
    *, by: Person | None, now: datetime, verb: str, target: str, data: Mapping[str, Any] | None = None
) -> AuditLog:
    """Write one line. `by` None is the system itself; `data` are JSON values without secrets."""
    actor = by.actor if by else "system"
    return AuditLog.objects.create(at=now, actor=actor, verb=verb, target=target[:120], data=dict(data or {}))
