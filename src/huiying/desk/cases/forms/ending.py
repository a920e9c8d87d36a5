"""Merging, calling back, closing, opening again."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say_now
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions
from huiying.desk.cases.access import visible
from huiying.desk.cases.forms.base import VerbForm, text_field
from huiying.desk.cases.loose import ANSWERED, TOLD_OF_EXTENSION
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.standing import Standing
from huiying.desk.collect.models import Mention
from huiying.engine.journal import Kind


class AddMentions(VerbForm):
    """More posts."""

    slug, right, icon = "add-mentions", Right.OPEN_CASE, "mention"
    title, button, done = _("加帖文"), _("加进来"), _("帖文已加进来。")

    numbers = forms.CharField(
        label=_("帖文编号"),
        max_length=400,
        help_text=_("帖文页地址里的数字，几条用空格隔开；从话题页可以整批加。"),
    )

    def clean_numbers(self) -> list[Mention]:
        words = self.cleaned_data["numbers"].replace(",", " ").replace("，", " ").split()
        if not all(word.isdigit() and len(word) < 19 for word in words):
            raise ValidationError(say_now("编号只含数字。"))
        found = list(Mention.objects.filter(pk__in=[int(word) for word in words]))
        if len(found) != len(set(words)):
            raise ValidationError(say_now("有的编号找不到帖文。"))
        return found

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.add_mentions(by=by, now=now, case=case, mentions=self.cleaned_data["numbers"])


class Merge(VerbForm):
    """A repeated request joins this case."""

    slug, right, icon, group = "merge", Right.MERGE_CASES, "merge", "end"
    title, button, done = _("并单"), _("并入本件"), _("已并入。那一件的诉求人也要逐一答复。")
    note = _("把重复的诉求并入本件。被并的件不再单独办，但每一位诉求人都要得到答复，答复前本件不能办结。")

    others = forms.ModelMultipleChoiceField(
        label=_("并入哪几件"), queryset=Case.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("理由"), max_length=1000, required=False)

    def prepare(self) -> None:
        case = self.on.case
        rows = visible(self.on.person).filter(closed_at=None, merged_into=None, drill=case.drill)
        self.fields["others"].queryset = rows.exclude(pk=case.pk).order_by("-opened_at")  # type: ignore[attr-defined]

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        for other in self.cleaned_data["others"]:
            actions.merge(by=by, now=now, case=case, other=other, reason=self.cleaned_data["reason"])


class AnswerAsker(VerbForm):
    """The asker of a merged case has an answer."""

    slug, right, icon, group = "answer-asker", Right.ADD_NOTE, "reply", "end"
    title, button, done = _("答复并单的诉求人"), _("记下答复"), _("已记下：诉求人得到了答复。")

    text = text_field(
        _("怎样答复的"), rows=3, most=1000, help_text=_("例：在原帖下回复，或电话告知，附答复地址。")
    )

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return bool(on.case.merged_into_id) and not on.of_kind(Kind.DONE, step=ANSWERED)

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.answer_asker(by=by, now=now, case=case, **self.cleaned_data)


class TellOfExtension(VerbForm):
    """The asker knows of the extension."""

    slug, right, icon, group = "tell-of-extension", Right.ADD_NOTE, "phone", "clocks"
    title, button, done = _("告知诉求人已延期"), _("记下告知"), _("已记下告知。")

    request = forms.ChoiceField(label=_("哪次延期"))
    text = text_field(_("怎样告知的"), rows=3, most=1000)

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return bool(cls._untold(on))

    @staticmethod
    def _untold(on: Standing) -> list[tuple[str, str]]:
        told = {entry.data.get("request") for entry in on.of_kind(Kind.DONE, step=TOLD_OF_EXTENSION)}
        return [
            (
                str(entry.data.get("request")),
                f"{on.names.owed(entry.data['obligation'])} → {on.names.at(entry.data.get('new_due_at'))}",
            )
            for entry in on.of_kind(Kind.EXTENSION_GRANTED)
            if entry.data.get("request") not in told
        ]

    def prepare(self) -> None:
        self.choose("request", self._untold(self.on))

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        actions.tell_of_extension(by=by, now=now, case=case, request=int(data["request"]), text=data["text"])


class CallBack(VerbForm):
    """What the asker says."""

    slug, right, icon, group = "call-back", Right.CALL_BACK, "phone", "end"
    title, button, done = _("回访"), _("记下回访"), _("回访已记下。")
    note = _("“未解决”会让已办结的件重新办理。")

    solved = forms.ChoiceField(
        label=_("问题解决了吗"), choices=[("yes", _("已解决")), ("no", _("未解决"))], widget=forms.RadioSelect
    )
    satisfied = forms.ChoiceField(
        label=_("满意吗"),
        choices=[("yes", _("满意")), ("no", _("不满意")), ("", _("未表态"))],
        widget=forms.RadioSelect,
        required=False,
    )
    text = text_field(_("回访情况"))

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return not on.case.merged_into_id and bool(on.of_kind(Kind.PUBLISHED) or on.case.closed_at)

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        data = self.cleaned_data
        satisfied = {"yes": True, "no": False}.get(data["satisfied"])
        actions.call_back(
            by=by, now=now, case=case, solved=data["solved"] == "yes", satisfied=satisfied, text=data["text"]
        )


class Close(VerbForm):
    """Nothing is owed any more."""

    slug, right, icon, group = "close", Right.CLOSE_CASE, "ok", "end"
    title, button, done = _("办结"), _("办结"), _("已办结。")

    summary = text_field(
        _("办结情况"), rows=6, help_text=_("反映的是什么，怎样核实、处置、答复的，结果如何。")
    )

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.close(by=by, now=now, case=case, **self.cleaned_data)


class Reopen(VerbForm):
    """Handle it again."""

    slug, right, icon, group = "reopen", Right.REOPEN, "refresh", "end"
    title, button, done = _("重新办理"), _("重新办理"), _("已重新办理，时限重新计。")

    reason = text_field(_("为什么"), rows=3, most=1000)
    relapse = forms.BooleanField(label=_("属于复发（同一件事又起）"), required=False)

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.closed_at is not None and not on.case.merged_into_id

    def prepare(self) -> None:
        self.initial.setdefault("relapse", self.on.case.back > 0)

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.reopen(by=by, now=now, case=case, **self.cleaned_data)


class NoRelapse(VerbForm):
    """New posts, but no relapse."""

    slug, right, icon, group = "no-relapse", Right.REOPEN, "eye", "end"
    title, button, done = _("不属复发"), _("记下判断"), _("已记下：不属复发。")

    reason = text_field(_("为什么不算"), rows=3, most=1000)

    @classmethod
    def possible(cls, on: Standing) -> bool:
        return on.case.back > 0 and on.case.closed_at is not None

    def act(self, *, by: Person, now: datetime, case: Case) -> None:
        actions.no_relapse(by=by, now=now, case=case, **self.cleaned_data)
