"""The pages of plans and of the working calendar."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.plans import actions, people, pictures, queries, reading, tables
from huiying.desk.plans.forms import UploadForm, YearForm
from huiying.desk.plans.models import CalendarTable, PlanVersion
from huiying.desk.shell.pages import show
from huiying.engine.calendar import Calendar
from huiying.engine.plan.diff import differences


@requires(Right.SEE_PLANS)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every version of every plan; the one that counts first."""
    versions = PlanVersion.objects.select_related("uploaded_by", "activated_by").order_by(
        "-active", "name", "-version"
    )
    active = next((version for version in versions if version.active), None)
    context = {
        "versions": versions,
        "active": active,
        "plan": queries.engine_plan(active) if active else None,
        "may_upload": can(signed_in(request), Right.EDIT_PLANS),
    }
    return render(request, "plans/list.html", context)


def _version(name: str, number: int) -> PlanVersion:
    rows = PlanVersion.objects.select_related("uploaded_by", "activated_by")
    return get_object_or_404(rows, name=name, version=number)


def may_activate(person: Person, version: PlanVersion) -> bool:
    """Whether this person may make the version count: not the one who uploaded it."""
    return (
        not version.active
        and version.uploaded_by_id not in {None, person.pk}
        and can(person, Right.ACTIVATE_PLANS)
    )


@requires(Right.SEE_PLANS)
@require_safe
def version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version, read aloud: levels, duties, chains, clocks; its findings, and how it differs from the one before."""
    person, it = signed_in(request), _version(name, number)
    plan = queries.engine_plan(it)
    before = PlanVersion.objects.filter(name=name, version__lt=number).order_by("-version").first()
    context = {
        "version": it,
        "plan": plan,
        "grades": reading.grades(plan),
        "rules": reading.rules(plan),
        "chains": reading.chains(plan),
        "clocks": reading.clocks(plan),
        "bodies": reading.bodies(plan),
        "routines": reading.routines(plan),
        "periods": reading.periods(plan),
        "ways": reading.ways(plan),
        "findings": queries.findings(it),
        "before": before,
        "changes": differences(queries.engine_plan(before), plan) if before else (),
        "differences": reading.differences(before.text, it.text) if before else [],
        "here": "version",
        "may_activate": may_activate(person, it),
        "own": not it.active and it.uploaded_by_id == person.pk,
        "cases": it.cases.count(),
    }
    return render(request, "plans/version.html", context)


@requires(Right.SEE_PLANS)
@require_safe
def told(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version as a flow chart, and in sentences beside it."""
    it = _version(name, number)
    plan = queries.engine_plan(it)
    context = {
        "version": it,
        "plan": plan,
        "picture": pictures.picture(plan, get_language() or ""),
        "sections": pictures.prose(plan),
        "here": "told",
    }
    return render(request, "plans/told.html", context)


