"""Server, account, folder."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import KindForm, SecretField


class Form(KindForm):
    """The form of a mailbox."""

    own = ("host", "port", "tls", "user", "folder")
    secret_field = "password"  # noqa: S105 - the name of a field
    host = forms.RegexField(r"^[\w.:-]{1,253}$", label=_("IMAP 服务器"), help_text=_("如 imap.example.cn"))
    port = forms.IntegerField(label=_("端口"), initial=993, min_value=1, max_value=65535)
    tls = forms.BooleanField(label=_("加密连接（SSL/TLS）"), required=False, initial=True)
    user = forms.CharField(label=_("账号"), max_length=200)
    password = SecretField(label=_("口令或授权码"), help_text=_("只读邮件，不改不删"))
    folder = forms.RegexField(
        r"^[^\x00-\x1f]{1,100}$", label=_("文件夹"), initial="INBOX", help_text=_("收件箱为 INBOX")
    )
    field_order = ("host", "port", "tls", "user", "password", "folder", "name")

    def fetched_host(self) -> str:
        """The mail server."""
        return str(self.cleaned_data.get("host") or "")
