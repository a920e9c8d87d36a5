"""The knowledge base."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.library import actions, queries
from huiying.desk.library.forms import CheckForm, KnowledgeForm, WhyForm
from huiying.desk.library.models import Knowledge
from huiying.desk.replies.queries import drafts_for
from huiying.desk.shell.pages import paged, show, words_of


@requires(Right.SEE_LIBRARY)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What may be said again, and what must be checked."""
    person, today = signed_in(request), timezone.localdate()
    words, state = words_of(request), request.GET.get("state", "")
    context = {
        "page": paged(request, queries.knowledge(person, words, state, today), 30),
        "q": words,
        "state": state,
        "today": today,
        "stale": queries.to_check(today).count(),
        "waiting": queries.to_approve(person).count(),
    }
    return render(request, "library/knowledge.html", context)


@requires(Right.SEE_LIBRARY)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry."""
    return _page(request, queries.get_knowledge(signed_in(request), pk))


def _page(request: HttpRequest, it: Knowledge, **forms: Any) -> HttpResponse:
    person = signed_in(request)
    edits = can(person, Right.EDIT_LIBRARY)
    context = {
        "it": it,
        "today": timezone.localdate(),
        "edits": edits,
        "approves": it.state == "waiting" and can(person, Right.APPROVE_LINES) and it.written_by != person,
        "check_form": CheckForm(),
        "why_form": WhyForm(),
        **forms,
    }
    return show(request, "library/knowledge_one.html", context, *forms.values())


@requires(Right.EDIT_LIBRARY)
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new entry, from a published answer when `?draft=` names one; or an entry written again."""
    by = signed_in(request)
    it = queries.get_knowledge(by, pk) if pk else None
    named = request.GET.get("draft", "")
    draft = drafts_for(by).filter(pk=int(named)).first() if named.isdecimal() and len(named) < 12 else None
    first = {"title": draft.asked or draft.title, "text": draft.text} if draft else {}
    form = KnowledgeForm(request.POST or None, initial=first, instance=it)

    def keep() -> object:
        return actions.put_knowledge(by=by, now=timezone.now(), it=it, draft=draft, **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("已存，等另一个人审定后就能用。"))
        return redirect("library:knowledge")
    return show(request, "library/knowledge_write.html", {"form": form, "it": it}, form)


@requires(Right.APPROVE_LINES)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person."""
    by = signed_in(request)
    it = queries.get_knowledge(by, pk)
    try:
        actions.approve_knowledge(by=by, now=timezone.now(), it=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已审定，起草时会找到它。"))
    return redirect(it)


@requires(Right.EDIT_LIBRARY)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """It still holds."""
    by = signed_in(request)
    it, form = queries.get_knowledge(by, pk), CheckForm(request.POST)

    def keep() -> object:
        return actions.confirm_knowledge(by=by, now=timezone.now(), it=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("已确认，到下次日期再提醒。"))
        return redirect(it)
    return _page(request, it, check_form=form)


@requires(Right.EDIT_LIBRARY)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer to be used."""
    by = signed_in(request)
    it, form = queries.get_knowledge(by, pk), WhyForm(request.POST)

    def keep() -> object:
        return actions.withdraw_knowledge(by=by, now=timezone.now(), it=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("已停用。"))
        return redirect("library:knowledge")
    return _page(request, it, why_form=form)
