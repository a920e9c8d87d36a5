"""A reaction model's text becomes a `Pace`, or findings that say where and how to mend it. See docs/plan-format.md."""

import math
from datetime import time, timedelta

from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding
from huiying.engine.journal import Kind
from huiying.engine.plan.drill.chance import Times
from huiying.engine.plan.drill.pace import NIGHT, USUAL, Band, Days, Pace
from huiying.engine.plan.vocabulary import ROLES
from huiying.engine.text import Text
from huiying.engine.toml import parse

#: The standard normal's 90th percentile: from "nine in ten" to the spread.
_P90 = 1.2815515655446004
_DAYS: dict[str, Days] = {"every": "every", "working": "working", "off": "off"}


def read_pace(text: str, *, file: str) -> tuple[Pace | None, list[Finding]]:
    """The reaction model; or None where an error forbids using it; and all that was found."""
    notes = Notes("pace")
    root, broken = parse(text, file=file)
    if root is None:
        return None, broken
    fields = Fields(root, notes)
    fields.integer("format", 1, least=1, most=1)
    plain = Pace()
    spread = fields.number("spread", plain.spread, most=3.0) or 0.0
    react = fields.sub("react")
    bands = fields.read("band", _band)
    off = fields.sub("off_duty")
    pace = Pace(
        name=fields.string("name", file),
        spread=spread,
        react=_times(react, Times(median=plain.react.median, spread=spread)),
        roles=_of_roles(react, spread),
        bands=bands if "band" in fields else (NIGHT,),
        off_duty=off.number("factor", 3.0, least=1.0, most=1000.0) if off else None,
        work=_work(fields.sub("work"), spread),
    )
    for part in (react, off):
        if part:
            part.done()
    fields.done()
    notes.found.sort(key=lambda one: one.place.line or 0)
    return (None if notes.failed else pace), notes.found


def _times(fields: Fields | None, usual: Times) -> Times:
    """`median`, and `spread` or `nine_in_ten`: the time that nine in ten do not exceed."""
    if fields is None:
        return usual
    median = _elapsed(fields, "median") or usual.median
    spread = fields.number("spread", usual.spread, most=3.0)
    most = _elapsed(fields, "nine_in_ten")
    if most is not None and most < median:
        words = Text("“nine_in_ten”不能短于“median”", '"nine_in_ten" cannot be shorter than "median"')
        fields.wrong(fields.node.table["nine_in_ten"], words)
    elif most is not None and median:
        spread = math.log(most / median) / _P90
    return Times(median=median, spread=usual.spread if spread is None else spread)


def _elapsed(fields: Fields, key: str) -> timedelta | None:
    within = fields.span(key)
    if within is None:
        return None
    if not within.elapsed:
        words = Text(f"“{key}”只能用分钟或小时", f'"{key}" must be in minutes or hours')
        fields.wrong(fields.node.table[key], words, code="bad-span")
        return None
    return timedelta(minutes=within.amount) if within.unit == "minutes" else timedelta(hours=within.amount)


def _of_roles(fields: Fields | None, spread: float) -> dict[str, Times]:
    found = {}
    for role in ROLES if fields else ():
        own = fields.sub(role) if fields else None
        if own:
            found[role] = _times(own, Times(median=Pace().react.median, spread=spread))
            own.done()
    return found


def _work(fields: Fields | None, spread: float) -> dict[str, Times]:
    found = {}
    for act in sorted({*USUAL, *(kind.value for kind in Kind)}) if fields else ():
        own = fields.sub(act) if fields else None
        if own:
            found[act] = _times(own, Pace(spread=spread).works(act))
            own.done()
    if fields:
        fields.done()
    return found


def _band(fields: Fields) -> Band:
    opens, closes = _hours(fields)
    days = fields.string("days", "every", choices=tuple(_DAYS))
    factor = fields.number("factor", 1.0, least=0.0, most=1000.0)
    return Band(opens=opens, closes=closes, days=_DAYS[days], factor=1.0 if factor is None else factor)


def _hours(fields: Fields) -> tuple[time, time]:
    words = fields.string("hours")
    if not words:
        return time(), time()
    opens, _, closes = words.partition("-")
    try:
        return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip().replace("24:00", "00:00"))
    except ValueError:
        fields.wrong(
            fields.node.table["hours"],
            Text(f"看不懂的时间“{words}”", f'Cannot read the hours "{words}"'),
            Text("写成 22:00-07:00", "Write 22:00-07:00"),
            code="bad-hours",
        )
        return time(), time()
