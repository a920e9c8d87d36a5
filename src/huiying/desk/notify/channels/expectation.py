"""The fields that say what a good answer looks like, for ways whose answers differ from place to place."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


class ExpectationForm(forms.Form):
    """A place in the JSON answer and its value, or a pattern that the body must contain."""

    path = forms.CharField(
        label=_("应答中的位置"),
        required=False,
        max_length=100,
        help_text=_("JSON 应答里表示成败的字段，如 code 或 data.status。"),
    )
    value = forms.CharField(
        label=_("成功时的值"), required=False, max_length=100, help_text=_("如 0、true、success。")
    )
    pattern = forms.CharField(
        label=_("或：成功时应答含有"),
        required=False,
        max_length=200,
        help_text=_('正则表达式，如 ^OK 或 "status":"0"。填了位置就不看这一项。'),
    )

    def clean_pattern(self) -> str:
        pattern = str(self.cleaned_data["pattern"])
        try:
            re.compile(pattern)
        except re.error as error:
            raise forms.ValidationError(_t("正则表达式写得不对：%(why)s") % {"why": error.msg}) from error
        return pattern

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("path") and not data.get("value"):
            self.add_error("value", _t("写明成功时这个字段的值。"))
        return data
