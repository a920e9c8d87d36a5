"""Which watches a text answers to: thousands of boolean queries in one pass.

Of each query a few words are chosen of which at least one must be present (the rarest that do); one Aho-Corasick
automaton over these words of all queries finds the few queries worth looking at. Where a query asks for more, a few other
words are chosen too, and it is evaluated only where one of them is present as well.
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
        asking = [_asking(query) for _, query in watches]
        words = list(
            dict.fromkeys(word for covers in asking for cover in covers[:1] for word in sorted(cover))
        )
        self._alone, self._beside = _by_word(asking, words)
        self._automaton = AhoCorasick(words, implementation=Implementation.ContiguousNFA) if words else None

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
        """Text index -> watches of whose chosen words enough are present."""
        present = self._present(texts).items()
        return {index: asked for index, words in present if (asked := self._asked(words, texts.each[index]))}

    def _present(self, texts: Texts) -> dict[int, set[int]]:
        """Text index -> the first chosen words in it."""
        present: dict[int, set[int]] = {}
        if self._automaton is None:
            return present
        starts = texts.starts.tolist()
        end, words = -1, set[int]()
        for word, start, _ in self._automaton.find_matches_as_indexes(texts.joined, overlapping=True):
            if start >= end:
                index = bisect_right(starts, start) - 1
                end = starts[index + 1]
                words = present.setdefault(index, set())
            words.add(word)
        return present

    def _asked(self, words: Iterable[int], text: str) -> set[int]:
        asked: set[int] = set()
        for word in words:
            asked.update(self._alone[word])
            for other, watches in self._beside[word]:
                if other in text:
                    asked.update(watches)
        return asked

    def _spans(self, watch: int, texts: Texts, index: int) -> tuple[Span, ...]:
        base, text = int(texts.starts[index]), texts.each[index]
        found = {(s, e) for term in self._terms[watch] for s, e in _occurrences(term, text)}
        return tuple(texts.span(base + s, base + e) for s, e in sorted(found))


_Cover = frozenset[str]  # words of which a matching text holds at least one


def _by_word(
    asking: Sequence[Sequence[_Cover]], words: Sequence[str]
) -> tuple[list[list[int]], list[list[tuple[str, list[int]]]]]:
    """By first word the watches to evaluate at once, and by first and other word those to evaluate where both are present."""
    alone: dict[str, list[int]] = {word: [] for word in words}
    beside: dict[str, dict[str, list[int]]] = {word: {} for word in words}
    for watch, (first, *second) in ((w, covers) for w, covers in enumerate(asking) if covers):
        for word in first:
            if not second:
                alone[word].append(watch)
            for other in second[0] if second else ():
                beside[word].setdefault(other, []).append(watch)
    return list(alone.values()), [list(others.items()) for others in beside.values()]


def _asking(query: Query) -> list[_Cover]:
    """The one or two covers of a query that are rarest together; none where a text may hold none of its words."""
    return sorted(_covers(query), key=lambda cover: (_cost(cover), sorted(cover)))[:2]


def _covers(query: Query) -> list[_Cover]:
    match query:
        case Term(text):
            return [frozenset([text])]
        case Near(left, right):
            return [frozenset(t.text for t in side) for side in (left, right)]
        case All(parts):
            return [cover for part in parts for cover in _covers(part)]
        case Any(parts):
            best = [_asking(part)[:1] for part in parts]
            return [frozenset().union(*(cover for (cover,) in best))] if all(best) else []
        case Not():
            return []


def _cost(cover: frozenset[str]) -> float:
    """How often a cover is expected in texts: each further character makes a word about twenty times rarer."""
    return sum(20.0 ** -min(len(word), 6) for word in cover)


def _test(query: Query) -> Test:
    """The query as a function of a normalised text."""
    match query:
        case Term():
            return _term_test(query)
        case Near(left, right, distance):
            return _near_test(left, right, distance)
        case All(parts):
            return _all_test([_test(part) for part in _least_likely_first(parts)])
        case Any(parts):
            return _any_test([_test(part) for part in parts])
        case Not(part):
            inner = _test(part)
            return lambda text: not inner(text)


def _least_likely_first(parts: Sequence[Query]) -> list[Query]:
    """What is most often missing comes first, what is refused last."""
    return sorted(parts, key=lambda part: min(map(_cost, _covers(part)), default=2.0))


def _all_test(tests: Sequence[Test]) -> Test:
    def every(text: str) -> bool:
        for test in tests:  # noqa: SIM110 - several times faster here than `all` over a generator
            if not test(text):
                return False
        return True

    return every


def _any_test(tests: Sequence[Test]) -> Test:
    def one(text: str) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(text):
                return True
        return False

    return one


def _near_test(left: tuple[Term, ...], right: tuple[Term, ...], distance: int) -> Test:
    """Most texts lack one side: that is seen before places are compared."""
    here, there = (_any_test([_term_test(term) for term in side]) for side in (left, right))
    return lambda text: (
        there(text)
        and here(text)
        and _near(_all_occurrences(left, text), _all_occurrences(right, text), distance)
    )


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
