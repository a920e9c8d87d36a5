"""Are the points of a message answered, and does an answer keep to the agreed facts? Held against a key made by reading.

    python -m benchmarks.answers

Data: 159 messages with a public body's real answers (replies/replies.tsv). The key (replies_key.tsv) was made by
reading each pair whole, by id only; nothing of the texts stands in the tree. It is split by the parity of the id: on
the even half the rules were mended, the odd half was only measured.

`points`: what the message asks, demands, proposes or complains of by number, in order, each as `start-end` in
"title, line break, text" (several stretches where it is said twice) with what the answer does: A answered, explained
or refused with a reason; P promised, or passed on to somebody named with what is to come; N left unanswered.

`fact`: one fact of the answer, `start-end` with the kind of its detail (q figure, a amount, d day, n name or place) and
the detail's own `start-end`. The fact is taken as the agreed line. Three texts are then checked against it: the answer
as it is (nothing may be said), the answer with the detail changed (it must be found, there), and the next pair's
answer (nothing may be said). How a detail is changed: a figure or amount gets its first digit d as d mod 9 + 1; a day
the day plus one (minus one from the 28th), where only a month is named the next month; a name 东 for its first character (西 where it is 东).

Once the line is the fact word for word, once `reworded`: without 的了已将共约于在也均为, its clauses in reverse order.

`against`: real disagreement between the two: a stretch of the message that tells a figure, `!` and the stretch of the
answer that gives another; `=` where the answer gives none other. The message's stretch is taken as the agreed line.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.common import Row, need, table, tsv
from benchmarks.replies import KEY, Reply, instant, rates
from huiying.engine.reply import voice
from huiying.engine.reply.model import Context, DraftText, Lines
from huiying.engine.reply.numbers import quantities
from huiying.engine.reply.points import answers
from huiying.engine.reply.spans import clauses, sentences

Stretch = tuple[int, int]
HALVES = {"mended on": 0, "only measured": 1}
_DIGITS = "一二三四五六七八九"


@dataclass(frozen=True)
class Asked:
    """A point of the key."""

    stretches: tuple[Stretch, ...]
    state: str  # A, P, N


@dataclass(frozen=True)
class Fact:
    """A fact of the key, with the detail that is changed."""

    whole: Stretch
    kind: str
    detail: Stretch


def stretch(text: str) -> Stretch:
    """`12-34` as numbers."""
    start, end = text.split("-")
    return int(start), int(end)


def asked(cell: str) -> list[Asked]:
    """The points of a cell."""
    return [Asked(tuple(map(stretch, one[:-1].split(","))), one[-1]) for one in cell.split(";")]


def fact(cell: str) -> Fact | None:
    """The fact of a cell, None where the answer holds none."""
    match = re.fullmatch(r"(\d+-\d+)([qadn])(\d+-\d+)", cell)
    return Fact(stretch(match[1]), match[2], stretch(match[3])) if match else None


def overlap(one: Stretch, other: Stretch) -> bool:
    """True when the two have a character in common."""
    return one[0] < other[1] and other[0] < one[1]


def whole(reply: Reply) -> str:
    """The message as the checks read it."""
    return f"{reply['title']}\n{reply['text']}"


Said = list[tuple[Stretch, bool]]  # points of a message with whether they are called open


def ours(reply: Reply) -> Said:
    """What the engine says."""
    found = answers(whole(reply), reply["reply"])
    return [((one.point.span.start, one.point.span.end), one.state == "open") for one in found]


def plain(reply: Reply) -> Said:
    """The baseline: each sentence that asks or wishes; open when less than half of its characters stand in the answer."""
    marks = re.compile(r"[？?]|希望|请|建议|要求|望|投诉|咨询")
    found = [one for one in sentences(whole(reply)) if marks.search(one.text)]
    return [
        ((one.start, one.end), len(set(one.text) & set(reply["reply"])) < 0.5 * len(set(one.text)))
        for one in found
    ]


def matched(key: list[Asked], said: Said) -> Iterator[tuple[Asked | None, bool]]:
    """Each point that was said with its point of the key: the first one left that it touches."""
    left = list(key)
    for place, is_open in said:
        mine = next((one for one in left if any(overlap(place, part) for part in one.stretches)), None)
        if mine:
            left.remove(mine)
        yield mine, is_open


def coverage(replies: dict[str, Reply], half: str, read: Callable[[Reply], Said]) -> tuple[str, str]:
    """How well points are found, and how well those left unanswered."""
    hit = said = true = 0
    right = called = missing = 0
    for number, cells in key(half):
        points = asked(cells["points"])
        found = list(matched(points, read(replies[number])))
        hit, said, true = (
            hit + sum(one is not None for one, _ in found),
            said + len(found),
            true + len(points),
        )
        right += sum(is_open and one is not None and one.state == "N" for one, is_open in found)
        called += sum(is_open for _one, is_open in found)
        missing += sum(one.state == "N" for one in points)
    return rates(hit, said, true), rates(right, called, missing)


def key(half: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows that were read for points and facts."""
    for row in tsv(KEY):
        if row["points"] != "?" and int(row["id"]) % 2 == HALVES[half]:
            yield row["id"], row


