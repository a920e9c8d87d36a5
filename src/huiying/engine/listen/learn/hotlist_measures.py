"""What can be measured, at a listing, of a title below the tenth place that was not among the first ten before.

Everything looks back: places and heat of the title before, the list around it, how often its pieces of two characters
stood on the list and among the first ten in the last days. `climb` turns the measures into a probability.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.learn.hotlist import TOP, History, Known, Past, Place, pieces
from huiying.engine.listen.learn.trees import Floats

#: Groups of measures in their order, and how many each has.
GROUPS: Mapping[str, int] = {"moves": 20, "heat": 23, "list": 9, "wording": 6, "related": 15}
_BELOW = 60.0  # the place of a title that is not on the list
_LAGS = (1, 2, 3, 6, 12)  # hours
_UNKNOWN = 9.0  # a difference of heat that cannot be told
_ALIKE = 0.15
_CALM = 3.0  # titles with which the rate of a piece begins
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """Titles, their categories, and their measures [titles, measures], from the highest place down."""

    titles: tuple[str, ...]
    categories: tuple[str, ...]
    rows: Floats

    def __len__(self) -> int:
        return len(self.titles)


def measured(history: History) -> Measured:
    """What the last listing shows. ValueError before the first."""
    if not history.past:
        raise ValueError("no listing was added")
    look = _look(history)
    rows = np.concatenate(
        [_moves(look), _heat(look), _list(history, look), _wording(look), _related(history, look)], axis=1
    )
    kept = np.flatnonzero(look.able)
    return Measured(
        tuple(look.titles[at] for at in kept), tuple(look.categories[at] for at in kept), rows[kept]
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """The last listing as columns, from the highest place down."""

    now: Past
    titles: list[str]
    categories: list[str]
    place: Floats
    heat: Floats
    known: list[Known]
    able: Flags  # not among the first ten now or before
    before: Mapping[int, Mapping[str, Place]]  # by hours

    def places(self, lag: int) -> Floats:
        """Their places some hours before; -1 where nothing is known of then."""
        before = self.before[lag]
        absent = _BELOW if before else -1.0
        return np.array([before[t].number if t in before else absent for t in self.titles], dtype=np.float64)

    def of(self, what: Callable[[Known], float]) -> Floats:
        """Something that is remembered of each."""
        return np.array([what(known) for known in self.known], dtype=np.float64)


def _look(history: History) -> _Look:
    now = history.past[-1]
    titles = sorted(now.places, key=lambda title: (now.places[title].number, title))
    here = [now.places[title] for title in titles]
    return _Look(
        now=now,
        titles=titles,
        categories=[place.category for place in here],
        place=np.array([place.number for place in here], dtype=np.float64),
        heat=np.array([place.heat for place in here], dtype=np.float64),
        known=[history.known[title] for title in titles],
        able=np.array([title not in history.arrived for title in titles], dtype=np.bool_),
        before={lag: history.earlier(lag) for lag in _LAGS},
    )


def _columns(columns: Sequence[Floats | Flags | NDArray[np.int64]]) -> Floats:
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _moves(look: _Look) -> Floats:
    """Places now, before, at the best, at first; whom it passed, who passed it, and who stands before it."""
    place, hour = look.place, look.now.hour
    before = [look.places(lag) for lag in _LAGS]
    there = (before[0] >= 0) & (before[0] < _BELOW)
    both = there[:, None] & there[None, :]
    was_before = (before[0][None, :] < before[0][:, None]) & both
    was_after = (before[0][None, :] > before[0][:, None]) & both
    is_before = place[None, :] < place[:, None]
    rises = look.able & (place < before[0])
    fresh = ~there & bool(look.before[1])
    return _columns([
        place, *before,
        look.of(lambda k: k.count), look.of(lambda k: hour - k.first_at), look.of(lambda k: k.best),
        look.of(lambda k: hour - k.best_at), look.of(lambda k: k.worst), look.of(lambda k: k.first_place),
        look.of(lambda k: k.still), (before[1] - before[0]) - (before[0] - place), place - before[0],
        (is_before & look.able).sum(axis=1), (is_before & rises).sum(axis=1), (is_before & fresh).sum(axis=1),
        (was_before & ~is_before).sum(axis=1), (was_after & is_before).sum(axis=1),
    ])  # fmt: skip


def _heat(look: _Look) -> Floats:
    """Heat beside that of other places, beside its own before, and how close the neighbours are.

    Never heat alone: what it means changes as the list does.
    """
    heat, log = look.heat, _log(look.heat)
    at = {int(number): value for number, value in zip(look.place, heat, strict=True)}
    above, below = (np.array([at.get(int(n) + step, 0.0) for n in look.place]) for step in (-1, 1))
    least, none = np.maximum(heat, 1.0), np.full(len(heat), -_UNKNOWN)
    tenth_before = [place.heat for place in look.before[1].values() if place.number == TOP]
    same = [np.abs(heat[None, :] / least[:, None] - 1) < near for near in (0.01, 0.05)]
    return _columns([
        *(_log(at[number]) - log if number in at else none for number in (1, 3, TOP, 20, 50)),
        float(_log(np.median(heat))) - log, *(_since(look, lag) for lag in _LAGS[:4]),
        log - _log(look.of(lambda k: k.first_heat)), _log(look.of(lambda k: k.most_heat)) - log,
        heat == 0, look.of(lambda k: k.first_heat == 0),
        np.where(above > 0, _log(above) - log, _UNKNOWN), np.where(below > 0, log - _log(below), _UNKNOWN),
        np.minimum(above / least - 1, _UNKNOWN), np.minimum(heat / np.maximum(below, 1.0) - 1, _UNKNOWN),
        *(near.sum(axis=1) for near in same), (heat[None, :] > heat[:, None]).sum(axis=1),
        np.full(len(heat), (heat == 0).sum()),
        np.full(len(heat), _log(at[TOP]) - _log(tenth_before[0]) if tenth_before and TOP in at else 0.0),
    ])  # fmt: skip


def _log(heat: Floats | float) -> Floats:
    return np.asarray(np.log(np.asarray(heat, dtype=np.float64) + 1000.0))


def _since(look: _Look, lag: int) -> Floats:
    """By how much the logarithm of the heat rose since."""
    before = look.before[lag]
    then = np.array([before[t].heat if t in before else -1.0 for t in look.titles], dtype=np.float64)
    return np.where(then < 0, _UNKNOWN, _log(look.heat) - _log(np.maximum(then, 0.0)))


def _list(history: History, look: _Look) -> Floats:
    """The hour, and how fast the list and its first ten change."""
    hour, top = look.now.hour, look.now.top
    ages = [hour - history.known[title].first_at for title in top] or [0.0]
    stays = [hour - history.arrived[title] for title in top] or [0.0]
    said = [
        hour % 24, hour // 24 % 7,
        *(_new(set(look.titles), look.before[lag]) for lag in (1, 3)),
        *(_new(top, _first(look.before[lag])) for lag in (1, 3)),
        float(np.mean(ages)), float(np.mean(stays)), len(look.titles),
    ]  # fmt: skip
    return np.tile(np.array(said, dtype=np.float64), (len(look.titles), 1))


def _first(places: Mapping[str, Place]) -> Mapping[str, Place]:
    return {title: place for title, place in places.items() if place.number <= TOP}


def _new(titles: "set[str] | frozenset[str]", before: Mapping[str, Place]) -> float:
    return float(len(titles - before.keys())) if before else -1.0


def _wording(look: _Look) -> Floats:
    """The form of the title, and how its category stands; what its words say is added by `climb`."""
    counts = Counter(look.categories)
    first = Counter(c for c, place in zip(look.categories, look.place, strict=True) if place <= TOP)
    said = [
        (
            len(title), " " in title, sum(c.isdigit() for c in title), sum(c.isascii() and c.isalpha() for c in title),
            counts[category] if category else 0, first[category] if category else 0,
        )
        for title, category in zip(look.titles, look.categories, strict=True)
    ]  # fmt: skip
    return np.array(said, dtype=np.float64)


def _related(history: History, look: _Look) -> Floats:
    """Titles on the list that share pieces with it, and how its pieces did in the last days."""
    alike = _alike(look.titles)
    first = look.place <= TOP
    higher = look.place[None, :] < look.place[:, None]
    was_first = np.array([title in history.arrived for title in look.titles]) & ~first
    nearest = alike.argmax(axis=1)
    beside = _columns([
        (alike * first).max(axis=1), alike.max(axis=1), (alike * higher).max(axis=1), (alike > _ALIKE).sum(axis=1),
        ((alike > _ALIKE) & first).sum(axis=1), (alike * was_first).max(axis=1),
        np.where(alike.max(axis=1) > _ALIKE, look.place[nearest], 99.0),
    ])  # fmt: skip
    return np.concatenate([beside, _lately(history, look.titles)], axis=1)


def _alike(titles: Sequence[str]) -> Floats:
    """Shared pieces of each two titles over the mean of their numbers (the geometric one); 0 for a title and itself."""
    sets = [pieces(title) for title in titles]
    column = {piece: at for at, piece in enumerate(dict.fromkeys(p for one in sets for p in one))}
    held = np.zeros((len(sets), len(column)), dtype=np.float32)
    for row, one in enumerate(sets):
        held[row, [column[piece] for piece in one]] = 1
    count = held.sum(axis=1)
    shared = (held @ held.T).astype(np.float64) / np.sqrt(np.outer(count, count))
    np.fill_diagonal(shared, 0.0)
    return np.asarray(shared)


def _lately(history: History, titles: Sequence[str]) -> Floats:
    """Of each title's pieces: the share of titles holding them that arrived, and how many held them, the title left out."""
    usual = (history.arrivals.titles + 1) / (history.listed.titles + 1)
    listed, arrived = history.listed.holding, history.arrivals.holding
    rows = []
    for title in titles:
        held = [listed[piece] - 1 for piece in pieces(title)]
        came = [arrived[piece] for piece in pieces(title)]
        rates = [(c + _CALM * usual) / (max(h, 0) + _CALM) for c, h in zip(came, held, strict=True)]
        share = 1 / len(held)
        rows.append((
            max(rates), sum(rates) * share, min(rates), max(held), max(came), sum(c > 0 for c in came) * share, usual,
            sum(h > 0 for h in held) * share,
        ))  # fmt: skip
    return np.array(rows, dtype=np.float64)
