"""The details of a sentence that must be right: figures, days, names; and which detail of another sentence is the same one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from huiying.engine.reply.days import Days, named_days
from huiying.engine.reply.numbers import plain, quantities
from huiying.engine.reply.spans import Span, clauses

#: So many characters before and after a detail tell what it is a detail of.
_BEFORE, _AFTER = 6, 8
#: What the surroundings are compared without: other numbers, marks, and characters that come and go.
_NUMBER = re.compile(r"[\d.]+|[^\w]+|[_的了已将共约于在也均为]")
#: What names of places and institutions end with.
_ENDS = (
    r"(?:有限公司|公司|工厂|工业园|产业园|公园|体育场|处理厂|厂|小学|中学|学校|驾校|大学|幼儿园|医院|卫生院|街道|社区|小区|花园|"
    r"派出所|中队|大队|支队|街|路|大道|桥|水库|车站|中心|局|村|镇|乡|园|站)"
)
_NAME = re.compile(rf"(?P<stem>[\u4e00-\u9fff]{{2}})(?P<end>{_ENDS})(?![\u4e00-\u9fff]?长)")
#: Stems that make no name: "our bureau", "this village", "along the road".
_NO_STEM = re.compile(
    r"[我本该各全贵你其此某多两每县市区镇乡村]$|^[的和与及在对由经至到往向]|[的和与及在对由经至到往向了]$|一条|道路|公路|农村|城市|相关|有关"
)
#: Characters that link, and begin no name.
_LINKS = "的和与及在对由经至到往向从为了"


@dataclass(frozen=True, slots=True)
class Detail:
    """A figure or a day with what stands around it."""

    span: Span
    kind: str  # "day", or the unit of a figure
    value: object
    before: str
    after: str

    def agrees(self, other: "Detail") -> bool:
        """The same figure, or days of which one holds the other."""
        if not isinstance(self.value, tuple) or not isinstance(other.value, tuple):
            return bool(self.value == other.value)
        (first, last), (begin, end) = self.value, other.value
        return bool((first <= begin and end <= last) or (begin <= first and last <= end))

    def likeness(self, other: "Detail") -> int:
        """How many characters around the two are the same, counted from the detail outwards."""
        left = _common(self.before[::-1], other.before[::-1])
        return left + _common(self.after, other.after)


def _common(one: str, other: str) -> int:
    same = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        same += 1
    return same


def details(text: str, today: date) -> list[Detail]:
    """Figures and days of `text`, in order."""
    days = named_days(text, today)
    found = [_detail(text, one.span, "day", _stretch(one)) for one in days]
    for one in quantities(text):
        if not any(one.span.start < day.span.end and day.span.start < one.span.end for day in days):
            found.append(_detail(text, one.span, one.unit, one.value))
    return sorted(found, key=lambda one: one.span.start)


def _stretch(days: Days) -> tuple[tuple[int, int], tuple[int, int]]:
    """Month and day only: a year that one of two texts leaves out is no disagreement."""
    return (days.first.month, days.first.day), (days.last.month, days.last.day)


def _detail(text: str, span: Span, kind: str, value: object) -> Detail:
    before = _NUMBER.sub("", plain(text[max(0, span.start - 3 * _BEFORE) : span.start]))[-_BEFORE:]
    after = _NUMBER.sub("", plain(text[span.end : span.end + 3 * _AFTER]))[:_AFTER]
    return Detail(span, kind, value, before, after)


def other_names(sentence: str, fact: str, said: str) -> Iterator[tuple[Span, str]]:
    """Names in `sentence` that stand where `fact` has another one, with that one; `said` holds the names that may stand."""
    seen: list[Span] = []
    for span, right in (*_same_end(sentence, fact), *_one_word_other(sentence, fact)):
        if span.text not in said and not any(one.start < span.end and span.start < one.end for one in seen):
            seen.append(span)
            yield span, right


def _same_end(sentence: str, fact: str) -> Iterator[tuple[Span, str]]:
    """The only name that ends in a certain way, in both."""
    right, found = _names(fact), _names(sentence)
    for end in right.keys() & found.keys():
        if len(right[end]) == len(found[end]) == 1 and right[end][0].text != found[end][0].text:
            yield found[end][0], right[end][0].text


def _names(text: str) -> dict[str, list[Span]]:
    names: dict[str, list[Span]] = {}
    for match in _NAME.finditer(text):
        if not _NO_STEM.search(match["stem"]):
            names.setdefault(match["end"], []).append(Span(match.start(), match.end(), match.group()))
    return names


def _one_word_other(sentence: str, fact: str) -> Iterator[tuple[Span, str]]:
    """A clause that repeats one of the fact's but for a few characters of a name."""
    for told in clauses(fact):
        for clause in clauses(sentence):
            changed = _changed(told.text, clause.text)
            if changed:
                start, end, right_start, right_end = changed
                name = Span(start, end, clause.text[start:end]).within(clause.start)
                yield name, told.text[right_start:right_end]


def _changed(told: str, clause: str) -> tuple[int, int, int, int] | None:
    """Where the two differ, when they do in one to three characters that belong to a name and nowhere else."""
    if len(told) < 6 or abs(len(told) - len(clause)) > max(len(told), 12):
        return None
    ops = [
        one for one in SequenceMatcher(None, told, clause, autojunk=False).get_opcodes() if one[0] != "equal"
    ]
    inner = [one for one in ops if one[0] == "replace"]
    if len(inner) != 1 or any(
        one[1] not in (0, len(told)) and one[2] != len(told) for one in ops if one[0] != "replace"
    ):
        return None
    _tag, left, right, start, end = inner[0]
    rest = re.match(rf"[\u4e00-\u9fff]{{0,6}}?{_ENDS}", clause[end:])
    old, new = told[left:right], clause[start:end]
    if (
        not rest
        or not 1 <= len(old) <= 3
        or len(new) > 3
        or re.search(r"[\d一二三四五六七八九十百千万两]", old + new)
    ):
        return None
    begin = re.search(rf"[^{_LINKS}\W]{{0,2}}$", clause[:start])
    wider = len(begin.group()) if begin and told[:left].endswith(begin.group()) else 0
    return start - wider, end + rest.end(), left - wider, right + rest.end()


def nearest(detail: Detail, others: Sequence[Detail]) -> Detail | None:
    """The detail of the same kind around which most is the same; one that agrees goes before one that does not."""
    same = [one for one in others if one.kind == detail.kind]
    return max(same, key=lambda one: (one.likeness(detail), one.agrees(detail)), default=None)
