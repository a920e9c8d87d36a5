"""Forms of meetings with the press."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.forms.base import At, FilesField, text_field
from huiying.desk.joint.actions.press import STAGES
from huiying.desk.joint.forms.base import Form
from huiying.desk.joint.forms.people import titled
from huiying.desk.joint.models import TIERS, Attending, Briefing
from huiying.desk.joint.queries import colleagues
from huiying.desk.library.models import MediaContact

WORKING = MediaContact.objects.filter(active=True)


class BriefingForm(Form):
    """What is planned."""

    kind = forms.ChoiceField(label=_("形式"), choices=Briefing.Kind.choices, widget=forms.RadioSelect)
    stage = forms.ChoiceField(label=_("阶段"), choices=[(one.value, one.label) for one in STAGES])
    topic = forms.CharField(label=_("主题"), max_length=200)
    at = At(label=_("时间"))
    place = forms.CharField(label=_("举行地点"), max_length=200)
    spokesperson: Any = forms.ModelChoiceField(
        label=_("发言人"), queryset=Person.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spokesperson"].queryset = colleagues()  # type: ignore[attr-defined]
        self.fields["spokesperson"].label_from_instance = titled  # type: ignore[attr-defined]
        if changing:
            del self.fields["kind"]

    @classmethod
    def of(cls, it: Briefing) -> "BriefingForm":
        """The form as it is planned."""
        names = ("stage", "topic", "at", "place", "spokesperson")
        return cls(initial={name: getattr(it, name) for name in names}, changing=True)


class OutletForm(Form):
    """One outlet, from the list of contacts or by name."""

    contact: Any = forms.ModelChoiceField(
        label=_("媒体联系人"), queryset=WORKING, required=False, empty_label=_("名单里没有")
    )
    outlet = forms.CharField(
        label=_("媒体"), max_length=120, required=False, help_text=_("选了联系人的不用填。")
    )
    tier = forms.ChoiceField(label=_("层级"), choices=[("", _("按联系人")), *TIERS], required=False)


class HigherForm(Form):
    """The higher body's approval and guidance."""

    body = forms.CharField(label=_("批准单位"), max_length=120)
    ref = forms.CharField(label=_("文号或来电记录"), max_length=120)
    guidance = text_field(_("指导意见"), rows=3, most=2000)
    at = At(label=_("什么时候批的"), required=False, help_text=_("就是现在的不用填。"))
    proof = FilesField(label=_("批件"))


class HeldForm(Form):
    """Which outlets came."""

    came: Any = forms.ModelMultipleChoiceField(
        label=_("到场的媒体"), queryset=Attending.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    held_at = At(label=_("实际时间"), required=False, help_text=_("开始时就按下最好；补记的才填。"))

    def __init__(self, *args: Any, it: Briefing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came"].queryset = it.outlets.all()  # type: ignore[attr-defined]
        self.initial.setdefault("came", list(it.outlets.all()))


class SaidForm(Form):
    """What was said."""

    text = text_field(
        _("讲了什么"), rows=10, most=20_000, help_text=_("照实记要点或全文，保存时与口径核对。")
    )
    explained = forms.CharField(
        label=_("与口径不一致的原因和更正办法"), max_length=500, required=False, help_text=_("一致的不用填。")
    )


class QuestionForm(Form):
    """What was asked and is open."""

    outlet = forms.CharField(label=_("哪家媒体"), max_length=120)
    text = forms.CharField(label=_("问题"), max_length=500)


class ReplyForm(Form):
    """The answer."""

    answer = text_field(_("怎样答复的"), rows=3)


class TalkForm(Form):
    """One time that we spoke with a contact about this case."""

    contact: Any = forms.ModelChoiceField(label=_("媒体联系人"), queryset=WORKING, empty_label=_("请选"))
    about = forms.CharField(label=_("谈了什么"), max_length=500)
    at = At(label=_("时间"), required=False, help_text=_("就是现在的不用填。"))
