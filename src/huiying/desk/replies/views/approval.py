"""The buttons of the approval chain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.replies import actions
from huiying.desk.replies.forms import CommentForm, ReasonForm
from huiying.desk.replies.views.common import mine_or_404, settled, told
from huiying.desk.replies.views.drafts import page


@requires(Right.APPROVE)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step that waits."""
    it, form = mine_or_404(request, pk), CommentForm(request.POST)

    if settled(request, form, actions.approve, _("已批准，记在案上。"), draft=it):
        return redirect(it)
    return page(request, mine_or_404(request, pk), comment_form=form)


@requires(Right.APPROVE)
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the text with a reason."""
    it, form = mine_or_404(request, pk), ReasonForm(request.POST)

    if settled(request, form, actions.give_back, _("已退回，起草人会收到理由。"), draft=it):
        return redirect(it)
    return page(request, mine_or_404(request, pk), reason_form=form)


@requires(Right.DRAFT)
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the text back before it is published."""
    it, form = mine_or_404(request, pk), ReasonForm(request.POST)

    if settled(request, form, actions.recall, _("已收回，可以改了。改好要重新走审批。"), draft=it):
        return redirect(it)
    return page(request, mine_or_404(request, pk), reason_form=form)


@requires(Right.APPROVE)
@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review that a bypass owes."""
    it = mine_or_404(request, pk)
    words = request.POST.get("comment", "")
    told(
        request,
        lambda: actions.review_bypass(by=signed_in(request), now=timezone.now(), draft=it, words=words),
        _("审查意见已记下。这次紧急发布会一直标着。"),
    )
    return redirect(it)
