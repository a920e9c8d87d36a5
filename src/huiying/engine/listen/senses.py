"""What one mention says on its own, before it is compared with others: watches, tone, places, words of subjects and units."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from huiying.engine.listen.grams import TEXT_MOST, TITLE_MOST
from huiying.engine.listen.learn.labels import judge
from huiying.engine.listen.lexicon import Found, Lexicon, Sign
from huiying.engine.listen.match import Hit, Matcher
from huiying.engine.listen.mention import Config, Mention, MentionId
from huiying.engine.listen.proposals import judged_label, labels_of, signs_of
from huiying.engine.listen.texts import Texts, lay
from huiying.engine.listen.tone import Tone, tone_of, tone_signs

#: Kinds that are addressed to the institution: they form stories whether or not a watch asks for them.
ADDRESSED = frozenset({"message", "call", "tip", "transfer"})

# A7县, 雨花区, 望城县; not 小区, 社区, 景区.
_DISTRICT = re.compile(
    r"(?<![a-z0-9])[a-z]\d{1,2}[市区县]"
    r"|[一-鿿](?![小社校片景地园辖城库郊街厂矿林牧旅禁盲误灾疫雷专战军营功住学生老新房院江湖宿全各本该筑居假安内])[一-鿿]区(?!域)"
    r"|[一-鿿](?![全各本该我乡外市郊贫这])[一-鿿]县(?!城|级|道|委)"
)
_LAST = re.compile("[市区县]")  # looking for the last character first is several times faster
_READ = 1_000  # characters in which places and tone are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """A mention and what it says."""

    mention: Mention
    hits: tuple[Hit, ...]
    tone: Tone
    title_districts: tuple[str, ...]
    districts: tuple[str, ...]  # those of the title too
    things: tuple[str, ...]  # known places and things, by their first names
    labels: tuple[str, ...]  # words of subjects and units: see `proposals`
    title: str  # title and beginning of the text, known places under their first names: what is compared
    text: str


class Senses:
    """Watches and lexicons of a configuration, made ready."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._matcher = Matcher(config.watches)
        self._lexicon = Lexicon([*tone_signs(), *signs_of(config)])

    def sense(self, mentions: Sequence[Mention]) -> list[Sensed]:
        """What each mention says."""
        texts = lay([f"{m.title}\n{m.text}" for m in mentions])
        hits = self._matcher.match_all(texts)
        signs = self._lexicon.scan(texts)
        places = _districts(texts)
        judged = self._judged([m for m, found in zip(mentions, hits, strict=True) if self._ours(m, found)])
        return [
            self._one(
                mention,
                texts=texts,
                index=index,
                hits=tuple(hits[index]),
                signs=signs[index],
                places=places[index],
                judged=judged.get(mention.id, ()),
            )
            for index, mention in enumerate(mentions)
        ]

    def is_ours(self, sensed: Sensed) -> bool:
        """Whether a mention forms or joins a story."""
        return self._ours(sensed.mention, sensed.hits)

    def _ours(self, mention: Mention, hits: Sequence[Hit]) -> bool:
        return bool(hits) or self.config.group_unmatched or mention.kind in ADDRESSED

    def _judged(self, mentions: Sequence[Mention]) -> dict[MentionId, tuple[str, ...]]:
        """What the learnt router is sure of, as a label; a text that stands there twice is judged once."""
        if self.config.router is None or not mentions:
            return {}
        texts = list(dict.fromkeys((m.title, m.text) for m in mentions))
        said = dict(zip(texts, judge(self.config.router, texts), strict=True))
        return {m.id: judged_label(sure) for m in mentions if (sure := said[m.title, m.text])}

    def _one(
        self,
        mention: Mention,
        *,
        texts: Texts,
        index: int,
        hits: tuple[Hit, ...],
        signs: list[Found],
        places: list[tuple[str, int]],
        judged: tuple[str, ...],
    ) -> Sensed:
        base, width = int(texts.starts[index]), len(mention.title)
        things = [f for f in signs if f.sign.kind == "thing"]
        named = [(f.sign, *texts.span(base + f.start, base + f.stop)) for f in things]
        return Sensed(
            mention=mention,
            hits=hits,
            tone=tone_of(signs, texts.each[index]),
            title_districts=tuple(dict.fromkeys(name for name, at in places if at < width)),
            districts=tuple(dict.fromkeys(name for name, _ in places)),
            things=tuple(dict.fromkeys(sign.of for sign, _, _ in named)),
            labels=labels_of(signs) + judged,
            title=_by_first_names(mention.title, [n for n in named if n[2] <= width])[:TITLE_MOST],
            text=_by_first_names(
                mention.text, [(s, a - width - 1, b - width - 1) for s, a, b in named if a > width]
            )[:TEXT_MOST],
        )


def bits(names: Sequence[str]) -> int:
    """Names as bits of 64: two names share one once in 64."""
    mask = 0
    for name in names:
        mask |= 1 << (zlib.crc32(name.encode()) % 64)
    return mask


def _by_first_names(text: str, named: list[tuple[Sign, int, int]]) -> str:
    """The text with the other names of known places replaced by their first; of names that overlap the longest counts."""
    taken: list[tuple[int, int, str]] = []
    for sign, start, stop in sorted(named, key=lambda n: (n[1] - n[2], n[1])):
        if all(stop <= begin or start >= end for begin, end, _ in taken):
            taken.append((start, stop, text[start:stop] if sign.word == sign.of else sign.of))
    for start, stop, name in sorted(taken, reverse=True):
        text = text[:start] + name + text[stop:]
    return text


def _districts(texts: Texts) -> list[list[tuple[str, int]]]:
    """For each text the districts it names, with the index in the text as written."""
    found: list[list[tuple[str, int]]] = [[] for _ in texts.each]
    matches = list(_named_districts(texts.joined))
    starts = np.array([m.start() for m in matches], dtype=np.int64)
    indexes = np.searchsorted(texts.starts, starts, side="right") - 1
    for match, index, origin in zip(matches, indexes.tolist(), texts.places[starts].tolist(), strict=True):
        if origin < _READ:
            found[index].append((match[0], origin))
    return found


def _named_districts(text: str) -> Iterator[re.Match[str]]:
    """The names of districts in a text, in order and without overlap: what `_DISTRICT` finds."""
    end = 0
    for last in _LAST.finditer(text):
        for start in (last.start() - 3, last.start() - 2):
            match = _DISTRICT.match(text, start) if start >= end else None
            if match and match.end() == last.end():
                end = match.end()
                yield match
                break
