"""Which part of an approval chain an approval gives."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.model import BadEntry
from huiying.engine.obligations.order import same_instant
from huiying.engine.plan.chains import parts, step_of
from huiying.engine.text import Text

Chain = tuple[tuple[str, ...], ...]  # the parts of each step
History = Mapping[str, Sequence[Entry]]  # act -> entries taken so far


class Seat(NamedTuple):
    """A part of a step of a chain, both counted from 1, and of how many parts."""

    step: int
    part: int
    of: int


def chain_of(asked: Entry) -> Chain:
    """The chain that a submission names: the parts of each step. Raises BadEntry for one that cannot be read."""
    chain = asked.data.get("chain")
    if chain is None:
        return ()
    steps = [step_of(step) for step in chain] if isinstance(chain, list | tuple) else [None]
    found = [parts(step) for step in steps if step is not None]
    if len(found) < len(steps):
        text = Text(f"看不懂的审批链：{chain}", f"This chain of approval cannot be read: {chain}")
        raise BadEntry(asked.seq, text)
    return tuple(found)


def submission(history: History, entry: Entry) -> Entry | None:
    """The latest submission of the draft that the entry is about."""
    draft = entry.data.get("draft")
    asked = (e for e in reversed(history.get("submitted", ())) if e.data.get("draft") == draft)
    return next(asked, None)


def taken(history: History, asked: Entry) -> dict[int, Seat]:
    """The seats taken by the approvals since the submission, by the numbers of their entries."""
    draft = asked.data.get("draft")
    given = [
        entry
        for entry in history.get("approved", ())
        if entry.kind == Kind.APPROVED
        and entry.data.get("draft") == draft
        and (entry.seq > asked.seq or same_instant(entry, asked))
    ]
    return seats(chain_of(asked), given)


def decides(history: History, entry: Entry, seat: Seat, roles: str) -> bool:
    """Whether an approval takes the seat, or whoever is asked in it (`roles`) returns the text."""
    if entry.kind == Kind.RETURNED:
        mine = seat.of == 1 or not _said(entry) or bool(_said(entry) & set(roles.split("|")))
        return mine and not entry.data.get("recalled")
    asked = submission(history, entry)
    return asked is not None and taken(history, asked).get(entry.seq) == seat


def _said(entry: Entry) -> set[str]:
    """The roles in which somebody approved or returned: their own, and those for which they stood in."""
    said = f"{entry.data.get('approver_role') or ''}|{entry.data.get('stood_in_for') or ''}"
    return set(said.split("|")) - {""}


def seats(chain: Chain, given: Iterable[Entry]) -> dict[int, Seat]:
    """Which seat each of these approvals takes, by its number; one that fits nowhere takes none.

    An approval says its `step`, else it is for the first one that is not complete. Of parts that are asked at once it takes the
    one that it names as `part`, else the first one still free that asks the role in which it was given.
    """
    taken: dict[int, Seat] = {}
    for entry in given:
        step = _step(chain, entry, set(taken.values()))
        part = _part(chain, entry, step, set(taken.values())) if step else None
        if part:
            taken[entry.seq] = Seat(step, part, len(chain[step - 1]))
    return taken


def complete(chain: Chain, step: int, taken: Iterable[Seat]) -> bool:
    """Whether every part of the step is given."""
    return {seat.part for seat in taken if seat.step == step} >= set(range(1, len(chain[step - 1]) + 1))


def _number(entry: Entry, key: str, most: int) -> int | None:
    value = entry.data.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    return None


def _step(chain: Chain, entry: Entry, taken: set[Seat]) -> int:
    if "step" in entry.data:
        return _number(entry, "step", len(chain)) or 0
    return next((step for step in range(1, len(chain) + 1) if not complete(chain, step, taken)), 0)


def _part(chain: Chain, entry: Entry, step: int, taken: set[Seat]) -> int | None:
    asked = chain[step - 1]
    named = _number(entry, "part", len(asked))
    if named or len(asked) == 1:
        return named or 1
    said = _said(entry)
    free = [part for part in range(1, len(asked) + 1) if Seat(step, part, len(asked)) not in taken]
    return next((part for part in free if not said or said & set(asked[part - 1].split("|"))), None)
