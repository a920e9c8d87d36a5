"""The list of drafts, a new one, the page of one: the editor while it is written, the reading page afterwards."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case
from huiying.desk.replies import actions, queries
from huiying.desk.replies.actions.publishing import signed_text
from huiying.desk.replies.forms import CommentForm, CopyForm, DraftForm, PlaceForm, ReasonForm, StartForm
from huiying.desk.replies.helper import model_named
from huiying.desk.replies.hints import hints
from huiying.desk.replies.models import Draft
from huiying.desk.replies.queries.chain import my_part
from huiying.desk.replies.queries.checking import Checked, checked, message_of, pieces
from huiying.desk.replies.queries.drafts import may_review
from huiying.desk.replies.queries.page import chain_of, marked_message, newest_suggestion, offers, taken_over
from huiying.desk.replies.views.common import mine_or_404
from huiying.desk.shell.pages import paged, show

TABS = ("waiting", "mine", "all")


@requires(Right.SEE_CASES)
def drafts(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I write, everything."""
    person, now = signed_in(request), timezone.now()
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    state = request.GET.get("state", "")
    rows = queries.drafts_for(person)
    if state in Draft.State.values:
        rows = rows.filter(state=state)
    waiting: dict[str, list[Any]] = {
        "approve": queries.to_approve(person, now),
        "publish": list(queries.to_publish(person)),
        "review": queries.to_review(person, now),
        "copy": list(queries.to_copy(person)),
        "lines": list(queries.lines_to_approve(person)),
    }
    context = {
        "tab": tab,
        "state": state,
        "states": Draft.State.choices,
        "todo": sum(map(len, waiting.values())),
        **waiting,
        "mine": queries.mine(person),
        "page": paged(request, rows.order_by("-changed_at", "-pk"), 30) if tab == "all" else None,
    }
    return render(request, "replies/list.html", context)


@requires(Right.DRAFT)
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a text on a case."""
    case = get_case(signed_in(request), number)
    initial = {key: request.GET[key] for key in ("form", "stage", "mention") if key in request.GET}
    mentions = case.mentions.order_by("pk")
    form = StartForm(request.POST or None, mentions=mentions, initial=initial or _likely(case))
    made: list[Draft] = []

    def begin() -> None:
        who = signed_in(request)
        made.append(actions.start(by=who, now=timezone.now(), case=case, **form.cleaned_data))

    if form.is_valid() and carried_out(form, begin):
        return redirect(made[0])
    return show(
        request, "replies/start.html", {"form": form, "case": case, "drafts": case.drafts.all()}, form
    )


def _likely(case: Any) -> dict[str, Any]:
    """The stage that comes next, and the first post."""
    first = case.mentions.order_by("pk").first()
    stage = "formal" if queries.published(case).exists() else "first"
    return {"stage": stage, "mention": first.pk if first else None}


@requires(Right.SEE_CASES)
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a draft."""
    return page(request, mine_or_404(request, pk))


def page(request: HttpRequest, it: Draft, **more: Any) -> HttpResponse:
    """The editor or the reading page; `more` brings a form that must be mended."""
    person, now = signed_in(request), timezone.now()
    writes = it.editable and can(person, Right.DRAFT)
    form = more.pop("form", None) or DraftForm.of(it)
    found = checked(it, now)
    mine = my_part(it, person, now)
    context = {
        "it": it,
        "case": it.case,
        "form": form,
        "revision": it.revision,
        "seat": mine[1] if mine else None,
        "may_review": it.bypassed and it.reviewed_at is None and may_review(it, person, now),
        "reason_form": ReasonForm(),
        "comment_form": CommentForm(),
        "copy_form": CopyForm(),
        "place_form": PlaceForm(),
        "chain": chain_of(it, now),
        "lines": queries.lines_in_force(it.case),
        "earlier": queries.earlier_like(it),
        "hints": hints(it, timezone.now()),
        "helper": writes and model_named() is not None,
        "suggestion": newest_suggestion(it),
        "taken_over": taken_over(it),
        "signed": signed_text(it),
        "others": it.case.drafts.exclude(pk=it.pk).select_related("written_by"),
        **fragments(it, found),
    }
    context |= more
    template = "replies/editor.html" if writes else "replies/reading.html"
    bound = [one for one in (form, *more.values()) if getattr(one, "is_bound", False)]
    return show(request, template, context, *bound)


def fragments(it: Draft, found: Checked) -> dict[str, Any]:
    """What changes while somebody types."""
    return {
        "found": found,
        "pieces": pieces(it.text, found.findings),
        "message": marked_message(message_of(it), found.points),
        "promises": offers(found.promises),
        "points_done": sum(one.state != "open" for one in found.points),
    }


@requires(Right.DRAFT)
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the text: the button that works without a script."""
    it, form = mine_or_404(request, pk), DraftForm(request.POST)
    if form.is_valid() and carried_out(form, lambda: _keep(request, it, form)):
        messages.success(request, _("已保存。"))
        return redirect(it)
    return page(request, _as_typed(it, form), form=form, revision=form.cleaned_data.get("revision"))


def _keep(request: HttpRequest, it: Draft, form: DraftForm) -> Draft:
    return actions.save(
        by=signed_in(request),
        now=timezone.now(),
        draft=it,
        fields=form.values(),
        revision=form.cleaned_data.get("revision"),
    )


def _as_typed(it: Draft, form: DraftForm) -> Draft:
    """The draft with what was typed, unsaved, so that the page checks what is in the box."""
    for name, value in form.tolerant().items():
        setattr(it, name, value)
    return it


@requires(Right.DRAFT)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the text and hand it in."""
    it, form = mine_or_404(request, pk), DraftForm(request.POST)
    reason = request.POST.get("reason", "")
    kept: list[Draft] = []

    def hand_in() -> None:
        kept.append(_keep(request, it, form))
        actions.submit(by=signed_in(request), now=timezone.now(), draft=kept[0], reason=reason)

    if form.is_valid() and carried_out(form, hand_in):
        messages.success(request, _("已送审。每一步批过都会留下记录。"))
        return redirect(it)
    seen = kept[0].revision if kept else form.cleaned_data.get("revision")
    return page(request, _as_typed(mine_or_404(request, pk), form), form=form, reason=reason, revision=seen)


@requires(Right.DRAFT)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    it, form = mine_or_404(request, pk), ReasonForm(request.POST)

    def away() -> None:
        who = signed_in(request)
        actions.drop(by=who, now=timezone.now(), draft=it, reason=form.cleaned_data["reason"])

    if form.is_valid() and carried_out(form, away):
        messages.success(request, _("已作废，记录还在。"))
        return redirect("replies:drafts")
    return page(request, mine_or_404(request, pk), reason_form=form)
