"""The endpoint that a page calls while somebody types: keeps the text, checks it, answers with what changed."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.replies import actions
from huiying.desk.replies.forms import DraftForm
from huiying.desk.replies.models import Draft
from huiying.desk.replies.queries.checking import checked
from huiying.desk.replies.queries.page import chain_of
from huiying.desk.replies.views.common import mine_or_404, told
from huiying.desk.replies.views.drafts import fragments


@requires(Right.DRAFT)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what can be saved and answer with findings, marks and points. A newer text of somebody else is not written over."""
    it, form = mine_or_404(request, pk), DraftForm(request.POST)
    now, trouble = timezone.now(), ""
    fields = form.tolerant()
    try:
        it = _keep(request, it, form, fields)
    except ValidationError as refused:
        trouble = " ".join(refused.messages)
        for name, value in fields.items():
            setattr(it, name, value)
    context = {
        "it": it,
        "case": it.case,
        "trouble": trouble,
        "saved_at": now,
        "chain": chain_of(it, now),
        **fragments(it, checked(it, now)),
    }
    return render(request, "replies/parts/typed.html", context)


def _keep(request: HttpRequest, it: Draft, form: DraftForm, fields: dict[str, object]) -> Draft:
    return actions.save(
        by=signed_in(request),
        now=timezone.now(),
        draft=it,
        fields=fields,
        revision=form.cleaned_data.get("revision"),
    )


@requires(Right.DRAFT)
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """One click without a script: keep what was typed, put one replacement in its place."""
    it, form = mine_or_404(request, pk), DraftForm(request.POST)
    start, end, replacement = _mend(request)

    def put() -> None:
        fields = form.tolerant()
        text = str(fields.get("text", it.text)).replace("\r\n", "\n")
        if not 0 <= start <= end <= len(text):
            raise ValidationError(_("那一处已经变了，没有改。"))
        fields["text"] = text[:start] + replacement + text[end:]
        _keep(request, it, form, fields)

    told(request, put, _("已改好并保存。"))
    return redirect(it)


def _mend(request: HttpRequest) -> tuple[int, int, str]:
    """Place and words of the button that was pressed: `start:end:replacement`; an impossible place when unreadable."""
    parts = request.POST.get("mend", "").split(":", 2)
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return 1, 0, ""
    return int(parts[0]), int(parts[1]), parts[2]
