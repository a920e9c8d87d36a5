"""Leaders' message boards: what waits, to whom it is addressed, where it goes and why; one click, or another way with a reason."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions
from huiying.desk.cases.access import get_case
from huiying.desk.cases.board import Board, Proposal, dispatched, waiting
from huiying.desk.cases.forms.board import RouteForm
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention
from huiying.desk.shell.pages import paged

EACH = 20


def _form(on: Board, row: Proposal) -> RouteForm:
    """The form with the plan's proposal in it; ids differ from message to message."""
    initial = {
        "addressee": row.addressee,
        "unit": row.unit,
        "subject": row.subject,
        "matter": row.matter,
    }
    return RouteForm(initial=initial, plan=on.plan, auto_id=f"m{row.mention.pk}_%s")


@requires(Right.SEE_LISTEN)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Messages that wait, the oldest first; or what was done with them."""
    return _page(request)


def _page(request: HttpRequest, wrong: tuple[int, RouteForm] | None = None) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    on, done = Board(now), request.GET.get("tab") == "done"
    page = paged(request, dispatched() if done else waiting(now), EACH)
    rows: list[dict[str, Any]] = []
    for mention in [] if done else page:
        proposal = on.proposal(mention)
        own = wrong is not None and wrong[0] == mention.pk
        rows.append({"it": proposal, "form": wrong[1] if wrong and own else _form(on, proposal), "open": own})
    context = {
        "page": page,
        "rows": rows,
        "done": done,
        "plan": on.plan,
        "count": waiting(now).count(),
        "may": can(person, Right.OPEN_CASE),
        "ready": any(row["it"].unit for row in rows),
    }
    return render(request, "cases/board.html", context, status=422 if wrong else 200)


def _mention(pk: int) -> Mention:
    return get_object_or_404(Mention, pk=pk)


@requires(Right.OPEN_CASE)
@require_POST
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one message on: as the plan proposes, or as the form says."""
    mention, now = _mention(pk), timezone.now()
    form = RouteForm(request.POST, plan=Board(now).plan, auto_id=f"m{pk}_%s")
    opened: list[Case] = []

    def act() -> None:
        opened.append(actions.route_message(by=signed_in(request), now=now, mention=mention, **form.values()))

    if form.is_valid() and carried_out(form, act):
        words = _("已立件 %(number)s，交%(unit)s办理。")
        messages.success(request, words % {"number": opened[0].number, "unit": opened[0].lead})
        return redirect("cases:board")
    return _page(request, (pk, form))


@requires(Right.OPEN_CASE)
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Hand on all that are ticked, each as the plan proposes and each on its own."""
    pks = [int(pk) for pk in request.POST.getlist("mention")[:200] if pk.isdigit() and len(pk) < 19]
    done, refused = 0, list[str]()
    for mention in Mention.objects.filter(pk__in=pks).order_by("captured_at", "pk"):
        try:
            actions.route_message(by=signed_in(request), now=timezone.now(), mention=mention)
            done += 1
        except ValidationError as told:
            refused += told.messages
    if done:
        words = ngettext("已照预案分办 %(n)s 条。", "已照预案分办 %(n)s 条。", done)
        messages.success(request, words % {"n": done})
    if refused:
        why = " ".join(dict.fromkeys(refused))
        messages.warning(request, _("有 %(n)s 条没有分办：%(why)s") % {"n": len(refused), "why": why})
    if not pks:
        messages.warning(request, _("先选一条。"))
    return redirect("cases:board")


@requires(Right.OPEN_CASE)
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the message to a case about the same."""
    case = get_case(signed_in(request), request.POST.get("case", ""))
    try:
        actions.join_message(by=signed_in(request), now=timezone.now(), mention=_mention(pk), case=case)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已并入 %(number)s。") % {"number": case.number})
    return redirect("cases:board")


@requires(Right.OPEN_CASE)
@require_POST
def aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing has to be done."""
    try:
        actions.put_aside(
            by=signed_in(request),
            now=timezone.now(),
            mention=_mention(pk),
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已记下：不用办。"))
    return redirect("cases:board")
