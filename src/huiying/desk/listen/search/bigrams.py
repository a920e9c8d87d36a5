"""Text cut into what the index holds: overlapping pairs of characters, and whole words of scripts that use spaces.

`停水通知 5G` becomes 停水 水通 通知 知 5g: a word of two characters is one entry of the index, and a longer one is all
of its pairs. The last character of a run stands alone as well, so that a single character is found as a beginning.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from huiying.engine.listen.normalise import normalise

#: Scripts written without spaces, and signs that mean something alone (emoji).
_DENSE = r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u9fff\uac00-\ud7af\uf900-\ufaff\u2600-\u27bf\U0001f300-\U0001faff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"([{_DENSE}]+)|((?:(?![{_DENSE}_])\w)+)")
#: Longer words (addresses, keys) count by their beginning.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Need:
    """One entry that the index must have for a text; `prefix`: any entry that begins so."""

    token: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts."""

    parts: "tuple[Expr, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: "tuple[Expr, ...]"


Expr = Need | Both | Either


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: the characters as such, and the entries of the index without which they cannot be there."""

    text: str  # normalised
    needs: tuple[Need, ...]
    compare: bool  # the entries alone do not prove it: the text itself must be compared


def tokens(body: str) -> list[str]:
    """The entries of a normalised text, each once, in the order of their first place."""
    seen: dict[str, None] = {}
    for dense, word in _RUNS.findall(body):
        if word:
            seen[word[:LONGEST]] = None
            continue
        for index in range(len(dense)):
            seen[dense[index : index + 2]] = None
    return list(seen)


def terms(words: str) -> list[Term]:
    """What a person asked for: parts split at spaces, "quoted parts" whole; signs alone ask for nothing."""
    found = (_term(normalise(part).strip()) for part in _parts(words))
    return [term for term in found if term.needs]


def needs_of(text: str) -> tuple[Need, ...]:
    """The entries without which a normalised text cannot hold `text`."""
    return _term(text).needs


def _parts(words: str) -> list[str]:
    words = words.replace("“", '"').replace("”", '"').replace("\u3000", " ")
    lexer = shlex.shlex(words, posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        return list(lexer)
    except ValueError:  # a quotation that does not end
        return words.replace('"', " ").split()


def _term(text: str) -> Term:
    runs = list(_RUNS.finditer(text))
    needs = tuple(need for run in runs for need in _needs(run, last=run.end() == len(text)))
    alone = len(runs) == 1 and runs[0].span() == (0, len(text))
    simple = alone and (bool(runs[0][2]) or len(text) <= 2)
    return Term(text, needs, compare=not simple)


def _needs(run: re.Match[str], *, last: bool) -> Iterator[Need]:
    dense, word = run[1], run[2]
    if word:
        yield Need(word[:LONGEST], prefix=last or len(word) > LONGEST)
    elif len(dense) == 1:
        yield Need(dense, prefix=True)
    else:
        for index in range(len(dense) - 1):
            yield Need(dense[index : index + 2])
