"""A roster's text becomes a `Roster`, or findings that say where and how to mend it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding
from huiying.engine.plan.check.roster import Contact, Holder, Hours, Roster, RosterUnit, Span, Turn
from huiying.engine.plan.vocabulary import ROLES
from huiying.engine.text import Text
from huiying.engine.toml import Node, parse

_UTC = ZoneInfo("UTC")


def read_roster(text: str, *, file: str, zone: ZoneInfo) -> tuple[Roster | None, list[Finding]]:
    """The roster, its times on the clock of `zone`; or None where an error forbids using it; and all that was found."""
    notes = Notes("roster")
    root, broken = parse(text, file=file)
    if root is None:
        return None, broken
    fields = Fields(root, notes)
    fields.integer("format", 1, least=1, most=1)
    pace = fields.sub("pace")
    roster = Roster(
        name=fields.string("name", file),
        people=fields.read("person", lambda one: _person(one, zone)),
        units=fields.read("unit", _unit),
        turns=(
            *fields.read("rotation", lambda one: _rotation(one, zone)),
            *fields.read("shift", lambda one: _shift(one, zone)),
        ),
        draft=_minutes(pace, "draft") or timedelta(hours=1),
        approve=_minutes(pace, "approve"),
        stand_ins=_stand_ins(fields),
        place=root.place,
    )
    if pace:
        pace.done()
    fields.done()
    if not notes.failed:
        _consistent(roster, root, notes)
    notes.found.sort(key=lambda item: item.place.line or 0)
    return (None if notes.failed else roster), notes.found


def _minutes(fields: Fields | None, key: str) -> timedelta | None:
    within = fields.span(key) if fields else None
    if within is None or fields is None:
        return None
    if not within.elapsed:
        text = Text(f"“{key}”只能用分钟或小时", f'"{key}" must be in minutes or hours')
        mend = Text("写成“30 minutes”或“2小时”", 'Write "30 minutes" or "2 hours"')
        fields.wrong(fields.node.table[key], text, mend, code="bad-span")
        return None
    return timedelta(minutes=within.amount) if within.unit == "minutes" else timedelta(hours=within.amount)


def _stand_ins(fields: Fields) -> dict[str, tuple[str, ...]]:
    """[stand_ins]: role -> roles that act for it while none of its holders is there."""
    table = fields.sub("stand_ins")
    if table is None:
        return {}
    found = {role: table.strings(role, choices=ROLES) for role in ROLES if role in table}
    for role, others in found.items():
        if role in others:
            text = Text(f"“{role}”不能代自己", f'"{role}" cannot stand in for itself')
            mend = Text("写别的角色", "Name other roles")
            table.wrong(table.node.table[role], text, mend, code="stands-in-for-itself")
    for role in ROLES:
        table.get(role)
    table.done()
    return found


def _unit(fields: Fields) -> RosterUnit:
    name = fields.string("name", required=True)
    return RosterUnit(
        code=fields.string("code", name),
        name=name,
        aliases=fields.strings("aliases"),
        place=fields.node.place,
    )


def _person(fields: Fields, zone: ZoneInfo) -> Holder:
    id = fields.string("id", required=True)
    return Holder(
        id=id,
        name=fields.string("name", id),
        roles=fields.strings("roles", choices=ROLES),
        units=fields.strings("units"),
        hours=_hours(fields),
        working=fields.string("days", "every", choices=("every", "working")) == "working",
        away=tuple(_away(fields, zone)),
        contacts=fields.read("contacts", _contact),
        place=fields.node.place,
    )


def _contact(fields: Fields) -> Contact:
    channel = fields.string("channel", required=True)
    fields.string("address")
    return Contact(channel=channel, works=fields.flag("works", True))


def _hours(fields: Fields) -> Hours:
    words = fields.strings("hours")
    if not words:
        return "office"
    if words == ("always",):
        return "always"
    if words == ("office",):
        return "office"
    found = tuple(span for word in words if (span := _from_to(word)))
    if len(found) == len(words):
        return found
    fields.wrong(
        fields.node.table["hours"],
        Text(f"看不懂的时间“{'、'.join(words)}”", f'Cannot read the hours "{", ".join(words)}"'),
        Text('写成 "always"、"office" 或 ["08:00-20:00"]', 'Write "always", "office" or ["08:00-20:00"]'),
        code="bad-hours",
    )
    return "office"


def _from_to(word: str) -> tuple[time, time] | None:
    opens, _, closes = word.partition("-")
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip().replace("24:00", "00:00"))
    except ValueError:
        return None


def _away(fields: Fields, zone: ZoneInfo) -> Iterator[Span]:
    for words in fields.strings("away"):
        first, _, last = words.partition("/")
        try:
            begins = date.fromisoformat(first.strip())
            ends = date.fromisoformat((last or first).strip())
        except ValueError:
            begins, ends = date.max, date.min
        if begins > ends:
            fields.wrong(
                fields.node.table["away"],
                Text(f"看不懂的日期“{words}”", f'Cannot read the days "{words}"'),
                Text("写成 2026-10-01/2026-10-07", "Write 2026-10-01/2026-10-07"),
                code="bad-days",
            )
            continue
        yield _midnight(begins, zone), _midnight(ends + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(_UTC)


def _rotation(fields: Fields, zone: ZoneInfo) -> Turn:
    """One [[rotation]]: people in turn, each for the same number of hours."""
    first = _day(fields, "first")
    starts = _clock(fields, "starts")
    people = fields.strings("people")
    if not people:
        mend = Text('写 people = ["甲", "乙"]', 'Write people = ["a", "b"]')
        nobody = Text("轮班没有人", "This rotation has nobody in it")
        fields.wrong(fields.node, nobody, mend, code="missing-key")
    hours = fields.integer("hours", 24, least=1, most=168) or 24
    return Turn(
        role=fields.string("role", "duty", choices=ROLES),
        people=people or ("",),
        first=datetime.combine(first, starts, zone).astimezone(_UTC),
        lasts=timedelta(hours=hours),
        until=_midnight(_day(fields, "until"), zone) if "until" in fields else None,
        place=fields.node.place,
    )


def _day(fields: Fields, key: str) -> date:
    node = fields.get(key, required=True)
    value = node.value if node else None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        if node:
            example = Text("写成 2026-09-01", "Write 2026-09-01")
            fields.wrong(node, Text(f"不是日期：{value}", f"Not a date: {value}"), example, code="bad-days")
    return date(2000, 1, 1)


def _clock(fields: Fields, key: str) -> time:
    words = fields.string(key, "08:30")
    try:
        return time.fromisoformat(words)
    except ValueError:
        text = Text(f"不是时间：{words}", f"Not a time: {words}")
        fields.wrong(fields.node.table[key], text, Text("写成 08:30", "Write 08:30"), code="bad-hours")
        return time(8, 30)


def _shift(fields: Fields, zone: ZoneInfo) -> Turn:
    """One [[shift]]: one person, from one instant to another."""
    begins, ends = _instant(fields, "from", zone), _instant(fields, "to", zone)
    if begins >= ends and {"from", "to"} <= set(fields.node.table):
        text = Text("班次的结束不晚于开始", "This shift ends no later than it begins")
        mend = Text("把 to 改到 from 之后", 'Put "to" after "from"')
        fields.wrong(fields.node.table["to"], text, mend, code="bad-shift")
        ends = begins + timedelta(hours=1)
    return Turn(
        role=fields.string("role", "duty", choices=ROLES),
        people=(fields.string("person", required=True),),
        first=begins,
        lasts=max(ends - begins, timedelta(minutes=1)),
        until=ends,
        place=fields.node.place,
    )


def _instant(fields: Fields, key: str, zone: ZoneInfo) -> datetime:
    node = fields.get(key, required=True)
    try:
        value = node.value if node else None
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        if node:
            example = Text("写成 2026-10-01T08:30", "Write 2026-10-01T08:30")
            fields.wrong(node, Text(f"不是时刻：{node.value}", f"Not an instant: {node.value}"), example)
        return datetime(2000, 1, 1, tzinfo=_UTC)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(_UTC)


# What the roster's own text contradicts


def _consistent(roster: Roster, root: Node, notes: Notes) -> None:
    seen: set[str] = set()
    for person in roster.people:
        if person.id in seen:
            text = Text(f"编号“{person.id}”重复", f'The id "{person.id}" is used twice')
            notes.add("duplicate-id", person.place, text, Text("换一个编号", "Choose another id"))
        seen.add(person.id)
        for unit in person.units:
            if roster.unit(unit) is None:
                known = "、".join(one.code for one in roster.units) or "—"
                text = Text(f"没有单位“{unit}”", f'There is no unit "{unit}"')
                notes.add(
                    "unknown-reference", person.place, text, Text(f"现有：{known}", f"There are: {known}")
                )
    _turns(roster, notes)


def _turns(roster: Roster, notes: Notes) -> None:
    people = {person.id: person for person in roster.people}
    for turn in roster.turns:
        for id in dict.fromkeys(turn.people):
            person = people.get(id)
            if person is None:
                text = Text(f"班次里的“{id}”不在人员里", f'"{id}" in this shift is not among the people')
                names = "、".join(people) or "—"
                mend = Text(f"现有：{names}", f"There are: {names}")
                notes.add("unknown-reference", turn.place, text, mend)
            elif turn.role not in person.roles:
                text = Text(
                    f"“{person.name}”值“{turn.role}”的班，却没有这个角色",
                    f'"{person.name}" has a shift as {turn.role} but does not hold that role',
                )
                mend = Text(f"给他加上角色 {turn.role}", f"Give them the role {turn.role}")
                notes.add("shift-without-role", turn.place, text, mend)
