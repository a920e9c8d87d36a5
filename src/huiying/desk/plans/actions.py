"""Every write about plans and calendars; each leaves a line in the audit log, none takes effect by halves."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying import calendars, plans
from huiying.desk.accounts.access import require
from huiying.desk.accounts.actions import choose_plan
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Institution, Person
from huiying.desk.accounts.rights import Right
from huiying.desk.plans import queries
from huiying.desk.plans.hashes import digest
from huiying.desk.plans.models import CalendarTable, PlanVersion
from huiying.engine.calendar import read_calendar
from huiying.engine.findings import Finding
from huiying.engine.plan.extending import self_contained
from huiying.engine.plan.model import Plan

#: What else happens in the transaction that saves a calendar, and on how many things: rooms above add themselves in
#: `AppConfig.ready()`.
CalendarSaved = Callable[[CalendarTable, Person, datetime], int]
after_calendar: list[CalendarSaved] = []


def _sentence(finding: Finding) -> str:
    language = get_language() or "zh-hans"
    where = f"{finding.place.line}: " if finding.place.line else ""
    mend = f" {finding.mend.say(language)}" if finding.mend else ""
    return f"{where}{finding.message.say(language)}{mend}"


def _readable(text: str, file: str) -> tuple[str, Plan]:
    """The text with what it extends written into it, and the plan. Raises ValidationError with what is wrong and where."""
    library = queries.library()
    plan, findings = queries.read(text, file, library)
    if plan is None:
        raise ValidationError(
            [_sentence(finding) for finding in findings if finding.level == "error"]
            or [_("这份预案读不出来。")]
        )
    whole = self_contained(text, library)
    kept, _findings = queries.read(whole, file, {})
    return whole, kept or plan


def _store(text: str, plan: Plan, *, note: str, by: Person, now: datetime) -> PlanVersion:
    newest = PlanVersion.objects.filter(name=plan.id).order_by("-version").first()
    return PlanVersion.objects.create(
        name=plan.id,
        version=newest.version + 1 if newest else 1,
        text=text,
        sha256=digest(text),
        note=note.strip()[:300],
        uploaded_at=now,
        uploaded_by=by,
    )


def _hold() -> Institution | None:
    """One writer of plans and calendars at a time."""
    return Institution.objects.select_for_update().filter(pk=1).first()


def _make_active(version: PlanVersion, by: Person, now: datetime) -> None:
    PlanVersion.objects.filter(active=True).update(active=False)
    version.active, version.activated_at, version.activated_by = True, now, by
    version.save(update_fields=["active", "activated_at", "activated_by"])


@transaction.atomic
def install_shipped(*, by: Person, now: datetime, plan_id: str) -> PlanVersion:
    """Store a shipped plan as its first version and make it the one that counts: the first run only.

    It is activated by the one who chose it, without a second person, and the audit log says so. Asking again for the
    plan that counts already changes nothing. Raises ValidationError for an unknown plan, and once another counts.
    """
    require(by, Right.EDIT_INSTITUTION)
    _hold()
    if plan_id not in plans.shipped():
        raise ValidationError({"plan": _("没有随附的预案：%(plan)s。") % {"plan": plan_id}})
    active = queries.active()
    if active is not None and active.name == plan_id:
        return active
    if active is not None and not _first_run():
        raise ValidationError({"plan": _("已有启用的预案。换预案请到“预案”页上传新版，由另一人启用。")})
    version = PlanVersion.objects.filter(name=plan_id).order_by("version").first()
    if version is None:
        text, file = plans.shipped()[plan_id], f"{plan_id}.toml"
        text, plan = _readable(text, file)
        version = _store(text, plan, note=_("随附"), by=by, now=now)
    _make_active(version, by, now)
    body = choose_plan(by=by, now=now, plan_name=plan_id)
    keep_calendar(name=body.calendar, now=now)
    data = {"version": version.version, "sha256": version.sha256, "second_person": False, "first_run": True}
    record(by=by, now=now, verb="plan.install", target=str(version), data=data)
    return version


def _first_run() -> bool:
    return not Institution.objects.filter(pk=1, founded_at__isnull=False).exists()


@transaction.atomic
def upload(*, by: Person, now: datetime, text: str, file: str = "plan.toml", note: str = "") -> PlanVersion:
    """Store a new version; it counts only when another person activates it. Raises ValidationError with every finding.

    The text of the newest version again is refused: nothing changed.
    """
    require(by, Right.EDIT_PLANS)
    _hold()
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if not text.strip():
        raise ValidationError({"text": _("请选一个文件，或把预案粘贴进来。")})
    text, plan = _readable(text, file)
    newest = PlanVersion.objects.filter(name=plan.id).order_by("-version").first()
    if newest is not None and newest.text == text:
        raise ValidationError({"text": _("与 %(version)s 完全相同，没有新内容。") % {"version": newest}})
    version = _store(text, plan, note=note, by=by, now=now)
    data = {"version": version.version, "sha256": version.sha256, "note": version.note}
    record(by=by, now=now, verb="plan.upload", target=str(version), data=data)
    return version


@transaction.atomic
def activate(*, by: Person, now: datetime, version: PlanVersion) -> PlanVersion:
    """Make a version the one that counts for cases opened from now on. Never the one who uploaded it.

    Cases that are graded keep the version they were graded by. Raises ValidationError.
    """
    require(by, Right.ACTIVATE_PLANS)
    body = _hold()
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.active:
        raise ValidationError(_("这一版已经启用。"))
    if version.uploaded_by_id is None or version.uploaded_by_id == by.pk:
        raise ValidationError(_("上传的人不能自己启用，请另一位负责人来启用。"))
    before = queries.active()
    plan = queries.engine_plan(version)
    _make_active(version, by, now)
    if body is not None:
        body.plan_name = plan.id
        body.save(update_fields=["plan_name"])
        keep_calendar(name=body.calendar, now=now)
    data = {"version": version.version, "sha256": version.sha256, "before": str(before or "")}
    record(by=by, now=now, verb="plan.activate", target=str(version), data=data)
    return version


def keep_calendar(*, name: str, now: datetime) -> CalendarTable:
    """The stored table in force; the shipped one is stored first, so that a new release of the desk moves no deadline.

    The system's own act, in the caller's transaction: nobody decides anything here.
    """
    table = queries.newest_table(name)
    if table is not None:
        return table
    text = calendars.shipped()[name]
    return CalendarTable.objects.create(
        name=name, version=1, text=text, sha256=digest(text), note=_("随附"), saved_at=now
    )


@transaction.atomic
def save_calendar(*, by: Person, now: datetime, text: str, note: str = "") -> CalendarTable:
    """Store a new version of the institution's calendar and count every open deadline again, all or nothing.

    Raises ValidationError with what is wrong in the table, for another calendar's table, and when nothing changed.
    """
    require(by, Right.EDIT_PLANS)
    body = _hold()
    name = body.calendar if body else "CN"
    calendar, findings = read_calendar(text, f"{name}.toml")
    if calendar is None:
        raise ValidationError([_sentence(finding) for finding in findings if finding.level == "error"])
    if calendar.name != name:
        raise ValidationError(
            {
                "text": _("这是“%(other)s”的表，单位用的是“%(name)s”。")
                % {"other": calendar.name, "name": name}
            }
        )
    newest = keep_calendar(name=name, now=now)
    if newest.sha256 == digest(text):
        raise ValidationError({"text": _("与现在的表完全相同，没有新内容。")})
    table = CalendarTable.objects.create(
        name=name,
        version=newest.version + 1,
        text=text,
        sha256=digest(text),
        note=note.strip()[:300],
        saved_at=now,
        saved_by=by,
    )
    data = {"version": table.version, "sha256": table.sha256, "note": table.note}
    record(by=by, now=now, verb="calendar.save", target=str(table), data=data)
    table.recounted = sum(count_anew(table, by, now) for count_anew in after_calendar)
    table.save(update_fields=["recounted"])
    return table
