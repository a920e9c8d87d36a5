"""The institution and its units."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Institution, Unit


class InstitutionForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """Name and clock of the institution."""

    class Meta:
        model = Institution
        fields = ("name", "short_name", "higher_body", "zone", "public_intro")
        help_texts = {
            "name": _("与公章一致；答复、通报和公文都以它署名。"),
            "short_name": _("页面左上角用。"),
            "higher_body": _("首报、专报默认报给它。"),
            "zone": _("时限和值班按这个时区算。例：Asia/Shanghai。"),
            "public_intro": _("公开页顶上的一段话：谁在答复，怎样找到你们。"),
        }
        widgets = {"public_intro": forms.Textarea(attrs={"rows": 3})}


def split_words(text: str) -> list[str]:
    """Words that are set apart by commas, list commas, semicolons or line ends."""
    return [word.strip() for word in re.split(r"[,，、;；\n]", text) if word.strip()]


class UnitForm(forms.Form):
    """One unit."""

    name = forms.CharField(label=_("名称"), max_length=120)
    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        help_text=_("群众会怎么叫它，用顿号隔开。例：后勤、食堂科、总务处。用来认出帖文说的是谁的事。"),
    )
    duties = forms.CharField(
        label=_("职责"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("管哪些事，写得越具体，自动建议的承办部门越准。"),
    )
    parent = forms.ModelChoiceField(
        label=_("上级部门"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        empty_label=_("（无）"),
    )
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def clean_aliases(self) -> list[str]:
        return split_words(self.cleaned_data["aliases"])


class UnitLinesForm(forms.Form):
    """Units, one a line: the name, and after a colon what people call it."""

    lines = forms.CharField(
        label=_("部门"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false"}),
        help_text=_("一行一个。名称后加冒号可写别名：后勤处：后勤、食堂、宿管。"),
    )

    def clean_lines(self) -> list[tuple[str, list[str]]]:
        units: dict[str, list[str]] = {}
        for line in self.cleaned_data["lines"].splitlines():
            name, _colon, rest = line.strip().replace(":", "：", 1).partition("：")
            if name.strip():
                units[name.strip()[:120]] = split_words(rest)
        return list(units.items())
