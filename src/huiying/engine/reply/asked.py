"""What a message asks, point by point: questions, requests, numbered complaints; else the matter as a whole."""

import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import rjieba

from huiying.engine.reply.spans import Span, clauses, sentences

Kind = Literal["question", "request", "matter"]
_ASKS = re.compile(r"请问|想问|咨询|请教|问一下|想知道|想了解|了解一下|问问|试问|疑问是|询问")
_WANTS_TO_KNOW = re.compile(
    r"多少|什么时候|何时(?!是个头)|何年何月|哪[里个些天年所]|在哪|"
    r"怎么(?:办理?|申请|查|算|交|领|收费|处理|补|报销|成立|走|弄)|怎[样么]样|(?:如何|该如何)(?:办|申请|处理|解决|收费|计算|补|领|认定|报名|报销)|"
    r"需要(?:什么|哪些|多久)|要(?:什么|哪些)|有(?:什么|何)|(?:什么|哪些)(?:条件|材料|手续|资料|政策|流程|标准|时间|原因)|"
    r"为什么|为何|为啥|啥原因|怎么回事|(?:依据|标准|原因)(?:又)?(?:是|为)(?:什么|啥|何)|依据(?:为|又)?何|"
    r"能否|可否|能不能|可不可以|会不会|是不是|是否(?:可以|能|有|符合|需要|属于|纳入|规划|违规|合规|合法|会|已|可行|存在|列|享|更改|保护|增加)|"
    r"有没有(?:相关|具体|规划|计划|政策|补|进行)|(?:可以|能|需要|会|符合|还)[^，。？?]{0,20}吗|[^，。？?]{2,}[吗么][？?]|[？?]\s*$"
)
#: Asked in anger or for effect: a complaint, not a question that an answer could tick.
_RHETORIC = re.compile(
    r"难道|何在|天理|良心|怎么能|岂|这不是|不是[^，。？?]*[吗么]|凭什么|(?:合理|公平|公正|幸福|负责)[吗么？?]|是个头|谁来(?:管|保|负)|有人管|没人管|王法|如何让|怎么让|"
    r"为什么[^，。？?]{0,20}(?:不管|不作为|没人|无人)|到底(?:是|为|有)|去哪儿?了|这么(?:难|麻烦|大|没)|真的|还(?:能|体现|是不是)|你看|不信|就可以[^，。？?]*吗|没了|怎么就|"
    r"平衡吗|而不是[^。]*[？?]|就是[^，。？?]*吗|不就|是不是有|没有?什么"
)
_REQUEST = re.compile(
    r"(?<!有)希望(?!之)|寄希望|请求|恳请|恳求|敬请|要求(?!我们|业主|居民|交|提供|开发商自|[^，。]{0,8}整改)|强烈(?!谴责|不满|反对)|建议(?!$)|期?盼(?!着)|"
    r"望(?:领导|政府|有关|相关|尽快|能|给|予|贵|书记|市|县|区|各级|各位)|"
    r"请(?:领导|政府|有关|相关|求|贵|你们?|尽快|给|帮|予|解决|查|上级|书记|[^，。问勿您教]{1,12}(?:部门|局|政府|领导|机关|单位))|"
    r"求助|诉求|呼吁|还我们|理应|应(?:当)?(?:被|给|予|把)|不得在|坚决(?:反对|不允许)|禁止(?=破坏|再)|烦请|麻烦(?=[^，。]{0,6}(?:落实|处理|查|解决))|忘(?=相关|有关)"
)
#: Tells of asking, once, somewhere else; or quotes a rule.
_TOLD = re.compile(
    r"(?:多次|曾经?|已|几次|去|打|前期|之前|当初|每次|又)[^，。]{0,14}(?:投诉|反映|反应|咨询|要求|上访|举报|请求|申请)(?!的)|"
    r"(?:被告知|答复|回复|表示|声称|承诺|得知|主任|站长|局长|工作人员)[^，。]{0,12}(?:我|是|说|要求|如果)|《[^》]+》[^，。]{0,12}(?:规定|第[一二三四五六七八九十百\d]+条)|向[^，。]{1,14}(?:咨询|了解|反映)|说可以|也要求|"
    r"(?:咨询|反映|投诉|要求|申请|请求)过|(?:次日|而后|随后|后来|几日后|当天)|要求(?:我|本人|他|其)|"
    r"(?:符合|按照?|达到|违背|违反|脱离|满足|根据)[^，。]{0,20}要求|[\u4e00-\u9fff]要求(?:进行|的|和|，|。|$)|不(?:能|准)建议|不知道|不清楚|无法判断|不需要|有人讲"
)
_POLITE = re.compile(
    r"^(?:尊敬的|敬爱的|各位)?[^，。]{0,14}(?:您好|你好|你们好|大家好)|^(?:谢谢|感谢|此致|敬礼|为盼|急盼|跪求)|"
    r"^(?:急|切|敬)?盼(?:望)?(?:速)?(?:复|回复?|答复|解决)?|^请给个说法|^请?(?:尽快)?(?:答复|回复)"
)
_UNITS = "栋号楼月日年点个人米元组岁层万千百县区市家户次天路公亩辆条分台座期中小"
_MARK = (
    r"[（(]\d{1,2}[）)]|[（(][一二三四五六七八九][）)]|(?<!\d)\d{1,2}[）)]|[①-⑩]|"
    r"(?<![\d.第年月〔\[（(])(?<!\d[:：])\d{1,2}(?:[、．]|[.，](?!\d))|"
    rf"(?<=[\s。；！？])\d(?=\s?[\u4e00-\u9fff])(?!\s?[{_UNITS}])|"
    r"(?<![\u4e00-\u9fff])[一二三四五六七八九]、|[一二三四五六七八九]是(?=[，,]|[\u4e00-\u9fff])|第[一二三四五六七八九][，,、]|"
    r"(?:建议|问题|诉求|要求|意见|其)[一二三四五六七八九](?=[：:，,、])"
)
_MARKS = re.compile(_MARK)
#: Before a list: it quotes a rule.
_CITES = re.compile(r"第[一二三四五六七八九十百\d]+条[^。]*$|规定[^。问题]{0,20}[：:]\s*$|依照|引咎辞职")
_ORDER = {char: place for place, char in enumerate("一二三四五六七八九", 1)} | {
    chr(ord("①") + place): place + 1 for place in range(10)
}
_MOST = 12
#: How much of the shorter of two points must be in the other before they are one.
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the message asks or complains of."""

    span: Span  # in the message
    kind: Kind
    terms: tuple[str, ...]  # the words by which an answer is recognised


@cache
def _stop() -> frozenset[str]:
    data = pkgutil.get_data("huiying.engine.reply", "points_stop.txt") or b""
    return frozenset(line for line in data.decode().splitlines() if not line.startswith("#"))


@cache
def _cut(text: str) -> tuple[str, ...]:
    return tuple(rjieba.cut(text))


def terms(text: str) -> tuple[str, ...]:
    """The words of `text` that carry its matter, each once."""
    words = (word.strip() for word in _cut(text))
    telling = (word for word in words if len(word) >= 2 and word not in _stop() and word[0].isalnum())
    return tuple(dict.fromkeys(word for word in telling if not re.fullmatch(r"[A-Za-z]?\d+|_x000D_", word)))


def points(message: str) -> list[Point]:
    """The points of `message` in order.

    A numbered list gives a point an item. Elsewhere the clause that asks is the point, not its whole sentence. What
    asks for help in general ("请领导重视") is a point only where nothing else is asked; then it is the matter as a whole.
    """
    body = _body(message)
    items = _items(message, body)
    loose = [one for one in _asking(message, body) if not any(_inside(one, item) for item in items)]
    found = sorted([*items, *_further(loose, items)], key=lambda one: one.span.start)
    return found[:_MOST] or _whole(message)


def _body(message: str) -> int:
    """Where the text begins behind a title line; 0 where there is none."""
    cut = message.find("\n") + 1
    return cut if 0 < cut <= 60 and message[cut:].strip() else 0


def heading_of(message: str) -> str:
    """The title line of a message, empty where it has none."""
    return message[: _body(message)].strip()


def _inside(point: Point, item: Point) -> bool:
    return item.span.start <= point.span.start < item.span.end


def _items(message: str, body: int) -> list[Point]:
    """The items of a numbered list: marks that count 1, 2, 3 upwards, each up to the next mark or a closing wish."""
    found: list[Point] = []
    for run in _runs(message, body):
        for place, (start, _number) in enumerate(run):
            last = place + 1 == len(run)
            end = _end_of_last(message, start) if last else run[place + 1][0]
            text = message[start:end].rstrip()
            point = Point(Span(start, start + len(text), text), _kind(text), terms(text))
            if point.terms:
                found.append(point)
    return found


def _runs(message: str, body: int) -> Iterator[list[tuple[int, int]]]:
    """Places of marks that count upwards from one, for each way of marking."""
    ways: dict[str, list[tuple[int, int]]] = {}
    for match in _MARKS.finditer(message, body):
        digits = re.search(r"\d+", match.group())
        number = int(digits.group()) if digits else _ORDER[next(c for c in match.group() if c in _ORDER)]
        way = re.sub(r"[\d一二三四五六七八九①-⑩]+", "#", match.group()).rstrip("，,、.． ")
        ways.setdefault(f"{way}{'1' if digits else ''}", []).append((match.start(), number))
    for marks in ways.values():
        run: list[tuple[int, int]] = []
        for mark in marks:
            if mark[1] == len(run) + 1:
                run.append(mark)
        if len(run) >= 2 and not _CITES.search(message[max(body, run[0][0] - 60) : run[0][0]]):
            yield run


def _end_of_last(message: str, start: int) -> int:
    """The last item ends with its sentence."""
    return next((one.end for one in sentences(message) if one.start <= start < one.end), len(message))


def _kind(text: str) -> Kind:
    if _ASKS.search(text) or (_WANTS_TO_KNOW.search(text) and not _RHETORIC.search(text)):
        return "question"
    return "request" if _REQUEST.search(text) else "matter"


def _asking(message: str, body: int) -> Iterator[Point]:
    """The clauses that ask, each with what follows it up to the next that asks."""
    quotes = 0
    for sentence in sentences(message):
        quoted = quotes > 0 or sentence.text[0] in "“《"
        quotes += sentence.text.count("“") - sentence.text.count("”")
        greeting = _POLITE.search(sentence.text) and len(sentence.text) < 22
        if sentence.start < body or greeting or quoted or _RHETORIC.search(sentence.text):
            continue
        yield from _in_sentence(sentence)


def _in_sentence(sentence: Span) -> Iterator[Point]:
    parts = clauses(sentence.text)
    begins = [number for number, part in enumerate(parts) if _begins(part.text, sentence.text, part.end)]
    begins = [one for one in begins if one - 1 not in begins or not _ONLY_ASKS.match(parts[one - 1].text)]
    for place, number in enumerate(begins):
        last = place + 1 == len(begins)
        until = len(parts) if last else begins[place + 1]
        end = len(sentence.text) if last else parts[until - 1].end
        point = _from(sentence, parts[number].start, end)
        if point.kind == "question" and place == 0 and _weight(point) < _OWN:
            point = _from(sentence, 0, end)
        if _weight(point) >= (_OWN if point.kind == "request" else 2):
            yield point


_ONLY_ASKS = re.compile(r"(?:[试请想]?问|咨询|请教)一?下?$")


def _begins(clause: str, sentence: str, end: int) -> bool:
    """True for a clause that asks by itself."""
    mark = sentence[end : end + 1]
    if _TOLD.search(clause):
        return False
    asks = _ASKS.search(clause) or _WANTS_TO_KNOW.search(clause + (mark if mark in "？?" else ""))
    return bool(asks or _REQUEST.search(clause))


#: Asks to be heard or helped, not for anything of its own.
_GENERAL = re.compile(
    r"(?:希望|恳请|请|望|呼吁|恳求|盼)[^，。]{0,24}(?:重视|关注|支持|帮助|帮忙|改善|做主|交代|说法|答复|回复|理解|指点|体谅|考虑|采纳)[^，。]{0,6}[，。！!]?"
    r"(?:[^，。]{0,24}(?:谢谢|感谢|为感|为盼)[^，。]{0,4}[，。！!]?)?$"
)
#: Characters of its own words that a request needs before it asks for something of its own.
_OWN = 4


def _weight(point: Point) -> int:
    return sum(map(len, point.terms))


def _from(sentence: Span, start: int, end: int) -> Point:
    text = sentence.text[start:end]
    return Point(Span(start, end, text).within(sentence.start), _kind(text), terms(text))


def _further(loose: Sequence[Point], items: Sequence[Point]) -> list[Point]:
    """Of the points outside of lists those that ask for something else than the ones before."""
    kept = list(items)
    own = [one for one in loose if one.kind == "question" or not _GENERAL.search(one.span.text)]
    for point in own or (loose if not items else ()):
        mine = set(point.terms)
        if not any(
            len(mine & set(other.terms)) >= _SAME * min(len(mine), len(other.terms)) for other in kept
        ):
            kept.append(point)
    return kept[len(items) :]


def _whole(message: str) -> list[Point]:
    """The matter: all of the message, recognised by its title's words first."""
    bare = message.strip()
    words = terms(bare)
    if not words:
        return []
    start = message.index(bare)
    return [Point(Span(start, start + len(bare), bare), _asked_kind(bare), words[:24])]


def _asked_kind(text: str) -> Kind:
    """A short message that asks is a question or a request even where it asks in general."""
    kinds = [_kind(one.text) for one in sentences(text) if not _TOLD.search(one.text)]
    short = len(text) <= 60
    return next((kind for kind in kinds if kind != "matter"), "matter") if short else "matter"
