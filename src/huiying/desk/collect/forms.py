"""Forms that belong to no kind of source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FACTORS = ((2.0, _("2 倍")), (3.0, _("3 倍")), (6.0, _("6 倍")), (10.0, _("10 倍")))


def moment(label: Any, help_text: Any = "", required: bool = True) -> forms.DateTimeField:
    """A day and a time of the institution's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, required=required)


class HeightenForm(forms.Form):
    """A period of heightened watch."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("如“国庆假期”“高考”“停水应急”"))
    starts_at = moment(_("开始"))
    ends_at = moment(_("结束"))
    factor = forms.TypedChoiceField(
        label=_("加密倍数"),
        choices=FACTORS,
        coerce=float,
        initial=3.0,
        help_text=_("采集间隔除以它；最短 30 秒，仍按对方网站的要求放慢"),
    )
