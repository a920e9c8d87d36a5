"""The gateway's request as a template, and what its answer says when it took the message."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from huiying.desk.notify.channels.base import Limits
from huiying.desk.notify.channels.expectation import ExpectationForm
from huiying.engine.text import Text

LIMITS = Limits(size=300, unit="characters", per_minute=60)
EXAMPLE = "13800138000"
HELP = Text(
    "填手机号。短信由管理员在“渠道设置”里配好的网关发出。",
    "Give the mobile number. Messages leave through the gateway that the administrator set up under channels.",
)
KINDS = [("json", "JSON"), ("form", _("表单")), ("none", _("无正文（GET）"))]


class SettingsForm(ExpectationForm):
    """The gateway. `{phone}` `{text}` `{secret}` `{id}` are filled in, each escaped for where it stands."""

    address = forms.CharField(
        label=_("网关地址"),
        max_length=500,
        help_text=_("可用 {phone} {text} {secret} {id}。"),
    )
    kind = forms.ChoiceField(label=_("请求形式"), choices=KINDS)
    body = forms.CharField(
        label=_("正文模板"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_('如 {"mobile":"{phone}","content":"【九中】{text}"} 或 mobile={phone}&content={text}。'),
    )
    headers = forms.CharField(
        label=_("请求头"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一条，如 Authorization: Bearer {secret}。"),
    )
    most = forms.IntegerField(
        label=_("最多字数"),
        min_value=60,
        max_value=1000,
        initial=300,
        help_text=_("超过的正文会截短，链接总会保留。"),
    )

    field_order = ["address", "kind", "body", "headers", "most", "path", "value", "pattern"]

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_t("地址应以 https:// 或 http:// 开头。"))
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("path") and not data.get("pattern"):
            self.add_error("path", _t("写明网关怎样才算收下：位置和值，或一个正则表达式。"))
        template = f"{data.get('address', '')}{data.get('body', '')}"
        if "{phone}" not in template or "{text}" not in template:
            self.add_error("body", _t("地址和正文里要有 {phone} 和 {text}。"))
        return data
