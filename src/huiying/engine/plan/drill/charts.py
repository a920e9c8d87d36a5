"""The charts of a rehearsal, each with its table: what is missed, where it waits, how runs differ, one run hour by hour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from huiying.engine.plan.drill.drawing import HEAD, LABEL, PLOT, ROW, Box, Drawing, number, steps
from huiying.engine.plan.drill.rehearsal import Rehearsal
from huiying.engine.plan.drill.results import CAUSES
from huiying.engine.plan.drill.telling import CAUSE_NAMES
from huiying.engine.plan.instants import stretch
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text
from huiying.engine.text import Text

_HOUR = timedelta(hours=1)
#: The stretch of one run that its timeline shows.
SHOWN = timedelta(hours=24)
STATE_NAMES = {
    "met": Text("按时", "in time"),
    "late": Text("迟办", "late"),
    "missed": Text("未办", "never done"),
    "": Text("不计", "not counted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture and what it shows, as a table."""

    id: str
    title: Text
    note: Text
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[str, str], ...] = ()  # class, words


def say(zh: str, en: str, language: str) -> str:
    return Text(zh, en).say(language)


def hours_of(span: timedelta) -> float:
    return span / _HOUR


# What is missed


def misses(found: Rehearsal, language: str) -> Chart:
    """How often each rule was missed, with its interval."""
    title = Text("各项要求超期的比例", "How often each requirement is missed")
    outcomes = found.outcomes
    bottom = HEAD + ROW * len(outcomes)
    drawing = Drawing(bottom + 4, title.say(language))
    drawing.axis([(PLOT * part / 4, f"{part * 25}%") for part in range(5)], bottom)
    for index, one in enumerate(outcomes):
        y = HEAD + ROW * index
        late, missed = (PLOT * count / one.owed if one.owed else 0.0 for count in (one.late, one.missed))
        told = f"{one.what.say(language)}: {one.failed:.1%}"
        drawing.name(y, one.what.say(language))
        drawing.rect(Box(LABEL, y + 8, late, ROW - 16), "late", told)
        drawing.rect(Box(LABEL + late, y + 8, missed, ROW - 16), "missed", told)
        _whisker(drawing, LABEL + PLOT * one.share.low, LABEL + PLOT * one.share.high, y + ROW / 2)
        figure = f"{one.failed:.1%}"
        drawing.text(LABEL + PLOT + 12, y + ROW / 2 + 4, figure, "value")
        sure = f"{one.share.low:.0%}–{one.share.high:.0%}"
        drawing.text(LABEL + PLOT + 132, y + ROW / 2 + 4, sure, "tick", "end")
    return Chart(
        id="misses",
        title=title,
        note=Text(
            "横线是 95% 区间：再推演许多次，比例多半落在其中。", "The line is the 95 % interval of the share."
        ),
        svg=drawing.done(),
        head=(
            say("要求", "Requirement", language),
            say("应办", "Owed", language),
            say("按时", "In time", language),
            say("迟办", "Late", language),
            say("未办", "Never", language),
            say("超期", "Missed", language),
            say("95% 区间", "95 % interval", language),
            say("最迟", "Worst", language),
        ),
        rows=tuple(
            (
                one.what.say(language),
                str(one.owed),
                str(one.met),
                str(one.late),
                str(one.missed),
                f"{one.failed:.1%}",
                f"{one.share.low:.1%}–{one.share.high:.1%}",
                stretch(one.worst).say(language) if one.worst > timedelta() else "—",
            )
            for one in outcomes
        ),
        legend=(("late", say("迟办", "late", language)), ("missed", say("未办", "never done", language))),
    )


def _whisker(drawing: Drawing, low: float, high: float, y: float) -> None:
    drawing.line((low, y), (high, y), "whisker")
    for x in (low, high):
        drawing.line((x, y - 4), (x, y + 4), "whisker")


# Where it waits


