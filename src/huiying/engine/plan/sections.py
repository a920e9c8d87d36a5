"""Reading what a plan names and the small tables: subjects, routes, key periods, roster, reminders, extensions."""

import re
from datetime import date, timedelta

from huiying.engine.fields import Fields
from huiying.engine.plan.model import (
    NOTHING,
    Body,
    Escalation,
    Extending,
    KeyPeriod,
    Named,
    ReportAgain,
    Roster,
    Route,
    Watch,
)
from huiying.engine.plan.rules import applies, levels, roles, source
from huiying.engine.plan.vocabulary import MEANS, ROLES
from huiying.engine.spans import Within
from huiying.engine.text import Text

_DAY = re.compile(r"(?:\d{4}-)?\d\d-\d\d")


def named(fields: Fields) -> Named:
    """One [[subject]], [[place]], [[matter]], [[flag]] or [[recipient]]."""
    return Named(
        id=fields.string("id", required=True),
        name=fields.text("name", required=True) or NOTHING,
        words=fields.strings("words"),
        unit=fields.string("unit"),
        role=fields.string("role", choices=ROLES),
    )


def body(fields: Fields) -> Body:
    """One [[body]]."""
    return Body(
        id=fields.string("id", required=True),
        name=fields.text("name", required=True) or NOTHING,
        duties=fields.texts("duties"),
        roles=roles(fields, "roles"),
        source=source(fields),
    )


def route(fields: Fields) -> Route:
    """One [[route]]."""
    made = Route(
        unit=fields.string("unit", required=True),
        subjects=fields.strings("subjects"),
        addressees=fields.strings("addressees"),
        tell=fields.strings("tell"),
        source=source(fields),
    )
    if not made.subjects and not made.addressees:
        fields.wrong(
            fields.node,
            Text("这条路由没写主题或来件对象", "This route names neither subjects nor addressees"),
            Text("补上 subjects = [...] 或 addressees = [...]", "Add subjects = [...] or addressees = [...]"),
            code="missing-key",
        )
    return made


def key_period(fields: Fields) -> KeyPeriod:
    """One [[key_period]]."""
    spans = []
    for words in fields.strings("days"):
        first, _, last = words.partition("/")
        if _is_day(first) and (not last or (_is_day(last) and len(last) == len(first))):
            spans.append((first, last or first))
        else:
            fields.wrong(
                fields.node.table["days"],
                Text(f"看不懂的日期“{words}”", f'Cannot read the days "{words}"'),
                Text(
                    "写成 06-07、06-07/06-10 或 2026-03-04/2026-03-12",
                    "Write 06-07, 06-07/06-10 or 2026-03-04/2026-03-12",
                ),
            )
    return KeyPeriod(
        id=fields.string("id", required=True),
        name=fields.text("name", required=True) or NOTHING,
        spans=tuple(spans),
        holidays=fields.flag("holidays"),
        interval=_delta(fields, "interval"),
        lead=fields.flag("lead"),
        source=source(fields),
    )


def _is_day(words: str) -> bool:
    if not _DAY.fullmatch(words):
        return False
    try:
        date.fromisoformat(words if len(words) > 5 else f"2024-{words}")
    except ValueError:
        return False
    return True


def _delta(fields: Fields, key: str) -> timedelta | None:
    within = fields.span(key)
    if within is None:
        return None
    if not within.elapsed:
        fields.wrong(
            fields.node.table[key],
            Text(f"“{key}”只能用分钟或小时", f'"{key}" must be in minutes or hours'),
            Text("写成“30 minutes”或“2小时”", 'Write "30 minutes" or "2 hours"'),
            code="bad-span",
        )
        return None
    return timedelta(minutes=within.amount) if within.unit == "minutes" else timedelta(hours=within.amount)


def watch(fields: Fields) -> Watch:
    """One [[watch]]."""
    lasts = fields.span("lasts", required=True) or Within(amount=1, unit="days")
    return Watch(levels=levels(fields), lasts=lasts, source=source(fields))


def escalation(fields: Fields) -> Escalation:
    """One [[escalation]]."""
    at_once = fields.node.table.get("after")
    if at_once is not None and at_once.value in ("at once", "立即"):
        fields.get("after")
        after: timedelta | None = timedelta()
    else:
        after = _delta(fields, "after")
    return Escalation(
        after=after or timedelta(), role=fields.string("who", "deputy", choices=ROLES, required=True)
    )


def reminders(fields: Fields | None) -> tuple[timedelta, ...]:
    """[reminders]: how long before the due instant, longest first."""
    if fields is None:
        return ()
    node = fields.get("before")
    spans = []
    for index in range(len(node.items) if node else 0):
        item = node.items[index] if node else fields.node
        one = Fields(type(item)({"before": item}, item.place), fields.notes)
        delta = _delta(one, "before")
        if delta:
            spans.append(delta)
    fields.done()
    return tuple(sorted(set(spans), reverse=True))


def roster(fields: Fields | None, names: Fields | None) -> Roster:
    """[roster] and [roles]."""
    called: dict[str, Text] = {}
    for role in names.node.table if names else ():
        if names and role in ROLES:
            called[role] = names.text(role) or NOTHING
    if names:
        names.done()
    if fields is None:
        return Roster(names=tuple(called.items()))
    made = Roster(
        always=roles(fields, "always") if "always" in fields else ("duty",),
        units=roles(fields, "units"),
        names=tuple(called.items()),
    )
    fields.done()
    return made


def report_again(fields: Fields | None) -> ReportAgain | None:
    """[report_again]."""
    if fields is None:
        return None
    made = ReportAgain(
        to=fields.string("to", required=True),
        means=fields.string("means", choices=MEANS),
        role=fields.string("who", "office", choices=ROLES),
        times=fields.number("times", 1.5, least=1, most=100) or 1.5,
        least=fields.integer("least", 10, least=1, most=100_000) or 10,
        within=fields.span("within", required=True) or Within(amount=4, unit="hours"),
        applies=applies(fields),
        source=source(fields),
    )
    fields.done()
    return made


def heighten(fields: Fields | None) -> tuple[str, ...]:
    """[heighten]: who approves a key period that the institution adds itself."""
    if fields is None:
        return ()
    found = roles(fields, "approve")
    fields.get("source")
    fields.done()
    return found


def extending(fields: Fields | None) -> Extending:
    """[extension]."""
    if fields is None:
        return Extending()
    made = Extending(
        decide=fields.span("decide_within"),
        role=fields.string("who", "head", choices=ROLES),
        most=fields.integer("most", least=1, most=20),
        longest=fields.span("longest"),
        source=source(fields),
    )
    fields.done()
    return made
