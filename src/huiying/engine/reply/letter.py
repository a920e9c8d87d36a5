"""The letter itself: who answers, when, to whom, and in what tone."""

import re
from collections.abc import Iterator

from huiying.engine.findings import Finding, Severity
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.spans import Span
from huiying.engine.text import Text

#: Forms that stand alone and must carry their own name and date.
_ALONE = frozenset({"statement", "release", "correction", "article"})
_DATE = re.compile(
    r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二〇零一三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)
_GREETING = re.compile(r"您好|你好|尊敬的|网友|市民|同志|同学|家长|先生|女士|朋友|来信收悉|留言收悉")
_THOU = re.compile(r"(?<![迷])你(?:们|好)?")


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Institution and date; a greeting; one way of addressing people."""
    if not draft.text.strip():
        yield finding("empty", "error", Text("正文是空的", "The text is empty"))
        return
    yield from _signature(draft, context)
    yield from _date(draft)
    if draft.form in ("reply", "comment"):
        yield from _greeting(draft)
        yield from _thou(draft)


def _signature(draft: DraftText, context: Context) -> Iterator[Finding]:
    names = [name for name in (context.institution, *context.aliases) if name]
    if not names or any(name in draft.text or name in draft.title for name in names):
        return
    level: Severity = "warning" if draft.form in _ALONE else "hint"
    end = len(draft.text.rstrip())
    yield finding(
        "letter.unsigned",
        level,
        Text(f"没有写明答复单位“{names[0]}”", f"The answering institution “{names[0]}” is not named"),
        at=Span(end, end, ""),
        mend=Text("在文末署上全称。", "Sign with the full name."),
        replacement=f"\n{names[0]}",
    )


def _date(draft: DraftText) -> Iterator[Finding]:
    if _DATE.search(draft.text):
        return
    yield finding(
        "letter.undated",
        "warning" if draft.form in _ALONE else "hint",
        Text("没有落款日期", "There is no date"),
        mend=Text("在文末写上年月日。", "End with year, month and day."),
    )


def _greeting(draft: DraftText) -> Iterator[Finding]:
    if not _GREETING.search(draft.text[:60]):
        yield finding(
            "letter.greeting",
            "hint",
            Text("开头没有称呼来信人", "The beginning does not address anybody"),
            at=Span(0, 0, ""),
            mend=Text("以“您好”开头。", "Begin with a greeting."),
            replacement="您好！",
        )


def _thou(draft: DraftText) -> Iterator[Finding]:
    """ "你" beside "您" in one letter: slipping out of courtesy."""
    if "您" not in draft.text:
        return
    for match in _THOU.finditer(draft.text):
        yield finding(
            "letter.thou",
            "hint",
            Text("前文用“您”，这里用了“你”", "“您” elsewhere, “你” here"),
            at=Span(match.start(), match.start() + 1, "你"),
            replacement="您",
        )
