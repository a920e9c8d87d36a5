"""What the public fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.public.actions import LONGEST, SHORTEST


class AskForm(forms.Form):
    """A question. `website` is a trap that people never see and programs fill in."""

    text = forms.CharField(
        label=_("您想问什么，或者哪里出了什么问题"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("写清时间、地点、什么事。请不要写姓名、电话、身份证号：答复会公开。"),
    )
    place = forms.CharField(
        label=_("在哪里"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    @property
    def trapped(self) -> bool:
        """True when a program filled in what people do not see."""
        return bool(self.cleaned_data.get("website"))
