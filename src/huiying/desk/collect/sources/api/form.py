"""The address, the place of the entries, and the field for each thing we keep."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import AddressField, KindForm, SecretField


def _path(label: Any, example: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, help_text=example)


class Form(KindForm):
    """The form of a JSON interface."""

    own = (
        "address", "items", "key", "title", "text", "link", "author", "site_name", "posted_at", "reach",
        "token_header",
    )  # fmt: skip
    secret_field = "token"  # noqa: S105 - the name of a field
    address = AddressField(label=_("接口地址"))
    items = forms.CharField(
        label=_("条目位置"),
        required=False,
        max_length=200,
        help_text=_("如 data.list；应答本身就是列表时留空"),
    )
    title = _path(_("标题字段"), "title")
    text = _path(_("正文字段"), "content")
    key = _path(_("编号字段"), "id")
    link = _path(_("链接字段"), "url · https://bbs.example.cn/t/{id}")
    author = _path(_("作者字段"), "user.name")
    site_name = _path(_("网站字段"), "site")
    posted_at = _path(_("时间字段"), "created_at")
    reach = _path(_("互动数字段"), "stats.comments")
    token_header = forms.RegexField(
        r"^[A-Za-z0-9-]{1,60}$", label=_("令牌放在哪个请求头"), required=False, initial="Authorization"
    )
    token = SecretField(label=_("令牌"), required=False, help_text=_("如 Bearer xxxx"))
    field_order = (
        "address",
        "items",
        "title",
        "text",
        "key",
        "link",
        "author",
        "site_name",
        "posted_at",
        "reach",
    )

    def clean(self) -> dict[str, object]:
        """Title or text must be mapped."""
        cleaned = super().clean() or {}
        if not cleaned.get("title") and not cleaned.get("text"):
            self.add_error("title", _("标题字段和正文字段至少填一个"))
        return cleaned
