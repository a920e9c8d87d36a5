"""Whoever keeps the library is told when an entry must be checked again."""

from datetime import datetime

from django.db import transaction

from huiying.desk.accounts.models import Role
from huiying.desk.accounts.queries import institution, stand_in
from huiying.desk.library.models import Knowledge
from huiying.desk.library.queries.knowledge import to_check
from huiying.desk.notify.actions import tell
from huiying.desk.reports.drafting.words import zone_of
from huiying.engine.text import Text


def remind_due(*, now: datetime, worker: str = "", most: int = 50) -> int:
    """Tell the office, once an entry and date, that it must be checked again; gives how many entries. The system acts."""
    today = now.astimezone(zone_of(institution())).date()
    due = to_check(today).filter(reminded_on=None)[:most]
    for row in due:
        _remind(row, now)
    return len(due)


@transaction.atomic
def _remind(row: Knowledge, now: datetime) -> None:
    tell(
        now=now,
        people=stand_in(Role.OFFICE, now),
        key=f"knowledge|{row.pk}|{row.check_on.isoformat()}",
        subject=Text(f"知识库到期核对：{row.title}", f"To check again: {row.title}"),
        body=Text(
            f"核对日期 {row.check_on}。还成立就确认并定下次日期，不成立就停用。",
            f"Due {row.check_on}. If it still holds, confirm it and set the next date; else withdraw it.",
        ),
        link=row.get_absolute_url(),
    )
    row.reminded_on = row.check_on
    row.save(update_fields=["reminded_on"])
