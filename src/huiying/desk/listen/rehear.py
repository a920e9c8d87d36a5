"""Hearing again what is stored, because watches, units, places, subjects or the ear itself changed; and `huiying rebuild`.

The past is heard again beside the present, a little at a time, in its own order and with its own corrections. Only what
is said otherwise than before is kept. When the second hearing has caught up, it takes the place of the first in one
transaction; until then everybody sees the stories as they were. Killed at any instant, it goes on from its last state.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from huiying.desk.accounts.models import Person
from huiying.desk.listen import ledger
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import Fold, Hearing, Rehearing
from huiying.desk.listen.takeover import clear, note_moved, note_said, note_stories, take_over
from huiying.desk.listen.work import NAME, hear_next, note_trouble, untaught
from huiying.engine.listen.fold import StateBroken, StateTooNew
from huiying.engine.listen.keeping import StateTooOld

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
Phase = Rehearing.Phase


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. Nothing to change is the rule: the rows were what the past gives."""

    mentions: int  # heard again
    hearings: int  # of which something else was said
    stories: int  # measured otherwise


def ask(*, by: Person | None, now: datetime, reason: str) -> Rehearing | None:
    """Begin to hear the past again; an unfinished re-hearing is replaced. None when nothing was heard yet.

    `by` None: the worker saw by itself that the configuration is another one.
    """
    _config, fingerprint = listening()
    with transaction.atomic():
        fold = Fold.objects.select_for_update().filter(name=NAME, batch__gt=0).first()
        if fold is None:
            Fold.objects.filter(name=NAME).update(config=fingerprint)
            return None
        for old in Rehearing.objects.filter(phase=Phase.RUNNING):
            clear(old)
        Rehearing.objects.filter(phase=Phase.RUNNING).update(phase=Phase.REPLACED, finished_at=now, state=b"")
        return Rehearing.objects.create(
            asked_at=now,
            asked_by=by,
            reason=reason[:200],
            config=fingerprint,
            total=Hearing.objects.count(),
            began_corrected=fold.corrected,
        )


def rehear_next(*, now: datetime, worker: str, most: int = 2000) -> int:
    """One step of the re-hearing that is wanted, about `most` mentions; returns how many were heard, 0 for nothing."""
    running = Rehearing.objects.filter(phase=Phase.RUNNING).first()
    if running is None:
        running = _by_itself(now)
    if running is None or not _lease(running, now, worker):
        return 0
    running.refresh_from_db()
    done = _step(running, now, worker, most)
    Rehearing.objects.filter(pk=running.pk, leased_by=worker).update(leased_until=None)
    return done


def _by_itself(now: datetime) -> Rehearing | None:
    """A new re-hearing when the past was heard otherwise than it would be now, or its state is lost.

    What a newer version of Huiying heard is let be: that version may run beside this one.
    """
    fold = Fold.objects.filter(batch__gt=0).defer("state").first()
    if fold is None or fold.trouble.startswith("too-new"):
        return None
    if fold.trouble.startswith(("broken", "too-old")):
        return ask(by=None, now=now, reason="state")
    if fold.config != listening()[1] and not _newer(fold):
        return ask(by=None, now=now, reason="config")
    return None


def _newer(fold: Fold) -> bool:
    """Whether a newer version has heard this; it is said on the screen from then on."""
    try:
        ledger.read(bytes(Fold.objects.values_list("state", flat=True).get(pk=fold.pk)), 0, 0)
    except StateTooNew as told:
        note_trouble(fold, f"too-new: {told}")
        return True
    except (StateBroken, StateTooOld):
        pass
    return False


def _lease(row: Rehearing, now: datetime, worker: str) -> bool:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now) | Q(leased_by=worker)
    mine = Rehearing.objects.filter(free, pk=row.pk, phase=Phase.RUNNING)
    return bool(mine.update(leased_until=now + LEASE, leased_by=worker))


_warm: dict[int, ledger.Position] = {}


def _position(row: Rehearing) -> ledger.Position:
    """How far this re-hearing has come: at hand, or from what was last written."""
    kept = _warm.pop(row.pk, None)  # hearing uses a state up
    if kept is None or kept.batch != row.batch:
        return ledger.read(bytes(row.state), row.state_batch, row.state_corrected)
    return kept


def _step(row: Rehearing, now: datetime, worker: str, most: int) -> int:
    """Hear some more of the past; once it has caught up, let it take over."""
    config, fingerprint = listening()
    if fingerprint != row.config:
        ask(by=row.asked_by, now=now, reason=row.reason)
        return 1
    fold = Fold.objects.defer("state").get(name=NAME)
    if fold.corrected != row.began_corrected:
        return _anew(row, fold)
    try:
        position = _position(row)
    except (StateBroken, StateTooOld) as told:
        log.error("the state of a re-hearing cannot be read, it begins anew: %s", told)
        return _anew(row, fold)
    steps = list(ledger.replay(position, config, fold.batch, most))
    heard = _note(row, position, steps, worker, caught_up=position.batch == fold.batch)
    if heard is None:
        return 0
    if (
        position.batch == fold.batch
        and position.corrected == fold.corrected
        and take_over(row, position, now)
    ):
        _warm.pop(row.pk, None)
        return heard + 1
    return heard


def _anew(row: Rehearing, fold: Fold) -> int:
    """Begin again from the first mention: an officer put something right meanwhile, or the state is lost."""
    with transaction.atomic():
        clear(row)
        Rehearing.objects.filter(pk=row.pk).update(
            batch=0, heard=0, state=b"", state_batch=0, state_corrected=0, began_corrected=fold.corrected
        )
    _warm.pop(row.pk, None)
    return 1


@transaction.atomic
def _note(
    row: Rehearing, position: ledger.Position, steps: Sequence[ledger.Step], worker: str, *, caught_up: bool
) -> int | None:
    """Note what was said otherwise and how far it has come; how many were heard, None when the lease was lost."""
    mine = Rehearing.objects.select_for_update().filter(pk=row.pk, leased_by=worker, phase=Phase.RUNNING)
    kept = mine.defer("state").first()
    if kept is None or kept.batch != row.batch:
        return None
    for step in steps:
        note = note_moved if step.correction else note_said
        note(row, step.results.heard)
        note_moved(row, step.results.moved)
    note_stories(row, [shot for step in steps for shot in step.results.stories])
    heard = sum(step.mentions for step in steps)
    row.batch, row.heard = position.batch, Hearing.objects.filter(batch__lte=position.batch).count()
    fields = ["batch", "heard"]
    if position.due() and not caught_up:
        ledger.write(row, position)
        fields += ["state", "state_batch", "state_corrected"]
    row.save(update_fields=fields)
    transaction.on_commit(lambda: _warm.update({row.pk: position}))
    return heard


def rebuild(*, now: datetime) -> Rebuilt:
    """Hear everything again at once, for `huiying rebuild`; where the rows were true to the past nothing changes."""
    row = ask(by=None, now=now, reason="rebuild")
    if row is None:
        return Rebuilt(0, 0, 0)
    while True:
        if untaught().exists():  # a re-hearing waits for what officers put right
            hear_next(now=now, worker="rebuild")
        rehear_next(now=now, worker="rebuild", most=5000)
        last = Rehearing.objects.order_by("-pk")[0]
        if last.phase == Phase.DONE:
            return Rebuilt(last.heard, last.changed, last.changed_stories)


def forget() -> None:
    """Drop the states that this process keeps at hand (tests; after a fork)."""
    _warm.clear()
