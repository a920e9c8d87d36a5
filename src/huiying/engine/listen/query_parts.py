"""What a query is made of. Its text form stands in `query`."""

from collections.abc import Iterable
from dataclasses import dataclass

from huiying.engine.listen.normalise import normalise

NEAR_DEFAULT, NEAR_MOST = 10, 200


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, in its one spelling. `open_left` and `open_right`: may stand inside a longer Latin word."""

    text: str
    open_left: bool = False
    open_right: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right` with at most `distance` characters between, in either order."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is absent."""

    part: "Query"


Query = Term | Near | All | Any | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A query as a form asks for it; every field may be empty."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()  # all of them, exactly
    near: tuple[tuple[str, str, int], ...] = ()


def term(word: str) -> Term | None:
    """The term that a word writes, its stars read; None if nothing is left of it."""
    text = normalise(word).strip()
    return phrase(text.strip("*"), open_left=text.startswith("*"), open_right=text.endswith("*"))


def phrase(words: str, *, open_left: bool = False, open_right: bool = False) -> Term | None:
    """The term of exactly these characters; stars mean nothing where no Latin letter or digit stands."""
    text = normalise(words).strip()
    if not text:
        return None
    return Term(text, open_left and is_latin(text[0]), open_right and is_latin(text[-1]))


def is_latin(char: str) -> bool:
    """Whether a character, in its one spelling, belongs to words that have to end where they end."""
    return char.isascii() and char.isalnum()


def all_of(parts: Iterable[Query]) -> Query | None:
    """Every one of `parts`; nested ones are drawn up, one alone stands for itself."""
    return _joined(All, parts)


def any_of(parts: Iterable[Query]) -> Query | None:
    """At least one of `parts`."""
    return _joined(Any, parts)


def compose(form: Form) -> Query | None:
    """The query of a form; None if the form is empty."""
    parts: list[Query] = [
        *_terms(form.all),
        *(p for p in map(phrase, form.phrases) if p),
        *(
            Near((a,), (b,), n)
            for left, right, n in form.near
            for a in _terms([left])
            for b in _terms([right])
        ),
    ]
    either = any_of(_terms(form.any))
    refused: list[Query] = [Not(t) for t in _terms(form.none)]
    return all_of([*parts, *([either] if either else []), *refused])


def terms_of(query: Query) -> tuple[Term, ...]:
    """Every term that the query looks for (those it refuses left out), in order, each once."""
    return tuple(dict.fromkeys(_terms_of(query)))


def _terms_of(query: Query) -> list[Term]:
    match query:
        case Term():
            return [query]
        case Near(left, right):
            return [*left, *right]
        case All(parts) | Any(parts):
            return [t for part in parts for t in _terms_of(part)]
        case Not():
            return []


def _terms(words: Iterable[str]) -> list[Term]:
    return [t for t in map(term, words) if t]


def _joined(kind: type[All] | type[Any], parts: Iterable[Query]) -> Query | None:
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    if not flat:
        return None
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))
