"""Promises in a text, resolved on the working-day calendar and offered as deadlines.

A date with "前" or "内" includes that day (民法典 art. 1259: "以内" and "届满" include the number itself): a promise
for 8月底 is due at midnight after the last day of August. "N个工作日内" follows the rule of `engine.calendar`;
calendar days and months leave out the day of the promise itself (art. 201) and end at midnight.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.findings import Finding
from huiying.engine.reply.days import Days, Stretch, add_months, named_days, stretches
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.spans import Span, clauses, sentences
from huiying.engine.text import Text

_PLAN = re.compile(
    r"将(?!军|领|其)|(?<![大社协委开例晚机居村部商学工都年议宴教])会(?=在|于|尽|及时|按|对|把|同|向|继续|为|给|马上|立即)|"
    r"拟(?!定)|计划(?!生育)|预计|预期|有望|力争|争取|承诺|确保|保证(?!金)|定于|责令|责成|要求|限期|限(?=[\d一二三四五六七八九十])|"
    r"督促|目标|准备|打算|尽快|届时|努力实现|负责(?=在|于)"
)
_DONE_BY = re.compile(
    r"完成|竣工|完工|通车|修复|修好|修通|修缮|整改|启动|开工|施工|动工|答复|回复|公布|公示|公开|投入使用|投运|交付|办结|解决|"
    r"恢复|到位|开通|供水|供电|供气|建成|落实|反馈|清理|拆除|安装|更换|出台|上线|开放|发放|退还|退费|支付|付清|验收|"
    r"改造|维修|硬化|移交|搬迁|通报|出具|送达|结束|实施|推进|开展|入住|摸排|排查"
)
#: What binds those who ask, or anybody, by a rule: no promise of ours.
_RULE = re.compile(
    r"应当|应在|应于|须|必须|方可|不得|有权|参保|缴费|报名|申请人|有效期|条规定|规定，|之日起|按照《|根据《|可以?在|"
    r"可于|请您?在|请您?于|请在|您可|如需|凭|持有|逾期|(?:没有|并无|无|未|从未)(?:关于|承诺)|不得|自$|从$"
)
_CITIZEN = re.compile(r"办理|报名|申请|提交|领取|参保|缴|携带|前来|前往|请您|登录|拨打|投递|预约")
_DONE_AT_ONCE = re.compile(
    r"^.{0,4}(?:安装|加装|修复|修好|完成|整改|恢复|更换|清理|拆除|到位|办结|答复|公布|建成|开通)(?:完毕|完成|到位|好|完)?"
)
_ON_RECEIPT = re.compile(r"受理|申请|材料|收到|之日|出生|合格|审核|工作流程")
_CONDITION = re.compile(
    r"(?:后|起|之后|以来|收到.{0,12}|届满|投运|受理|签订|取得|开工|竣工|验收|通知|发布|公布|批准|入住|交付|出生|购房|满)$"
)
_PAST = re.compile(r"已于|已在|曾于|于.{0,6}已|当时|此前|截至|截止")
_HAPPENED = re.compile(r"已经?|了(?=[，。；]|$)|过(?=[，。；]|$)|召开了|进行了|作了|下达")
_VAGUE = re.compile(r"尽快|尽早|早日|近期|近日内|不久|适时|择机|条件成熟(?:时|后)")


@dataclass(frozen=True, slots=True)
class Promise:
    """A stretch of the text that promises something by an instant."""

    start: int
    end: int
    text: str  # the sentence that promises
    due_at: datetime | None  # in UTC; None where the calendar lacks the year
    unknown_year: int | None = None


def find(text: str, now: datetime, calendar: Calendar) -> list[Promise]:
    """The promises of `text` made at `now`, in order. A date that is past by then is a report, not a promise."""
    today = calendar.local(now).date()
    found: list[Promise] = []
    named = named_days(text, today)
    for sentence in sentences(text):
        mine = [one for one in named if sentence.start <= one.span.start < sentence.end]
        for days in mine:
            if days.last >= today and _promises(sentence, days, today):
                found.append(_until(sentence, days, calendar, today))
        if any(one.last < today for one in mine):
            continue  # "within so many days" counts from the day that is told, not from now
        for stretch in stretches(sentence.text):
            overlaps = any(
                one.start < stretch.span.end + sentence.start
                and stretch.span.start + sentence.start < one.end
                for one in found
            )
            if not overlaps and _promises_within(sentence.text, stretch.span):
                found.append(_within(sentence, stretch, now, calendar))
    return sorted(found, key=lambda one: one.start)


def _around(sentence: str, span: Span) -> tuple[str, str, str]:
    """What stands before and after `span` in its clause, and the words that lead up to it."""
    clause = next((one for one in clauses(sentence) if one.start <= span.start < one.end), span)
    before, after = sentence[clause.start : span.start], sentence[span.end : clause.end]
    return before, after, sentence[max(0, clause.start - 30) : span.start]


def _promises(sentence: Span, days: Days, today: date) -> bool:
    """True when the sentence commits to the day."""
    span = days.span.within(-sentence.start)
    before, after, lead = _around(sentence.text, span)
    if _RULE.search(before) or _PAST.search(before) or _in_quotes(sentence.text, span.start):
        return False
    by_then = re.match(r"(?:之|以)?前|内", after)
    intent = _PLAN.search(lead)
    if re.match(r"起|以来|至", after) or (days.last == today and not by_then and not _PLAN.search(before)):
        return False
    if not intent and _HAPPENED.search(after):
        return False
    return bool(intent or _PLAN.search(after) or (by_then and not _CITIZEN.search(after)))


def _promises_within(sentence: str, span: Span) -> bool:
    """True when the sentence commits to "within n days" from now: intent, an act, and no other beginning."""
    before, after, lead = _around(sentence, span)
    if (
        _RULE.search(lead)
        or _PAST.search(before)
        or _CONDITION.search(before)
        or _in_quotes(sentence, span.start)
    ):
        return False
    intent = _PLAN.search(lead) or _PLAN.search(after)
    if not intent:
        return bool(_DONE_AT_ONCE.search(after)) and not _ON_RECEIPT.search(sentence)
    return bool(_DONE_BY.search(after) or _DONE_BY.search(before))


def _in_quotes(sentence: str, place: int) -> bool:
    """True inside 《》 or quotation marks: there the words are another's."""
    before = sentence[:place]
    return any(before.count(left) > before.count(right) for left, right in ("《》", "“”", "「」"))


