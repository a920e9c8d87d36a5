"""Hand over; accept, give back, report."""

from datetime import datetime

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions, evidence
from huiying.desk.cases.forms.base import At, FilesField, VerbForm, text_field, unit_choices, unit_of
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.standing import Standing
from huiying.desk.cases.stories import story_of
from huiying.engine.text import Text


class Assign(VerbForm):
    """Ask a unit."""

    slug, right, icon = "assign", Right.ASSIGN, "unit"
    title, button, done = _("交办"), _("交办"), _("已交办，承办人会收到通知。")
    note = _("首问负责：第一个交办的部门，在别的部门接办之前一直负责。")

    unit = forms.ChoiceField(label=_("部门"))
    part = forms.ChoiceField(
        label=_("分工"), choices=[("lead", _("牵头")), ("cooperating", _("配合"))], widget=forms.RadioSelect
    )
    text = text_field(_("要办什么"), rows=3, most=2000, required=False)
    due_at = At(label=_("办理时限"), required=False, help_text=_("不填的按预案算。"))
    reason = forms.CharField(
        label=_("改派理由"), max_length=1000, required=False, help_text=_("换牵头部门时必填。")
    )

    def prepare(self) -> None:
        self.choose("unit", unit_choices(Unit.objects.filter(active=True)), empty=_("请选"))
        self.initial.setdefault(
            "part", "cooperating" if self.on.facts.lead and not self._returned() else "lead"
        )
        unit, why = self._proposed()
        self.initial.setdefault("unit", unit)
        self.fields["unit"].help_text = why
        if not self.on.facts.asked_first:
            del self.fields["reason"]

    def _returned(self) -> bool:
        return any(part.part == "lead" and part.state == "declined" for part in self.on.facts.parts)

    def _proposed(self) -> tuple[str, str]:
        """The unit that the plan's routing or the story names, while nobody was asked; and why the story names it."""
        if self.on.facts.asked_first:
            return "", ""
        plan, case = self.on.plan, self.on.case
        routed = plan.route(case.subject, case.addressee) if plan else ""
        named = Unit.objects.filter(active=True, code=routed).first() if routed else None
        named = named or Unit.objects.filter(active=True, name=routed).first()
        if named is not None:
            return named.code, ""
        story = story_of(case)
        if story is None or story.unit is None or not story.unit.active:
            return "", ""
        words = [Text(*pair).say(get_language() or "zh-hans") for pair in story.unit_evidence]
        return story.unit.code, "；".join(words)

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.assign(
            by=by,
            now=now,
            case=case,
            unit=unit_of(data["unit"]),
            part=data["part"],
            due_at=data["due_at"],
            reason=data.get("reason", ""),
            text=data["text"],
        )


class _OfMyUnit(VerbForm):
    """A form for one of the reader's units."""

    states: tuple[str, ...] = ()

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.units_with(*cls.states))

    def prepare(self) -> None:
        self.choose("unit", unit_choices(self.on.units_with(*self.states)))
        if len(self.fields["unit"].choices) == 1:  # type: ignore[attr-defined]
            self.fields["unit"].widget = forms.HiddenInput()


class Accept(_OfMyUnit):
    """The unit takes it."""

    slug, right, icon, states = "accept", Right.ACCEPT_ASSIGNMENT, "check", ("asked",)
    title, button, done = _("接办"), _("接办"), _("已接办，办理时限见应办事项。")

    unit = forms.ChoiceField(label=_("部门"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.accept(by=by, now=now, case=case, unit=unit_of(self.cleaned_data["unit"]))


class Decline(_OfMyUnit):
    """The unit gives it back."""

    slug, right, icon, states = "decline", Right.ACCEPT_ASSIGNMENT, "left", ("asked", "accepted")
    title, button, done = _("退办"), _("退办"), _("已退办，舆情办会改派。")
    note = _("退办要写理由，会计数。你部门若是首问单位，在别的部门接办之前仍然负责。")
    danger = True

    unit = forms.ChoiceField(label=_("部门"))
    reason = text_field(_("理由"), rows=3, most=1000)

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.decline(by=by, now=now, case=case, unit=unit_of(data["unit"]), reason=data["reason"])


class UnitReport(_OfMyUnit):
    """The unit's result."""

    slug, right, icon, states = "unit-report", Right.ACCEPT_ASSIGNMENT, "unit", ("accepted", "reported")
    title, button, done = _("报办理结果"), _("报送"), _("办理结果已报给舆情办。")

    unit = forms.ChoiceField(label=_("部门"))
    text = text_field(_("办理结果"), rows=6)
    proof = FilesField()

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        proof = evidence.keep(case=case, by=by, now=now, files=data["proof"])
        unit = unit_of(data["unit"])
        actions.unit_report(by=by, now=now, case=case, unit=unit, text=data["text"], evidence=proof)
