"""Task forces: the list, forming one, the page of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case
from huiying.desk.joint import actions
from huiying.desk.joint.access import forces_for, one
from huiying.desk.joint.forms import ForceForm, JoinForm, WhyForm
from huiying.desk.joint.models import Meeting, Member, TaskForce
from huiying.desk.joint.views.common import answered, pressed
from huiying.desk.replies.queries.checking import plan_of
from huiying.desk.shell.pages import paged, show


@requires(Right.SEE_CASES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every task force, those that stand first."""
    rows = forces_for(signed_in(request))
    standing = request.GET.get("state", "") != "all"
    rows = rows.filter(dissolved_at=None) if standing else rows
    context = {"page": paged(request, rows.prefetch_related("members__person"), 30), "standing": standing}
    return show(request, "joint/forces.html", context)


@requires(Right.FORM_TASK_FORCE)
def form_one(request: HttpRequest, number: str) -> HttpResponse:
    """Form the task force of a case."""
    by = signed_in(request)
    case = get_case(by, number)
    meetings = case.meetings.filter(state=Meeting.State.ADOPTED)
    last = meetings.first()
    initial = {"name": f"{case.title[:60]}专班", "meeting": last.pk if last else None}
    form = ForceForm(request.POST or None, meetings=meetings, initial=initial)
    made: list[TaskForce] = []

    def act() -> None:
        made.append(actions.form_task_force(by=by, now=timezone.now(), case=case, **form.cleaned_data))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("专班已成立，成员已收到通知。"))
        return redirect(made[0])
    return show(request, "joint/form_force.html", {"form": form, "case": case, "plan": plan_of(case)}, form)


@requires(Right.SEE_CASES)
@require_safe
def force(request: HttpRequest, pk: int) -> HttpResponse:
    """One task force."""
    return _page(request, one(forces_for(signed_in(request)), pk))


def _page(request: HttpRequest, it: TaskForce, **forms: Any) -> HttpResponse:
    context = {
        "it": it,
        "case": it.case,
        "members": it.members.select_related("person").order_by("left_at", "pk"),
        "changes": it.stands and can(signed_in(request), Right.FORM_TASK_FORCE),
        "join_form": JoinForm(),
        "why_form": WhyForm(),
        **forms,
    }
    return show(request, "joint/force.html", context, *forms.values())


@requires(Right.FORM_TASK_FORCE)
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """One more member."""
    it, form, done = one(forces_for(signed_in(request)), pk), JoinForm(request.POST), _("已加入，通知已发。")
    return answered(request, _page, actions.join_task_force, done, of="force", it=it, join_form=form)


@requires(Right.FORM_TASK_FORCE)
@require_POST
def leave(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """A member goes."""
    by, it = signed_in(request), one(forces_for(signed_in(request)), pk)
    found = Member.objects.filter(force=it, pk=member).select_related("force", "person").first()
    if found is None:
        raise Http404
    return pressed(
        request,
        it,
        lambda: actions.leave_task_force(by=by, now=timezone.now(), member=found),
        _("已退出专班。"),
    )


@requires(Right.FORM_TASK_FORCE)
@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """It has done its work."""
    it, form, done = one(forces_for(signed_in(request)), pk), WhyForm(request.POST), _("专班已解散。")
    return answered(request, _page, actions.dissolve_task_force, done, of="force", it=it, why_form=form)
