"""Publishing: the page that shows exactly what the public will see, and what comes after."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.replies import actions
from huiying.desk.replies.actions import Copy
from huiying.desk.replies.forms import CopyForm, PlaceForm, PublishForm, UrgentForm, last_day
from huiying.desk.replies.models import Approval, Draft
from huiying.desk.replies.queries.checking import checked
from huiying.desk.replies.views.common import mine_or_404, told
from huiying.desk.replies.views.drafts import page
from huiying.desk.shell.pages import show


def _copies(it: Draft, form: PublishForm) -> list[Copy]:
    """The places to which a person copies it."""
    found = []
    if form.cleaned_data.get("under_post") and it.mention:
        found.append(Copy(place=it.mention.site or _("原帖下"), reply_to=it.mention.address))
    places = form.cleaned_data.get("elsewhere", "").splitlines()
    return [*found, *(Copy(place=place.strip()[:120]) for place in places if place.strip())]


def _preview(request: HttpRequest, it: Draft, form: PublishForm, *, urgent: bool) -> HttpResponse:
    now = timezone.now()
    last = it.approvals.filter(round=it.round, verdict=Approval.Verdict.APPROVED).order_by("-step").first()
    context = {
        "it": it,
        "case": it.case,
        "form": form,
        "urgent": urgent,
        "now": now,
        "body": institution(),
        "role": last.get_role_display() if last else "",
        "found": checked(it, now),
        "promise_day": last_day(it.promise_due_at),
    }
    return show(request, "replies/publish.html", context, form)


@requires(Right.PUBLISH)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What the public will see, where else it goes, and the button."""
    it = mine_or_404(request, pk)
    form = PublishForm(request.POST or None, initial={"under_post": bool(it.mention and it.mention.address)})

    def out() -> None:
        actions.publish(
            by=signed_in(request),
            now=timezone.now(),
            draft=it,
            outlets=list(form.cleaned_data["outlets"]),
            copies=_copies(it, form),
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, out):
        messages.success(request, _("已发布到公开页。要人工发到别处的，发后在这里登记网址。"))
        return redirect(it)
    return _preview(request, it, form, urgent=False)


@requires(Right.PUBLISH)
def urgent(request: HttpRequest, pk: int) -> HttpResponse:
    """The emergency path: before the approval, on record for ever."""
    it = mine_or_404(request, pk)
    form = UrgentForm(request.POST or None, initial={"under_post": bool(it.mention and it.mention.address)})

    def out() -> None:
        actions.publish_urgently(
            by=signed_in(request),
            now=timezone.now(),
            draft=it,
            reason=form.cleaned_data["reason"],
            outlets=list(form.cleaned_data["outlets"]),
            copies=_copies(it, form),
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, out):
        messages.warning(request, _("已紧急发布。没走完审批这件事会一直标着，领导已收到通知。"))
        return redirect(it)
    return _preview(request, it, form, urgent=True)


@requires(Right.PUBLISH)
@require_POST
def add_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One more place."""
    it, form = mine_or_404(request, pk), PlaceForm(request.POST)

    def add() -> None:
        copy = Copy(place=form.cleaned_data["place"])
        actions.add_copy(by=signed_in(request), now=timezone.now(), draft=it, copy=copy)

    if form.is_valid() and carried_out(form, add):
        return redirect(it)
    return page(request, it, place_form=form)


@requires(Right.PUBLISH)
@require_POST
def record_copy(request: HttpRequest, pk: int, publication: int) -> HttpResponse:
    """The final address of a text that a person put somewhere."""
    it, form = mine_or_404(request, pk), CopyForm(request.POST)
    row = it.publications.filter(pk=publication).first()
    if row is None:
        raise Http404

    def record() -> None:
        actions.record_copy(by=signed_in(request), now=timezone.now(), publication=row, **form.cleaned_data)

    if form.is_valid() and carried_out(form, record):
        messages.success(request, _("网址和正文的哈希已记在案上。"))
        return redirect(it)
    return page(request, it, copy_form=form, copy_of=row.pk)


@requires(Right.DRAFT)
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction, or a withdrawal, of a published text."""
    it = mine_or_404(request, pk)
    withdraws = request.POST.get("withdraws") == "yes"
    made: list[Draft] = []

    def begin() -> None:
        who = signed_in(request)
        made.append(actions.start_correction(by=who, now=timezone.now(), draft=it, withdraws=withdraws))

    done = _("先写清哪里错了、正确的是什么。批准发布后，原文上会注明。")
    return redirect(made[0]) if told(request, begin, done) else redirect(it)
