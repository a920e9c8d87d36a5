"""What the verbs share: holding the case, the sentences that refuse, the plan that governs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import journal
from huiying.desk.cases.facts import Part, Projected, calendar_refs, corrected
from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import engine_plan, project
from huiying.desk.cases.reckoning import reckon
from huiying.desk.plans import queries as plans
from huiying.desk.shell.times import to_the_minute
from huiying.desk.shell.zone import here
from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.journal import Entry
from huiying.engine.obligations import Obligation
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: How long ago something may have happened that is written down only now.
MOST_LATE = timedelta(days=366)


class Held:
    """A case that is held for one verb: its journal, what it tells, its plan. Read once, after the lock."""

    def __init__(self, case: Case) -> None:
        self.case = journal.lock(case)
        self.entries: list[Entry] = journal.entries(case)
        self.facts: Projected = project(self.entries)

    @property
    def plan(self) -> Plan:
        """The plan that governs. Raises ValidationError for a case without one."""
        plan = engine_plan(self.facts)
        if plan is None:
            raise ValidationError(_("这一件没有预案可依，先在“预案”里启用一个。"))
        return plan

    @property
    def calendar(self) -> Calendar:
        """The calendar by which the newest stretch of the journal counts."""
        refs = calendar_refs(self.entries)
        if not refs:
            raise ValidationError(_("这一件没有记下工作日历。"))
        return plans.calendar_of(refs[-1][1])

    def owed(self, now: datetime) -> tuple[Obligation, ...]:
        """What is owed at `now`."""
        return reckon(self.plan, self.entries, plans.calendar_of, now)

    def one(self, key: str, now: datetime, states: Iterable[str] = ("open", "missed")) -> Obligation:
        """The obligation of this key. Raises ValidationError when there is none in one of `states`."""
        for item in self.owed(now):
            if item.key == key and item.state in set(states):
                return item
        raise ValidationError({"obligation": _("这一项已办结、已免办或不存在。刷新页面看现在欠什么。")})

    def must_be_open(self) -> None:
        """Raises ValidationError for a case that is closed or joined another."""
        if self.facts.merged_into:
            raise ValidationError(
                _("这一件已并入 %(number)s，请在那一件上办。") % {"number": self.facts.merged_into}
            )
        if self.facts.closed_at:
            raise ValidationError(_("这一件已办结。要再办，先重新办理。"))

    def share(self, unit: Unit, states: Iterable[str]) -> Part:
        """The newest share of `unit` in one of `states`. Raises ValidationError."""
        wanted = set(states)
        for part in reversed(self.facts.parts):
            if part.unit == unit.code and part.state in wanted:
                return part
        raise ValidationError({"unit": _("%(unit)s 现在没有等着办的交办。") % {"unit": unit}})

    def standing(self, kind: str, **data: Any) -> list[Entry]:
        """The same as `marked`, without what a later entry declared wrong."""
        wrong = corrected(self.entries)
        return [entry for entry in self.marked(kind, **data) if entry.seq not in wrong]

    def marked(self, kind: str, **data: Any) -> list[Entry]:
        """Entries of a kind whose data hold these values."""
        return [
            entry
            for entry in self.entries
            if entry.kind == kind and all(entry.data.get(name) == value for name, value in data.items())
        ]


def missing_year(unknown: UnknownYear) -> str:
    """The sentence for a year that the calendar lacks."""
    return _("工作日历没有 %(year)s 年，算不出时限。请先在“预案 → 工作日历”补上这一年。") % {
        "year": unknown.year
    }


def filled(value: str, field: str, message: str, most: int = 4000) -> str:
    """The text without blanks at its ends. Raises ValidationError on `field` when empty or too long."""
    text = value.strip()
    if not text:
        raise ValidationError({field: message})
    if len(text) > most:
        raise ValidationError(
            {field: _("最多 %(most)s 字，现在 %(now)s 字。") % {"most": most, "now": len(text)}}
        )
    return text


def happened(at: datetime | None, now: datetime, field: str = "at") -> datetime | None:
    """An instant in the past, or None for now. Raises ValidationError for the future and for the far past."""
    if at is None:
        return None
    if at > now:
        raise ValidationError({field: _("时间不能晚于现在。")})
    if at < now - MOST_LATE:
        raise ValidationError({field: _("时间早于一年前，请核对。")})
    return at


def later(at: datetime | None, now: datetime, field: str = "due_at") -> datetime | None:
    """An instant in the future, or None. Raises ValidationError."""
    if at is not None and at <= now:
        raise ValidationError({field: _("时限要晚于现在。")})
    return at


def at_words(at: datetime) -> str:
    """An instant to the minute, for sentences that refuse."""
    return to_the_minute(at, here(), get_language() or "zh-hans")


def words(text: Text) -> str:
    """An engine sentence in the language of the reader."""
    return text.say(get_language() or "zh-hans")
