"""Forms of meetings and minutes."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases.forms.base import At, text_field
from huiying.desk.joint.forms.base import Form
from huiying.desk.joint.models import Invitation, Meeting
from huiying.desk.joint.queries import chairs
from huiying.desk.joint.steps import Offer, proposed

#: Who is asked to a joint meeting, to begin with.
USUAL = (Role.HEAD, Role.DEPUTY, Role.OFFICE, Role.DUTY, Role.SPOKESPERSON)


class CallForm(Form):
    """A meeting: which, when, where, who, about what."""

    kind = forms.ChoiceField(label=_("会议"), choices=Meeting.Kind.choices, widget=forms.RadioSelect)
    at = At(label=_("时间"))
    way = forms.ChoiceField(label=_("开会方式"), choices=Meeting.Way.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label=_("地点或会议号"), max_length=200, help_text=_("电话和视频会议写号码或链接。")
    )
    chair: Any = forms.ModelChoiceField(
        label=_("主持"), queryset=Person.objects.none(), empty_label=None, help_text=_("纪要由主持人审定。")
    )
    roles = forms.MultipleChoiceField(
        label=_("请哪些岗位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    units: Any = forms.ModelMultipleChoiceField(
        label=_("请哪些部门"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("由部门的承办人参加。"),
    )
    guests = text_field(
        _("外单位"), rows=2, most=1000, required=False, help_text=_("一行一家，写单位和职务；另行书面邀请。")
    )
    agenda = text_field(_("议题"), rows=6, most=2000, help_text=_("一行一题。已按这一件填好，可以改。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = chairs()  # type: ignore[attr-defined]
        roles = [role for role in Role if role in TABLE[Right.ACKNOWLEDGE] - {Role.HANDLER}]
        self.fields["roles"].choices = [(role.value, _with_names(role)) for role in roles]  # type: ignore[attr-defined]


def _with_names(role: Role) -> str:
    """A role and who holds it, so that whoever calls sees whom the notice reaches."""
    names = say("、").join(str(person) for person in holders(role))
    return f"{role.label} · {names}" if names else str(role.label)


class AnswerForm(Form):
    """Whether one comes."""

    answer = forms.ChoiceField(
        label=_("回复"), choices=Invitation.Answer.choices[1:], widget=forms.RadioSelect, initial="coming"
    )
    words = forms.CharField(
        label=_("原因，或派谁"), max_length=200, required=False, help_text=_("不能亲自来的必填。")
    )


class WhyForm(Form):
    """Why."""

    why = forms.CharField(label=_("原因"), max_length=300)


class HoldForm(Form):
    """Who came."""

    came: Any = forms.ModelMultipleChoiceField(
        label=_("到会"), queryset=Invitation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    guests = text_field(
        _("外单位到会"), rows=2, most=1000, required=False, help_text=_("一行一人：单位、职务。")
    )
    held_at = At(label=_("实际开会时间"), required=False, help_text=_("就是现在的不用填。"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["came"]
        rows = meeting.invitations.select_related("person", "unit")
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.person}（{one.post}）"  # type: ignore[attr-defined]
        self.initial.setdefault("came", [one.pk for one in rows if one.answer in ("", "coming")])
        self.initial.setdefault("guests", meeting.guests)


class MinutesForm(Form):
    """The minutes and the handling plan."""

    minutes = text_field(_("会议情况"), rows=8, most=8000, required=False)
    assessment = text_field(
        _("研判意见"), rows=3, required=False, help_text=_("性质、走势、风险，依据是什么。")
    )
    handling = text_field(_("线下处置"), rows=3, required=False, help_text=_("谁到现场、做什么、何时完成。"))
    wording = text_field(
        _("口径与发布"), rows=3, required=False, help_text=_("口径怎样定、谁审、从哪里发、谁来讲。")
    )
    monitoring = text_field(
        _("监测与信息报送"), rows=3, required=False, help_text=_("盯什么、多久看一次、向谁报、多久报一次。")
    )

    @classmethod
    def of(cls, meeting: Meeting) -> "MinutesForm":
        """The form as the minutes stand."""
        return cls(initial={name: getattr(meeting, name) for name in cls.base_fields})


class DecisionForm(Form):
    """One thing decided."""

    text = forms.CharField(label=_("议定事项"), max_length=500)
    unit: Any = forms.ModelChoiceField(
        label=_("责任部门"), queryset=Unit.objects.filter(active=True), empty_label=_("请选")
    )
    due_at = At(label=_("完成时限"))


class AdoptForm(Form):
    """What is settled with the minutes."""

    steps = forms.MultipleChoiceField(
        label=_("同时办结预案的这些步骤"), required=False, widget=forms.CheckboxSelectMultiple
    )
    at = At(label=_("实际审定时间"), required=False, help_text=_("会上当场审定、现在补记的才填。"))
    recorded_late = forms.CharField(label=_("为什么补记"), max_length=500, required=False)

    def __init__(self, *args: Any, meeting: Meeting, given: list[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        field = self.fields["steps"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.key, _worded(one, language)) for one in given]
        self.initial.setdefault("steps", proposed(meeting.kind, given))
        if not given:
            del self.fields["steps"]


def _worded(one: Offer, language: str) -> str:
    label, note = one.label.say(language), one.note.say(language)
    return (
        f"{label}（{note}）"
        if note and not language.startswith("en")
        else f"{label} ({note})"
        if note
        else label
    )
