"""What the drafting helper proposed: asking, looking, taking over, leaving."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.replies import actions
from huiying.desk.replies.models import Suggestion
from huiying.desk.replies.queries.page import newest_suggestion
from huiying.desk.replies.views.common import mine_or_404, told


@requires(Right.DRAFT)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the model for a proposal."""
    it, who, kind = mine_or_404(request, pk), signed_in(request), request.POST.get("kind", "draft")
    told(
        request,
        lambda: actions.ask_machine(by=who, now=timezone.now(), draft=it, kind=kind),
        _("已去问模型，好了会出现在这里。"),
    )
    return redirect(it)


@requires(Right.DRAFT)
@never_cache
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest proposal as it stands now; the page asks again while it waits."""
    it = mine_or_404(request, pk)
    return render(request, "replies/parts/suggestion.html", {"it": it, "suggestion": newest_suggestion(it)})


@requires(Right.DRAFT)
@require_POST
def decide(request: HttpRequest, pk: int, suggestion: int) -> HttpResponse:
    """Take it over, or leave it."""
    it, who = mine_or_404(request, pk), signed_in(request)
    row = get_object_or_404(Suggestion, pk=suggestion, draft=it)
    if request.POST.get("verdict") == "leave":
        told(
            request,
            lambda: actions.leave(by=who, now=timezone.now(), suggestion=row),
            _("没有采用，记录还在。"),
        )
        return redirect(it)
    told(
        request,
        lambda: actions.take_over(by=who, now=timezone.now(), suggestion=row),
        _("已放到正文后面，从这里起由你负责：请逐句核对。"),
    )
    return redirect(it)
