"""Press conferences and interviews: the list, planning one, the page of one."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Role
from huiying.desk.accounts.queries import holders, institution
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import evidence
from huiying.desk.cases.access import get_case
from huiying.desk.joint import actions, queries
from huiying.desk.joint.access import briefings_for, one
from huiying.desk.joint.forms import (
    BriefingForm,
    HeldForm,
    HigherForm,
    OutletForm,
    QuestionForm,
    ReplyForm,
    SaidForm,
    TalkForm,
    WhyForm,
)
from huiying.desk.joint.models import HIGHER, Attending, Briefing, Question
from huiying.desk.joint.queries.press import FORM_OF
from huiying.desk.joint.views.common import answered, pressed
from huiying.desk.library import actions as library
from huiying.desk.replies.models import Draft
from huiying.desk.replies.queries import lines_in_force
from huiying.desk.replies.queries.checking import plan_of
from huiying.desk.reports.models import Paper
from huiying.desk.shell.pages import paged, show

State = Briefing.State


@requires(Right.SEE_CASES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every briefing and interview."""
    state = request.GET.get("state", "")
    rows = briefings_for(signed_in(request)).prefetch_related("outlets")
    if state in State.values:
        rows = rows.filter(state=state)
    context = {"page": paged(request, rows, 30), "state": state, "states": State.choices}
    return show(request, "joint/press.html", context)


@requires(Right.BRIEF_PRESS)
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """Plan to meet the press on a case."""
    by = signed_in(request)
    case = get_case(by, number)
    speaker = next(iter(holders(Role.SPOKESPERSON)), by)
    stage = "progress" if case.briefings.filter(state=State.HELD).exists() else "first"
    initial = {
        "kind": "conference",
        "stage": stage,
        "topic": f"关于{case.title[:80]}的情况通报",
        "spokesperson": speaker.pk,
    }
    form = BriefingForm(request.POST or None, initial=initial)
    made: list[Briefing] = []

    def act() -> None:
        made.append(actions.plan_briefing(by=by, now=timezone.now(), case=case, **form.cleaned_data))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已列入。接着列媒体、写发布词。"))
        return redirect(made[0])
    return show(request, "joint/plan_press.html", {"form": form, "case": case, "plan": plan_of(case)}, form)


@requires(Right.SEE_CASES)
@require_safe
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    """One briefing: what it still needs, what was said, what is still open."""
    return _page(request, one(briefings_for(signed_in(request)), pk))


def _page(request: HttpRequest, it: Briefing, **forms: Any) -> HttpResponse:
    person, body = signed_in(request), institution()
    planned, briefs = it.state == State.PLANNED, can(person, Right.BRIEF_PRESS)
    words = it.draft is not None and it.draft.state != Draft.State.DROPPED
    context = {
        "it": it,
        "case": it.case,
        "outlets": it.outlets.select_related("contact"),
        "higher": HIGHER,
        "needs": queries.needs(it),
        "ready": planned and not queries.missing(it),
        "lines": lines_in_force(it.case),
        "questions": it.questions.select_related("answered_by"),
        "talks": it.case.talks.select_related("contact", "by"),
        "plans": planned and briefs,
        "tells": it.state == State.HELD and briefs,
        "words": words,
        "may_draft": planned and it.kind in FORM_OF and not words and can(person, Right.DRAFT),
        "may_kit": planned and it.kit is None and can(person, Right.WRITE_REPORTS),
        "may_higher": planned and bool(it.higher_outlets) and can(person, Right.REPORT_UP),
        "may_clear": planned
        and it.kind == Briefing.Kind.INTERVIEW
        and it.cleared_at is None
        and it.planned_by_id != person.pk
        and can(person, Right.APPROVE_LINES),
        "may_talk": can(person, Right.EDIT_LIBRARY),
        "change_form": BriefingForm.of(it),
        "outlet_form": OutletForm(),
        "higher_form": HigherForm(initial={"body": body.higher_body if body else ""}),
        "held_form": HeldForm(it=it),
        "said_form": SaidForm(initial={"text": it.said, "explained": it.explained}),
        "question_form": QuestionForm(),
        "reply_form": ReplyForm(),
        "talk_form": TalkForm(),
        "why_form": WhyForm(),
        **forms,
    }
    return show(request, "joint/briefing.html", context, *forms.values())


def _one(request: HttpRequest, pk: int) -> Briefing:
    return one(briefings_for(signed_in(request)), pk)


