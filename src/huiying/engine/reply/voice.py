"""One voice: figures, dates, names and wording of a text against the case's lines to take."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from huiying.engine.findings import Finding
from huiying.engine.reply.details import details, nearest, other_names
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText, Figure, Lines, NotYet
from huiying.engine.reply.numbers import Quantity, plain, quantities
from huiying.engine.reply.spans import Span, every, grams, sentences, share
from huiying.engine.text import Text

_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?(?P<hour>\d{1,2})(?:[:：](?P<min>\d{2})|[时点](?:(?P<min2>\d{1,2})分?|(?P<half>半))?)"
)
_NUMBERED = re.compile(
    r"第?(?:\d+|[一二三四五六七八九十]+)(?:号(?:宿舍楼|教学楼|楼|线|路|门|井|库|车|地块)?|食堂|中学|小学|校区|车间)(?![\d年月日])"
)
_HELD_BACK = re.compile(r"暂不|暂未|尚未|尚不|正在|有待|待.{0,8}后|不便|无法(?:透露|公布)|另行|后续")
_STRIP = re.compile(r"[\d０-９.,，]+|[年月日时分号点:：]")
#: How alike a sentence and a fact must be before their details are compared.
_ALIKE = 0.42
_MENTIONS = 0.6
#: Less is enough where a detail stands in the same words as the fact's: so many characters around it.
_TOUCHES, _PLACE = 0.25, 5
#: So much of the same around it, and it is the fact's own place whatever else the lines hold.
_SURELY = 6
#: The only figure of its unit in the lines is recognised by less of its name.
_HINTS_AT = 0.35
_TELLING = frozenset({"元", "户", "栋", "吨", "亩", "公里", "平方米", "辆"})


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Everything in the draft that disagrees with the lines, or that they do not hold."""
    lines = context.lines
    if lines is None:
        return
    found: list[Finding] = []
    for sentence in sentences(draft.text):
        found += _figures(sentence, lines)
        found += _facts(sentence, lines, context)
        found += _not_yet(sentence, lines)
    found += _wording(draft.text, lines)
    yield from _once(found)
    yield from _unknown(draft.text, lines, found)


def _once(found: Sequence[Finding]) -> list[Finding]:
    """One finding a place, the first."""
    seen: set[tuple[int | None, int | None]] = set()
    kept = []
    for one in found:
        key = (one.place.start, one.place.end)
        if key not in seen:
            kept.append(one)
        seen.add(key)
    return kept


def _bare(text: str) -> frozenset[str]:
    """The pieces of a sentence without its numbers, by which it is recognised."""
    return grams(_STRIP.sub("", plain(text)))


def _disagrees(what: str, at: Span, said: str, right: str, code: str = "figure") -> Finding:
    return finding(
        f"voice.{code}",
        "error",
        Text(
            f"与口径不一致：{what}应为“{right}”，这里是“{said}”",
            f"Against the lines: {what} is “{right}”, here “{said}”",
        ),
        at=at,
        mend=Text(
            f"改为“{right}”；情况有变，先改口径。",
            f"Write “{right}”; if things changed, change the lines first.",
        ),
        replacement=right,
    )


def _figures(sentence: Span, lines: Lines) -> Iterator[Finding]:
    """Named figures: the sentence speaks of the name and gives another number of the same unit."""
    units = Counter(one.unit for figure in lines.figures for one in quantities(figure.value)[:1])
    for figure in lines.figures:
        alone = all(units[one.unit] == 1 and one.unit in _TELLING for one in quantities(figure.value)[:1])
        if share(_bare(figure.name), grams(sentence.text)) < (_HINTS_AT if alone else _MENTIONS):
            continue
        yield from _other_quantity(sentence, figure, lines)
        yield from _other_time(sentence, figure.value, figure.name)


def _other_quantity(sentence: Span, figure: Figure, lines: Lines) -> Iterator[Finding]:
    right = quantities(figure.value)
    if not right:
        return
    wanted = right[0]
    said = [one for one in quantities(sentence.text) if one.unit == wanted.unit]
    if not said or any(one.value == wanted.value for one in said):
        return
    held = {(one.value, one.unit) for one in quantities(lines.said)}
    nearest = min(said, key=lambda one: _distance(one, figure.name, sentence.text))
    if (nearest.value, nearest.unit) not in held:
        at = nearest.span.within(sentence.start)
        yield _disagrees(figure.name, at, nearest.span.text, wanted.span.text)


def _distance(quantity: Quantity, name: str, text: str) -> int:
    """Characters between a quantity and the nearest piece of the name."""
    places = [at for piece in grams(name) for at in every(piece, text)]
    return min((abs(quantity.span.start - at) for at in places), default=len(text))


def _clocks(text: str) -> list[tuple[Span, int]]:
    """Times of the day with their minutes since midnight."""
    found = []
    for match in _CLOCK.finditer(plain(text)):
        hour, minute = int(match["hour"]), int(match["min"] or match["min2"] or (30 if match["half"] else 0))
        if match["part"] in ("下午", "傍晚", "晚上", "晚") and hour < 12:
            hour += 12
        if hour < 25 and minute < 60:
            found.append(
                (Span(match.start(), match.end(), text[match.start() : match.end()]), hour * 60 + minute)
            )
    return found


