"""The listening worker: takes the next mentions in order, hears them, and writes what was heard.

Hearing takes place outside of any transaction, under a lease; then results, watermark, proposals and notices are written in
one transaction, which first makes sure that nobody else has written in between. Killed at any instant, it has either
written a batch whole or not at all.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from huiying.desk.collect.models import Mention
from huiying.desk.listen import ledger, lessons, rows
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import Correction, Fold, Hearing
from huiying.desk.listen.propose import propose
from huiying.engine.listen import fold as engine
from huiying.engine.listen.keeping import StateTooOld
from huiying.engine.listen.results import Results

log = logging.getLogger(__name__)
NAME = "all"
LEASE = timedelta(minutes=5)
#: A transaction that stores mentions lives shorter than this; a lower id cannot appear later.
SETTLES = timedelta(minutes=10)
#: Mentions in one turn: the more wait, the less each costs, and others wait for the database about a second at most.
MOST = 2000


@dataclass(slots=True)
class _Heard:
    """One turn of the worker, before it is written."""

    fold: Fold
    config: engine.Config
    fingerprint: str
    position: ledger.Position
    mentions: list[Mention] = field(default_factory=list)
    corrections: list[tuple[Correction, Results, str]] = field(default_factory=list)
    results: Results = field(default_factory=Results)


def hear_next(*, now: datetime, worker: str, most: int = MOST) -> int:
    """Hear up to `most` mentions and teach what officers put right; returns how much was done, 0 for nothing.

    Another worker's lease, a state that this version cannot read, or a write by another worker meanwhile give 0 as well.
    """
    fold = Fold.objects.filter(name=NAME).first() or _first()
    if not _pending(fold) or not _lease(fold, now, worker):
        return 0
    fold.refresh_from_db()
    turn = _hear(fold, most)
    done = _write(turn, now, worker) if turn else 0
    Fold.objects.filter(pk=fold.pk, leased_by=worker).update(leased_until=None)
    return done


def _first() -> Fold:
    fold, _made = Fold.objects.get_or_create(name=NAME)
    return fold


def unheard(fold: Fold) -> QuerySet[Mention]:
    """Mentions that were stored and not heard, in order. Ids below the watermark may still appear for a while."""
    heard = Hearing.objects.filter(mention_id=OuterRef("pk"))
    return Mention.objects.filter(~Exists(heard), pk__gt=fold.settled, purged_at=None).order_by("pk")


def untaught() -> QuerySet[Correction]:
    """Corrections that the fold was not taught yet, in order."""
    return Correction.objects.filter(batch__isnull=True).order_by("pk")


def _pending(fold: Fold) -> bool:
    return unheard(fold).exists() or untaught().exists()


def _lease(fold: Fold, now: datetime, worker: str) -> bool:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now) | Q(leased_by=worker)
    mine = Fold.objects.filter(free, pk=fold.pk)
    return bool(mine.update(leased_until=now + LEASE, leased_by=worker))


def _hear(fold: Fold, most: int) -> _Heard | None:
    """The next turn; None when the state cannot be read and has to be heard again first."""
    config, fingerprint = listening()
    try:
        position = ledger.caught_up(fold, config)
    except engine.StateTooNew as told:
        note_trouble(fold, f"too-new: {told}")
        return None
    except StateTooOld as told:
        log.warning("%s; everything is heard again", told)
        note_trouble(fold, f"too-old: {told}")
        return None
    except engine.StateBroken as told:
        log.error("the listening state cannot be read, everything is heard again: %s", told)
        note_trouble(fold, f"broken: {told}")
        return None
    turn = _Heard(fold, config, fingerprint, position)
    for row in untaught()[:100]:
        position.state, results, refused = ledger.teach(position.state, row, config)
        turn.corrections.append((row, results, refused))
    turn.mentions = list(unheard(fold)[:most])
    if turn.mentions:
        heard = [ledger.heard_as(row) for row in turn.mentions]
        taught = lessons.hearing_with(config, _lesson(turn))
        position.state, turn.results = engine.hear(position.state, heard, taught)
    return turn


def _lesson(turn: _Heard) -> Correction | None:
    """The newest lesson, one of this turn before those of earlier ones."""
    now = [row for row, _results, _refused in turn.corrections if row.verb == lessons.VERB]
    return now[-1] if now else lessons.in_force(turn.fold.corrected)


def note_trouble(fold: Fold, words: str) -> None:
    """Say why listening stands still."""
    Fold.objects.filter(pk=fold.pk).update(trouble=words[:300])


@transaction.atomic
def _write(turn: _Heard, now: datetime, worker: str) -> int:
    """Write one turn whole, unless somebody else wrote meanwhile; returns what was done."""
    fold = Fold.objects.select_for_update().get(pk=turn.fold.pk)
    if not _still_ours(fold, turn.fold, worker):
        log.warning("another worker listened meanwhile; what %s heard is dropped", worker)
        return 0
    stories = rows.write_stories(_shots(turn))
    _write_corrections(turn, fold)
    if turn.mentions:
        fold.batch += 1
        saids = {int(heard.mention_id): rows.said_of(heard) for heard in turn.results.heard}
        rows.write_heard(saids, {story.key: story.pk for story in stories}, turn.mentions, fold.batch)
        rows.move_hearings({int(one.mention_id): one.story or "" for one in turn.results.moved})
    propose(stories, now, f"{fold.version}.{fold.batch}.{fold.corrected}")
    _advance(fold, turn, now)
    fold.save()
    transaction.on_commit(lambda: ledger.keep(fold, turn.position))
    return len(turn.mentions) + len(turn.corrections)


def _still_ours(fold: Fold, before: Fold, worker: str) -> bool:
    same = (fold.batch, fold.version, fold.corrected) == (before.batch, before.version, before.corrected)
    return same and fold.leased_by == worker


def _shots(turn: _Heard) -> dict[str, rows.Said]:
    """Every story that changed, as it stands at the end of the turn."""
    results = [taught for _row, taught, _refused in turn.corrections] + [turn.results]
    return {shot.key: rows.shot_fields(shot) for result in results for shot in result.stories}


def _write_corrections(turn: _Heard, fold: Fold) -> None:
    """Mark corrections as taught after the last batch, and move the mentions that they moved."""
    for row, results, refused in turn.corrections:
        fold.corrected += 1
        row.batch, row.serial, row.refused = fold.batch, fold.corrected, refused
        row.save(update_fields=["batch", "serial", "refused"])
        rows.move_hearings({int(one.mention_id): one.story or "" for one in results.heard})


def _advance(fold: Fold, turn: _Heard, now: datetime) -> None:
    """Watermark, and the state when it is time to write it."""
    if turn.mentions:
        fold.watermark = max(fold.watermark, turn.mentions[-1].pk)
    if fold.settling_at is None or now - fold.settling_at >= SETTLES:
        fold.settled, fold.settling, fold.settling_at = fold.settling, fold.watermark, now
    if turn.fold.batch == 0:  # with what the past was heard; a watch saved meanwhile has it heard again
        fold.config = turn.fingerprint
    fold.heard_at, fold.trouble = now, ""
    turn.position.batch, turn.position.corrected = fold.batch, fold.corrected
    if turn.position.due():
        ledger.write(fold, turn.position)
