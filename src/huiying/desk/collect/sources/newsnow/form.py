"""The instance and the list's id."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import AddressField, KindForm


class Form(KindForm):
    """The form of a newsnow list."""

    own = ("address", "id")
    address = AddressField(label=_("newsnow 地址"), help_text=_("如 https://newsnow.example.cn"))
    id = forms.RegexField(r"^[\w.-]{1,60}$", label=_("榜单 id"), help_text=_("如 weibo、zhihu、baidu"))
    field_order = ("address", "id", "name")
