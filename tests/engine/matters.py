"""A small plan that uses every kind of rule, and a way to write the journal of a case."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from huiying import calendars
from huiying.engine.calendar import Calendar, read_calendar
from huiying.engine.journal import Entry, Kind, instant, seal
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan import Plan, read_plan

#: A Tuesday, 09:00 in Beijing.
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

PLAN = """
format = 1
id = "test"
name = "测试预案"
default_matter = "complaint"

[[level]]
number = 1
name = "重大"
when = [{ tiers = ["national"] }]
[[level]]
number = 2
name = "较大"
when = [{ sites = 3 }]
[[level]]
number = 3
name = "一般"
when = [{ mentions = 1 }]

[[recipient]]
id = "higher"
name = "上级"
[[recipient]]
id = "head"
name = "组长"
role = "head"
[[matter]]
id = "enquiry"
name = "咨询"
[[matter]]
id = "complaint"
name = "投诉"

[[answer]]
id = "first"
stage = "first"
within = "5 hours"
[[answer]]
id = "formal"
stage = "formal"
since = "posted"
within = "24 hours"
or_promise = true
[[answer]]
id = "enquiry"
stage = "final"
within = "2 working days"
matters = ["enquiry"]
[[answer]]
id = "complaint"
stage = "final"
within = "5 working days"
matters = ["complaint"]
[[answer]]
id = "again"
stage = "first"
since = "reopened"
within = "5 hours"

[[duty]]
id = "verify"
act = "verified"
within = "2 hours"
[[duty]]
id = "correct"
act = "published"
stage = "correction"
since = "verified"
where = { outcome = ["untrue"] }
within = "12 hours"
[[duty]]
id = "grade"
act = "level_confirmed"
within = "3 hours"
[[duty]]
id = "warn-head"
act = "reported"
to = "head"
since = "level_proposed"
levels = [1]
within = "10 minutes"
[[duty]]
id = "report-3h"
act = "reported"
to = "higher"
levels = [2]
within = "3 hours"
[[duty]]
id = "report-phone"
act = "reported"
to = "higher"
means = "phone"
levels = [1]
within = "30 minutes"
[[duty]]
id = "report-paper"
act = "reported"
to = "higher"
means = "paper"
since = "duty:report-phone"
levels = [1]
within = "1 hour"
[[duty]]
id = "lines"
act = "lines_set"
levels = [1, 2]
within = "4 hours"
[[duty]]
id = "keep-reporting"
act = "progress"
since = "level_confirmed"
levels = [1, 2]
within = "24 hours"
every = true
[[duty]]
id = "tell-asker"
act = "progress"
since = "extension_granted"
each = true
within = "1 working day"
[[duty]]
id = "call"
act = "called_back"
since = "closed"
within = "3 working days"
[[duty]]
id = "reopen"
act = "reopened"
since = "called_back"
where = { solved = false }
each = true
within = "1 working day"
[[duty]]
id = "review"
act = "reviewed"
since = "closed"
levels = [1, 2]
within = "5 working days"
[[duty]]
id = "archive"
act = "archived"
since = "closed"
within = "10 working days"

[[step]]
id = "meeting"
name = "联席会议"
levels = [1]
within = "2 hours"
[[step]]
id = "minutes"
name = "会议纪要"
levels = [1]
after = ["meeting"]
since = "step:meeting"
within = "1 hour"
[[step]]
id = "offline"
name = "线下处置"
act = "offline_fixed"
[[step]]
id = "online"
name = "线上答复"
act = "published"
stage = "formal"
[[pair]]
id = "double"
name = "双处置"
steps = ["offline", "online"]
within = "2 working days"

[[assignment]]
levels = [1]
accept_within = "30 minutes"
report_within = "1 working day"
return_within = "1 hour"
[[assignment]]
accept_within = "1 working day"
report_within = "3 working days"
cooperate_within = "2 working days"
return_within = "1 working day"

[promise]
longest = "5 working days"
[instruction]
within = "1 working day"
[urge]
within = "1 working day"
[approval]
within = "1 hour"
[extension]
decide_within = "1 working day"
who = "deputy"
[reminders]
before = ["60 minutes", "15 minutes"]
[[escalation]]
after = "at once"
who = "deputy"
[[escalation]]
after = "1 hour"
who = "head"
[[chain]]
roles = ["office", "head"]
"""


def the_plan(text: str = PLAN) -> Plan:
    plan, findings = read_plan(text, file="test.toml")
    assert [found for found in findings if found.level == "error"] == []
    assert plan is not None
    return plan


def the_calendar() -> Calendar:
    calendar, findings = read_calendar(calendars.shipped()["CN"], "CN.toml")
    assert calendar is not None
    assert findings == []
    return calendar


TEST = the_plan()
CN = the_calendar()


class Matter:
    """A case being written down; `hours` are counted from START."""

    def __init__(self, plan: Plan = TEST, **data: Any) -> None:
        self.plan = plan
        self.journal: list[Entry] = []
        given = {"title": "热水停供", "how": "story", "discovered_at": instant(START)} | data
        self.note(0, Kind.OPENED, **given)

    def note(self, hours: float, kind: Kind, *, recorded: float | None = None, **data: Any) -> Entry:
        """Write an entry that happened at `hours` and was written down then, or at `recorded`."""
        at = START + hours * HOUR
        late = START + (hours if recorded is None else recorded) * HOUR
        entry = Entry(seq=0, at=at, recorded_at=late, kind=kind, actor="person:1", data=data)
        self.journal.append(seal(entry, self.journal[-1] if self.journal else None))
        return self.journal[-1]

    def grade(self, hours: float, level: int, **data: Any) -> Entry:
        """Confirm a level."""
        return self.note(hours, Kind.LEVEL_CONFIRMED, level=level, **data)

    def owed(self, hours: float) -> dict[str, Obligation]:
        """What is owed at `hours`, by key."""
        found = obligations(self.plan, self.journal, CN, START + hours * HOUR)
        assert len({one.key for one in found}) == len(found), "two obligations share a key"
        return {one.key: one for one in found}

    def state(self, key: str, hours: float) -> str:
        """How the obligation stands at `hours`; "absent" if it is not there."""
        found = self.owed(hours)
        return found[key].state if key in found else "absent"


def hours(at: datetime) -> float:
    """Hours since START."""
    return (at - START) / HOUR


def by_seq(entries: Sequence[Entry], seq: int) -> Entry:
    """The entry with this number."""
    return next(entry for entry in entries if entry.seq == seq)
