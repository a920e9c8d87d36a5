"""Ways of reaching people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Channel

ADDRESS = _("邮箱、手机号，或机器人的完整地址。")


class ContactForm(forms.Form):
    """One way of reaching a person."""

    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    address = forms.CharField(
        label=_("地址"),
        max_length=500,
        help_text=ADDRESS,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=200,
        required=False,
        help_text=_("只有开了加签的钉钉、飞书机器人要填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ContactChangeForm(forms.Form):
    """Another address, or off for a while; what is kept is not shown."""

    address = forms.CharField(
        label=_("新地址"), max_length=500, required=False, help_text=_("不填就不改。改过的要重新试发。")
    )
    secret = forms.CharField(
        label=_("新的加签密钥"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("不填就不改。"),
    )
    active = forms.BooleanField(label=_("启用着"), required=False)


class ContactRowForm(forms.Form):
    """One row of the quick table: how a person is reached."""

    person = forms.IntegerField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    address = forms.CharField(label=_("地址"), max_length=500, required=False)
    secret = forms.CharField(label=_("加签密钥"), max_length=200, required=False)


ContactRows: Any = forms.formset_factory(ContactRowForm, extra=0, max_num=200)
