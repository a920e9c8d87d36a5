"""Which district a matter is handed to: proposed by the desk, with a gazetteer that says where places lie and without.

Asked are the messages of hot-issues that name exactly one district of their city, with that name struck out of title and
text wherever a district stands in them: the people of the place rarely write it. The desk has learnt from the messages of
replies.tsv, struck out alike, as it learns from what officers handed on; the gazetteer is that of `benchmarks.mined`, each
place belonging to the district with which it was named there. A message that stands in replies.tsv too is not asked. Each
is heard by itself, and what the desk proposes counts: nothing where it is not sure.
"""

import re
from dataclasses import dataclass, replace

from benchmarks.common import Row, need, tsv
from benchmarks.hot import messages
from benchmarks.mined import DISTRICT, districts, gazetteer
from benchmarks.routing import scored
from huiying.engine.listen.fold import Config, State, hear
from huiying.engine.listen.gazetteer import Gazetteer
from huiying.engine.listen.learn.labels import Example, Passage
from huiying.engine.listen.learn.sorter import learn
from huiying.engine.listen.mention import Mention, Unit

_ANY = re.compile(r"[A-Z]\d{0,2}[市区县州]")


@dataclass(frozen=True, slots=True)
class Handed:
    """How the proposals were."""

    macro_f1: float
    said: float  # share of messages for which a district was proposed
    right: float  # of these


def handed() -> list[Row]:
    """The desk's proposals without the gazetteer and with it. Raises Absent."""
    known = [
        Example(Passage(_struck(row["title"]), _struck(row["text"])), district)
        for row in tsv(need("replies", "replies.tsv"))
        if (district := _district(row["title"], row["text"]))
    ]
    before = {row["title"] for row in tsv(need("replies", "replies.tsv"))}
    asked = [m for m in messages().mentions if m.title not in before and _district(m.title, m.text)]
    where = districts()
    owned = tuple(replace(p, unit=where[p.name]) for p in gazetteer().places if p.name in where)
    labels = sorted({example.label for example in known})
    router = learn(known)
    plain = Config(group_unmatched=True, units=tuple(Unit(code=d, name=d) for d in labels), router=router)
    without = _proposed(asked, plain)
    said = router.propose([Passage(_struck(m.title), _struck(m.text)) for m in asked])
    forced = scored([(_district(m.title, m.text), j.label, 1.0) for m, j in zip(asked, said, strict=True)])[0]
    with_ = _proposed(asked, replace(plain, gazetteer=Gazetteer(places=owned)))
    return [
        Row(
            part="gazetteer",
            what=f"district that a matter is handed to, its name struck out: {len(asked):,} messages, {len(labels)} districts, "
            f"learnt from {len(known)}, {len(owned)} places; macro F1",
            data="hot-issues; replies.tsv",
            baseline=f"without: {_told(without)}; what is learnt, however unsure: {forced:.3f}",
            ours=_told(with_),
            reach="better with it than without",
        )
    ]


def _proposed(asked: list[Mention], config: Config) -> Handed:
    guess = []
    for mention in asked:
        struck = replace(mention, title=_struck(mention.title), text=_struck(mention.text))
        _state, results = hear(State(), [struck], config)
        guess.append((_district(mention.title, mention.text), results.stories[0].unit, 1.0))
    said = [right == unit for right, unit, _ in guess if unit]
    return Handed(scored(guess)[0], len(said) / len(guess), sum(said) / max(1, len(said)))


def _told(it: Handed) -> str:
    return f"{it.macro_f1:.3f} (proposed for {it.said:.0%}, {it.right:.0%} of these right)"


def _district(title: str, text: str) -> str:
    found = set(DISTRICT.findall(f"{title}\n{text}"))
    return found.pop() if len(found) == 1 else ""


def _struck(text: str) -> str:
    return _ANY.sub("", text)
