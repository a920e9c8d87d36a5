"""Which watches a text answers to: thousands of boolean queries in one pass.

Of each query a few words are chosen of which at least one must be present (the rarest that do); one Aho-Corasick
automaton over these words of all queries finds the few queries worth evaluating.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from huiying.engine.listen.query_parts import All, Any, Near, Not, Query, Term, is_latin, terms_of
from huiying.engine.listen.texts import Texts, lay

Test = Callable[[str], bool]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A watch that a text answers to."""

    watch: str
    spans: tuple[Span, ...]  # of its words in f"{title}\n{text}" as written, in order


class Matcher:
    """Watches made ready for texts. Making it costs about a second for ten thousand watches; keep it."""

    def __init__(self, watches: Sequence[tuple[str, Query]]) -> None:
        self.names = [name for name, _ in watches]
        self._terms = [terms_of(query) for _, query in watches]
        self._tests = [_test(query) for _, query in watches]
        self._asking = _by_atom(query for _, query in watches)
        self._atoms = list(self._asking)
        self._watches_of = list(self._asking.values())
        self._automaton = (
            AhoCorasick(self._atoms, implementation=Implementation.ContiguousNFA) if self._atoms else None
        )

    def match(self, title: str, text: str) -> list[Hit]:
        """The watches that one text answers to, in the order of the watches."""
        return self.match_all(lay([f"{title}\n{text}"]))[0]

    def match_all(self, texts: Texts) -> list[list[Hit]]:
        """The same for many texts at once."""
        return [
            [Hit(self.names[w], self._spans(w, texts, i)) for w in found]
            for i, found in enumerate(self.which(texts))
        ]

    def which(self, texts: Texts) -> list[list[int]]:
        """For each text the indexes of the watches that it answers to."""
        found: list[list[int]] = [[] for _ in texts.each]
        for index, asked in self._candidates(texts).items():
            text = texts.each[index]
            found[index] = [w for w in sorted(asked) if self._tests[w](text)]
        return found

    def _candidates(self, texts: Texts) -> dict[int, set[int]]:
        """Text index -> watches of which a chosen word is present."""
        candidates: dict[int, set[int]] = {}
        if self._automaton is None:
            return candidates
        starts = texts.starts.tolist()
        index, end = -1, 0
        for atom, start, _ in self._automaton.find_matches_as_indexes(texts.joined, overlapping=True):
            if start >= end:
                index = bisect_right(starts, start) - 1
                end = starts[index + 1]
            candidates.setdefault(index, set()).update(self._watches_of[atom])
        return candidates

    def _spans(self, watch: int, texts: Texts, index: int) -> tuple[Span, ...]:
        base, text = int(texts.starts[index]), texts.each[index]
        found = {(s, e) for term in self._terms[watch] for s, e in _occurrences(term, text)}
        return tuple(texts.span(base + s, base + e) for s, e in sorted(found))


def _by_atom(queries: Iterable[Query]) -> dict[str, tuple[int, ...]]:
    """Chosen word -> indexes of the queries that need it."""
    asking: dict[str, list[int]] = {}
    for index, query in enumerate(queries):
        for atom in _cover(query) or ():
            asking.setdefault(atom, []).append(index)
    return {atom: tuple(indexes) for atom, indexes in asking.items()}


def _cover(query: Query) -> frozenset[str] | None:
    """Words of which a matching text holds at least one; None if there are none."""
    match query:
        case Term(text):
            return frozenset([text])
        case Near(left, right):
            return min((frozenset(t.text for t in side) for side in (left, right)), key=_cost)
        case All(parts):
            covers = [c for c in map(_cover, parts) if c]
            return min(covers, key=_cost) if covers else None
        case Any(parts):
            covers = [c for c in map(_cover, parts) if c]
            return frozenset().union(*covers) if len(covers) == len(parts) else None
        case Not():
            return None


def _cost(cover: frozenset[str]) -> float:
    """How often a cover is expected in texts: each further character makes a word about twenty times rarer."""
    return sum(20.0 ** -min(len(word), 6) for word in cover)


def _test(query: Query) -> Test:
    """The query as a function of a normalised text."""
    match query:
        case Term():
            return _term_test(query)
        case Near(left, right, distance):
            return lambda text: _near(_all_occurrences(left, text), _all_occurrences(right, text), distance)
        case All(parts):
            tests = [_test(part) for part in parts]
            return lambda text: all(test(text) for test in tests)
        case Any(parts):
            tests = [_test(part) for part in parts]
            return lambda text: any(test(text) for test in tests)
        case Not(part):
            inner = _test(part)
            return lambda text: not inner(text)


def _term_test(term: Term) -> Test:
    word = term.text
    if _bounded(term) == (False, False):
        return lambda text: word in text
    return lambda text: word in text and bool(_occurrences(term, text))


def _bounded(term: Term) -> tuple[bool, bool]:
    """Whether the word must begin, must end, where it does."""
    return is_latin(term.text[0]) and not term.open_left, is_latin(term.text[-1]) and not term.open_right


def _occurrences(term: Term, text: str) -> list[Span]:
    left, right = _bounded(term)
    word, found, at = term.text, [], text.find(term.text)
    while at >= 0:
        end = at + len(word)
        begins = not left or at == 0 or not is_latin(text[at - 1])
        ends = not right or end == len(text) or not is_latin(text[end])
        if begins and ends:
            found.append((at, end))
        at = text.find(word, at + 1)
    return found


def is_whole(word: str, text: str, start: int, end: int) -> bool:
    """Whether a word that begins or ends in a Latin letter or digit does so in the text too."""
    before = start > 0 and is_latin(text[start - 1]) and is_latin(word[0])
    after = end < len(text) and is_latin(text[end]) and is_latin(word[-1])
    return not (before or after)


def _all_occurrences(terms: tuple[Term, ...], text: str) -> list[Span]:
    return [span for term in terms for span in _occurrences(term, text)]


def _near(left: list[Span], right: list[Span], distance: int) -> bool:
    return any(_between(a, b) <= distance for a in left for b in right if a != b)


def _between(a: Span, b: Span) -> int:
    """Characters between two places; 0 where they touch or overlap."""
    return max(0, b[0] - a[1], a[0] - b[1])
