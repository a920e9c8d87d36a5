"""What people fill in: lines, drafts, verdicts, publication, corrections asked for."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.models import Mention
from huiying.desk.notify.models import Outlet
from huiying.desk.replies.models import Draft, Form, Lines, Referral, Stage, WordRule
from huiying.desk.shell.zone import here

AREA = {"rows": 3}


def _area(rows: int, hint: Any = "") -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": hint})


class LinesForm(forms.Form):
    """One version of the lines to take."""

    facts = forms.CharField(
        label=_("事实"), required=False, widget=_area(4), help_text=_("一行一条，写清时间、地点、做了什么。")
    )
    figures = forms.CharField(
        label=_("数字"),
        required=False,
        widget=_area(3),
        help_text=_("一行一个：名称 = 数值，例：受影响宿舍楼 = 3栋"),
    )
    causes = forms.CharField(
        label=_("已核实的原因"),
        required=False,
        widget=_area(2),
        help_text=_("没写在这里的原因，对外一律不说。"),
    )
    wording = forms.CharField(
        label=_("统一表述"),
        required=False,
        widget=_area(2),
        help_text=_("一行一条：不用的说法 => 用的说法；或只写要用的说法。"),
    )
    not_yet = forms.CharField(
        label=_("暂不对外"), required=False, widget=_area(2), help_text=_("一行一条：什么事：为什么")
    )
    handling = forms.CharField(
        label=_("同时定下的处置"),
        required=False,
        widget=_area(2),
        help_text=_("处置和口径一起定：谁去办、什么时候办完。"),
    )
    outlet = forms.CharField(
        label=_("发布出口"), required=False, max_length=120, help_text=_("由谁、从哪里发；别处不发。")
    )

    @classmethod
    def of(cls, lines: Lines | None) -> "LinesForm":
        """A form that begins with what an earlier version says."""
        return cls(initial={name: getattr(lines, name) for name in cls.base_fields} if lines else None)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=_area(2))


class CommentForm(forms.Form):
    """A word that is not required."""

    comment = forms.CharField(label=_("意见"), max_length=2000, required=False, widget=_area(2))


class StartForm(forms.Form):
    """What kind of text to begin."""

    form = forms.ChoiceField(label=_("形式"), choices=Form.choices, initial=Form.REPLY)
    stage = forms.ChoiceField(label=_("阶段"), choices=Stage.choices)
    mention: Any = forms.ModelChoiceField(
        label=_("答复哪一条"), queryset=Mention.objects.none(), required=False, empty_label=_("整件事")
    )

    def __init__(self, *args: Any, mentions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mention"].queryset = mentions  # type: ignore[attr-defined]


class DraftForm(forms.Form):
    """The text and everything that goes out with it."""

    form = forms.ChoiceField(label=_("形式"), choices=Form.choices)
    stage = forms.ChoiceField(label=_("阶段"), choices=Stage.choices)
    title = forms.CharField(label=_("标题"), max_length=200)
    asked = forms.CharField(
        label=_("问了什么"),
        max_length=300,
        required=False,
        widget=_area(2),
        help_text=_("公开页上给大家看的问题，不写姓名、号码。"),
    )
    text = forms.CharField(
        label=_("正文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off"}),
    )
    promise_text = forms.CharField(label=_("承诺什么"), max_length=200, required=False)
    promise_on = forms.DateField(
        label=_("最迟哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    unsure = forms.BooleanField(label=_("把握不准，请负责人审"), required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the one that the writer saw

    @classmethod
    def of(cls, draft: Draft) -> "DraftForm":
        """The form as the draft stands."""
        names = ("form", "stage", "title", "asked", "text", "promise_text", "unsure", "revision")
        initial = {name: getattr(draft, name) for name in names}
        return cls(initial=initial | {"promise_on": last_day(draft.promise_due_at)})

    def values(self) -> dict[str, Any]:
        """What the actions keep; a day that was promised ends at its midnight."""
        data = dict(self.cleaned_data)
        data.pop("revision", None)
        data["promise_due_at"] = end_of_day(data.pop("promise_on", None))
        return data

    def tolerant(self) -> dict[str, Any]:
        """As `values`, leaving out what cannot be read: what is kept while somebody is typing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        if "promise_on" in data:
            data["promise_due_at"] = end_of_day(data.pop("promise_on"))
        return data


def end_of_day(day: date | None) -> datetime | None:
    """The instant at which `day` ends on the desk's clock."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=here()) + timedelta(days=1)


def last_day(due_at: datetime | None) -> date | None:
    """The last day on which a promise can still be kept."""
    return (due_at - timedelta(microseconds=1)).astimezone(here()).date() if due_at else None


class PublishForm(forms.Form):
    """Where a text goes besides our own page."""

    outlets = forms.ModelMultipleChoiceField(
        label=_("由机器发到"),
        queryset=Outlet.objects.filter(active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    under_post = forms.BooleanField(label=_("在原帖下回复（人工发，发后登记网址）"), required=False)
    elsewhere = forms.CharField(
        label=_("还要人工发到"),
        required=False,
        max_length=400,
        help_text=_("一行一处，例：学校微信公众号。"),
        widget=_area(2),
    )


class UrgentForm(PublishForm):
    """The same, and why it cannot wait."""

    reason = forms.CharField(label=_("为什么等不到审批"), max_length=500, widget=_area(2))


class CopyForm(forms.Form):
    """The final address of a text that a person put somewhere."""

    address = forms.URLField(
        label=_("发布后的网址"),
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    at = forms.DateTimeField(
        label=_("什么时候发的"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class PlaceForm(forms.Form):
    """One more place for a published text."""

    place = forms.CharField(label=_("还要发到哪里"), max_length=120)


class WordRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """An entry of the institution's own list of words."""

    class Meta:
        model = WordRule
        fields = ("words", "rigour", "why", "use", "unless")
        widgets = {"words": _area(2), "unless": _area(1)}
        help_texts = {
            "words": _("一行一个。"),
            "use": _("起草时一键换成它。"),
            "unless": _("一行一个，例：写了“残废”，“伤残废品”不算。"),
        }


class ReferralForm(forms.ModelForm):  # type: ignore[type-arg]
    """One claim or one ground, the facts, the evidence, one address."""

    class Meta:
        model = Referral
        fields = ("kind", "ground", "address", "claim", "fact", "evidence", "recipient")
        widgets = {
            "kind": forms.RadioSelect,
            "ground": forms.RadioSelect,
            "claim": _area(2),
            "fact": _area(3),
            "evidence": _area(3),
        }
        help_texts = {
            "address": _("那一条内容自己的网址，不是作者的主页。"),
            "claim": _("照抄有问题的那一句。评价、意见、提问都不行。"),
            "fact": _("核实到的事实。不写作者是谁。"),
            "evidence": _("一行一项：文件、照片、记录的名称和编号。"),
            "recipient": _("平台的投诉渠道，或有权机关。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "ground"):
            field = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0]]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The second person's word."""

    words = forms.CharField(label=_("意见"), max_length=500, required=False, widget=_area(2))


class MeansForm(forms.Form):
    """How it was handed over."""

    means = forms.CharField(label=_("怎样送出"), max_length=120, help_text=_("函件文号，或平台的投诉编号。"))


class OutcomeForm(forms.Form):
    """What became of it."""

    words = forms.CharField(label=_("对方的答复或处理"), max_length=2000, widget=_area(3))
