"""The first draft of a paper: every field that can be known, filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from huiying.desk.accounts.models import Institution, Person
from huiying.desk.accounts.queries import institution
from huiying.desk.cases.models import Case
from huiying.desk.replies.models import Draft, Referral
from huiying.desk.reports.drafting import periodical, sources
from huiying.desk.reports.drafting.material import Material
from huiying.desk.reports.drafting.sections import SECTIONS, Sections
from huiying.desk.reports.drafting.words import zone_of
from huiying.desk.reports.kinds import KIND_NAMES, Form, Shape
from huiying.desk.reports.layout.sheet import Figure
from huiying.desk.reports.placing import granted_media
from huiying.engine.journal import Kind as Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The fields of a new paper."""

    title: str
    body: Sections
    to: str = ""
    recipient: str = ""
    copy_to: str = ""
    urgency: str = ""
    figures: Sequence[Figure] = field(default=())
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    due_at: datetime | None = None


def drafted(
    form: Form, *, person: Person, now: datetime, case: Case | None = None, source: str = ""
) -> Drafted:
    """What the paper says before anybody has written. A paper on a case needs the case."""
    with Material.speaking():
        if case is None:
            return _periodical(form, now)
        return _on_case(form, Material(case, person, now), source)


def stretch(form: Form, now: datetime, body: Institution | None) -> tuple[datetime, datetime]:
    """What a periodical reports on: whole days of the institution's clock up to the last midnight, at noon or later up to now's hour."""
    span = form.span or timedelta(days=1)
    local = now.astimezone(zone_of(body))
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    until = midnight if local.hour < 12 else local.replace(minute=0, second=0, microsecond=0)
    since = until - span
    if form.kind == "monthly":
        first = datetime.combine(local.date().replace(day=1), time(), tzinfo=local.tzinfo)
        since = (
            first
            if local.day > 15
            else datetime.combine(
                (first - timedelta(days=1)).date().replace(day=1), time(), tzinfo=local.tzinfo
            )
        )
        until = until if local.day > 15 else first
    return since, until


def _periodical(form: Form, now: datetime) -> Drafted:
    body = institution()
    since, until = stretch(form, now, body)
    period = periodical.read(since, until)
    return Drafted(
        title=periodical.title(KIND_NAMES[form.kind.value], since, until, period.zone),
        body=periodical.sections(period),
        figures=periodical.figures(period),
        since=since,
        until=until,
    )


def _on_case(form: Form, of: Material, asked: str) -> Drafted:
    source = sources.named(of.case, asked, form.source) if form.source else ""
    body = dict.fromkeys(form.keys, "")
    write = SECTIONS.get(form.kind.value)
    if write:
        body |= write(of)
    if form.source:
        body |= sources.fixed(of, source)
    if form.kind in ("correction", "referral"):
        body["request"] = sources.request_of(form.kind.value)
    to, recipient = _to(form, of, source)
    return Drafted(
        title=_title(form, of, source)[:200],
        body=body,
        to=to[:200],
        recipient=recipient,
        urgency="特急" if form.kind == "flash" and of.case.level == 1 else "",
        figures=of.curve() if form.kind == "brief" else (),
        source=source,
        due_at=_due(form, of),
    )


def _title(form: Form, of: Material, source: str) -> str:
    kind, _sign, ref = source.partition(":")
    if form.shape is Shape.PLAIN and kind == "draft":
        draft = Draft.objects.filter(pk=int(ref)).first()
        return draft.title if draft else of.case.title
    return form.title.format(
        title=of.case.title if form.shape in (Shape.SLIP, Shape.PLAIN) or form.kind == "kit" else of.subject()
    )


def _to(form: Form, of: Material, source: str) -> tuple[str, str]:
    """To whom: the plan's recipient that is owed a report, the unit, the addressee of the letter."""
    if form.upward:
        return _owed_to(of)
    if form.kind in ("transfer", "supervision"):
        return str(of.case.lead or ""), ""
    if form.kind == "statement" and source:
        return "、".join(granted_media(of.case, source)), ""
    if form.kind in ("correction", "referral") and source:
        row = Referral.objects.filter(pk=int(source.partition(":")[2])).first()
        return (row.recipient if row else ""), ""
    if form.kind == "review":
        return (of.body.higher_body if of.body else ""), ""
    return "", ""


def _owed_to(of: Material) -> tuple[str, str]:
    due = [
        row for row in of.on.owed_rows if row.act == "reported" and row.state in {"open", "missed"} and row.to
    ]
    plan = of.on.plan
    recipient = due[0].to if due else (plan.recipients[0].id if plan and plan.recipients else "")
    named = plan.recipient(recipient) if plan and recipient else None
    higher = of.body.higher_body if of.body else ""
    if named and not named.role and higher:
        return higher, recipient
    return (named.name.zh if named else higher), recipient


def _due(form: Form, of: Material) -> datetime | None:
    """By when the unit answers: the newest supervision's own instant, else the newest share's, else what is owed first."""
    if form.kind == "supervision":
        urged = [e for e in of.on.of_kind(Told.URGED) if e.data.get("supervision") and e.data.get("due_at")]
        return datetime.fromisoformat(str(urged[-1].data["due_at"])) if urged else None
    if form.kind == "transfer":
        given = [part.due_at for part in of.on.facts.parts if part.due_at]
        owed = [row.due_at for row in of.on.owed_rows if row.act == "unit_reported" and row.state == "open"]
        return given[-1] if given else (owed[0] if owed else None)
    return None
