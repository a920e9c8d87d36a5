"""The institution's own list of words, beside the house's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.replies import actions
from huiying.desk.replies.forms import WordRuleForm
from huiying.desk.replies.models import WordRule
from huiying.desk.shell.pages import show
from huiying.engine.reply.wording import shipped


def _page(request: HttpRequest, form: WordRuleForm, rule: WordRule | None = None) -> HttpResponse:
    labels = dict(WordRule.Rigour.choices)
    context = {
        "form": form,
        "rule": rule,
        "own": WordRule.objects.select_related("added_by"),
        "shipped": [(labels[one.rigour.value], one) for one in shipped()],
    }
    return show(request, "replies/wording.html", context, form)


@requires(Right.SEE_LIBRARY)
def wording(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    return _page(request, WordRuleForm())


@requires(Right.EDIT_LIBRARY)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One more entry."""
    form = WordRuleForm(request.POST)

    def put() -> None:
        actions.put_rule(by=signed_in(request), now=timezone.now(), fields=form.cleaned_data)

    if form.is_valid() and carried_out(form, put):
        messages.success(request, _("已加入词表，马上生效。"))
        return redirect("replies:wording")
    return _page(request, form)


@requires(Right.EDIT_LIBRARY)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another wording of an entry."""
    rule = get_object_or_404(WordRule, pk=pk)
    form = WordRuleForm(request.POST or None, instance=rule)

    def put() -> None:
        fresh = WordRule.objects.get(pk=pk)
        actions.put_rule(by=signed_in(request), now=timezone.now(), fields=form.cleaned_data, rule=fresh)

    if form.is_valid() and carried_out(form, put):
        messages.success(request, _("已保存。"))
        return redirect("replies:wording")
    return _page(request, form, rule)


@requires(Right.EDIT_LIBRARY)
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an entry count, or not."""
    rule = get_object_or_404(WordRule, pk=pk)
    active = request.POST.get("active") == "yes"
    actions.switch_rule(by=signed_in(request), now=timezone.now(), rule=rule, active=active)
    messages.success(request, _("已启用。") if active else _("已停用。"))
    return redirect("replies:wording")
