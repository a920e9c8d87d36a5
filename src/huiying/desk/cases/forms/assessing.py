"""Verify, propose, confirm."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions, evidence
from huiying.desk.cases.access import holds
from huiying.desk.cases.assessing import measures, propose
from huiying.desk.cases.facts import proposer
from huiying.desk.cases.forms.base import FilesField, VerbForm, text_field
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.sentences import OUTCOMES
from huiying.desk.cases.queries.standing import Standing
from huiying.engine.plan.model import Plan


class Verify(VerbForm):
    """Facts and evidence."""

    slug, right, icon = "verify", Right.VERIFY, "check"
    title, button, done = _("核实"), _("记下核实结果"), _("核实结果已记下。")
    note = _("速报事实、慎报原因：只写核实到的事实，不推断原因，不急于定性。")

    outcome = forms.ChoiceField(label=_("结论"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    facts = text_field(_("核实到的事实"), rows=6)
    address = forms.URLField(
        label=_("证据地址"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("网页、通知等公开地址。"),
    )
    proof = FilesField()

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        proof += [{"address": data["address"]}] if data["address"] else []
        actions.verify(
            by=by, now=now, case=case, outcome=data["outcome"], facts=data["facts"], evidence=proof
        )


def _levels(plan: Plan) -> list[tuple[str, str]]:
    return [(str(level.number), say(level.name)) for level in plan.levels]


class Propose(VerbForm):
    """Assess: the system's level, or another with a reason."""

    slug, right, icon = "propose", Right.PROPOSE_LEVEL, "up"
    title, button, done = _("研判"), _("提出等级"), _("等级已提出，等负责人确认。")

    flags = forms.MultipleChoiceField(
        label=_("人工判断"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("系统看不出的情形，由人判断；勾选后按预案重算建议。"),
    )
    level = forms.ChoiceField(label=_("建议等级"), required=False)
    reason = text_field(_("理由"), rows=3, most=1000, required=False, help_text=_("与系统建议不同时必填。"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and on.grading is not None

    def prepare(self) -> None:
        plan = self.on.grading
        if plan is None:
            del self.fields["flags"]
            return
        flags = [(flag.id, say(flag.name)) for flag in plan.flags]
        if flags:
            self.fields["flags"].choices = flags  # type: ignore[attr-defined]
        else:
            del self.fields["flags"]
        self.choose("level", _levels(plan), empty=_("按系统建议"))
        self.measured, self.proposal = propose(self.on.case, plan, self.on.now, self._flags())

    def _flags(self) -> list[str]:
        if self.is_bound and hasattr(self.data, "getlist"):
            return list(self.data.getlist("flags"))
        return list(self.initial.get("flags", []))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("level") and self.proposal.level is None:
            self.add_error("level", say_now("依据不够任何一级，请选等级并写明理由。"))
        return data

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        level = int(data["level"]) if data["level"] else self.proposal.level
        actions.propose_level(
            by=by,
            now=now,
            case=case,
            level=level or 0,
            proposal=self.proposal,
            reason=data["reason"],
            measures=measures(self.measured),
        )


class Confirm(VerbForm):
    """The named role decides."""

    slug, right, icon = "confirm", Right.CONFIRM_LEVEL, "flag"
    title, button, done = _("定级"), _("确定等级"), _("等级已定，应办事项已按预案排出。")

    level = forms.ChoiceField(label=_("等级"), widget=forms.RadioSelect)
    matter = forms.ChoiceField(label=_("事项种类"), required=False, help_text=_("时限按种类算。"))
    reason = text_field(_("理由"), rows=3, most=1000, required=False, help_text=_("与建议一致时可不填。"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and any(cls._allowed(on))

    @staticmethod
    def _allowed(on: Standing) -> list[int]:
        plan = on.grading
        if plan is None:
            return []
        own = proposer(on.entries) == on.person.actor
        return [
            level.number
            for level in plan.levels
            if holds(on.person, plan.confirmers(level.number), on.now) and not (own and level.second_person)
        ]

    def prepare(self) -> None:
        plan = self.on.grading
        allowed = set(self._allowed(self.on))
        options = [
            (number, word) for number, word in (_levels(plan) if plan else []) if int(number) in allowed
        ]
        proposed = self.on.facts.proposed_level
        if proposed in allowed:
            self.initial.setdefault("level", str(proposed))
        self.choose("level", options)
        matters = [(item.id, say(item.name)) for item in plan.matters] if plan else []
        if matters:
            self.initial.setdefault("matter", self.on.facts.matter)
            self.choose("matter", matters, empty=_("按默认"))
        else:
            del self.fields["matter"]
        if plan is not None:
            self.measured, self.proposal = propose(self.on.case, plan, self.on.now, self._flags())

    def _flags(self) -> list[str]:
        entry = self.on.proposed
        return list(entry.data.get("measures", {}).get("flags", [])) if entry else []

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.confirm_level(
            by=by,
            now=now,
            case=case,
            level=int(data["level"]),
            reason=data["reason"],
            matter=data.get("matter", ""),
        )
