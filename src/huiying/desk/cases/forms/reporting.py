"""Report upward, instructions."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions
from huiying.desk.cases.forms.base import At, VerbForm, happened_field, text_field
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.sentences import MEANS
from huiying.desk.cases.queries.standing import Standing

OTHER = "other"


class Report(VerbForm):
    """That somebody above was told."""

    slug, right, icon = "report", Right.REPORT_UP, "up"
    title, button, done = _("上报"), _("记下上报"), _("上报已记下。")
    note = _("先报事实，原因和处置进展随后续报。")

    to = forms.ChoiceField(label=_("报给"), required=False)
    other = forms.CharField(label=_("其他对象"), required=False, max_length=120)
    means = forms.ChoiceField(label=_("方式"), choices=list(MEANS.items()), widget=forms.RadioSelect)
    text = text_field(_("报了什么"), rows=5)
    result = forms.BooleanField(label=_("这是转交件的办理结果"), required=False)
    at = happened_field()
    recorded_late = forms.CharField(
        label=_("补记原因"),
        required=False,
        max_length=500,
        help_text=_("时限已过才补记的，写明为什么没有当时记；不写的按现在的时间算。"),
    )

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return not on.case.merged_into_id

    def prepare(self) -> None:
        plan = self.on.plan
        named = [(item.id, say(item.name)) for item in plan.recipients] if plan else []
        if not any(due.owed.rule == "transfer" for due in self.on.owed):
            del self.fields["result"]
        self.choose("to", [*named, (OTHER, _("其他"))] if named else [(OTHER, _("其他"))])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("to") in {"", OTHER} and not data.get("other"):
            self.add_error("other", say_now("请写报给谁。"))
        return data

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        to = data["other"] if data["to"] in {"", OTHER} else data["to"]
        actions.report_up(
            by=by,
            now=now,
            case=case,
            to=to,
            means=data["means"],
            text=data["text"],
            at=data["at"],
            recorded_late=data["recorded_late"],
            result=bool(data.get("result")),
        )


class Instruct(VerbForm):
    """A leader's words."""

    slug, right, icon = "instruct", Right.RECORD_INSTRUCTION, "edit"
    title, button, done = _("登记批示"), _("登记"), _("批示已登记，到时限前会提醒。")

    leader = forms.CharField(label=_("批示人"), max_length=60)
    text = text_field(_("批示原文"))
    due_at = At(label=_("落实时限"), required=False, help_text=_("批示没写时限的，按预案算。"))
    at = happened_field()

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.record_instruction(by=by, now=now, case=case, **self.cleaned_data)


class CarryOut(VerbForm):
    """An instruction is carried out."""

    slug, right, icon = "carry-out", Right.RECORD_INSTRUCTION, "check"
    title, button, done = _("落实批示"), _("记下落实"), _("落实情况已记下。")

    ref = forms.ChoiceField(label=_("批示"))
    text = text_field(_("落实情况"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.instructions)

    def prepare(self) -> None:
        self.choose(
            "ref",
            [(str(e.data["ref"]), f"{e.data['by']}：{e.data['text'][:60]}") for e in self.on.instructions],
        )

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.instruction_done(by=by, now=now, case=case, **self.cleaned_data)
