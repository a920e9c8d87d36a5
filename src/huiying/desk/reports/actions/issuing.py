"""Signing, reporting by phone, issuing, reading, and a leader's instruction on a paper."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Institution, Person, Unit
from huiying.desk.accounts.queries import institution, stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions as cases
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import engine_plan, project
from huiying.desk.listen.search import put
from huiying.desk.notify.actions import tell
from huiying.desk.reports.drafting.material import Material
from huiying.desk.reports.drafting.sources import fixed
from huiying.desk.reports.drafting.words import short_name, zone_of
from huiying.desk.reports.holding import editable, held
from huiying.desk.reports.kinds import KIND_NAMES, PHONE_MOST, Form, form_of, ways_out
from huiying.desk.reports.layout import files
from huiying.desk.reports.layout.make import sheet
from huiying.desk.reports.models import Paper, PaperFile, Reading
from huiying.desk.reports.placing import must_be_granted
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: What of a report's words the journal repeats.
GIST = 1000
#: Kinds that need no addressee of their own.
ADDRESSED_TO_NOBODY = ("kit", "flash", "brief", "placement", "minutes")


@transaction.atomic
def sign(*, by: Person, now: datetime, paper: Paper) -> Paper:
    """A leader signs the paper as it stands; changing its words takes the signature back."""
    require(by, Right.SIGN_REPORTS)
    row = held(paper)
    if not row.open:
        raise ValidationError(_("已经发出的文件不能再签。"))
    if row.made_by_id == by.pk:
        raise ValidationError(_("自己拟的文件要由别人签发。"))
    row.signed_by, row.signed_at = by, now
    row.save(update_fields=["signed_by", "signed_at"])
    return row


@transaction.atomic
def phone(*, by: Person, now: datetime, paper: Paper, at: datetime | None = None) -> Paper:
    """Record that the flash report was told by phone or text message; `at` is when, if earlier.

    Raises ValidationError for a text that is empty or longer than a message carries.
    """
    require(by, Right.REPORT_UP)
    row = editable(paper, by)
    text = str(row.body.get("phone", "")).strip()
    if row.case is None or "phone" not in form_of(row.kind).keys:
        raise ValidationError(_("只有快报有电话稿。"))
    if row.phoned_at is not None:
        raise ValidationError(_("这份快报已经作过电话报告；有新情况，另拟一份续报。"))
    if not text or len(text) > PHONE_MOST:
        raise ValidationError(
            {
                "phone": _("电话稿要有 1 到 %(most)s 字，现在 %(now)s 字。")
                % {"most": PHONE_MOST, "now": len(text)}
            }
        )
    told = {"kind": row.kind, "id": row.pk, "title": row.title}
    cases.report_up(
        by=by, now=now, case=row.case, to=_recipient(row), means="phone", text=text, at=at, paper=told
    )
    row.phoned_at = at or now
    row.save(update_fields=["phoned_at"])
    return row


def _recipient(paper: Paper) -> str:
    """Whom the journal names: the plan's own recipient, else the words on the paper."""
    return paper.recipient or paper.to[:120]


@transaction.atomic
def issue(*, by: Person, now: datetime, paper: Paper, means: str = "") -> Paper:
    """Give the paper its number and send it out: files made, kept and hashed, the journal written, readers told.

    A report settles what was owed upward; a supervision notice urges the unit; a letter of coordination awaits its
    answer. `means` is one of the form's ways out, else its first. Raises ValidationError naming what is still missing.
    """
    require(by, Right.WRITE_REPORTS)
    row, body = editable(paper, by), institution()
    form = form_of(row.kind)
    means = means or next(iter(ways_out(form)))
    if means not in ways_out(form):
        raise ValidationError({"means": _("请选送出方式。")})
    _ready(row, form, by, now)
    _number(row, form, body, now)
    row.issued_at, row.issued_by, row.means = now, by, means
    made = sheet(row, body, now)
    row.sheet = made.as_dict()
    pieces = files.made(row, made)
    row.sha256 = files.sha256(pieces[0][1])
    row.save()
    PaperFile.objects.bulk_create(
        PaperFile(paper=row, form=name, sha256=files.sha256(data), size=len(data), content=data)
        for name, data in pieces
    )
    if row.case is not None:
        _record(row, row.case, by, now)
    put("report", row.pk, f"{row.number} {row.title}", "\n".join(map(str, row.body.values())), now)
    return row