def _midnight_after(day: date, calendar: Calendar) -> datetime:
    return calendar.midnight(day + timedelta(days=1))


def _until(sentence: Span, days: Days, calendar: Calendar, today: date) -> Promise:
    """Due at the end of the days named; "9月前" is over when September begins, "9月底前" with its last day."""
    after = sentence.text[days.span.end - sentence.start :]
    before_it = days.whole_month and re.match(r"(?:之|以)?前", after) and days.first > today
    due_at = calendar.midnight(days.first) if before_it else _midnight_after(days.last, calendar)
    return Promise(days.span.start, days.span.end, sentence.text, due_at)


def _within(sentence: Span, stretch: Stretch, now: datetime, calendar: Calendar) -> Promise:
    start, end = sentence.start + stretch.span.start, sentence.start + stretch.span.end
    try:
        return Promise(start, end, sentence.text, _count(stretch, now, calendar))
    except UnknownYear as unknown:
        return Promise(start, end, sentence.text, None, unknown.year)


def _count(stretch: Stretch, now: datetime, calendar: Calendar) -> datetime:
    """The instant at which `stretch`, begun at `now`, is over. Raises UnknownYear."""
    if stretch.unit == "working_days":
        return calendar.add_working_days(now, stretch.amount)
    if stretch.unit == "hours":
        return now + timedelta(hours=stretch.amount)
    today = calendar.local(now).date()
    if stretch.unit in ("months", "years"):
        return _midnight_after(
            add_months(today, stretch.amount * (12 if stretch.unit == "years" else 1)), calendar
        )
    return _midnight_after(
        today + timedelta(days=stretch.amount * (7 if stretch.unit == "weeks" else 1)), calendar
    )


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Promises over the plan's longest, on a calendar that is not known, or without any date."""
    promises = find(draft.text, context.now, context.calendar) if context.calendar else []
    for promise in promises:
        yield from _judge(promise, context)
    yield from _vague(draft, promises)


def _judge(promise: Promise, context: Context) -> Iterator[Finding]:
    span = Span(promise.start, promise.end, "")
    if promise.due_at is None:
        yield finding(
            "promise.unknown-year",
            "warning",
            Text(
                f"算不出这个时限：工作日历没有 {promise.unknown_year} 年",
                f"This deadline cannot be computed: the working-day calendar lacks {promise.unknown_year}",
            ),
            at=span,
            mend=Text("补上这一年的放假安排，或写明日期。", "Add that year's table, or name the day."),
        )
        return
    if context.promise_max is None or context.calendar is None:
        return
    try:
        latest = context.promise_max.due(context.now, context.calendar)
    except UnknownYear:
        return
    if promise.due_at > latest:
        limit, day = context.promise_max.text, _last_moment(latest, context.calendar)
        yield finding(
            "promise.too-far",
            "error",
            Text(
                f"承诺超过预案的上限（{limit.zh}，最迟 {day.zh}）",
                f"The promise goes beyond the plan's longest ({limit.en}, {day.en} at the latest)",
            ),
            at=span,
            mend=Text("改近日期，先答能定的一步。", "Promise an earlier step that can be settled by then."),
        )


def _last_moment(at: datetime, calendar: Calendar) -> Text:
    """A deadline in words; midnight is the end of the day before."""
    local = calendar.local(at)
    if local.hour == local.minute == 0:
        day = local - timedelta(days=1)
        return Text(f"{day:%-m月%-d日} 24:00", f"{day:%-d %b} 24:00")
    return Text(f"{local:%-m月%-d日 %H:%M}", f"{local:%-d %b %H:%M}")


def _vague(draft: DraftText, promises: list[Promise]) -> Iterator[Finding]:
    """Soon, but when? Only where the whole sentence names no day."""
    for sentence in sentences(draft.text):
        word = _VAGUE.search(sentence.text)
        dated = any(sentence.start <= one.start < sentence.end for one in promises)
        if not word or dated or re.search(r"\d+[月日号]|工作日", sentence.text):
            continue
        at = Span(sentence.start + word.start(), sentence.start + word.end(), word.group())
        yield finding(
            "promise.no-date",
            "hint",
            Text(f"“{at.text}”是哪一天之前？", f"“{at.text}”: by which day?"),
            at=at,
            mend=Text(
                "写出日期；定不了的，写下一次通报的日期。", "Name the day, or the day of the next word on it."
            ),
        )
