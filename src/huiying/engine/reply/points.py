"""What a message asks, point by point, and whether a draft answers it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import rjieba

from huiying.engine.findings import Finding, Severity
from huiying.engine.reply.boilerplate import substance
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.promises import Promise
from huiying.engine.reply.spans import Span, sentences
from huiying.engine.text import Text

Kind = Literal["question", "request", "matter"]
State = Literal["answered", "promised", "open"]
_ASKS = re.compile(r"请问|想问|咨询|请教|问一下|想知道|想了解|了解一下|问问")
_WANTS_TO_KNOW = re.compile(
    r"多少|什么时候|何时(?!是个头)|哪[里个些天年]|怎么(?:办理?|申请|查|算|交|领|收费|处理|补)|如何(?:办|申请|处理|解决|收费|计算|补|领|认定|报名)|"
    r"需要(?:什么|哪些|多久)|(?:什么|哪些)(?:条件|材料|手续|资料|政策|流程|标准|时间|原因)|能否|可否|能不能|可不可以|"
    r"是否(?:可以|能|有|符合|需要|属于|纳入|规划|违规|合规|合法|会|已)|有没有(?:相关|具体|规划|计划|政策|补)|(?:可以|能|需要|会|符合)[^，。？?]{0,20}吗[？?。]|[？?]\s*$"
)
#: Asked in anger: a complaint, not a question that an answer could tick.
_RHETORIC = re.compile(
    r"难道|何在|天理|良心|怎么能|岂|这不是|不是[^，。？?]*吗|凭什么|(?:合理|合法|公平|公正)吗|是个头|谁来(?:管|保|负)|有人管|没人管|王法|如何让|怎么让|"
    r"为什么[^，。？?]{0,20}(?:不管|不作为|没人|无人)|到底(?:是|为|有|还)"
)
_REQUEST = re.compile(
    r"希望|请求|恳请|恳求|要求(?!我们|业主|居民|交)|强烈|建议|盼|望(?:领导|政府|有关|相关|尽快|能|给|予)|请(?:领导|政府|有关|相关|求|贵|你们|尽快|给|帮|予|解决|查)|求助|诉求|呼吁|尽快|还我们"
)
_NUMBERED = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]|第[一二三四五六七八九十][，、,条点]|[①-⑩]|(?:其|首先|其次|再次|最后|另外)[，,])"
)
_POLITE = re.compile(
    r"^(?:尊敬的|敬爱的|各位)?[^，。]{0,14}(?:您好|你好|你们好|大家好)|^(?:谢谢|感谢|此致|敬礼|为盼|急盼|跪求)|^盼(?:望)?(?:复|回复|答复|解决)?[！。]?$"
)
_STOP = frozenset(
    [
        "领导",
        "政府",
        "希望",
        "解决",
        "问题",
        "我们",
        "你们",
        "他们",
        "有关",
        "部门",
        "相关",
        "请问",
        "谢谢",
        "感谢",
        "书记",
        "市长",
        "县长",
        "区长",
        "局长",
        "情况",
        "现在",
        "一个",
        "这个",
        "那个",
        "这样",
        "什么",
        "怎么",
        "为什么",
        "可以",
        "能够",
        "是否",
        "没有",
        "就是",
        "但是",
        "因为",
        "所以",
        "而且",
        "如果",
        "已经",
        "还是",
        "或者",
        "以及",
        "进行",
        "相关部门",
        "有关部门",
        "尊敬",
        "您好",
        "你好",
        "大家",
        "自己",
        "这些",
        "那些",
        "这种",
        "时候",
        "之后",
        "以后",
        "目前",
        "至今",
        "一直",
        "非常",
        "特别",
        "十分",
        "多次",
        "反映",
        "投诉",
        "举报",
        "请求",
        "咨询",
        "建议",
        "要求",
        "强烈",
        "尽快",
        "早日",
        "能否",
        "如何",
        "何时",
        "到底",
        "究竟",
        "不知道",
        "知道",
        "老百姓",
        "百姓",
        "群众",
        "市民",
        "居民",
        "网友",
        "答复",
        "回复",
        "给予",
        "予以",
        "处理",
        "关注",
        "重视",
        "帮助",
        "需要",
        "应该",
        "今年",
        "去年",
        "明年",
        "今天",
        "昨天",
        "一下",
        "一些",
        "很多",
        "许多",
        "各位",
        "本人",
        "所有",
        "其他",
        "其它",
        "这里",
        "那里",
        "不是",
        "只能",
        "不能",
        "不会",
        "还有",
        "的话",
        "时间",
        "地方",
        "事情",
        "东西",
        "我家",
        "天天",
        "每天",
        "一天",
        "一次",
        "起来",
        "出来",
        "下来",
        "上去",
        "国家",
        "社会",
        "人民",
        "生活",
    ]
)
_MOST = 8
_WHY = re.compile(r"为什么|为何|怎么回事|什么原因|依据")
_HOW = re.compile(r"怎么办|咋办|怎么处理|如何处理|谁来管|管不管|管吗")
_BECAUSE = re.compile(r"因为|由于|原因|是因|造成|依据|根据|按照|系因|导致")
#: Shares of a point's weight that the draft must hold.
_WHOLE, _NEAR = 0.34, 0.5


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the message asks or complains of."""

    span: Span  # in the message
    kind: Kind
    terms: tuple[str, ...]  # the words by which an answer is recognised


@dataclass(frozen=True, slots=True)
class Answer:
    """How a draft deals with a point."""

    point: Point
    state: State
    at: Span | None  # the sentence of the draft that comes nearest
    share: float  # how much of the point's weight that sentence and its neighbours hold
    likeness: float = 0.0  # how many of the characters of the point's words stand in the draft