def changed(text: str, kind: str) -> str:
    """The detail made wrong by the documented rule."""
    if kind == "n":
        return ("西" if text[0] == "东" else "东") + text[1:]
    numbers = list(re.finditer(r"\d+", text))
    if kind == "d":
        last = numbers[-1]
        month = text[last.end() :].startswith("月")
        other = int(last[0]) % 12 + 1 if month else int(last[0]) + (1 if int(last[0]) < 28 else -1)
        return f"{text[: last.start()]}{other}{text[last.end() :]}"
    at = next(
        place for place, char in enumerate(text) if char in "123456789" or char in _DIGITS or char == "两"
    )
    return text[:at] + _next(text[at]) + text[at + 1 :]


def _next(char: str) -> str:
    if char in "两":
        return "三"
    return str(int(char) % 9 + 1) if char.isdigit() else _DIGITS[(_DIGITS.index(char) + 1) % 9]


def places(text: str, lines: Lines, reply: Reply) -> list[Stretch]:
    """Where the engine says that a text disagrees with the lines."""
    context = Context(now=instant(reply["reply_time"]), lines=lines)
    found = [one for one in voice.check(DraftText(text=text), context) if one.level != "hint"]
    return [(one.place.start or 0, one.place.end or 0) for one in found]


def other_numbers(text: str, lines: Lines, _reply: Reply) -> list[Stretch]:
    """The baseline: every number whose unit the lines know with another value only."""
    held = quantities(lines.said)
    return [
        (one.span.start, one.span.end)
        for one in quantities(text)
        if any(other.unit == one.unit for other in held)
        and not any((other.unit, other.value) == (one.unit, one.value) for other in held)
    ]


Check = Callable[[str, Lines, Reply], list[Stretch]]


def reworded(text: str) -> str:
    """A line that says the same in other words."""
    parts = [one.text for one in clauses(text)]
    return "，".join(re.sub(r"[的了已将共约于在也均为]", "", part) for part in reversed(parts))


def one_voice(
    replies: dict[str, Reply], half: str, check: Check, say_it: Callable[[str], str]
) -> tuple[str, str]:
    """Planted disagreements found, and how often untouched answers are called wrong."""
    rows = [(number, fact(cells["fact"])) for number, cells in key(half)]
    hit = said = true = quiet = 0
    for place, (number, mine) in enumerate(rows):
        if mine is None:
            continue
        reply = replies[number]
        text = reply["reply"]
        lines = Lines(facts=(say_it(text[slice(*mine.whole)]),))
        start, end = mine.detail
        wrong = changed(text[start:end], mine.kind)
        told = check(text[:start] + wrong + text[end:], lines, reply)
        follower = replies[rows[(place + 1) % len(rows)][0]]
        alarms = len(check(text, lines, reply)) + len(check(follower["reply"], lines, follower))
        found = any(overlap(one, (start, start + len(wrong))) for one in told)
        hit, said, true, quiet = hit + found, said + len(told) + alarms, true + 1, quiet + (alarms == 0)
    return rates(hit, said, true), f"{quiet}/{true} answers and their neighbours left alone"


def real(replies: dict[str, Reply]) -> str:
    """Real disagreements of message and answer, both halves."""
    hit = said = true = 0
    for row in tsv(KEY):
        for cell in filter(None, row["against"].strip("?").split(";")):
            reply = replies[row["id"]]
            told, given = re.split(r"[!=]", cell)
            found = places(reply["reply"], Lines(facts=(whole(reply)[slice(*stretch(told))],)), reply)
            said, true = said + len(found), true + bool(given)
            hit += bool(given) and any(overlap(one, stretch(given)) for one in found)
    return rates(hit, said, true)


def rows() -> list[Row]:
    """Everything measured here. Raises Absent without the data."""
    replies = {row["id"]: row for row in tsv(need("replies", "replies.tsv"))}
    return [*_coverage(replies), *_voice(replies)]


def _coverage(replies: dict[str, Reply]) -> Iterable[Row]:
    for half in HALVES:
        data = f"{len(list(key(half)))} read pairs ({half})"
        found, left_open = coverage(replies, half, ours)
        plain_found, plain_open = coverage(replies, half, plain)
        yield Row(part="replies", what="points of a message found", data=data, baseline=f"sentences that ask or wish {plain_found}",
                  ours=found, reach="-")  # fmt: skip
        yield Row(part="replies", what="points left unanswered", data=data, baseline=f"half of the characters {plain_open}",
                  ours=left_open, reach="-")  # fmt: skip


def _voice(replies: dict[str, Reply]) -> Iterable[Row]:
    for half, (words, say_it) in product(HALVES, (("word for word", str), ("in other words", reworded))):
        found, quiet = one_voice(replies, half, places, say_it)
        plain_found, plain_quiet = one_voice(replies, half, other_numbers, say_it)
        yield Row(part="replies", what=f"planted disagreement with a line told {words}", data=f"{len(list(key(half)))} read pairs ({half})",
                  baseline=f"any other number {plain_found}, {plain_quiet}", ours=f"{found}, {quiet}", reach="-")  # fmt: skip
    yield Row(part="replies", what="real disagreement of answer and message", data="10 places read",
              baseline="-", ours=real(replies), reach="-")  # fmt: skip


if __name__ == "__main__":
    print(table(list(rows())))