@requires(Right.SEE_PLANS)
@require_safe
def proved(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One version proved with the people and shifts of the desk for the 30 days ahead."""
    it, now = _version(name, number), timezone.now()
    body = institution()
    findings, proofs = people.proved(it, now, body.name if body else "")
    context = {
        "version": it,
        "plan": queries.engine_plan(it),
        "findings": findings,
        "proofs": proofs,
        "until": now + people.AHEAD,
        "here": "proved",
    }
    return render(request, "plans/proved.html", context)


@requires(Right.SEE_PLANS)
@require_safe
def text(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The text of a version, as a file."""
    it = _version(name, number)
    response = HttpResponse(it.text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{it.name}-v{it.version}.toml"'
    return response


@requires(Right.EDIT_PLANS)
def upload(request: HttpRequest) -> HttpResponse:
    """A new version, stored with its findings; somebody else makes it count."""
    active = queries.active()
    initial = {"text": active.text if active and "from" in request.GET else ""}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    stored: list[PlanVersion] = []
    if form.is_valid() and _stored(form, signed_in(request), stored):
        messages.success(
            request, _("已存为 %(version)s。看过差异后请另一位负责人启用。") % {"version": stored[0]}
        )
        return redirect("plans:version", stored[0].name, stored[0].version)
    return show(request, "plans/upload.html", {"form": form, "active": active}, form)


def _stored(form: UploadForm, by: Person, stored: list[PlanVersion]) -> bool:
    data = form.cleaned_data
    file = data["file"].name if data.get("file") else "plan.toml"
    try:
        version = actions.upload(by=by, now=timezone.now(), text=data["text"], file=file, note=data["note"])
    except ValidationError as refused:
        form.findings(refused)
        return False
    stored.append(version)
    return True


@requires(Right.ACTIVATE_PLANS)
@require_POST
def activate(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Make a version the one that counts."""
    it = _version(name, number)
    try:
        actions.activate(by=signed_in(request), now=timezone.now(), version=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(version)s 已启用：从下一件起按它办。") % {"version": it})
    return redirect("plans:version", name, number)


def _asked_year(request: HttpRequest, calendar: Calendar) -> int:
    """The year of the address, else this one. Raises Http404 for what no calendar has."""
    asked = request.GET.get("year", "")
    if not asked:
        return calendar.local(timezone.now()).year
    if not asked.isdigit() or not 2000 <= int(asked) <= 2100:
        raise Http404(_("没有这一年。"))
    return int(asked)


def _initial(calendar: Calendar, number: int) -> dict[str, Any]:
    year = calendar.years.get(number)
    return {
        "off": tables.lines_of(year.holidays, year.names) if year else "",
        "work": tables.lines_of(year.workdays, year.names) if year else "",
        "days_off": "\n".join(day.isoformat() for day in sorted(calendar.days_off)),
        "office": tables.office_words(calendar),
    }


@requires(Right.SEE_PLANS)
def calendar(request: HttpRequest) -> HttpResponse:
    """The working calendar, a year at a time; those who may can change it."""
    person, it = signed_in(request), queries.calendar_in_force()
    number, may = _asked_year(request, it), can(person, Right.EDIT_PLANS)
    posted = request.POST if request.method == "POST" and may else None
    form = YearForm(posted, initial=_initial(it, number))
    saved: list[CalendarTable] = []
    if form.is_valid() and carried_out(form, lambda: saved.append(_save(person, it, number, form))):
        messages.success(
            request,
            _("已存为第 %(n)s 版，%(cases)s 件的时限按它重新算过。")
            % {"n": saved[0].version, "cases": saved[0].recounted},
        )
        return redirect(f"{request.path}?year={number}")
    months = tables.months(it, number)
    context = {
        "calendar": it,
        "year": number,
        "known": number in it.years,
        "years": _years(it, number),
        "months": months,
        "working_days": sum(d is not None and d.works for month in months for week in month for d in week),
        "form": form,
        "may_edit": may,
        "versions": CalendarTable.objects.filter(name=it.name).select_related("saved_by")[:20],
    }
    return show(request, "plans/calendar.html", context, form)


def _save(person: Person, calendar: Calendar, number: int, form: YearForm) -> CalendarTable:
    data = form.cleaned_data
    off = tables.read_lines(number, data["off"], "off")
    work = tables.read_lines(number, data["work"], "work")
    changed = tables.with_year(calendar, number, off, work)
    text = tables.table_text(
        tables.with_house(changed, tables.read_days_off(data["days_off"]), tables.read_office(data["office"]))
    )
    return actions.save_calendar(by=person, now=timezone.now(), text=text, note=data["note"])


def _years(calendar: Calendar, shown: int) -> list[tuple[int, bool]]:
    """The years that the page offers, and whether each is known."""
    this = calendar.local(timezone.now()).year
    offered = {*range(this - 2, this + 3), shown}
    return [(number, number in calendar.years) for number in sorted(offered)]


@requires(Right.SEE_PLANS)
@require_safe
def calendar_text(request: HttpRequest, number: int) -> HttpResponse:
    """A version of the table, as a file."""
    it = get_object_or_404(CalendarTable, name=queries.calendar_in_force().name, version=number)
    response = HttpResponse(it.text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{it.name}-v{it.version}.toml"'
    return response