@requires(Right.BRIEF_PRESS)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place, topic or spokesperson; or not at all."""
    it = _one(request, pk)
    if "why" in request.POST:
        why, away = WhyForm(request.POST), _("已取消。")
        return answered(request, _page, actions.cancel_briefing, away, of="briefing", it=it, why_form=why)
    form, done = BriefingForm(request.POST, changing=True), _("已改。")
    return answered(request, _page, actions.change_briefing, done, of="briefing", it=it, change_form=form)


@requires(Right.BRIEF_PRESS)
@require_POST
def outlet(request: HttpRequest, pk: int) -> HttpResponse:
    """One more outlet, or one fewer."""
    it, gone = _one(request, pk), request.POST.get("drop", "")
    if not gone:
        form, done = OutletForm(request.POST), _("已加入名单。")
        return answered(request, _page, actions.add_outlet, done, of="briefing", it=it, outlet_form=form)
    found = Attending.objects.filter(briefing=it, pk=gone).first() if gone.isdecimal() else None
    if found is None:
        raise Http404
    by, now = signed_in(request), timezone.now()
    return pressed(request, it, lambda: actions.drop_outlet(by=by, now=now, outlet=found), _("已去掉。"))


@requires(Right.DRAFT)
@require_POST
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the words that will be spoken."""
    by, it, made = signed_in(request), _one(request, pk), list[Draft]()
    answer = pressed(
        request,
        it,
        lambda: made.append(actions.write_statement(by=by, now=timezone.now(), briefing=it)),
        _("写好后送审，按预案的审批链批。"),
    )
    return redirect(made[0]) if made else answer


@requires(Right.WRITE_REPORTS)
@require_POST
def kit(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the kit."""
    by, it, made = signed_in(request), _one(request, pk), list[Paper]()
    answer = pressed(
        request,
        it,
        lambda: made.append(actions.prepare_kit(by=by, now=timezone.now(), briefing=it)),
        _("材料已按口径取好，补上预计提问。"),
    )
    return redirect("reports:write", made[0].pk) if made else answer


@requires(Right.REPORT_UP)
@require_POST
def higher(request: HttpRequest, pk: int) -> HttpResponse:
    """The higher body's approval and guidance."""
    it, form, done = _one(request, pk), HigherForm(request.POST, request.FILES), _("上级批准已登记。")

    def keep(*, proof: Any, **told: Any) -> None:
        with transaction.atomic():
            files = evidence.keep(case=it.case, by=told["by"], now=told["now"], files=proof)
            actions.record_higher(evidence=files, **told)

    return answered(request, _page, keep, done, of="briefing", it=it, higher_form=form)


@requires(Right.APPROVE_LINES)
@require_POST
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader agrees to an interview."""
    by, now, it = signed_in(request), timezone.now(), _one(request, pk)
    done = _("已同意接受采访。")
    return pressed(request, it, lambda: actions.clear_interview(by=by, now=now, briefing=it), done)


@requires(Right.BRIEF_PRESS)
@require_POST
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """It takes place."""
    it, done = _one(request, pk), _("已登记举行。结束后记下讲了什么和没答的提问。")
    form = HeldForm(request.POST, it=it)
    return answered(request, _page, actions.hold_briefing, done, of="briefing", it=it, held_form=form)


@requires(Right.BRIEF_PRESS)
@require_POST
def spoken(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said."""
    it, form, done = _one(request, pk), SaidForm(request.POST), _("已记下。")
    return answered(request, _page, actions.record_said, done, of="briefing", it=it, said_form=form)


@requires(Right.BRIEF_PRESS)
@require_POST
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked and is open, or its answer."""
    it, asked = _one(request, pk), request.POST.get("question", "")
    if not asked:
        form, noted = QuestionForm(request.POST), _("已记下，答复前不能办结。")
        return answered(
            request, _page, actions.note_question, noted, of="briefing", it=it, question_form=form
        )
    found = Question.objects.filter(briefing=it, pk=asked).first() if asked.isdecimal() else None
    if found is None:
        raise Http404

    def reply(*, briefing: Briefing, **told: Any) -> None:
        actions.answer_question(question=found, **told)

    told_form, done = ReplyForm(request.POST), _("已答复。")
    return answered(request, _page, reply, done, of="briefing", it=it, reply_form=told_form)


@requires(Right.EDIT_LIBRARY)
@require_POST
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """One time that we spoke with an outlet about the case."""
    it, form, done = _one(request, pk), TalkForm(request.POST), _("已记下。")

    def note(*, briefing: Briefing, **told: Any) -> None:
        library.note_talk(case=it.case, **told)

    return answered(request, _page, note, done, of="briefing", it=it, talk_form=form)
