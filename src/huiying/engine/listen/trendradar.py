"""TrendRadar's keyword file `frequency_words.txt`, read with warnings where it means something else here.

Groups are parted by an empty line; `word` any, `+word` all, `!word` none, `@N` cap, `/pattern/`, `=> label`, `[name]`,
`[GLOBAL_FILTER]`, `[WORD_GROUPS]`; `#` only as a whole line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from huiying.engine.findings import Finding, Place
from huiying.engine.listen.named import NamedQuery, collect, told
from huiying.engine.listen.query_parts import Not, Query, Term, all_of, any_of, phrase
from huiying.engine.text import Text

_SECTIONS = ("[GLOBAL_FILTER]", "[WORD_GROUPS]")
_PATTERN = re.compile(r"/(.+)/[a-z]*")
_MORE_THAN_WORDS = re.compile(r"[\\.^$*+?{}\[\]()]")


@dataclass(slots=True)
class _Group:
    """One group while it is read."""

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
    reader = _Reader(file)
    for section, rows in _sections(text):
        reader.read(section, rows)
    refused = [*reader.refused, *(t for group in reader.groups for t in group.none)]
    watches, noted = collect(_watch(group, refused, file) for group in reader.groups)
    return watches, [*reader.found, _general(bool(watches), file), *noted]


def _general(any_read: bool, file: str) -> Finding:
    if not any_read:
        return told("watches.empty", Place(file=file), Text("没有读到关键词", "No keywords were read"))
    zh = "TrendRadar 只看标题、第一个命中的组为准；这里标题和正文都看，命中的每个主题都算"
    en = "TrendRadar reads titles and the first group wins; here texts are read too and every watch counts"
    return told("watches.trendradar", Place(file=file), Text(zh, en), level="hint")


def _sections(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Section name and its numbered lines; an empty one stays, it ends a group."""
    section, rows = "[WORD_GROUPS]", list[tuple[int, str]]()
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.strip()
        if line in _SECTIONS:
            yield section, rows
            section, rows = line, []
        elif not line.startswith("#"):
            rows.append((number, line))
    yield section, rows


class _Reader:
    """Lines to groups."""

    def __init__(self, file: str) -> None:
        self.groups: list[_Group] = []
        self.refused: list[Term] = []
        self.found: list[Finding] = []
        self._file = file

    def read(self, section: str, rows: list[tuple[int, str]]) -> None:
        """One section."""
        if section == "[GLOBAL_FILTER]":
            self.refused += _loose_all(row.lstrip("!") for _, row in rows)
            return
        group: _Group | None = None
        for number, line in rows:
            if not line:
                group = None
                continue
            if group is None:
                group = _Group(number)
                self.groups.append(group)
            self._line(group, line, number)

    def _line(self, group: _Group, line: str, number: int) -> None:
        body, _, label = (part.strip() for part in line.partition("=>"))
        group.name = group.name or label
        if body.startswith("[") and body.endswith("]"):
            group.name = body[1:-1].strip()
        elif body.startswith("@"):
            group.cap = self._cap(body[1:].strip(), number)
        elif body.startswith("!"):
            group.none += _loose_all([body[1:]])
        elif body.startswith("+"):
            group.all += self._word(body[1:], number)
        elif body:
            group.any += self._word(body, number)

    def _cap(self, text: str, number: int) -> int | None:
        if text.isascii() and text.isdigit() and int(text):
            return int(text)
        said = Text(f"@ 后面要是正整数：{text}", f"@ needs a positive whole number: {text}")
        self.found.append(told("watches.cap", Place(file=self._file, line=number), said, level="warning"))
        return None

    def _word(self, body: str, number: int) -> list[Query]:
        """A word, or a /pattern/ that is only words with | between; other patterns are told and left out."""
        pattern = _PATTERN.fullmatch(body.strip())
        if not pattern:
            return [*_loose_all([body])]
        words = pattern[1].removeprefix("(?:").removeprefix("(").removesuffix(")").split("|")
        if not any(map(_MORE_THAN_WORDS.search, words)):
            either = any_of(_loose_all(words))
            return [either] if either else []
        said = Text(
            f"不支持正则表达式，这一行没有导入：{body}",
            f"Regular expressions are not supported, this line was left out: {body}",
        )
        mend = Text("改写成词：或用 |，近用 NEAR/8", "Write it as words: | for or, NEAR/8 for close by")
        place = Place(file=self._file, line=number)
        self.found.append(told("watches.pattern", place, said, level="warning", mend=mend))
        return []


def _loose_all(words: "Iterator[str] | list[str]") -> list[Term]:
    """Words as TrendRadar takes them: anywhere, inside Latin words too."""
    return [t for word in words if (t := phrase(word, open_left=True, open_right=True))]


def _watch(group: _Group, refused: list[Term], file: str) -> tuple[NamedQuery | None, list[Finding]]:
    either = any_of(group.any)
    wanted = [*group.all, *([either] if either else [])]
    query = all_of([*wanted, *(Not(t) for t in dict.fromkeys(refused))]) if wanted else None
    if query is not None:
        return NamedQuery(name=group.name or _name(group), query=query, cap=group.cap), []
    if group.none:
        return None, []
    said = Text("这一组没有要找的词", "This group has no word to look for")
    return None, [told("watches.group", Place(file=file, line=group.line), said, level="warning")]


def _name(group: _Group) -> str:
    words = [q.text for q in (*group.any, *group.all) if isinstance(q, Term)]
    return " ".join(words[:3]) or f"第 {group.line} 行"
