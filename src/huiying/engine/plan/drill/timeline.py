"""One run hour by hour: who did what when in its hardest day, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiying.engine.calendar import Calendar
from huiying.engine.plan.drill.charts import STATE_NAMES, Chart, say
from huiying.engine.plan.drill.drawing import HEAD, ROW, Box, Drawing
from huiying.engine.plan.drill.rehearsal import Rehearsal, Scene
from huiying.engine.plan.drill.results import Deed, Diary
from huiying.engine.plan.instants import clock
from huiying.engine.text import Text

_HOUR = timedelta(hours=1)
#: The stretch of one run that is shown.
SHOWN = timedelta(hours=24)
ROOM = 120.0  # width of the names
TITLE = Text("一次推演中最紧的一天", "The hardest day of one run")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The paper on which the day is drawn."""

    drawing: Drawing
    start: datetime
    language: str
    scale: float  # widths in a second

    def x(self, at: datetime | None) -> float:
        """Where an instant stands; the end of the day for later ones and for never."""
        seconds = (at - self.start).total_seconds() if at else SHOWN.total_seconds()
        return ROOM + min(seconds, SHOWN.total_seconds()) * self.scale

    def deed(self, one: Deed, y: float) -> None:
        """How long it waited, and its work."""
        kind = f"is-{one.state or 'none'}"
        began, done, middle = self.x(one.began), self.x(one.done), y + ROW / 2
        self.drawing.line((self.x(one.ready), middle), (began, middle), f"wait {kind}")
        if one.began and done > began:
            told = f"{one.what.say(self.language)} · {STATE_NAMES[one.state].say(self.language)}"
            self.drawing.rect(Box(began, y + 7, max(1.5, done - began), ROW - 14), f"deed {kind}", told)


def timeline(scene: Scene, found: Rehearsal, language: str) -> Chart:
    """A typical run in its hardest day: who did what when, and what became of it."""
    diary = Diary()
    scene.play(found.typical, diary)
    deeds = hardest(diary.deeds)
    if not deeds or scene.rota is None:
        return Chart(id="timeline", title=TITLE, note=Text("", ""), svg="", head=(), rows=())
    calendar = scene.rota.presence.calendar
    start = calendar.local(deeds[0].ready).replace(minute=0, second=0, microsecond=0)
    return Chart(
        id="timeline",
        title=TITLE,
        note=Text(
            f"第 {found.typical + 1} 次推演，从 {clock(start, calendar).zh} 起 24 小时；细线是等的时间，粗条是办的时间，颜色是最后的结果。",
            f"Run {found.typical + 1}, 24 hours from {clock(start, calendar).en}: thin lines wait, bars are work, colours the outcome.",
        ),
        svg=_drawn(deeds, start, found, language),
        head=(
            say("人员", "Person", language),
            say("事项", "What", language),
            say("哪一件", "Matter", language),
            say("等起", "Waits from", language),
            say("动手", "Begun", language),
            say("办完", "Done", language),
            say("时限", "Due", language),
            say("结果", "Outcome", language),
        ),
        rows=tuple(_row(one, scene, found, calendar, language) for one in deeds),
        legend=tuple(
            (f"is-{state}", STATE_NAMES[state].say(language)) for state in ("met", "late", "missed")
        ),
    )


def _drawn(deeds: list[Deed], start: datetime, found: Rehearsal, language: str) -> str:
    who = list(dict.fromkeys(one.person for one in sorted(deeds, key=lambda one: one.began or one.ready)))
    rows = [person for person in who if person] + ([""] if "" in who else [])
    bottom = HEAD + ROW * len(rows)
    drawing = Drawing(bottom + 4, TITLE.say(language))
    width = drawing.width - ROOM - 20
    drawing.axis(
        [(width * hour / 24, f"{start + hour * _HOUR:%H:%M}") for hour in range(0, 25, 3)], bottom, ROOM
    )
    sheet = _Sheet(drawing, start, language, width / SHOWN.total_seconds())
    for index, person in enumerate(rows):
        y = HEAD + ROW * index
        drawing.name(y, found.names.get(person, person) or say("没有人办", "nobody", language), ROOM)
        for one in deeds:
            if one.person == person:
                sheet.deed(one, y)
    return drawing.done()


def hardest(deeds: Iterable[Deed]) -> list[Deed]:
    """What became ready in the 24 hours with most that was not met in time; of equal ones the first."""
    listed = sorted(deeds, key=lambda one: one.ready)
    best, most, last = 0, -1.0, 0
    for first, one in enumerate(listed):
        while last < len(listed) and listed[last].ready < one.ready + SHOWN:
            last += 1
        window = listed[first:last]
        weight = sum(deed.state in ("late", "missed") for deed in window) + len(window) / 1000
        if weight > most:
            best, most = first, weight
    return [one for one in listed[best:] if one.ready < listed[best].ready + SHOWN] if listed else []


def _row(one: Deed, scene: Scene, found: Rehearsal, calendar: Calendar, language: str) -> tuple[str, ...]:
    matter = scene.matters[one.matter]
    name = matter.title[:24] or f"#{one.matter + 1}"
    instants = (one.ready, one.began, one.done, one.due)
    times = [f"{calendar.local(at):%m-%d %H:%M}" if at else "—" for at in instants]
    who = found.names.get(one.person, one.person) or "—"
    return who, one.what.say(language), name, *times, STATE_NAMES[one.state].say(language)
