"""The list's address and the selectors."""

from typing import Any

from cssselect import HTMLTranslator, SelectorError
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import AddressField, KindForm


class SelectorField(forms.CharField):
    """A CSS selector, checked as it is typed."""

    def clean(self, value: Any) -> Any:
        """The selector; an error if it is none."""
        text = super().clean(value)
        try:
            HTMLTranslator().css_to_xpath(text) if text else None
        except SelectorError as error:
            raise ValidationError(_("这不是正确的 CSS 选择器")) from error
        return text


class Form(KindForm):
    """The form of a web page list."""

    own = ("address", "item", "title", "link", "date", "author", "article", "body")
    address = AddressField(label=_("列表页地址"))
    item = SelectorField(
        label=_("条目选择器"), initial="li", help_text=_("选中列表里每一条，如 ul.news > li")
    )
    title = SelectorField(label=_("标题选择器"), required=False, help_text=_("在条目内查找；留空取链接文字"))
    link = SelectorField(label=_("链接选择器"), required=False, help_text=_("留空取条目里第一个链接"))
    date = SelectorField(label=_("时间选择器"), required=False, help_text=_("如 span.date"))
    author = SelectorField(label=_("作者选择器"), required=False)
    article = forms.BooleanField(label=_("打开每条链接并提取正文"), required=False, initial=True)
    body = SelectorField(label=_("正文选择器"), required=False, help_text=_("留空自动识别正文"))
    field_order = ("address", "item", "title", "link", "date", "author", "article", "body", "name")
