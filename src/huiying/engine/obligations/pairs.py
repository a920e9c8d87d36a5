"""Steps that belong together: once one is done, the others are owed."""

from collections.abc import Iterator

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry
from huiying.engine.obligations.items import Item, due_of
from huiying.engine.obligations.program import Program
from huiying.engine.plan.model import Pair
from huiying.engine.text import Text


def together(program: Program, pair: Pair, done: str, entry: Entry, calendar: Calendar) -> Iterator[Item]:
    """What a pair asks for once its step `done` is done by the entry."""
    first, span = program.steps[done].name, pair.within.text
    why = Text(
        f"{pair.name.zh}：与“{first.zh}”同步，须在其后 {span.zh}内办。{pair.source.zh}",
        f'{pair.name.en}: together with "{first.en}", within {span.en} of it. {pair.source.en}',
    )
    for step in (program.steps[id] for id in pair.steps if id != done and id in program.steps):
        yield Item(
            entry,
            key=f"pair:{pair.id}:{step.id}",
            rule=f"pair:{pair.id}",
            what=step.name,
            why=why,
            asks=program.acts[step.id],
            role=step.role,
            due=due_of(pair.within, entry.at, calendar),
        )
