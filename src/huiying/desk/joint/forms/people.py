"""Forms of task forces and advisers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.forms.base import At, FilesField, text_field
from huiying.desk.joint.forms.base import Form
from huiying.desk.joint.models import Adviser, Meeting
from huiying.desk.joint.queries import colleagues


class ForceForm(Form):
    """A task force."""

    name = forms.CharField(label=_("名称"), max_length=80)
    leader: Any = forms.ModelChoiceField(
        label=_("组长"), queryset=Person.objects.none(), empty_label=_("请选")
    )
    members: Any = forms.ModelMultipleChoiceField(
        label=_("成员"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("专班在，成员就能看这一件；解散或退出后只看本来能看的。"),
    )
    duties = text_field(_("任务"), rows=4, most=2000, help_text=_("现场处置、舆论应对、监测报告各由谁管。"))
    meeting: Any = forms.ModelChoiceField(
        label=_("由哪次会议定"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("不是会议定的"),
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = self.fields["members"].queryset = colleagues()  # type: ignore[attr-defined]
        self.fields["members"].label_from_instance = titled  # type: ignore[attr-defined]
        self.fields["leader"].label_from_instance = titled  # type: ignore[attr-defined]
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        if not meetings:
            del self.fields["meeting"]


def titled(person: Person) -> str:
    """Somebody as lists of people show them."""
    return f"{person}（{person.title}）" if person.title else str(person)


class JoinForm(Form):
    """One more member."""

    person: Any = forms.ModelChoiceField(label=_("谁"), queryset=Person.objects.none(), empty_label=_("请选"))
    duty = forms.CharField(label=_("分工"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues()  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = titled  # type: ignore[attr-defined]


class AdviserForm(forms.ModelForm):  # type: ignore[type-arg]
    """An expert of the institution's own list."""

    class Meta:
        model = Adviser
        fields = ("name", "post", "field", "reach")
        help_texts = {
            "field": _("例：食品安全、桥梁检测、危机传播。"),
            "reach": _("只记工作用的。不记私人的事。"),
        }


class OpinionForm(Form):
    """What an adviser said."""

    adviser: Any = forms.ModelChoiceField(
        label=_("专家"), queryset=Adviser.objects.filter(active=True), empty_label=_("请选")
    )
    question = text_field(_("请教什么"), rows=2, most=1000)
    text = text_field(_("专家的意见"), rows=6, most=8000, help_text=_("照原意写，是判断还是事实要分清。"))
    at = At(label=_("什么时候说的"), required=False, help_text=_("就是现在的不用填。"))
    proof = FilesField(label=_("书面意见等附件"))