def points(message: str) -> list[Point]:
    """The points of `message` in order: questions and requests; where there are none, the matter as a whole."""
    found = [point for point in map(_point, sentences(message)) if point]
    asked = [point for point in found if point.kind != "matter"]
    chosen = _distinct(asked) or _whole(message, found)
    return chosen[:_MOST]


def _kind(sentence: str) -> Kind:
    if _ASKS.search(sentence) or (_WANTS_TO_KNOW.search(sentence) and not _RHETORIC.search(sentence)):
        return "question"
    if _REQUEST.search(sentence):
        return "request"
    return "matter"


def _point(sentence: Span) -> Point | None:
    if _POLITE.search(sentence.text) and len(sentence.text) < 30:
        return None
    words = terms(sentence.text)
    kind = _kind(sentence.text)
    if not words:
        return None
    return Point(sentence, kind, words)


def _distinct(asked: Sequence[Point]) -> list[Point]:
    """Points that ask for the same thing in other words are one."""
    kept: list[Point] = []
    for point in asked:
        mine = set(point.terms)
        if not any(len(mine & set(other.terms)) >= 0.6 * len(mine) for other in kept):
            kept.append(point)
    return kept


def _whole(message: str, found: Sequence[Point]) -> list[Point]:
    if not found:
        return []
    words = tuple(dict.fromkeys(word for point in found for word in point.terms))
    bare = message.strip()
    start = message.index(bare)
    return [Point(Span(start, start + len(bare), bare), "matter", words[:24])]


@cache
def _cut(text: str) -> tuple[str, ...]:
    return tuple(rjieba.cut(text))


def terms(text: str) -> tuple[str, ...]:
    """The words of `text` that carry its matter, each once."""
    words = (word.strip() for word in _cut(text))
    telling = (word for word in words if len(word) >= 2 and word not in _STOP and word[0].isalnum())
    return tuple(dict.fromkeys(telling))


def answers(message: str, draft: str, promises: Sequence[Promise] = ()) -> list[Answer]:
    """How `draft` deals with each point of `message`."""
    pieces = sentences(draft)
    return [_answer(point, pieces, draft, promises) for point in points(message)]


def _answer(point: Point, pieces: Sequence[Span], draft: str, promises: Sequence[Promise]) -> Answer:
    whole = _held(point, draft)
    best, at = 0.0, None
    for index, piece in enumerate(pieces):
        window = "".join(one.text for one in pieces[max(0, index - 1) : index + 2])
        held = _held(point, window) + 0.001 * _held(point, piece.text)
        if held > best:
            best, at = held, piece
    reasoned = bool(_WHY.search(point.span.text) and whole and _BECAUSE.search(draft)) or bool(
        _HOW.search(point.span.text) and substance(draft).acts
    )
    state: State = "answered" if whole >= _WHOLE or best >= _NEAR or reasoned else "open"
    if state == "answered" and at and any(at.start <= one.start < at.end for one in promises):
        state = "promised"
    chars = frozenset("".join(point.terms))
    likeness = len(chars & frozenset(draft)) / len(chars)
    return Answer(point, state, at if best else None, round(max(whole, best), 3), round(likeness, 3))


def _held(point: Point, text: str) -> float:
    """The share of the point's words (longer ones weigh more) that stand in `text`, whole or by half."""
    total = sum(len(word) for word in point.terms)
    return sum(_weight(word, text) for word in point.terms) / total if total else 0.0


def _weight(word: str, text: str) -> float:
    if word in text:
        return len(word)
    if len(word) >= 3 and any(word[at : at + 2] in text for at in range(len(word) - 1)):
        return len(word) / 2
    return 0.0


#: Below these shares an open point is worth a word, by kind; below `_WORTH_A_WARNING` a question is a warning.
_WORTH_A_WORD: dict[Kind, float] = {"question": 0.34, "request": 0.15, "matter": 0.1}
_WORTH_A_WARNING = 0.1
#: Character by character: when more of the question's words stand in the draft, it may be answered in other words.
_FAR = 0.5
#: A short enquiry: so many points and characters at most; and how long a point's own words must be together.
_FEW, _SHORT, _OWN_WORDS = 3, 200, 4


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Points of the message to which the draft does not come.

    A warning only where the question is plain: a short enquiry, a point with words of its own, an answer that says
    something else. Long complaints ask much in anger; what is open there is a hint.
    """
    if not context.message.strip() or not draft.text.strip():
        return
    found = answers(context.message, draft.text)
    plain_enquiry = len(found) <= _FEW and len(context.message) <= _SHORT and not substance(draft.text).empty
    for answer in found:
        if answer.state == "open" and answer.share <= _WORTH_A_WORD[answer.point.kind]:
            yield _unanswered(answer, loud=plain_enquiry)


def _unanswered(answer: Answer, *, loud: bool) -> Finding:
    asked = answer.point.span.text if len(answer.point.span.text) <= 40 else answer.point.span.text[:39] + "…"
    far = answer.share <= _WORTH_A_WARNING and answer.likeness <= _FAR
    own_words = sum(map(len, answer.point.terms)) >= _OWN_WORDS
    grave = answer.point.kind == "question" and far and own_words
    level: Severity = "warning" if grave and loud else "hint"
    return finding(
        "point.open",
        level,
        Text(f"好像没有回答：{asked}", f"This seems to be left unanswered: {asked}"),
        mend=Text(
            "直接回答，说明为什么答不了，或写明哪一天答复。",
            "Answer it, say why it cannot be answered, or by which day it will be.",
        ),
    )
