"""A query as fields and as text, kept in step: the fields are another view of the same query."""

import re
from collections.abc import Iterable, Sequence

from huiying.engine.listen.query import All, Any, Form, Near, Not, Query, Term

_BREAKS = re.compile(r"[\s,，、;；|｜]+")
_PLAIN = re.compile(r"[\w*@#.+/-]+")


def words(text: str) -> tuple[str, ...]:
    """The words of a field: split at spaces and commas."""
    return tuple(word for word in _BREAKS.split(text.strip()) if word)


def lines(text: str) -> tuple[str, ...]:
    """The phrases of a field: one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def form_of(query: Query) -> Form | None:
    """The fields that say the same as `query`; None for one that the fields cannot say."""
    either: list[str] | None = None
    every: list[str] = []
    refused: list[str] = []
    phrases: list[str] = []
    near: list[tuple[str, str, int]] = []
    for part in query.parts if isinstance(query, All) else (query,):
        match part:
            case Term():
                (every if _is_word(part) else phrases).append(_written(part))
            case Not(Term() as term) if _is_word(term):
                refused.append(_written(term))
            case Near((left,), (right,), distance):
                near.append((_written(left), _written(right), distance))
            case Any(parts) if either is None and _all_words(parts):
                either = [_written(term) for term in parts if isinstance(term, Term)]
            case _:
                return None
    return Form(
        any=tuple(either or ()),
        all=tuple(every),
        none=tuple(refused),
        phrases=tuple(phrases),
        near=tuple(near),
    )


def _all_words(parts: Iterable[Query]) -> bool:
    return all(isinstance(part, Term) and _is_word(part) for part in parts)


def _is_word(term: Term) -> bool:
    """Whether a field splits it at no place."""
    return bool(_PLAIN.fullmatch(term.text))


def _written(term: Term) -> str:
    return f"{'*' if term.open_left else ''}{term.text}{'*' if term.open_right else ''}"


def near_rows(form: Form, most: int) -> Sequence[tuple[str, str, int | None]]:
    """The rows of the near fields, empty ones to fill up; too many for the fields gives none."""
    return [*form.near, *[("", "", None)] * (most - len(form.near))]
