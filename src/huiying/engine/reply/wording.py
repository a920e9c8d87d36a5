"""The lists of words: the house's own, and what an institution adds to it."""

import pkgutil
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText, Rigour, Rule
from huiying.engine.reply.spans import Span, every
from huiying.engine.text import Text

_LEVELS: dict[Rigour, Severity] = {
    Rigour.FORBIDDEN: "error",
    Rigour.HASTY: "warning",
    Rigour.RUDE: "warning",
    Rigour.CAREFUL: "hint",
    Rigour.FORMULA: "hint",
}
_SAY: dict[Rigour, Text] = {
    Rigour.FORBIDDEN: Text("禁用词", "Forbidden word"),
    Rigour.HASTY: Text("定性过早", "A hasty judgement"),
    Rigour.RUDE: Text("语气不妥", "Discourteous"),
    Rigour.CAREFUL: Text("慎用", "To be used with care"),
    Rigour.FORMULA: Text("套话", "A formula"),
}
#: A word in these is somebody else's.
_QUOTES = (("“", "”"), ("《", "》"), ("「", "」"))


@cache
def shipped() -> tuple[Rule, ...]:
    """The list that comes with the house."""
    data = pkgutil.get_data("huiying.engine.reply", "wording.toml") or b""
    rules, _findings = read_rules(data.decode(), file="wording.toml")
    return rules


def read_rules(text: str, file: str) -> tuple[tuple[Rule, ...], list[Finding]]:
    """An institution's list in the form of `wording.toml`; entries that cannot be read are findings."""
    try:
        entries = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as broken:
        words = Text(f"不是有效的 TOML：{broken}", f"Not valid TOML: {broken}")
        return (), [Finding(code="wording.toml", level="error", message=words, place=Place(file=file))]
    rules, findings = [], []
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        rule = _rule(entry)
        if rule:
            rules.append(rule)
        else:
            findings.append(_unreadable(number, file))
    return tuple(rules), findings


def _unreadable(number: int, file: str) -> Finding:
    return Finding(
        code="wording.entry",
        level="error",
        message=Text(f"第 {number} 条读不懂", f"Entry {number} cannot be read"),
        place=Place(file=file, path=f"rule[{number}]"),
        mend=Text("要有 words、rigour 和 why。", "It needs words, rigour and why."),
    )


def _rule(entry: Any) -> Rule | None:
    if not isinstance(entry, dict):
        return None
    words, why = _texts(entry.get("words")), _texts(entry.get("why"))
    try:
        rigour = Rigour(entry.get("rigour", ""))
    except ValueError:
        return None
    if not words or not why:
        return None
    return Rule(
        words=words,
        rigour=rigour,
        why=Text(why[0], why[-1]),
        use=str(entry.get("use", "")),
        unless=_texts(entry.get("unless")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    return tuple(one for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def merged(own: Sequence[Rule], base: Sequence[Rule] | None = None) -> tuple[Rule, ...]:
    """`own` before the house's list; a word that is in both counts as the institution says."""
    taken = {word for rule in own for word in rule.words}
    kept = []
    for rule in shipped() if base is None else base:
        words = tuple(word for word in rule.words if word not in taken)
        if words:
            kept.append(Rule(words=words, rigour=rule.rigour, why=rule.why, use=rule.use, unless=rule.unless))
    return (*own, *kept)


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Words of the lists. A word inside quotation marks is quoted, and passes unless it is forbidden."""
    taken: list[Span] = []
    for rule in context.rules:
        if rule.rigour == Rigour.HASTY and context.found_untrue and draft.form == "correction":
            continue
        for span in _places(rule, draft.text):
            if any(span.start < one.end and one.start < span.end for one in taken):
                continue
            if rule.rigour != Rigour.FORBIDDEN and quoted(draft.text, span.start):
                continue
            taken.append(span)
            yield _found(rule, span)


def _places(rule: Rule, text: str) -> Iterator[Span]:
    for word in rule.words:
        for at in every(word, text):
            if not any(_inside(long, text, at, at + len(word)) for long in rule.unless):
                yield Span(at, at + len(word), word)


def _inside(long: str, text: str, start: int, end: int) -> bool:
    """True when the stretch lies within an occurrence of `long`."""
    return any(at <= start and end <= at + len(long) for at in every(long, text))


def quoted(text: str, place: int) -> bool:
    """True when the character at `place` stands inside quotation marks or a title."""
    before = text[:place]
    return any(before.count(left) > before.count(right) for left, right in _QUOTES)


def _found(rule: Rule, span: Span) -> Finding:
    kind = _SAY[rule.rigour]
    mend = Text(f"改为“{rule.use}”。", f"Write “{rule.use}”.") if rule.use else None
    return finding(
        f"wording.{rule.rigour.value}",
        _LEVELS[rule.rigour],
        Text(f"{kind.zh}“{span.text}”：{rule.why.zh}", f"{kind.en} “{span.text}”: {rule.why.en}"),
        at=span,
        mend=mend,
        replacement=rule.use or None,
    )
