"""Which subject and which unit a story is proposed for, from the words of its mentions, with the words as evidence."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiying.engine.listen.learn.labels import Judged
from huiying.engine.listen.lexicon import Found, Sign
from huiying.engine.listen.mention import Config
from huiying.engine.text import Text

_UNIT_WEIGHTS = {"place": 3.0, "unit": 3.0, "duty": 1.0}
_SUBJECT_WEIGHT = 1.5  # of a unit whose subject it is
_WORDS_TOLD = 3
_SPLIT = "\t"
_LEARNT = "learnt"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a story is proposed for, and why."""

    of: str = ""  # id of a subject, code of a unit
    why: tuple[Text, ...] = ()


@dataclass(slots=True)
class _Tally:
    score: float
    told: list[tuple[float, str, int]]  # weight, word, mentions


def signs_of(config: Config) -> list[Sign]:
    """The words by which subjects, units and known places are found."""
    units = {u.code for u in config.units}
    return [
        *(Sign("subject", s.id, word) for s in config.subjects for word in (s.name.zh, *s.words)),
        *(Sign("unit", u.code, word) for u in config.units for word in (u.name, *u.aliases)),
        *(Sign("duty", u.code, word) for u in config.units for word in u.duties),
        *(Sign("thing", p.name, word) for p in config.gazetteer.places for word in (p.name, *p.aliases)),
        *(Sign("place", p.unit, p.name) for p in config.gazetteer.places if p.unit in units),
    ]


def labels_of(found: Iterable[Found]) -> tuple[str, ...]:
    """What is remembered of the words of a mention, each once."""
    kinds = ("subject", "unit", "duty", "place")
    return tuple(
        dict.fromkeys(_SPLIT.join((s.kind, s.of, s.word)) for s in (f.sign for f in found) if s.kind in kinds)
    )


def judged_label(judged: Judged) -> tuple[str, ...]:
    """What is remembered of a mention that the learnt router was sure of: the unit, how sure, by which words."""
    told = " ".join((f"{judged.confidence:.2f}", *judged.words[:_WORDS_TOLD]))
    return (_SPLIT.join((_LEARNT, judged.label, told)),)


def learnt_of(labels: Mapping[str, int], config: Config) -> Proposal:
    """The unit that most of the judged mentions are like what officers handed to; none where they are at odds."""
    said: dict[str, list[tuple[int, float, list[str]]]] = {}
    for label, count in labels.items():
        kind, of, told = label.split(_SPLIT)
        if kind == _LEARNT:
            sure, *words = told.split(" ")
            said.setdefault(of, []).append((count, float(sure), words))
    each = {of: sum(count for count, _, _ in told) for of, told in said.items()}
    best = max(config.units, key=lambda u: each.get(u.code, 0), default=None)
    if best is None or 2 * each.get(best.code, 0) <= sum(each.values()):
        return Proposal()
    return Proposal(best.code, (_like_handed(best.name, said[best.code]),))


def _like_handed(name: str, told: Sequence[tuple[int, float, Sequence[str]]]) -> Text:
    mentions = sum(count for count, _, _ in told)
    sure = min(0.99, sum(count * share for count, share, _ in told) / mentions)
    words = Counter(word for count, _, each in told for word in each for _ in range(count))
    first = [word for word, _ in words.most_common(_WORDS_TOLD)]
    zh, en = "".join(f"“{word}”" for word in first), ", ".join(f"“{word}”" for word in first)
    return Text(
        f"像经办人交给{name}的：{zh}（把握 {sure:.0%}）",
        f"Like what officers handed to {name}: {en} ({sure:.0%} sure)",
    )


def topic_of(labels: Mapping[str, int], config: Config) -> Proposal:
    """The subject whose words the mentions use most."""
    if not labels:
        return Proposal()
    tallies = _tallies(labels, {"subject": 1.0})
    best = _best(tallies, [s.id for s in config.subjects])
    return Proposal(best, _words_told(tallies[best])) if best else Proposal()


def unit_of(labels: Mapping[str, int], topic: str, config: Config) -> Proposal:
    """The unit whose name, places or duties the mentions name most, or whose subject it is."""
    if not labels and not topic:
        return Proposal()
    tallies = _tallies(labels, _UNIT_WEIGHTS)
    subject = next((s for s in config.subjects if s.id == topic), None)
    owner = next((u for u in config.units if subject and subject.unit in (u.code, u.name)), None)
    if owner:
        tallies.setdefault(owner.code, _Tally(0.0, [])).score += _SUBJECT_WEIGHT
    best = _best(tallies, [u.code for u in config.units])
    if not best:
        return Proposal()
    why = _words_told(tallies[best])
    if owner and subject and owner.code == best:
        why += (
            Text(
                f"属于“{subject.name.zh}”，归口{owner.name}",
                f"It is “{subject.name.en}”, a matter of {owner.name}",
            ),
        )
    return Proposal(best, why)


def _tallies(labels: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, _Tally]:
    """A word counts by its length and the logarithm of how many mentions use it."""
    tallies: dict[str, _Tally] = {}
    for label, count in labels.items():
        kind, of, word = label.split(_SPLIT)
        if kind in weights:
            weight = weights[kind] * len(word) * math.log1p(count)
            tally = tallies.setdefault(of, _Tally(0.0, []))
            tally.score += weight
            tally.told.append((weight, word, count))
    return tallies


def _best(tallies: Mapping[str, _Tally], order: list[str]) -> str:
    """The highest score; of equals the first in the order of the configuration."""
    able = [of for of in order if of in tallies]
    return max(able, key=lambda of: tallies[of].score, default="")


def _words_told(tally: _Tally) -> tuple[Text, ...]:
    told = sorted(tally.told, key=lambda t: (-t[0], t[1]))[:_WORDS_TOLD]
    return tuple(Text(f"{count} 条提到“{word}”", f"“{word}” in {count} mentions") for _, word, count in told)
