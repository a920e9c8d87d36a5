"""Whether a draft answers what the message asks, point by point."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from huiying.engine.findings import Finding
from huiying.engine.reply.asked import Kind, Point, heading_of, points, terms
from huiying.engine.reply.boilerplate import substance
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.numbers import UNITS, quantities
from huiying.engine.reply.promises import Promise
from huiying.engine.reply.spans import Span, sentences
from huiying.engine.text import Text

__all__ = ["Answer", "Kind", "Point", "State", "answers", "check", "points"]

State = Literal["answered", "promised", "open"]
#: What a question wants, and what gives it.
_KINDS = (
    (
        re.compile(r"什么时候|何时|何年何月|多久|哪[天年一]"),
        re.compile(r"\d+[年月日]|[年月]底|[上下]半年|季度|工作日"),
    ),
    (re.compile(r"多少|标准|怎么算|如何计算|比例"), re.compile(r"\d+(?:\.\d+)?(?:%|[万亿]?元|倍|分)")),
    (
        re.compile(r"为什么|为何|为啥|怎么回事|什么原因|依据"),
        re.compile(r"因为|由于|原因|是因|造成|系因|导致|所致"),
    ),
    (
        re.compile(r"(?:什么|哪些)(?:材料|手续|资料|证件|东西|条件)"),
        re.compile(r"身份证|户口|证明|原件|复印件|证件|材料|手续"),
    ),
    (
        re.compile(r"哪里|哪儿|在哪|哪所|哪个部门|地址"),
        re.compile(r"[路街号楼]|大厅|窗口|中心|小学|中学|学校|电话"),
    ),
)
_WHAT_TO_DO = re.compile(r"怎么办|咋办|怎么处理|如何处理|谁来管|管不管|管吗")
#: "One" is no figure.
_ANY = {(Decimal(1), unit) for unit in UNITS.values()}
#: Up to this share of its own words a point counts as passed by, unless this many of their characters stand there.
_NOTHING, _ALIKE = 0.06, 0.5
#: So many characters must there be before their likeness tells anything.
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """How a draft deals with a point."""

    point: Point
    state: State
    at: Span | None  # the sentence of the draft that comes nearest
    share: float  # how much of the weight of the point's own words three sentences of the draft hold together
    likeness: float = 0.0  # how many of the characters of the point's words stand in the draft


def answers(message: str, draft: str, promises: Sequence[Promise] = ()) -> list[Answer]:
    """How `draft` deals with each point of `message`.

    A draft that says nothing answers nothing. One that says something answers the main point, the title's, unless
    that is a plain short question; each further point must be met in its own words, those that no other point has.
    """
    asked = points(message)
    pieces = sentences(draft)
    says_nothing = substance(draft).empty
    heading = frozenset(terms(heading_of(message)))
    found = [_answer(point, _own(point, asked, heading), pieces, draft) for point in asked]
    if found and not says_nothing:
        main = max(range(len(found)), key=lambda number: _closeness(found[number], heading))
        if not (_plain_enquiry(message, asked) and found[main].point.kind == "question"):
            found[main] = _met(found[main])
    return [_open(one) if says_nothing else _promised(one, promises) for one in found]


def _closeness(answer: Answer, heading: frozenset[str]) -> tuple[float, float]:
    """How much of the title a point takes up, then how much of it the draft holds."""
    told = len(heading & frozenset(answer.point.terms)) / len(heading) if heading else 0.0
    return round(told, 1), answer.share


def _met(answer: Answer) -> Answer:
    return Answer(answer.point, "answered", answer.at, answer.share, answer.likeness)


def _open(answer: Answer) -> Answer:
    return Answer(answer.point, "open", answer.at, answer.share, answer.likeness)


def _promised(answer: Answer, promises: Sequence[Promise]) -> Answer:
    at = answer.at
    if answer.state == "open" or not at or not any(at.start <= one.start < at.end for one in promises):
        return answer
    return Answer(answer.point, "promised", at, answer.share, answer.likeness)


def _own(point: Point, asked: Sequence[Point], heading: frozenset[str]) -> tuple[str, ...]:
    """The words that only this point has, not the title nor another; all of its words where it has none of its own."""
    others = heading.union(*(other.terms for other in asked if other is not point))
    return tuple(word for word in point.terms if word not in others) or point.terms


def _answer(point: Point, own: Sequence[str], pieces: Sequence[Span], draft: str) -> Answer:
    share = max((_held(own, around) for around in _neighbourhoods(pieces)), default=0.0)
    nearest = max(pieces, key=lambda piece: _held(point.terms, piece.text), default=None)
    at = nearest if nearest and _held(point.terms, nearest.text) else None
    chars = frozenset("".join(own))
    likeness = len(chars & frozenset(draft)) / len(chars) if chars else 0.0
    alike = likeness >= _ALIKE and len(chars) >= _ENOUGH
    met = share > _NOTHING or alike or _in_kind(point.span.text, draft)
    return Answer(point, "answered" if met else "open", at, round(share, 3), round(likeness, 3))


def _same_figure(asked: str, draft: str) -> bool:
    """The question gives an age, a length, a sum, and the draft speaks of the same."""
    wanted = {(one.value, one.unit) for one in quantities(asked)} - _ANY
    return bool(wanted) and bool(wanted & {(one.value, one.unit) for one in quantities(draft)})


def _neighbourhoods(pieces: Sequence[Span]) -> Iterator[str]:
    """Each sentence with the one before and the one after."""
    for number in range(len(pieces)):
        yield "".join(one.text for one in pieces[max(0, number - 1) : number + 2])


def _in_kind(asked: str, draft: str) -> bool:
    """A when answered with a day, a how much with a figure, a why with a reason, whatever the words."""
    if _WHAT_TO_DO.search(asked) and substance(draft).acts:
        return True
    if _same_figure(asked, draft):
        return True
    return any(asks.search(asked) and gives.search(draft) for asks, gives in _KINDS)


def _held(words: Sequence[str], text: str) -> float:
    """The share of the words (longer ones weigh more) that stand in `text`, whole or by half."""
    total = sum(len(word) for word in words)
    return sum(_weight(word, text) for word in words) / total if total else 0.0


def _weight(word: str, text: str) -> float:
    if word in text:
        return len(word)
    if len(word) >= 3 and any(word[at : at + 2] in text for at in range(len(word) - 1)):
        return len(word) / 2
    return 0.0


#: A short enquiry: so many points and characters at most.
_FEW, _SHORT = 3, 200


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Points of the message to which the draft does not come: hints, for of three that are found one is right."""
    if not context.message.strip() or not draft.text.strip():
        return
    found = answers(context.message, draft.text)
    yield from (_unanswered(answer) for answer in found if answer.state == "open")


def _plain_enquiry(message: str, asked: Sequence[Point]) -> bool:
    return len(asked) <= _FEW and len(message) <= _SHORT


def _unanswered(answer: Answer) -> Finding:
    asked = answer.point.span.text if len(answer.point.span.text) <= 40 else answer.point.span.text[:39] + "…"
    return finding(
        "point.open",
        "hint",
        Text(f"好像没有回答：{asked}", f"This seems to be left unanswered: {asked}"),
        mend=Text(
            "直接回答，说明为什么答不了，或写明哪一天答复。",
            "Answer it, say why it cannot be answered, or by which day it will be.",
        ),
    )
