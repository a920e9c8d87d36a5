"""How a mention speaks: complaint, question, request, praise, a rumour to check, or neither; and how negative it is.

By a lexicon of our own (tone.tsv), each judgement with the words that led to it. It judges words about a matter, never
a person. A model trained on the institution's own labels may stand in its place (see `learn`).
"""

import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from huiying.engine.listen.lexicon import Found, Sign

NEGATIVE = -0.2  # score from which on a mention counts as negative
_WORDS_TOLD = 6
_NOT = "不没未无非勿"
# Where two tones weigh the same, the one that needs an answer more.
_ORDER = {"rumour": 5, "complaint": 4, "request": 3, "question": 2, "praise": 1, "neutral": 0}
_LEAST = {"complaint": 1.5, "question": 1.0, "request": 1.0, "praise": 1.0, "rumour": 2.0}


@dataclass(frozen=True, slots=True)
class Tone:
    """How a mention speaks."""

    name: str = "neutral"  # complaint, question, request, praise, rumour, neutral
    score: float = 0.0  # from -1 very negative to 1 very positive
    words: tuple[str, ...] = ()  # that led to it
    sure: float = 0.0  # from 0, no word known, towards 1; a share of weights and no measured chance


@cache
def tone_signs() -> tuple[Sign, ...]:
    """The lexicon of tones."""
    return tuple(Sign("tone", tone, word, weight) for word, (tone, weight, _) in _lexicon().items())


def tone_of(found: Iterable[Found], text: str) -> Tone:
    """The tone of a normalised text in which `found` stands."""
    lexicon = _lexicon()
    sums: dict[str, float] = {}
    good = bad = 0.0
    words: dict[str, float] = {}
    for sign, start in _longest([f for f in found if f.sign.kind == "tone"]):
        if sign.word in words:
            continue
        tone, weight, valence = lexicon[sign.word]
        if valence > 0 and start and text[start - 1] in _NOT:
            tone, valence = "complaint", -valence
        sums[tone] = sums.get(tone, 0.0) + weight
        words[sign.word] = weight * (0.5 + abs(valence))
        good, bad = good + weight * max(valence, 0.0), bad - weight * min(valence, 0.0)
    if not words:
        return Tone()
    told = sorted(words, key=lambda w: -words[w])[:_WORDS_TOLD]
    name = _strongest(sums)
    sure = sums.get(name, 1.0) / (sum(sums.values()) + 1.0)
    return Tone(name, round((good - bad) / (good + bad + 1.0), 3), tuple(told), round(sure, 4))


def _strongest(sums: dict[str, float]) -> str:
    able = [t for t, weight in sums.items() if weight >= _LEAST.get(t, 99.0)]
    return max(able, key=lambda t: (sums[t], _ORDER[t]), default="neutral")


def _longest(found: Sequence[Found]) -> list[tuple[Sign, int]]:
    """Of signs that overlap, the longest."""
    kept: list[tuple[Sign, int]] = []
    end = -1
    for item in sorted(found, key=lambda f: (f.start, -len(f.sign.word))):
        if item.start >= end:
            kept.append((item.sign, item.start))
            end = item.start + len(item.sign.word)
    return kept


@cache
def _lexicon() -> dict[str, tuple[str, float, float]]:
    lines = (pkgutil.get_data(__name__, "tone.tsv") or b"").decode().splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: (tone, float(weight), float(valence)) for word, tone, weight, valence in rows}
