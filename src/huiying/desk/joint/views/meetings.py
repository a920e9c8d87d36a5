"""Meetings: the list over all cases, the call, the page of one, its minutes."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case, visible
from huiying.desk.cases.queries.standing import Standing, standing
from huiying.desk.joint import actions, queries, steps
from huiying.desk.joint.access import meetings_for, one
from huiying.desk.joint.forms import (
    AdoptForm,
    AnswerForm,
    CallForm,
    DecisionForm,
    HoldForm,
    MinutesForm,
    WhyForm,
)
from huiying.desk.joint.forms.meetings import USUAL
from huiying.desk.joint.models import Decision, Meeting
from huiying.desk.joint.queries.meetings import may_chair
from huiying.desk.joint.views.common import answered, pressed
from huiying.desk.replies.queries.checking import plan_of
from huiying.desk.shell.pages import paged, show, words_of

State = Meeting.State


@requires(Right.SEE_CASES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every meeting that the reader may know of, the newest first."""
    words, state = words_of(request), request.GET.get("state", "")
    rows = meetings_for(signed_in(request))
    if state in State.values:
        rows = rows.filter(state=state)
    for word in words.split()[:6]:
        found = Q(case__title__icontains=word) | Q(case__number__icontains=word) | Q(minutes__icontains=word)
        rows = rows.filter(found)
    context = {"page": paged(request, rows, 30), "q": words, "state": state, "states": State.choices}
    return show(request, "joint/meetings.html", context)


@requires(Right.CONVENE)
def call(request: HttpRequest, number: str) -> HttpResponse:
    """Call a meeting on a case."""
    by = signed_in(request)
    case = get_case(by, number)
    form = CallForm(request.POST or None, initial=_likely(standing(case, by, timezone.now())))
    made: list[Meeting] = []

    def act() -> None:
        made.append(actions.call_meeting(by=by, now=timezone.now(), case=case, **form.cleaned_data))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已召集，通知已发给到会的人。"))
        return redirect(made[0])
    return show(request, "joint/call.html", {"form": form, "case": case, "plan": plan_of(case)}, form)


def _likely(on: Standing) -> dict[str, Any]:
    """What a meeting on this case usually is: the gravest level meets jointly, others assess with the department."""
    case = on.case
    grave = case.level == 1
    chair = queries.chairs().first()
    units = [share.unit.pk for share in on.shares if share.part.state != "declined"]
    soon = on.now + timedelta(minutes=40)
    return {
        "at": soon - timedelta(minutes=soon.minute % 10, seconds=soon.second, microseconds=soon.microsecond),
        "kind": Meeting.Kind.JOINT if grave else Meeting.Kind.ASSESS,
        "way": Meeting.Way.PLACE,
        "chair": chair.pk if chair else None,
        "roles": [role.value for role in (USUAL if grave else (Role.DEPUTY, Role.OFFICE))],
        "units": units,
        "agenda": _agenda(on),
    }


def _agenda(on: Standing) -> str:
    """The agenda that the case itself sets, in Chinese like all papers."""
    case = on.case
    lines = [
        f"一、通报情况：{case.title}",
        "二、核实到的事实" if on.verified else "二、尽快核实事实：由谁核实、何时报",
        "三、研判性质、走势和风险" + ("，确定等级" if case.level is None else ""),
        "四、线下处置：分工和时限",
        "五、口径与发布：谁审、谁讲、从哪里发",
        "六、监测与信息报送",
    ]
    return "\n".join(lines)


