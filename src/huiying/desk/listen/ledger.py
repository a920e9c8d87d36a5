"""The fold's past: which mentions were heard in which batch, which corrections were taught between them.

Results and watermark are written in one transaction. The state itself may be large, so it is written only now and then;
whoever needs it starts from the last one written and hears again, without writing anything, what came after. Because the
fold is the same whoever runs it, that gives the very state that the results came from.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from huiying.desk.collect.models import Mention
from huiying.desk.listen import lessons
from huiying.desk.listen.models import Correction, Fold, Hearing
from huiying.engine.listen import corrections as taught
from huiying.engine.listen import fold as engine
from huiying.engine.listen.results import Results

log = logging.getLogger(__name__)
#: A state of so many bytes may be written once a batch; one twice as large every second batch, and so on.
CHEAP = 256 * 1024
UNKNOWN = "unknown"  # why a correction could not be followed: what it names was forgotten or never there


@dataclass(slots=True)
class Position:
    """A state, and how much of the past is in it."""

    state: engine.State = field(default_factory=engine.State)
    batch: int = 0
    corrected: int = 0  # serial of the last correction
    written: int = 0  # the batch after which it was last written
    size: int = 0  # of what was written, in bytes

    def due(self) -> bool:
        """Whether it is time to write the state again."""
        return self.batch - self.written >= max(1, self.size // CHEAP)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of the past gave: a correction, or a batch."""

    results: Results
    mentions: int  # heard in it
    correction: Correction | None = None


def heard_as(row: Mention) -> engine.Mention:
    """A stored mention as the fold takes it."""
    return engine.Mention(
        id=row.pk,
        at=row.posted_at or row.captured_at,
        title=row.title,
        text=row.text,
        address=row.address,
        site=row.site,
        tier=row.tier,
        voice=row.voice,
        kind=row.kind,
        reach=row.reach,
        rank=row.rank,
    )


_VERBS: dict[str, Any] = {
    "move": lambda d: taught.Move(d["mention"], d.get("to", "")),
    "merge": lambda d: taught.Merge(d["story"], d["into"]),
    "split": lambda d: taught.Split(d["story"], tuple(d["mentions"])),
    "not_ours": lambda d: taught.NotOurs(d["story"], d.get("undo", False)),
    "unit": lambda d: taught.Unit(d["story"], d["unit"]),
    "topic": lambda d: taught.Topic(d["story"], d["topic"]),
}


def teach(state: engine.State, row: Correction, config: engine.Config) -> tuple[engine.State, Results, str]:
    """Put right what an officer said: new state, what changed, and why it could not be followed (else "")."""
    if row.verb == lessons.VERB:
        return state, Results(), ""
    correction: taught.Correction = _VERBS[row.verb](row.data)
    try:
        after, results = engine.correct(state, correction, config)
    except ValueError as unknown:
        return state, Results(), str(unknown)[:200] or UNKNOWN
    known = results.heard or results.stories
    if not known:
        log.warning("correction %s names what the fold does not remember", row.pk)
    return after, results, "" if known else UNKNOWN


def batches(after: int, most: int) -> Iterator[tuple[int, list[Mention]]]:
    """Batches of the past after batch `after`, each whole, in order, until at least `most` mentions were given."""
    given = 0
    while given < most:
        row = (
            Hearing.objects.filter(batch__gt=after).order_by("batch").values_list("batch", flat=True).first()
        )
        if row is None:
            return
        rows = Hearing.objects.filter(batch=row).select_related("mention").order_by("pk")
        mentions = [hearing.mention for hearing in rows]
        yield row, mentions
        after, given = row, given + len(mentions)


def replay(position: Position, config: engine.Config, upto: int, most: int) -> Iterator[Step]:
    """Hear the past again from `position` up to batch `upto`, moving the position; about `most` mentions at a time."""
    for number, mentions in batches(position.batch, most):
        if number > upto:
            break
        yield from _taught_before(position, number, config)
        taught_config = lessons.hearing_with(config, lessons.in_force(position.corrected))
        heard = [heard_as(row) for row in mentions]
        position.state, results = engine.hear(position.state, heard, taught_config)
        position.batch = number
        yield Step(results, len(mentions))
    if not Hearing.objects.filter(batch__gt=position.batch, batch__lte=upto).exists():
        yield from _taught_before(position, upto + 1, config)
        position.batch = upto  # the last batches may have been purged since


def _taught_before(position: Position, batch: int, config: engine.Config) -> Iterator[Step]:
    """The corrections that were taught before `batch` and are not in the state yet."""
    past = Correction.objects.filter(batch__lt=batch, serial__gt=position.corrected).order_by("serial")
    for row in past:
        position.state, results, _refused = teach(position.state, row, config)
        position.corrected = row.serial or position.corrected
        yield Step(results, 0, row)


_warm: dict[str, tuple[tuple[int, int, int], Position]] = {}


def forget() -> None:
    """Drop the state that this process keeps at hand (tests; after a fork)."""
    _warm.clear()


def keep(fold: Fold, position: Position) -> None:
    """Keep at hand the state that belongs to the fold as just written."""
    _warm[fold.name] = ((fold.version, fold.batch, fold.corrected), position)


def caught_up(fold: Fold, config: engine.Config) -> Position:
    """The state after everything that was heard. Raises StateTooNew, StateTooOld, StateBroken.

    Hearing uses a state up, so what was at hand is given away: `keep` it again once its results are written.
    """
    mark, position = _warm.pop(fold.name, (None, None))
    if position is not None and mark == (fold.version, fold.batch, fold.corrected):
        return position
    position = read(bytes(fold.state), fold.state_batch, fold.state_corrected)
    while (position.batch, position.corrected) != (fold.batch, fold.corrected):
        for _step in replay(position, config, fold.batch, 5000):
            pass
    return position


def read(state: bytes, batch: int, corrected: int) -> Position:
    """A position from what was written. Raises StateTooNew, StateTooOld, StateBroken."""
    return Position(engine.State.from_bytes(state), batch, corrected, written=batch, size=len(state))


def write(row: Any, position: Position) -> None:
    """Set the state's fields on a Fold or Rehearing; the caller saves."""
    blob = position.state.to_bytes()
    row.state, row.state_batch, row.state_corrected = blob, position.batch, position.corrected
    position.written, position.size = position.batch, len(blob)
