"""Which titles below the tenth place of a hot-search list reach the first ten within six hours, told hour by hour.

Learnt from the first seven tenths of the time, judged on the rest, with eight hours between. Beside it, on the same rows:
the place alone; TrendRadar's score (its places, how often seen, how often near the top); Huginn's peak detector (heat above
the mean of the title's earlier heat by so many standard deviations, rebuilt from its description); boosted trees on seven
simple measures. `python -m benchmarks.warn` also prints how often what was said came true.

Tried and left: deeper and more trees (0.181 for 0.183); grams of four characters; an idf over the whole file, which would
look ahead; trees that saw the words' own formula on the titles it was learnt from, which trust it too much;
famous names (0.002 more), because no weight shall hang on a person.
"""

import sys
from collections import Counter, defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, brier_score_loss

from benchmarks.common import Absent, Row, need, say, tsv
from benchmarks.common import table as as_table
from benchmarks.growth import came_true
from huiying.engine.listen.learn.climb import TELL, Climb, group, without_heat
from huiying.engine.listen.learn.climb_fit import Examples, examples, learn
from huiying.engine.listen.learn.hotlist import TOP, Listing, hours
from huiying.engine.listen.learn.hotlist_measures import Measured
from huiying.rows_growth import read_listings

DATA = "heat/hot-search-hourly.tsv.gz, the last 30 % of the time"
_APART = 8  # listings between what is learnt from and what is judged
_WINDOW, _LEAST_SEEN = 168.0, 4  # hours and values that Huginn's detector looks back
_SAID_OFTEN = 10  # times in citizens' messages
_NEAR_TOP = 5  # TrendRadar's rank threshold
Floats = NDArray[np.float64]


@cache
def listings() -> list[Listing]:
    """The list, hour by hour. Raises Absent."""
    return read_listings(need("heat", "hot-search-hourly.tsv.gz"))


@cache
def everything() -> Examples:
    """Every title below the tenth place at every hour, and what became of it. Raises Absent."""
    return examples(listings())


def citizens_words() -> frozenset[str]:
    """Runs of two and three characters that stand often in citizens' messages, and the ends of titles. Raises Absent."""
    counts: Counter[str] = Counter()
    for folder, name in (
        ("routing", "train.tsv"),
        ("replies", "replies.tsv"),
        ("hot-issues", "messages.tsv"),
    ):
        for row in tsv(need(folder, name)):
            text = f"{row['title']}。{row['text']}"
            counts.update(text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1))
    often = {gram for gram, count in counts.items() if count >= _SAID_OFTEN}
    characters = {char for gram in often for char in gram}
    return frozenset(often | {f"^{char}" for char in characters} | {f"{char}$" for char in characters})


def part(known: Examples, kept: NDArray[np.bool_]) -> Examples:
    """Some of the rows."""
    at = np.flatnonzero(kept)
    titles, categories = known.seen.titles, known.seen.categories
    seen = Measured(tuple(titles[i] for i in at), tuple(categories[i] for i in at), known.seen.rows[at])
    return Examples(seen, known.listing[at], known.arrived[at])


def split() -> tuple[Examples, Examples]:
    """An earlier and a later time. Raises Absent."""
    known = everything()
    cut = int(np.quantile(known.listing, 0.7))
    return part(known, known.listing < cut - _APART), part(known, known.listing >= cut)


def by_others(judged: Examples) -> tuple[Floats, Floats]:
    """TrendRadar's score and Huginn's of every judged row, from what was seen of its title until then."""
    wanted: defaultdict[int, list[str]] = defaultdict(list)
    for number, title in zip(judged.listing.tolist(), judged.seen.titles, strict=True):
        wanted[number].append(title)
    seen: defaultdict[str, list[tuple[float, int, float]]] = defaultdict(list)
    radar, peak = [], []
    for number, listing in enumerate(listings()):
        for title, place in listing.places.items():
            seen[title].append((hours(listing.at), place.number, place.heat))
        for title in wanted[number]:
            radar.append(trendradar([place for _hour, place, _heat in seen[title]]))
            peak.append(huginn([(hour, heat) for hour, _place, heat in seen[title]]))
    return np.array(radar), np.array(peak)


def trendradar(places: list[int]) -> float:
    """Its weight of a title: six tenths by place, three by how often it was seen, one by how often near the top."""
    by_place = sum(11 - min(place, 10) for place in places) / len(places)
    near = sum(place <= _NEAR_TOP for place in places) / len(places) * 100
    return 0.6 * by_place + 0.3 * min(len(places), 10) * 10 + 0.1 * near


def huginn(heats: list[tuple[float, float]]) -> float:
    """By how many standard deviations the newest heat is above the mean of those before it; 0 before there are four."""
    now = heats[-1][0]
    before = np.array([heat for hour, heat in heats[:-1] if now - hour <= _WINDOW])
    if len(before) < _LEAST_SEEN or before.std() == 0:
        return 0.0
    return float((heats[-1][1] - before.mean()) / before.std())


