"""All checks on a draft, in the order of its text."""

from collections.abc import Callable, Iterator

from huiying.engine.findings import Finding
from huiying.engine.reply import (
    boilerplate,
    claims,
    letter,
    personal,
    points,
    promises,
    spelling,
    voice,
    wording,
)
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.text import Text

#: A public text longer than this is refused rather than read for minutes.
LONGEST = 100_000

Check = Callable[[DraftText, Context], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    letter.check,
    personal.check,
    voice.check,
    claims.check,
    promises.check,
    spelling.check,
    wording.check,
    points.check,
    boilerplate.check,
)
_ORDER = {"error": 0, "warning": 1, "hint": 2}


def check(draft: DraftText, context: Context) -> list[Finding]:
    """What is wrong with `draft`, gravest first, then by place; findings without a place last in their level."""
    if len(draft.text) > LONGEST:
        return [_too_long(len(draft.text))]
    found = [one for each in CHECKS for one in each(draft, context)]
    return sorted(found, key=_key)


def _key(one: Finding) -> tuple[int, bool, int]:
    return _ORDER[one.level], one.place.start is None, one.place.start or 0


def _too_long(length: int) -> Finding:
    return finding(
        "too-long",
        "error",
        Text(
            f"正文有 {length} 字，超过 {LONGEST} 字，没有检查",
            f"The text has {length} characters, more than {LONGEST}: not checked",
        ),
        mend=Text("拆成几篇，或放进附件。", "Split it, or attach it."),
    )


def mend(text: str, found: Finding) -> str:
    """`text` with the replacement of `found` put in its place; unchanged where it has none."""
    start, end = found.place.start, found.place.end
    if found.replacement is None or start is None or end is None or not 0 <= start <= end <= len(text):
        return text
    return text[:start] + found.replacement + text[end:]
