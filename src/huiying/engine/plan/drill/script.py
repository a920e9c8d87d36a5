"""The script of a live drill: what comes in how long after the beginning.

    format = 1
    title = "食堂异味"

    [[inject]]
    after = "10 minutes"   # left out: at once
    kind = "post"          # post, comment, article, message, call, transfer; note: words to people who take part
    site = "校园论坛"
    tier = "board"
    author = "网友甲"
    title = "食堂又有异味"
    text = "二楼三号窗口的汤有酸味"
    times = 5              # as often, by different people, one after another
    every = "2 minutes"

    [[inject]]
    after = "30 minutes"
    kind = "note"
    to = ["head"]
    text = "市教育局来电询问情况"

Or a table (CSV) with these names as its columns.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding, Place
from huiying.engine.plan.vocabulary import ROLES, TIERS
from huiying.engine.spans import Counting, Within, read_span
from huiying.engine.text import Text
from huiying.engine.toml import parse

KINDS = ("post", "comment", "article", "message", "call", "transfer", "note")
#: Of one script, and of one inject.
MOST, MOST_TIMES = 2000, 500
LONGEST = timedelta(days=7)
_COLUMNS = ("after", "kind", "site", "tier", "author", "title", "text", "reach", "times", "every", "to")
_PLAIN = Counting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """One thing that comes in."""

    after: timedelta  # since the beginning
    kind: str = "post"
    site: str = ""
    tier: str = "unknown"
    author: str = ""
    title: str = ""
    text: str = ""
    reach: int = 0
    to: tuple[str, ...] = ()  # roles, of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole script, in order of time."""

    title: str
    injects: tuple[Inject, ...]

    @property
    def lasts(self) -> timedelta:
        """When the last thing comes in."""
        return self.injects[-1].after if self.injects else timedelta()


def read_script(text: str, *, file: str) -> tuple[Script | None, list[Finding]]:
    """The script; or None where an error forbids using it; and all that was found."""
    notes = Notes("script")
    if file.lower().endswith(".csv"):
        title, injects = file, [one for row in _rows(text, file, notes) for one in row]
    else:
        root, broken = parse(text, file=file)
        if root is None:
            return None, broken
        fields = Fields(root, notes)
        fields.integer("format", 1, least=1, most=1)
        title = fields.string("title", file)
        injects = [one for found in fields.read("inject", _inject) for one in found]
        fields.done()
    if not injects and not notes.failed:
        notes.add("empty", Place(file=file), Text("脚本里什么也没有", "There is nothing in this script"))
    if len(injects) > MOST:
        notes.add("too-long", Place(file=file), Text(f"最多 {MOST} 条", f"At most {MOST} posts"))
    injects.sort(key=lambda one: one.after)
    notes.found.sort(key=lambda one: one.place.line or 0)
    return (None if notes.failed else Script(title=title, injects=tuple(injects))), notes.found


def _inject(fields: Fields) -> list[Inject]:
    """One table, as often as it comes in."""
    after = fields.span("after")
    every = fields.span("every")
    inject = Inject(
        after=_elapsed(after) or timedelta(),
        kind=fields.string("kind", "post", choices=KINDS),
        site=fields.string("site"),
        tier=fields.string("tier", "unknown", choices=TIERS),
        author=fields.string("author"),
        title=fields.string("title"),
        text=fields.string("text"),
        reach=fields.integer("reach", 0) or 0,
        to=fields.strings("to", choices=ROLES),
    )
    times = fields.integer("times", 1, least=1, most=MOST_TIMES) or 1
    for span, key in ((after, "after"), (every, "every")):
        if span is not None and (_elapsed(span) is None or (_elapsed(span) or LONGEST) > LONGEST):
            words = Text("写成分钟或小时，最长七天", "Write minutes or hours, at most seven days")
            fields.wrong(fields.node.table[key], words, code="bad-span")
    _fits(inject, fields.place(), fields.notes)
    return list(_repeated(inject, times, _elapsed(every) or timedelta(minutes=1)))


def _fits(inject: Inject, place: Place, notes: Notes) -> None:
    """What an inject must have."""
    if not inject.title.strip() and not inject.text.strip():
        notes.add("missing-key", place, Text("缺少标题和正文", "There is neither title nor text"))
    if inject.kind == "note" and not inject.to:
        words = Text("提示要写给谁：to", "A note must say to whom: to")
        notes.add("missing-key", place, words, Text('写成 to = ["head"]', 'Write to = ["head"]'))


def _elapsed(within: Within | None) -> timedelta | None:
    if within is None or not within.elapsed:
        return None
    return timedelta(minutes=within.amount) if within.unit == "minutes" else timedelta(hours=within.amount)


def _repeated(inject: Inject, times: int, every: timedelta) -> Iterator[Inject]:
    """The same said by so many people, one after another."""
    for number in range(times):
        author = f"{inject.author or '网友'}{number + 1}" if times > 1 else inject.author
        values: dict[str, Any] = {name: getattr(inject, name) for name in Inject.__dataclass_fields__}
        yield Inject(**values | {"after": inject.after + number * every, "author": author})


def _rows(text: str, file: str, notes: Notes) -> Iterator[list[Inject]]:
    """The rows of a table."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    strange = [name for name in table.fieldnames or () if name not in _COLUMNS]
    if strange or "after" not in (table.fieldnames or ()):
        words = Text(f"列名要在其中：{'、'.join(_COLUMNS)}", f"Columns are: {', '.join(_COLUMNS)}")
        notes.add("unknown-key", Place(file=file, line=1), words)
        return
    for row in table:
        place = Place(file=file, line=table.line_num)
        cells = {name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)}
        after = _span(cells["after"], place, notes)
        every = _span(cells.get("every", ""), place, notes) or timedelta(minutes=1)
        inject = Inject(
            after=after or timedelta(),
            kind=_one_of(cells.get("kind", ""), KINDS, "post", place, notes),
            site=cells.get("site", ""),
            tier=_one_of(cells.get("tier", ""), TIERS, "unknown", place, notes),
            author=cells.get("author", ""),
            title=cells.get("title", ""),
            text=cells.get("text", ""),
            reach=_number(cells.get("reach", ""), 0),
            to=tuple(role for role in cells.get("to", "").split() if role in ROLES),
        )
        _fits(inject, place, notes)
        times = max(1, min(MOST_TIMES, _number(cells.get("times", ""), 1)))
        yield list(_repeated(inject, times, every))


def _span(words: str, place: Place, notes: Notes) -> timedelta | None:
    """Minutes as a number, or a span in words."""
    if not words:
        return None
    within = read_span(f"{words} minutes" if words.isdigit() else words, _PLAIN)
    found = timedelta() if words == "0" else _elapsed(within)
    if found is None or found > LONGEST:
        notes.add("bad-span", place, Text(f"看不懂的时间“{words}”", f'Cannot read the time "{words}"'))
    return found


def _one_of(word: str, known: tuple[str, ...], usual: str, place: Place, notes: Notes) -> str:
    if word and word not in known:
        words = Text(
            f"不能是“{word}”，可用：{'、'.join(known)}", f'Cannot be "{word}"; use {", ".join(known)}'
        )
        notes.add("unknown-value", place, words)
    return word if word in known else usual


def _number(word: str, usual: int) -> int:
    return int(word) if word.isascii() and word.isdigit() else usual
