"""Forms of the outbox and of the ways out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.notify.channels.base import Kind
from huiying.desk.notify.models import Outlet

KEPT = _("已保存，不再显示。不填就不改。")


def _hidden() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class ChannelSecretForm(forms.Form):
    """The account key of a gateway."""

    secret = forms.CharField(label=_("账户密钥"), max_length=300, required=False, widget=_hidden())

    def __init__(self, *args: Any, kept: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        if kept:
            self.fields["secret"].help_text = KEPT


class OutletForm(forms.Form):
    """What every outlet has; a kind may ask more in a form of its own."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("办件人选发布出口时看到的名字。"))
    address = forms.CharField(label=_("地址"), max_length=500, widget=_hidden())
    secret = forms.CharField(label=_("令牌或密钥"), max_length=300, required=False, widget=_hidden())
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, kind: Kind, outlet: Outlet | None = None, **named: Any) -> None:
        given = {"name": outlet.name, "active": outlet.active} if outlet else {}
        super().__init__(*args, **{"initial": given, **named})
        self.fields["address"].widget.attrs["placeholder"] = kind.example
        if kind.name == "mail":
            del self.fields["secret"]
        if outlet is None:
            del self.fields["active"]
            return
        self.fields["address"].required = False
        self.fields["address"].help_text = KEPT
        if "secret" in self.fields and outlet.secret:
            self.fields["secret"].help_text = KEPT

    def values(self) -> dict[str, Any]:
        """What was filled in, with what this outlet does not ask."""
        return {"secret": "", **self.cleaned_data}