@requires(Right.SEE_CASES)
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: who was asked and came, what was decided, the plan that it made."""
    return _page(request, _one(request, pk))


def _page(request: HttpRequest, it: Meeting, **forms: Any) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    mine = it.invitations.filter(person=person).first()
    convenes, adopts = can(person, Right.CONVENE), _adopts(request, it)
    given = _offers(it) if adopts else []
    context = {
        "it": it,
        "case": it.case,
        "sees_case": visible(person).filter(pk=it.case_id).exists(),
        "reads": it.state == State.ADOPTED or convenes or mine or can(person, Right.SEE_AUDIT),
        "called": queries.called(it),
        "decisions": it.decisions.select_related("unit"),
        "mine": mine,
        "answers": mine is not None and it.state == State.CALLED and can(person, Right.ACKNOWLEDGE),
        "convenes": convenes,
        "writes": convenes and it.state == State.HELD,
        "adopts": adopts,
        "begun": it.at <= now,
        "papers": it.state == State.ADOPTED and can(person, Right.WRITE_REPORTS),
        "answer_form": AnswerForm(
            initial={"answer": mine.answer or "coming", "words": mine.said} if mine else {}
        ),
        "hold_form": HoldForm(meeting=it),
        "why_form": WhyForm(),
        "decision_form": DecisionForm(),
        "adopt_form": AdoptForm(meeting=it, given=given),
        "reason_form": WhyForm(prefix="back"),
        **forms,
    }
    return show(request, "joint/meeting.html", context, *forms.values())


def _adopts(request: HttpRequest, it: Meeting) -> bool:
    person = signed_in(request)
    waits = it.state in (State.SUBMITTED, State.HELD)
    return waits and can(person, Right.ADOPT_MINUTES) and may_chair(person, it, timezone.now())


def _offers(it: Meeting) -> list[steps.Offer]:
    on = Standing(it.case, it.chair, timezone.now())
    return steps.offers(on.plan, on.facts, on.entries)


def _one(request: HttpRequest, pk: int) -> Meeting:
    return one(meetings_for(signed_in(request)), pk)


@requires(Right.ACKNOWLEDGE)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether one comes."""
    it, form, done = _one(request, pk), AnswerForm(request.POST), _("已回复，召集人会看到。")
    return answered(request, _page, actions.answer_call, done, of="meeting", it=it, answer_form=form)


@requires(Right.CONVENE)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off."""
    it, form, done = _one(request, pk), WhyForm(request.POST), _("已取消，通知已发出。")
    return answered(request, _page, actions.cancel_meeting, done, of="meeting", it=it, why_form=form)


@requires(Right.CONVENE)
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place."""
    it, done = _one(request, pk), _("到会已记。接着写纪要、记议定事项。")
    form = HoldForm(request.POST, meeting=it)
    return answered(request, _page, actions.hold_meeting, done, of="meeting", it=it, hold_form=form)


@requires(Right.CONVENE)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes and the plan; hand them in."""
    by, it = signed_in(request), _one(request, pk)
    if it.state != State.HELD:
        messages.error(request, _("现在不能写纪要：会还没开，或纪要已送审。"))
        return redirect(it)
    form = MinutesForm(request.POST) if request.method == "POST" else MinutesForm.of(it)
    hands_in = request.POST.get("then") == "submit"

    def act() -> None:
        actions.write_minutes(by=by, now=timezone.now(), meeting=it, **form.cleaned_data)
        if hands_in:
            actions.submit_minutes(by=by, now=timezone.now(), meeting=it)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        done = _("纪要已送主持人审定。") if hands_in else _("已保存。")
        messages.success(request, done)
        return redirect(it)
    return show(request, "joint/minutes.html", {"form": form, "it": it, "case": it.case}, form)


@requires(Right.CONVENE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One more decision."""
    it, form, done = _one(request, pk), DecisionForm(request.POST), _("已记下，审定后生效。")
    return answered(request, _page, actions.add_decision, done, of="meeting", it=it, decision_form=form)


@requires(Right.CONVENE)
@require_POST
def drop(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Take a decision out."""
    by, it = signed_in(request), _one(request, pk)
    found = Decision.objects.filter(meeting=it, pk=decision).select_related("meeting").first()
    if found is None:
        raise Http404
    return pressed(
        request, it, lambda: actions.drop_decision(by=by, now=timezone.now(), decision=found), _("已去掉。")
    )


@requires(Right.CONVENE)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the minutes before the chair."""
    by, it = signed_in(request), _one(request, pk)
    return pressed(
        request,
        it,
        lambda: actions.submit_minutes(by=by, now=timezone.now(), meeting=it),
        _("纪要已送主持人审定。"),
    )


@requires(Right.ADOPT_MINUTES)
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair's word: adopted, or given back."""
    it = _one(request, pk)
    if "back" in request.POST:
        why, returned = WhyForm(request.POST, prefix="back"), _("已退回修改。")
        return answered(
            request, _page, actions.return_minutes, returned, of="meeting", it=it, reason_form=why
        )
    form, done = (
        AdoptForm(request.POST, meeting=it, given=_offers(it)),
        _("已审定：议定事项已交办，各有时限。"),
    )
    return answered(request, _page, actions.adopt_minutes, done, of="meeting", it=it, adopt_form=form)


@requires(Right.WRITE_REPORTS)
@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as an official paper."""
    by, it = signed_in(request), _one(request, pk)
    if it.state != State.ADOPTED:
        messages.error(request, _("纪要审定以后才出文件。"))
        return redirect(it)
    return redirect(actions.minutes_paper(by=by, now=timezone.now(), meeting=it))