def _ready(paper: Paper, form: Form, by: Person, now: datetime) -> None:
    """Raises ValidationError for what has to be there first."""
    if form.source and paper.case is not None:
        _still_rests(paper, paper.case, form, by, now)
    for section in form.sections:
        if section.must and not str(paper.body.get(section.key, "")).strip():
            name = section.heading or _("正文")
            raise ValidationError({section.key: _("“%(name)s”还是空的。") % {"name": name}})
    if not paper.to.strip() and form.case and form.kind not in ADDRESSED_TO_NOBODY:
        raise ValidationError({"to": _("请写主送单位。")})
    if form.kind == "statement":
        must_be_granted(paper)
    if form.kind == "coordination" and paper.due_at is None:
        raise ValidationError({"due_at": _("请写希望对方何时复函，到期没有复函会提醒催问。")})
    if form.sign and paper.signed_by is None:
        raise ValidationError(_("这种文件要先由负责人签发。"))


def _still_rests(paper: Paper, case: Case, form: Form, by: Person, now: datetime) -> None:
    """What the paper rests on is still approved, and the paper repeats it word for word."""
    with Material.speaking():
        words = fixed(Material(case, by, now), paper.source)
    if not words:
        raise ValidationError(_unfounded(form.source))
    wrong = [key for key, text in words.items() if paper.body.get(key, "") != text]
    if wrong:
        raise ValidationError(_("所依据的文稿或口径已有新版。请按“重新取材”更新后再发。"))


def _unfounded(source: str) -> str:
    return {
        "draft": _("还没有审批通过的文稿。先在“答复”里起草、送审，再出新闻通稿。"),
        "lines": _("口径还没有审定，或已有新版。先审定口径，再按“重新取材”更新。"),
        "correction": _("还没有经第二人批准的更正请求。先在舆情件里提出。"),
        "referral": _("还没有经第二人批准的移送。先在舆情件里提出。"),
    }[source]


def _number(paper: Paper, form: Form, body: Institution | None, now: datetime) -> None:
    """The next number of its series in the institution's year; drills count apart."""
    Institution.objects.select_for_update().filter(pk=1).first()  # one number at a time
    drill = bool(paper.case and paper.case.drill)
    series, year = f"{'drill-' if drill else ''}{form.kind.value}", now.astimezone(zone_of(body)).year
    last = Paper.objects.filter(series=series, year=year).order_by("-serial").first()
    serial = (last.serial or 0) + 1 if last else 1
    paper.series, paper.year, paper.serial = series, year, serial
    paper.number = f"{'演练' if drill else ''}{short_name(body)}{form.word}〔{year}〕{serial}号"


#: Steps of shipped plans that a paper does by going out.
STEPS = {
    "coordination": "coordination-letter",
    "statement": "media-statement",
    "correction": "correction-letter",
    "referral": "referral",
}


def _step_done(paper: Paper, case: Case, by: Person, now: datetime) -> None:
    """A step of the plan that is this very paper is done with it, once."""
    entries = journal.entries(case)
    plan, step = engine_plan(project(entries)), STEPS.get(paper.kind, "")
    known = plan is not None and any(one.id == step for one in plan.steps)
    if known and not any(e.kind == Kind.DONE and e.data.get("step") == step for e in entries):
        cases.do_step(by=by, now=now, case=case, step=step, text=f"{paper.number} {paper.title}")


