"""Urging, supervision, written requests to other bodies."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions, evidence
from huiying.desk.cases.forms.base import (
    At,
    FilesField,
    VerbForm,
    happened_field,
    late_field,
    text_field,
    unit_choices,
    unit_of,
)
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.sentences import MEANS_OF_LETTERS, OUTCOMES_OF_REQUESTS
from huiying.desk.cases.queries.standing import Standing
from huiying.engine.journal import Entry


class Urge(VerbForm):
    """An urging or a supervision notice."""

    slug, right, icon, group = "urge", Right.URGE, "bell", "clocks"
    title, button, done = _("催办、督办"), _("发出"), _("已编号发出，抄送上级。")
    note = _("要出书面督办单的，从下面“报送与文件”拟“督办单”，签发后发出，同样记入督办台账。")

    unit = forms.ChoiceField(label=_("部门"))
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=[("urge", _("催办")), ("supervise", _("督办"))],
        widget=forms.RadioSelect,
        initial="urge",
        help_text=_("催办抄送分管负责人，督办抄送负责人。"),
    )
    text = text_field(_("催什么"), rows=3, most=1000)
    due_at = At(label=_("回复时限"), required=False, help_text=_("不填的按预案算。"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.shares)

    def prepare(self) -> None:
        self.choose("unit", unit_choices(dict.fromkeys(share.unit for share in self.on.shares)))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.urge(
            by=by,
            now=now,
            case=case,
            unit=unit_of(data["unit"]),
            text=data["text"],
            due_at=data["due_at"],
            supervision=data["kind"] == "supervise",
        )


def _numbered(entries: list[Entry], field: str) -> list[tuple[str, str]]:
    return [(str(e.data["number"]), f"{e.data['number']}. {str(e.data[field])[:60]}") for e in entries]


class _Answer(VerbForm):
    """What came back, when, with its proof."""

    number = forms.ChoiceField()
    text = text_field("")
    proof = FilesField()
    at = happened_field()
    recorded_late = late_field()

    def given(self, by: Person, now: datetime, case: Case) -> dict[str, Any]:
        """What the verb takes; the files are kept first, in the same transaction."""
        data = dict(self.cleaned_data)
        proof = evidence.keep(case=case, by=by, now=now, files=data.pop("proof"))
        return {**data, "number": int(data["number"]), "evidence": proof}


class AnswerUrge(_Answer):
    """Reply to an urging notice."""

    slug, right, icon, group = "answer-urge", Right.ADD_NOTE, "reply", "clocks"
    title, button, done = _("回复催办"), _("回复"), _("已回复，这一号催办销号。")

    number = forms.ChoiceField(label=_("催办"))
    text = text_field(_("办到哪一步"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.urges)

    def prepare(self) -> None:
        self.choose("number", _numbered(self.on.urges, "text"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.answer_urge(by=by, now=now, case=case, **self.given(by, now, case))


class AnswerRequest(_Answer):
    """The answer of a body that was asked in writing."""

    slug, right, icon, group = "answer-request", Right.WRITE_REPORTS, "reply", "clocks"
    title, button, done = _("登记复函"), _("登记"), _("复函已登记，这一号协调函销号。")

    number = forms.ChoiceField(label=_("协调函"))
    outcome = forms.ChoiceField(
        label=_("结果"), choices=list(OUTCOMES_OF_REQUESTS.items()), widget=forms.RadioSelect
    )
    text = text_field(_("对方怎样答复"), help_text=_("不再等复函的，写明为什么。"))
    field_order = ("number", "outcome", "text", "proof", "at", "recorded_late")

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return bool(on.requests)

    def prepare(self) -> None:
        self.choose("number", _numbered(self.on.requests, "to"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.answer_request(by=by, now=now, case=case, **self.given(by, now, case))


class RequestAgain(VerbForm):
    """No answer came: ask again."""

    slug, right, icon, group = "request-again", Right.WRITE_REPORTS, "bell", "clocks"
    title, button, done = _("催问复函"), _("记下催问"), _("已记下催问，到新的时限会提醒。")

    number = forms.ChoiceField(label=_("协调函"))
    means = forms.ChoiceField(label=_("怎样催问的"), choices=list(MEANS_OF_LETTERS.items()), initial="phone")
    text = text_field(_("对方怎样说"), rows=3, most=1000)
    due_at = At(label=_("新的时限"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(on.requests)

    def prepare(self) -> None:
        self.choose("number", _numbered(self.on.requests, "to"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.request_again(by=by, now=now, case=case, **{**data, "number": int(data["number"])})
