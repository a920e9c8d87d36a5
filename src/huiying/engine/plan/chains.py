"""How the steps of an approval chain are written, in plans, in journals and at the desk.

A step is one word: "office" asks that role, "deputy|head" either of the two. Parts that are joined by "&" are asked at
the same time, and every one of them has to be given, in any order: "reviewer&deputy|head" needs the reviewer and one of the
other two. A plan's file writes such a step as a list: ["reviewer", "deputy|head"].
"""

from collections.abc import Iterable


def step_of(written: object) -> str | None:
    """A step as a file or a journal writes it, a word or a list of words; None for anything else."""
    if isinstance(written, str):
        return written or None
    if isinstance(written, list | tuple) and written and all(isinstance(word, str) for word in written):
        return "&".join(written)
    return None


def parts(step: str) -> tuple[str, ...]:
    """What a step asks at the same time; each part a role, or several joined by "|" of which any will do."""
    return tuple(step.split("&"))


def roles_of(step: str) -> tuple[str, ...]:
    """Every role that has to do with a step."""
    return tuple(role for part in parts(step) for role in part.split("|"))


def in_turn(chain: Iterable[str]) -> tuple[str, ...]:
    """All parts of a chain, one after the other."""
    return tuple(part for step in chain for part in parts(step))