def _other_time(sentence: Span, right: str, what: str) -> Iterator[Finding]:
    wanted, said = _clocks(right), _clocks(sentence.text)
    if len(wanted) == 1 and said and not any(_same_time(one, wanted[0]) for one in said):
        span = said[0][0]
        yield _disagrees(what, span.within(sentence.start), span.text, wanted[0][0].text, "time")


def _same_time(said: tuple[Span, int], right: tuple[Span, int]) -> bool:
    """The same minute, or the same hour where only the hour is said."""
    rough = re.fullmatch(r"\D*\d+[时点]", said[0].text)
    return said[1] == right[1] or bool(rough and said[1] == right[1] // 60 * 60)


def _facts(sentence: Span, lines: Lines, context: Context) -> Iterator[Finding]:
    """The sentence tells one of the facts; its days, times, figures and names must be the fact's."""
    said = _bare(sentence.text)
    today = context.now.date()
    for fact in (*lines.facts, *lines.causes):
        near = max(share(said, _bare(fact)), share(_bare(fact), said))
        alike = share(said, _bare(fact)) >= _ALIKE or share(_bare(fact), said) >= _MENTIONS
        if near >= _TOUCHES:
            yield from _other_details(sentence, fact, lines, today, alike=alike)
        if alike:
            yield from _other_time(sentence, fact, "时间")
            yield from _other_number(sentence, fact, lines)
            yield from _other_name(sentence, fact, lines)


def _other_details(sentence: Span, fact: str, lines: Lines, today: date, *, alike: bool) -> Iterator[Finding]:
    """Figures and days: where the fact's own stands another one, or the sentence has another one and no more."""
    held = details(lines.said, today)
    right, found = details(fact, today), details(sentence.text, today)
    for one in right:
        mine = nearest(one, found)
        if mine is None or mine.agrees(one):
            continue
        if mine.likeness(one) < _SURELY and any(mine.kind == it.kind and mine.agrees(it) for it in held):
            continue  # the lines hold it, of something else
        same = [other for other in found if other.kind == one.kind]
        single = len(same) == 1 and sum(other.kind == one.kind for other in right) == 1
        if mine.likeness(one) >= _PLACE or (alike and single):
            what, code = ("日期", "date") if one.kind == "day" else ("数字", "figure")
            yield _disagrees(what, mine.span.within(sentence.start), mine.span.text, one.span.text, code)


def _other_number(sentence: Span, fact: str, lines: Lines) -> Iterator[Finding]:
    """Numbered places and houses: 3号宿舍楼 against 2号宿舍楼."""
    right = [match.group() for match in _NUMBERED.finditer(fact)]
    for match in _NUMBERED.finditer(sentence.text):
        same = [name for name in right if _tail(name) == _tail(match.group())]
        if match.group() not in lines.said and len(same) == 1:
            at = Span(match.start(), match.end(), match.group()).within(sentence.start)
            yield _disagrees("名称", at, match.group(), same[0], "name")


def _other_name(sentence: Span, fact: str, lines: Lines) -> Iterator[Finding]:
    """Names of places and institutions."""
    for span, right in other_names(sentence.text, fact, lines.said):
        yield _disagrees("名称", span.within(sentence.start), span.text, right, "name")


def _tail(name: str) -> str:
    return re.sub(r"^第?(?:\d+|[一二三四五六七八九十]+)", "", name)


def _not_yet(sentence: Span, lines: Lines) -> Iterator[Finding]:
    for one in lines.not_yet:
        if share(grams(one.what), grams(sentence.text)) >= 0.7 and not _HELD_BACK.search(sentence.text):
            yield _held_back(sentence, one)


def _held_back(sentence: Span, one: NotYet) -> Finding:
    return finding(
        "voice.not-yet",
        "error",
        Text(
            f"口径规定暂不对外：{one.what}。{one.why}",
            f"Not to be said yet by the lines: {one.what}. {one.why}",
        ),
        at=sentence,
        mend=Text("删去，或先改口径。", "Take it out, or change the lines first."),
    )


def _wording(text: str, lines: Lines) -> Iterator[Finding]:
    for one in lines.wording:
        for at in every(one.avoid, text):
            span = Span(at, at + len(one.avoid), one.avoid)
            if not any(place <= at < place + len(one.use) for place in every(one.use, text)):
                yield _disagrees("表述", span, one.avoid, one.use, "wording")


def _unknown(text: str, lines: Lines, found: Sequence[Finding]) -> Iterator[Finding]:
    """Figures about which the lines say nothing: perhaps right, but nobody agreed on them."""
    held = {(one.value, one.unit) for one in quantities(lines.said)}
    places = {(one.place.start, one.place.end) for one in found}
    for one in quantities(text):
        if (one.value, one.unit) in held or (one.span.start, one.span.end) in places:
            continue
        if one.unit in ("小时", "分钟", "天", "个工作日", "次", "层"):
            continue
        yield finding(
            "voice.new-figure",
            "hint",
            Text(f"口径里没有“{one.span.text}”", f"The lines do not hold “{one.span.text}”"),
            at=one.span,
            mend=Text("核对后补进口径。", "Check it and add it to the lines."),
        )
