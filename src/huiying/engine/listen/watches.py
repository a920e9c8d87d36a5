"""Watch files: TrendRadar's keyword form with warnings, and a TOML of our own.

Our own:

    [[watch]]
    name = "停水停电"
    query = "(停水 OR 停电) NOT 通知"
    cap = 20        # at most so many are listed; optional
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any as Anything

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.listen.query import Not, Query, Term, all_of, any_of, parse, phrase
from huiying.engine.text import Text

_KEYS = frozenset({"name", "query", "cap"})
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A watch as a file names it."""

    name: str
    query: Query
    cap: int | None = None  # at most so many mentions are listed


def read_toml(text: str, file: str) -> tuple[list[NamedQuery], list[Finding]]:
    """The watches of a TOML file; what cannot be read is told and left out."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = _TOML_LINE.search(str(error))
        return [], [
            _told(
                "watches.toml",
                file,
                int(line[1]) if line else None,
                f"不是正确的 TOML：{error}",
                f"Not correct TOML: {error}",
            )
        ]
    rows = data.get("watch")
    if not isinstance(rows, list) or not rows:
        return [], [_told("watches.empty", file, None, "没有 [[watch]]", "There is no [[watch]]")]
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().replace(" ", "") == "[[watch]]"]
    lines += [lines[-1] if lines else 1] * len(rows)
    return _collect(_toml_watch(row, file, line) for row, line in zip(rows, lines, strict=False))


def _toml_watch(row: Anything, file: str, line: int) -> tuple[NamedQuery | None, list[Finding]]:
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("name"), str)
        or not isinstance(row.get("query"), str)
    ):
        return None, [
            _told(
                "watches.fields",
                file,
                line,
                "每个 [[watch]] 要有文字的 name 和 query",
                "Each [[watch]] needs name and query as strings",
            )
        ]
    found: list[Finding] = []
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        found.append(
            _told(
                "watches.unknown-key",
                file,
                line,
                f"不认识的键：{'、'.join(unknown)}",
                f"Unknown keys: {', '.join(unknown)}",
                "warning",
            )
        )
    cap = row.get("cap")
    if cap is not None and (not isinstance(cap, int) or isinstance(cap, bool) or cap < 1):
        return None, [
            *found,
            _told("watches.cap", file, line, "cap 要是正整数", "cap must be a positive whole number"),
        ]
    query, told = parse(row["query"])
    found += [_moved(f, file, line, row["name"]) for f in told]
    return (NamedQuery(name=row["name"], query=query, cap=cap) if query else None), found


def _moved(finding: Finding, file: str, line: int, name: str) -> Finding:
    """A finding on a query, told at its place in the file."""
    message = Text(f"“{name}”：{finding.message.zh}", f"“{name}”: {finding.message.en}")
    place = Place(file=file, line=line, start=finding.place.start, end=finding.place.end, path="query")
    return Finding(code=finding.code, level=finding.level, message=message, place=place, mend=finding.mend)


@dataclass(slots=True)
class _Group:
    """One group of a TrendRadar file while it is read."""

    line: int
    name: str = ""
    any: list[Query] = field(default_factory=list)
    all: list[Query] = field(default_factory=list)
    none: list[Term] = field(default_factory=list)
    cap: int | None = None


def read_trendradar(text: str, file: str) -> tuple[list[NamedQuery], list[Finding]]:
    """The watches of a TrendRadar keyword file.

    `!` words of a group refuse in every group, as they do there; words of [GLOBAL_FILTER] too. There only titles are read
    and the first group wins: here texts are read too and every watch is told, which a hint says.
    """
    refused: list[Term] = []
    groups: list[_Group] = []
    found: list[Finding] = []
    for section, rows in _sections(text):
        if section == "GLOBAL_FILTER":
            refused += [t for _, row in rows for t in [_loose(row.lstrip("!"))] if t]
            continue
        groups += _groups(rows, file, found)
    refused += [t for g in groups for t in g.none]
    read, told = _collect(_trendradar_watch(g, refused, file) for g in groups)
    if read:
        zh = "TrendRadar 只看标题、第一个命中的组为准；这里标题和正文都看，命中的每个主题都算"
        en = (
            "TrendRadar reads titles and the first group wins; here texts are read too and every watch counts"
        )
        found.append(_told("watches.trendradar", file, None, zh, en, "hint"))
    else:
        found.append(_told("watches.empty", file, None, "没有读到关键词", "No keywords were read"))
    return read, found + told


def _sections(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Section name and its numbered lines; an empty row stays, it ends a group."""
    section, rows = "WORD_GROUPS", list[tuple[int, str]]()
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            continue
        if line in ("[GLOBAL_FILTER]", "[WORD_GROUPS]"):
            yield section, rows
            section, rows = line[1:-1], []
        else:
            rows.append((number, line))
    yield section, rows