def seven(known: Examples) -> Floats:
    """Place, log heat, listings and hours seen, best place, move in an hour, hour of the day."""
    rows = known.seen.rows
    heat, around = group("heat").start, group("list").start
    return rows[:, [0, heat, 6, 7, 8, 14, around]]


def simple_trees(learnt: Examples, judged: Examples) -> Floats:
    """Boosted trees on seven measures."""
    model = HistGradientBoostingClassifier(random_state=0).fit(seven(learnt), learnt.arrived)
    return np.asarray(model.predict_proba(seven(judged))[:, 1])


def alarms(judged: Examples, chances: Floats, least: float) -> dict[str, float]:
    """What a person would see who is told a title once, at its first probability of at least `least`."""
    times = [hours(one.at) for one in listings()]
    reached: dict[str, float] = {}
    for number, listing in enumerate(listings()):
        for title, place in listing.places.items():
            if place.number <= TOP:
                reached.setdefault(title, times[number])
    told: dict[str, tuple[int, bool]] = {}
    came = set[str]()
    rows = zip(
        judged.seen.titles, judged.listing.tolist(), judged.arrived.tolist(), chances.tolist(), strict=True
    )
    for title, number, arrives, chance in rows:
        if arrives:
            came.add(title)
        if chance >= least and title not in told:
            told[title] = (number, arrives)
    right = [title for title, (_number, arrives) in told.items() if arrives]
    days = len(np.unique(judged.listing)) / 23  # listings a day: the eighth hour is missing
    return {
        "told": len(told) / days,
        "false": (len(told) - len(right)) / days,
        "right": len(right) / max(1, len(told)),
        "found": len(set(told) & came) / max(1, len(came)),
        "lead": float(np.median([reached[title] - times[told[title][0]] for title in right]))
        if right
        else 0.0,
    }


def measure() -> list[Row]:
    """Average precision beside four baselines, calibration, and alarms at the threshold of the desk. Raises Absent."""
    learnt, judged = split()
    say(f"warn: {len(judged.seen)} titles and hours to judge")
    model: Climb = learn(learnt, citizens_words())
    rows = model.rows(judged.seen)
    whole = model.chances_of(rows)
    bare = model.chances_of(without_heat(rows))
    radar, peak = by_others(judged)
    scores = {
        "place": -judged.seen.rows[:, 0], "TrendRadar's score": radar, "Huginn's mean + 3 sigma": peak,
        "seven-feature trees": simple_trees(learnt, judged),
    }  # fmt: skip
    base = ", ".join(f"{name} {precision(judged, score):.3f}" for name, score in scores.items())
    months = by_month(judged, whole)
    share = f"base rate {judged.arrived.mean():.3f}"
    bands = came_true(whole, judged.arrived, (0, 0.05, 0.1, 0.2, 0.4, 1))
    true = "; ".join(f"said {said:.1%}, happened {true:.1%} (n {count})" for count, said, true in bands)
    return [
        _row("reaches the first ten within 6 h, average precision", base, f"{precision(judged, whole):.3f} ({share}; by month {min(months):.3f} to {max(months):.3f})", "0.15"),
        _row("the same from places and titles alone, as lists without heat", base, f"{precision(judged, bare):.3f}", ""),
        _row("the same, Brier", f"base rate {brier(judged, np.full(len(whole), judged.arrived.mean())):.4f}",
             f"{brier(judged, whole):.4f}; from places alone {brier(judged, bare):.4f}", ""),
        _row("what was said and what happened", "", true, "calibrated"),
        *(_told(judged, whole, least) for least in (TELL, 0.25)),
    ]  # fmt: skip


def by_month(judged: Examples, chances: Floats) -> list[float]:
    """Average precision of each month that was judged whole."""
    month = np.array([f"{one.at:%Y-%m}" for one in listings()])[judged.listing]
    names, counts = np.unique(month, return_counts=True)
    whole = [name for name, count in zip(names, counts, strict=True) if count > counts.max() / 2]
    return [float(average_precision_score(judged.arrived[month == m], chances[month == m])) for m in whole]


def precision(judged: Examples, scores: Floats) -> float:
    """Average precision."""
    return float(average_precision_score(judged.arrived, scores))


def brier(judged: Examples, chances: Floats) -> float:
    """Brier score."""
    return float(brier_score_loss(judged.arrived, chances))


def _told(judged: Examples, chances: Floats, least: float) -> Row:
    what = alarms(judged, chances, least)
    peaks = (
        "at {told:.1f} a day {right:.0%} are right, {found:.0%} of arrivals told {lead:.0f} h before (median)"
    )
    said = f"{peaks.format(**what)}, {what['false']:.1f} false alarms a day"
    return _row(f"titles told once, at a probability of {least}", "", said, "")


def _row(what: str, baseline: str, ours: str, reach: str) -> Row:
    return Row(part="early warning", what=what, data=DATA, baseline=baseline, ours=ours, reach=reach)


def main() -> int:
    """Print the figures."""
    try:
        print(as_table(measure()))
    except Absent as absent:
        print(f"skipped: {absent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
