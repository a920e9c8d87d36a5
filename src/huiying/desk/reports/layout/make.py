"""A paper row as a sheet."""

import re
from collections.abc import Iterator
from datetime import datetime

from huiying.desk.accounts.models import Institution
from huiying.desk.reports.drafting.material import Material
from huiying.desk.reports.drafting.words import day, minute, zone_of
from huiying.desk.reports.kinds import Form, Shape, form_of
from huiying.desk.reports.layout.ooxml import ems
from huiying.desk.reports.layout.sheet import Block, Cell, Sheet, figure_of
from huiying.desk.reports.models import Paper
from huiying.desk.shell.mask import mask

NUMERALS = "一二三四五六七八九十"
SUB = re.compile(r"^（[一二三四五六七八九十]{1,3}）")
#: Lines of minutes that say who was there.
ROLL = re.compile(r"^(?:出席|代会|请假|列席)：")
#: Last words of a paper, by kind.
ENDINGS = {
    "handling": "特此报告。",
    "review": "特此报告。",
    "coordination": "妥否，请函复。",
    "correction": "特此函告，请予函复。",
    "referral": "特此函告，请予函复。",
}


def sheet(paper: Paper, body: Institution | None, now: datetime) -> Sheet:
    """How the paper looks at `now`: personal data in its words covered, our own contact as it stands."""
    with Material.speaking():
        return _sheet(paper, body, now)


def _sheet(paper: Paper, body: Institution | None, now: datetime) -> Sheet:
    form, zone = form_of(paper.kind), zone_of(body)
    name = body.name if body else ""
    issued = paper.issued_at or now
    framed = form.shape is not Shape.PLAIN
    return Sheet(
        shape=form.shape.value,
        head=_head(form, name),
        number=(paper.number or "〔　　〕　号") if framed else "",
        issue=_issue(paper) if form.shape is Shape.BULLETIN else "",
        editor=f"{name}",
        urgency=paper.urgency,
        signer=str(paper.signed_by) if paper.signed_by else "",
        title=balanced(_safe(paper.title)),
        to=_safe(paper.to) if form.shape is not Shape.SLIP else "",
        blocks=tuple(_blocks(paper, form)) if form.shape is not Shape.SLIP else (),
        cells=tuple(_cells(paper, form, zone_of(body))) if form.shape is Shape.SLIP else (),
        figures=tuple(figure_of(one) for one in paper.figures),
        instruct=form.instruct,
        sign=name,
        date=day(issued, zone),
        contact=paper.contact.strip(),
        copy_to=_safe(paper.copy_to),
        printed_by=name,
        printed_on=day(issued, zone),
        mark=_mark(paper),
        ending=_ending(paper, zone),
    )


def _ending(paper: Paper, zone: object) -> str:
    """The last words; a letter that awaits an answer says by when."""
    if paper.kind == "coordination" and paper.due_at is not None:
        return f"妥否，请于{minute_of(paper.due_at, zone)}函复。"
    return ENDINGS.get(paper.kind, "")


def _head(form: Form, name: str) -> str:
    if form.head:
        return form.head
    return f"{name}文件" if form.shape is Shape.DOCUMENT else name


def _issue(paper: Paper) -> str:
    return f"{paper.year}年第{paper.serial}期" if paper.serial else "第　期"


def _mark(paper: Paper) -> str:
    if paper.case and paper.case.drill:
        return "演练"
    return "草稿" if paper.open else ""


def _safe(text: str) -> str:
    """Without control characters and with personal data covered."""
    kept = "".join(char for char in text if char in "\n" or char.isprintable() or char == "\u3000")
    return mask(kept.strip())


def _blocks(paper: Paper, form: Form) -> Iterator[Block]:
    number = 0
    for section in form.sections:
        text = _safe(str(paper.body.get(section.key, "")))
        if not section.printed or not text:
            continue
        if section.heading:
            head = f"{NUMERALS[number]}、{section.heading}" if form.numbered else str(section.heading)
            yield Block(kind="heading", text=head)
            number += 1
        for line in filter(None, (line.strip(" \t　") for line in text.splitlines())):
            yield Block(kind=_kind(line), text=line)


def _kind(line: str) -> str:
    if SUB.match(line) and len(line) <= 40:
        return "sub"
    if ROLL.match(line):
        return "roll"
    return "ask" if line.startswith("问：") else "para"


def _cells(paper: Paper, form: Form, zone: object) -> Iterator[Cell]:
    """The rows of a slip: to whom, until when, the sections, and room for what is written by hand."""
    yield Cell(label="事项", text=_safe(paper.title))
    if form.due:
        yield Cell(label="承办单位" if paper.kind == "transfer" else "主送单位", text=_safe(paper.to))
        yield Cell(label="回复时限", text=minute_of(paper.due_at, zone) or "按预案时限")
    for section in form.sections:
        text = _safe(str(paper.body.get(section.key, "")))
        if text:
            yield Cell(label=str(section.heading), text=text)
    if form.instruct:
        yield Cell(label="领导批示", room=4)
    if form.kind == "placement":
        yield Cell(label="审批意见", text=f"同意。{paper.signed_by}" if paper.signed_by else "", room=3)
    else:
        yield Cell(label="办理结果", room=4)
    if paper.copy_to.strip():
        yield Cell(label="抄送", text=_safe(paper.copy_to))


def minute_of(at: datetime | None, zone: object) -> str:
    """The instant with its year; empty for none."""
    return f"{at.astimezone(zone):%Y年}{minute(at, zone)}前" if at else ""  # type: ignore[arg-type]


#: How many characters of size 2 stand in one line.
TITLE_LINE = 20
#: After these a title may break; before none of the second.
GOOD, BAD = "的了和与及、，：", "的了、，：。）》”·"


def balanced(title: str) -> str:
    """The title in lines of about one length, broken after a word that allows it, never inside a number."""
    words = " ".join(title.split())
    size = ems(words)
    if size <= TITLE_LINE:
        return words
    lines = -(-int(size + 0.5) // TITLE_LINE)
    at = _break(words, round(len(words) / lines))
    return f"{words[:at]}\n{balanced(words[at:])}"


def _break(words: str, middle: int) -> int:
    """Where to break near `middle`: the best place within three characters that keeps the line short enough."""
    places = [at for at in range(max(2, middle - 3), min(len(words) - 2, middle + 4)) if _may(words, at)]
    fitting = [at for at in places if ems(words[:at]) <= TITLE_LINE]
    return min(fitting, key=lambda at: (words[at - 1] not in GOOD, abs(at - middle)), default=middle)


def _may(words: str, at: int) -> bool:
    before, after = words[at - 1], words[at]
    inside = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return (
        not inside
        and after not in BAD
        and before not in "（《“"
        and not (before.isdigit() or after in "年月日号楼")
    )
