"""The questions that lead an after-action review; knowledge, media contacts, periods."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from huiying.desk.cases.forms.base import At
from huiying.desk.library.models import Knowledge, MediaContact


def _answer(label: object, rows: int, help_text: object, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=area, required=required, max_length=8000, help_text=help_text)  # type: ignore[arg-type]


class ReviewForm(forms.Form):
    """What happened, what went well, what did not, what is done differently, what may come."""

    summary = _answer(_("经过"), 5, _("什么时候、从哪里发现，怎样发展，怎样了结。"), required=True)
    worked = _answer(_("哪些做对了"), 3, _("下次照样做的。"))
    failed = _answer(_("哪些没做好"), 3, _("哪一步慢了、漏了，为什么。"))
    lessons = _answer(_("经验与教训"), 4, _("换一个人来办，也能照着做的话。"), required=True)
    outlook = _answer(_("后续研判"), 3, _("还可能怎样，要盯住什么。"))


class KnowledgeForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the knowledge base."""

    class Meta:
        model = Knowledge
        fields = ("title", "text", "basis", "unit", "check_on")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 9}),
            "check_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": _("像提问的人那样写。"),
            "basis": _("哪份文件、哪一条，或谁说的。"),
            "check_on": _("到这一天要有人再看一遍还对不对。"),
        }


class CheckForm(forms.Form):
    """It still holds; when to look again."""

    check_on = forms.DateField(label=_("下次核对日期"), widget=forms.DateInput(attrs={"type": "date"}))


class WhyForm(forms.Form):
    """Why something is withdrawn."""

    why = forms.CharField(label=_("为什么停用"), max_length=300)


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody at an outlet."""

    class Meta:
        model = MediaContact
        fields = ("outlet", "tier", "name", "role", "reach")
        help_texts = {"reach": _("只记工作用的。不记私人的事。")}


class TalkForm(forms.Form):
    """One time that we spoke."""

    about = forms.CharField(label=_("谈了什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    at = At(label=_("时间"), required=False, help_text=_("就是现在的不用填。"))
    case = forms.CharField(
        label=_("关于哪一件"), required=False, max_length=20, help_text=_("舆情件编号，没有就空着。")
    )


class PeriodForm(forms.Form):
    """From and to, both days included."""

    since = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("since") or not data.get("until"):
            return data
        if data["until"] < data["since"]:
            raise forms.ValidationError(say("结束日期早于开始日期。"))
        if not 2000 <= data["since"].year <= data["until"].year <= 2100:
            raise forms.ValidationError(say("年份要在 2000 到 2100 之间。"))
        return data