def _groups(rows: list[tuple[int, str]], file: str, found: list[Finding]) -> list[_Group]:
    groups: list[_Group] = []
    group: _Group | None = None
    for number, line in rows:
        if not line:
            group = None
            continue
        if group is None:
            group = _Group(number)
            groups.append(group)
        _read_line(group, line, number, file, found)
    return groups


def _read_line(group: _Group, line: str, number: int, file: str, found: list[Finding]) -> None:
    body, arrow, label = line.partition("=>")
    body = body.strip()
    if arrow and label.strip() and not group.name:
        group.name = label.strip()
    if body.startswith("[") and body.endswith("]"):
        group.name = body[1:-1].strip()
    elif body.startswith("@"):
        group.cap = _cap(body[1:], number, file, found)
    elif body.startswith("!"):
        group.none += [t for t in [_loose(body[1:])] if t]
    elif body.startswith("+"):
        group.all += [t for t in [_word(body[1:], number, file, found)] if t]
    elif body:
        group.any += [t for t in [_word(body, number, file, found)] if t]


def _cap(text: str, number: int, file: str, found: list[Finding]) -> int | None:
    if text.strip().isascii() and text.strip().isdigit() and int(text):
        return int(text)
    found.append(
        _told(
            "watches.cap",
            file,
            number,
            f"@ 后面要是正整数：{text}",
            f"@ needs a positive whole number: {text}",
            "warning",
        )
    )
    return None


def _word(body: str, number: int, file: str, found: list[Finding]) -> Query | None:
    """A word, or a /pattern/ that is only words with | between; other patterns are told and left out."""
    pattern = re.fullmatch(r"/(.+)/[a-z]*", body.strip())
    if not pattern:
        return _loose(body)
    words = pattern[1].removeprefix("(?:").removeprefix("(").removesuffix(")").split("|")
    if any(re.search(r"[\\.^$*+?{}\[\]()]", w) for w in words):
        zh, en = (
            f"不支持正则表达式，这一行没有导入：{body}",
            f"Regular expressions are not supported, this line was left out: {body}",
        )
        mend = Text("改写成词：或用 |，近用 NEAR/8", "Write it as words: | for or, NEAR/8 for close by")
        found.append(_told("watches.pattern", file, number, zh, en, "warning", mend))
        return None
    return any_of(t for t in map(_loose, words) if t)


def _loose(word: str) -> Term | None:
    """A word as TrendRadar takes it: anywhere, inside Latin words too."""
    return phrase(word, open_left=True, open_right=True)


def _trendradar_watch(
    group: _Group, refused: list[Term], file: str
) -> tuple[NamedQuery | None, list[Finding]]:
    either = any_of(group.any)
    wanted = [*group.all, *([either] if either else [])]
    if not wanted:
        if group.none:
            return None, []
        return None, [
            _told(
                "watches.group",
                file,
                group.line,
                "这一组没有要找的词",
                "This group has no word to look for",
                "warning",
            )
        ]
    query = all_of([*wanted, *(Not(t) for t in dict.fromkeys(refused))])
    assert query is not None
    return NamedQuery(name=group.name or _name(group), query=query, cap=group.cap), []


def _name(group: _Group) -> str:
    words = [t.text for q in (*group.any, *group.all) for t in ([q] if isinstance(q, Term) else [])]
    return " ".join(words[:3]) or f"第 {group.line} 行"


def _collect(
    read: Iterator[tuple[NamedQuery | None, list[Finding]]],
) -> tuple[list[NamedQuery], list[Finding]]:
    watches: dict[str, NamedQuery] = {}
    found: list[Finding] = []
    for watch, told in read:
        found += told
        if watch:
            name = watch.name
            serial = 2
            while name in watches:
                name, serial = f"{watch.name} {serial}", serial + 1
            watches[name] = NamedQuery(name=name, query=watch.query, cap=watch.cap)
    return list(watches.values()), found


def _told(
    code: str,
    file: str,
    line: int | None,
    zh: str,
    en: str,
    level: Severity = "error",
    mend: Text | None = None,
) -> Finding:
    return Finding(code=code, level=level, message=Text(zh, en), place=Place(file=file, line=line), mend=mend)
