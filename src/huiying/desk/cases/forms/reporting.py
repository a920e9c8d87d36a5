"""Report upward, instructions."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions, evidence
from huiying.desk.cases.forms.base import At, FilesField, VerbForm, happened_field, late_field, text_field
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.sentences import MEANS
from huiying.desk.cases.queries.standing import Standing

OTHER = "other"
LEADERS = frozenset({Role.HEAD, Role.DEPUTY})


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
    recorded_late = late_field()

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


class InstructionFields(forms.Form):
    """A leader's words, who carries them out, and by when; the same on a case and on a paper."""

    leader = forms.CharField(label=_("批示人"), max_length=60)
    text = text_field(_("批示原文"))
    unit = forms.ModelChoiceField(
        label=_("由谁落实"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        empty_label=_("舆情办"),
        help_text=_("选了部门、还没有交办给它的，同时交办。"),
    )
    due_at = At(label=_("落实时限"), required=False, help_text=_("批示没写时限的，按预案算。"))
    at = happened_field()


def leader_of(person: Person) -> str:
    """The name under which a leader's own words stand; empty for whoever writes them down for a leader."""
    leads = any(post.role in LEADERS and post.unit_id is None for post in person.appointments.all())
    return f"{person.name}{person.title}" if leads else ""


class Instruct(InstructionFields, VerbForm):
    """A leader's words."""

    slug, right, icon = "instruct", Right.RECORD_INSTRUCTION, "edit"
    title, button, done = _("批示"), _("登记"), _("批示已登记，到时限前会提醒。")

    def prepare(self) -> None:
        self.initial.setdefault("leader", leader_of(self.on.person))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.record_instruction(by=by, now=now, case=case, **self.cleaned_data)


class CarryOut(VerbForm):
    """An instruction is carried out."""

    slug, right, icon = "carry-out", Right.CARRY_OUT, "check"
    title, button, done = _("落实批示"), _("记下落实"), _("落实情况已记下。")

    ref = forms.ChoiceField(label=_("批示"))
    text = text_field(_("落实情况"))
    proof = FilesField()

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.instructions)

    def prepare(self) -> None:
        self.choose(
            "ref",
            [(str(e.data["ref"]), f"{e.data['by']}：{e.data['text'][:60]}") for e in self.on.instructions],
        )

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        actions.instruction_done(
            by=by, now=now, case=case, ref=data["ref"], text=data["text"], evidence=proof
        )
