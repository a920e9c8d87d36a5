"""The instance, the route, and the access key where the instance wants one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import AddressField, KindForm, SecretField


class Form(KindForm):
    """The form of an RSSHub route."""

    own = ("address", "route")
    secret_field = "key"  # noqa: S105 - the name of a field
    address = AddressField(label=_("RSSHub 地址"), help_text=_("如 https://rsshub.example.cn"))
    route = forms.RegexField(
        r"^/[^\s#]{1,400}$",
        label=_("路由"),
        help_text=_("如 /people/liuyan/539；可带 limit、filter 等参数"),
        error_messages={"invalid": _("路由以 / 开头，不含空格")},
    )
    key = SecretField(label=_("访问密钥"), required=False, help_text=_("没有就留空"))
    field_order = ("address", "route", "key", "name")