def _record(paper: Paper, case: Case, by: Person, now: datetime) -> None:
    """The entry in the case's journal, and word to the recipient inside the house."""
    _step_done(paper, case, by, now)
    form = form_of(paper.kind)
    if form.upward:
        text = "\n".join(str(paper.body.get(key, "")) for key in form.keys if key != "phone")
        words = f"{paper.number} {paper.title}\n{text}"[:GIST]
        cases.report_up(
            by=by,
            now=now,
            case=case,
            to=_recipient(paper),
            means=paper.means,
            text=words,
            paper=paper.in_journal,
        )
        _tell(paper, case, now)
        return
    if form.kind == "supervision":
        _supervise(paper, case, by, now)
        return
    if form.kind == "coordination":
        _ask(paper, case, by, now)
        return
    role = acting(by, Right.WRITE_REPORTS, case)
    text = f"出具{KIND_NAMES[paper.kind]}：{paper.number} {paper.title}"
    data = {"text": text, "paper": paper.in_journal}
    journal.write(case=case, kind=Kind.NOTE, data=data, now=now, by=by, role=role)


def _supervise(paper: Paper, case: Case, by: Person, now: datetime) -> None:
    """A supervision notice urges the unit that it names: numbered in the case, copied upward, closed by the reply."""
    unit = case.units.filter(name=paper.to).first()
    if unit is None:
        raise ValidationError({"to": _("督办单送给办这一件的部门：%(to)s 不在其中。") % {"to": paper.to}})
    plan = engine_plan(project(journal.entries(case)))
    if paper.due_at is None and (plan is None or plan.urge_within is None):
        raise ValidationError({"due_at": _("预案没有规定回复时限，请在督办单上写明。")})
    words = f"{paper.number} {paper.title}\n{paper.body.get('request', '')}"[:GIST]
    cases.urge(
        by=by,
        now=now,
        case=case,
        unit=unit,
        text=words,
        due_at=paper.due_at,
        supervision=True,
        paper=paper.in_journal,
    )


def _ask(paper: Paper, case: Case, by: Person, now: datetime) -> None:
    """A letter to another body awaits its answer by the date that it names."""
    words = f"{paper.number} {paper.title}\n{paper.body.get('request', '')}"[:GIST]
    cases.request(
        by=by,
        now=now,
        case=case,
        to=paper.to,
        text=words,
        means=paper.means,
        due_at=paper.due_at,
        paper=paper.in_journal,
    )


def _tell(paper: Paper, case: Case, now: datetime) -> None:
    """A recipient that the plan names by a role of ours gets a notice that the paper waits to be read."""
    plan = engine_plan(project(journal.entries(case)))
    named = plan.recipient(paper.recipient) if plan and paper.recipient else None
    if named is None or not named.role:
        return
    tell(
        now=now,
        people=stand_in(named.role, now),
        key=f"paper|{paper.pk}",
        subject=Text(f"[{case.number}] 请阅：{paper.title}", f"[{case.number}] To read: {paper.title}"),
        body=Text(
            f"{paper.number}。阅后可在页面登记批示。",
            f"{paper.number}. An instruction can be recorded on its page.",
        ),
        link=paper.get_absolute_url(),
        case_number=case.number,
        held=case.drill,
    )


@transaction.atomic
def read(*, by: Person, now: datetime, paper: Paper) -> None:
    """Note that one has read an issued paper; once is enough."""
    require(by, Right.ACKNOWLEDGE)
    if paper.issued_at is None:
        raise ValidationError(_("还没有发出。"))
    Reading.objects.get_or_create(paper=paper, person=by, defaults={"at": now})


@transaction.atomic
def instruct(
    *,
    by: Person,
    now: datetime,
    paper: Paper,
    leader: str,
    text: str,
    unit: Unit | None = None,
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Paper:
    """Record the leader's words that stand on the paper; they become an instruction on its case."""
    require(by, Right.RECORD_INSTRUCTION)
    row = held(paper)
    if row.case is None or not form_of(row.kind).instruct or row.open:
        raise ValidationError(_("批示登记在已发出的、有批示栏的文件上。"))
    ref = cases.record_instruction(
        by=by,
        now=now,
        case=row.case,
        leader=leader,
        text=text,
        unit=unit,
        due_at=due_at,
        at=at,
        paper={"id": row.pk, "kind": row.kind, "number": row.number, "title": row.title},
    )
    row.instructions = [*row.instructions, ref]
    row.save(update_fields=["instructions"])
    return row