def waits(plan: Plan, found: Rehearsal, language: str) -> Chart:
    """How long things waited for each role in a run, by cause."""
    title = Text("事情等谁、为什么等（每次推演的小时数）", "Whom things wait for and why (hours a run)")
    runs = max(1, found.runs)
    roles = [one for one in found.roles if one.tasks or one.waited]
    most = max((hours_of(one.waited) / runs for one in roles), default=0.0) or 1.0
    bottom = HEAD + ROW * len(roles)
    drawing = Drawing(bottom + 4, title.say(language))
    drawing.axis([(PLOT * value / most, number(value)) for value in steps(most)], bottom)
    for index, one in enumerate(roles):
        y, x = HEAD + ROW * index, LABEL
        drawing.name(y, role_text(plan, one.who).say(language))
        for cause in CAUSES:
            width = PLOT * hours_of(one.waits.get(cause, timedelta())) / runs / most
            drawing.rect(Box(x, y + 8, width, ROW - 16), cause, CAUSE_NAMES[cause].say(language))
            x += width
        drawing.text(LABEL + PLOT + 12, y + ROW / 2 + 4, f"{hours_of(one.waited) / runs:.1f}", "value")
    hours = [say(CAUSE_NAMES[cause].zh, CAUSE_NAMES[cause].en, language) for cause in CAUSES]
    return Chart(
        id="waits",
        title=title,
        note=Text(
            "等得最久的角色是瓶颈；为什么等，决定该加人、加班次，还是换提醒的办法。",
            "What waits longest is the bottleneck; why it waits says whether people, shifts or alarms are missing.",
        ),
        svg=drawing.done(),
        head=(
            say("角色", "Role", language),
            say("每次件数", "Things a run", language),
            *hours,
            say("最长队列", "Longest queue", language),
            say("其中超期的事等其", "Of it, in what was missed", language),
        ),
        rows=tuple(
            (
                role_text(plan, one.who).say(language),
                f"{one.tasks / runs:.1f}",
                *(f"{hours_of(one.waits.get(cause, timedelta())) / runs:.1f}" for cause in CAUSES),
                str(one.queue),
                f"{hours_of(one.blamed) / runs:.1f}",
            )
            for one in roles
        ),
        legend=tuple((cause, CAUSE_NAMES[cause].say(language)) for cause in CAUSES),
    )


def people(found: Rehearsal, language: str) -> Chart:
    """How many hours each person worked on it in a run."""
    title = Text("谁最忙（每次推演的小时数）", "Who is busiest (hours a run)")
    runs, shown = max(1, found.runs), found.people[:20]
    most = max((hours_of(one.worked) / runs for one in shown), default=0.0) or 1.0
    bottom = HEAD + ROW * len(shown)
    drawing = Drawing(bottom + 4, title.say(language))
    drawing.axis([(PLOT * value / most, number(value)) for value in steps(most)], bottom)
    for index, one in enumerate(shown):
        y = HEAD + ROW * index
        hours = hours_of(one.worked) / runs
        drawing.name(y, found.names.get(one.who, one.who))
        drawing.rect(Box(LABEL, y + 8, PLOT * hours / most, ROW - 16), "work")
        drawing.text(LABEL + PLOT + 12, y + ROW / 2 + 4, f"{hours:.1f}", "value")
    return Chart(
        id="people",
        title=title,
        note=Text(
            "只看负荷，不评人。人数多于二十时列最忙的二十位。",
            "Load, no judgement of people; at most twenty.",
        ),
        svg=drawing.done(),
        head=(
            say("人员", "Person", language),
            say("每次件数", "Things a run", language),
            say("每次小时", "Hours a run", language),
        ),
        rows=tuple(
            (
                found.names.get(one.who, one.who),
                f"{one.tasks / runs:.1f}",
                f"{hours_of(one.worked) / runs:.1f}",
            )
            for one in shown
        ),
    )


# How runs differ

_BARS = 24


def runs(found: Rehearsal, language: str) -> Chart:
    """In how many runs how many deadlines were missed."""
    title = Text("一次推演里超期几项", "How many deadlines a run misses")
    bins = _bins([run.failed for run in found.each])
    most = max((count for _first, _last, count in bins), default=0) or 1
    height, width = 150.0, 640.0
    drawing = Drawing(HEAD + height + 34, title.say(language))
    slot = width / max(1, len(bins))
    every = max(1, len(bins) // 12)
    for index, (first, last, count) in enumerate(bins):
        tall = height * count / most
        words = str(first) if first == last else f"{first}–{last}"
        told = say(f"超期 {words} 项：{count} 次", f"{words} missed: {count} runs", language)
        drawing.rect(Box(40 + slot * index, HEAD + height - tall, slot * 0.86, tall), "work", told)
        if index % every == 0:
            drawing.text(40 + slot * (index + 0.43), HEAD + height + 15, words, "tick", "middle")
    drawing.line((36, HEAD + height), (40 + width, HEAD + height), "base")
    for value in dict.fromkeys((0, most)):
        drawing.text(32, HEAD + height - height * value / most + 4, str(value), "tick", "end")
    drawing.text(40 + width, HEAD + height + 31, say("超期项数", "deadlines missed", language), "tick", "end")
    return Chart(
        id="runs",
        title=title,
        note=Text("柱高是推演次数。", "The height is the number of runs."),
        svg=drawing.done(),
        head=(say("超期项数", "Deadlines missed", language), say("推演次数", "Runs", language)),
        rows=tuple(
            (str(first) if first == last else f"{first}–{last}", str(count)) for first, last, count in bins
        ),
    )


def _bins(values: Sequence[int]) -> list[tuple[int, int, int]]:
    """First value, last value, how many: at most `_BARS` of equal width, from the least value on."""
    if not values:
        return []
    counts, least, most = Counter(values), min(values), max(values)
    width = -(-(most - least + 1) // _BARS)
    starts = range(least, most + 1, width)
    return [
        (start, start + width - 1, sum(counts[v] for v in range(start, start + width))) for start in starts
    ]
