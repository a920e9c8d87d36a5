"""Extensions, waivers."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions
from huiying.desk.cases.forms.base import At, VerbForm, text_field
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.standing import Standing


class Extend(VerbForm):
    """Ask for more time."""

    slug, right, icon, group = "extend", Right.ASK_EXTENSION, "clock", "clocks"
    title, button, done = _("申请延期"), _("提交申请"), _("延期申请已提交，等负责人批复。")
    note = _("要在时限之前申请。批准后新时限生效，并要告知诉求人；会计数。")

    obligation = forms.ChoiceField(label=_("哪一项"))
    new_due_at = At(label=_("新时限"))
    reason = text_field(_("理由"), rows=3, most=1000)

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and bool(cls._open(on))

    @staticmethod
    def _open(on: Standing) -> list[tuple[str, str]]:
        return [
            (due.owed.key, say(due.what))
            for due in on.owed
            if due.owed.state == "open" and due.owed.due_at > on.now and due.owed.key not in on.extensions
        ]

    def prepare(self) -> None:
        self.choose("obligation", self._open(self.on), empty=_("请选"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.ask_extension(by=by, now=now, case=case, **self.cleaned_data)


class Decide(VerbForm):
    """Grant or refuse."""

    slug, right, icon, group = "decide", Right.GRANT_EXTENSION, "check", "clocks"
    title, button, done = _("批延期"), _("批复"), _("已批复，申请人会收到通知。")

    obligation = forms.ChoiceField(label=_("申请"))
    verdict = forms.ChoiceField(
        label=_("批复"),
        choices=[("grant", _("同意")), ("refuse", _("不同意"))],
        widget=forms.RadioSelect,
    )
    reason = text_field(_("理由"), rows=3, most=1000, required=False, help_text=_("不同意时必填。"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.open and any(entry.actor != on.person.actor for entry in on.extensions.values())

    def prepare(self) -> None:
        names = self.on.names
        self.choose(
            "obligation",
            [
                (
                    key,
                    f"{names.owed(key)} → {names.at(entry.data['new_due_at'])}（{entry.data['reason'][:60]}）",
                )
                for key, entry in self.on.extensions.items()
            ],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "refuse" and not data.get("reason"):
            self.add_error("reason", say_now("请写不同意的理由。"))
        return data

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        if data["verdict"] == "grant":
            actions.grant_extension(by=by, now=now, case=case, obligation=data["obligation"])
        else:
            actions.refuse_extension(
                by=by, now=now, case=case, obligation=data["obligation"], reason=data["reason"]
            )


class Waive(VerbForm):
    """Not owed after all."""

    slug, right, icon, group = "waive", Right.WAIVE, "close", "clocks"
    title, button, done = _("免办"), _("免办"), _("已免办，理由留在记录里。")
    danger = True

    obligation = forms.ChoiceField(label=_("哪一项"))
    reason = text_field(_("理由"), rows=3, most=1000)

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return not on.case.merged_into_id and bool(on.owed)

    def prepare(self) -> None:
        self.choose("obligation", [(due.owed.key, say(due.what)) for due in self.on.owed], empty=_("请选"))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.waive(by=by, now=now, case=case, **self.cleaned_data)
