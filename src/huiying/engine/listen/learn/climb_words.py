"""Why an early warning is what it is, in words: what is so of the title, and what the probability were if it were as usual."""

import math

import numpy as np

from huiying.engine.listen.learn.climb import Climb, group
from huiying.engine.listen.learn.hotlist import TOP, History, Place, pieces
from huiying.engine.listen.learn.trees import Floats
from huiying.engine.text import Text

_LEAST = 0.2  # by which a group must move the logit to be told
_MOST = 3
_HOURS = (2, 1, 3, 6)  # looked back for a move, in this order
_NUMBERS_ZH = {1: "一小时", 2: "两小时", 3: "三小时", 6: "六小时"}
_NUMBERS_EN = {1: "an hour", 2: "two hours", 3: "three hours", 6: "six hours"}
_ALIKE = 0.4  # of its pieces that another title shares


def why(model: Climb, history: History, title: str, row: Floats) -> tuple[Text, ...]:
    """What led to the probability of `title` at the last listing, strongest first; `row` as `Climb.rows` makes it."""
    names = ("moves", "heat", "wording", "related", "list")
    others = np.tile(row, (len(names) + 1, 1))
    for number, name in enumerate(names, 1):
        others[number, group(name)] = model.usual[group(name)]
        if name == "wording":
            others[number, -2:] = model.usual[-2:]
    here, *otherwise = (_logit(chance) for chance in model.chances_of(others).tolist())
    by_weight = sorted(zip(names, otherwise, strict=True), key=lambda pair: -abs(here - pair[1]))
    found = []
    for name, other in by_weight:
        told = _FACTS[name](history, title)
        if told is not None and abs(here - other) >= _LEAST:
            found.append(_moved(told, here > other, 1 / (1 + math.exp(-other))))
    return tuple(found[:_MOST])


def _logit(chance: float) -> float:
    held = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


def _moved(what: Text, raised: bool, otherwise: float) -> Text:
    return Text(
        f"{what.zh}（{'抬高' if raised else '压低'}可能，若如平常是 {otherwise:.0%}）",
        f"{what.en} ({'raises' if raised else 'lowers'} the chance, otherwise {otherwise:.0%})",
    )


def _place(history: History, title: str) -> Place:
    return history.past[-1].places[title]


def moves(history: History, title: str) -> Text:
    """Its place now and before: "place 23 → 14 in two hours"."""
    now = _place(history, title).number
    for hours in _HOURS:
        before = history.earlier(hours).get(title)
        if before is not None and before.number != now:
            return Text(
                f"{_NUMBERS_ZH[hours]}从第 {before.number} 位到第 {now} 位",
                f"place {before.number} → {now} in {_NUMBERS_EN[hours]}",
            )
    if history.known[title].count == 1:
        return Text(f"新上榜，第 {now} 位", f"new on the list, place {now}")
    return Text(f"一直在第 {now} 位前后", f"still about place {now}")


def heat(history: History, title: str) -> Text | None:
    """Its heat beside its own before, else beside that of the tenth; nothing on a list that tells none."""
    now = _place(history, title).heat
    if now <= 0:
        return None
    for hours in _HOURS:
        before = history.earlier(hours).get(title)
        if before is not None and before.heat > 0:
            change = f"{now / before.heat - 1:+.0%}"
            return Text(f"热度{_NUMBERS_ZH[hours]} {change}", f"heat {change} in {_NUMBERS_EN[hours]}")
    tenth = next((p.heat for p in history.past[-1].places.values() if p.number == TOP), 0.0)
    share = f"{now / tenth:.0%}" if tenth > 0 else ""
    return Text(f"热度是第十位的 {share}", f"its heat is {share} of the tenth's") if share else None


def wording(history: History, title: str) -> Text:
    """What kind of title it is."""
    category = _place(history, title).category
    if category:
        return Text(f"“{category}”类的标题，这样的措辞", f"a title of the kind “{category}” in such words")
    return Text("标题的措辞", "the words of the title")


def related(history: History, title: str) -> Text:
    """The title on the list that is most like it, else how its most telling piece did of late."""
    mine, places = set(pieces(title)), history.past[-1].places
    shares = [
        (len(mine & set(pieces(other))) / len(mine), -place.number, other)
        for other, place in places.items()
        if other != title
    ]
    if shares and max(shares)[0] >= _ALIKE:
        _share, number, other = max(shares)
        return Text(
            f"榜上有相近的“{other}”，第 {-number} 位",
            f"“{other}”, which is like it, stands at place {-number}",
        )
    piece = max(pieces(title), key=lambda one: (history.arrivals.holding[one], one))
    came, listed = history.arrivals.holding[piece], history.listed.holding[piece]
    if came and listed > 1:
        return Text(
            f"近三天含“{piece}”的标题 {listed} 个，{came} 个进了前十",
            f"of {listed} titles of three days with “{piece}” {came} reached the first ten",
        )
    return Text("榜上没有相近的标题", "no title on the list is like it")


def around(history: History, title: str) -> Text:
    """The hour, and how much of the first ten is new."""
    last, before = history.past[-1], history.earlier(1)
    hour = int(last.hour % 24)
    if not before:
        return Text(f"此时是 {hour} 时", f"the hour is {hour}")
    first = {name for name, place in before.items() if place.number <= TOP}
    new = len(last.top - first)
    return Text(
        f"此时是 {hour} 时，前十位一小时换了 {new} 个", f"the hour is {hour}, {new} of the first ten are new"
    )


_FACTS = {"moves": moves, "heat": heat, "wording": wording, "related": related, "list": around}
