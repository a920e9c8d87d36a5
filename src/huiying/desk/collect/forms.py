"""Forms that belong to no kind of source."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.engine.plan.model import Plan

FACTORS = ((2.0, _("2 倍")), (3.0, _("3 倍")), (6.0, _("6 倍")), (10.0, _("10 倍")))


def moment(label: Any, help_text: Any = "", required: bool = True) -> forms.DateTimeField:
    """A day and a time of the institution's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, required=required)


class HeightenForm(forms.Form):
    """A period of heightened watch."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("如“国庆假期”“高考”“停水应急”"))
    why = forms.CharField(label=_("原因"), max_length=200, required=False)
    like = forms.ChoiceField(
        label=_("按哪个时段的规则"),
        required=False,
        help_text=_("预案对那个时段规定的查看间隔、带班、等级和时限，在这一段里同样算。"),
    )
    starts_at = moment(_("开始"))
    ends_at = moment(_("结束"))
    factor = forms.TypedChoiceField(
        label=_("加密倍数"),
        choices=FACTORS,
        coerce=float,
        initial=3.0,
        help_text=_("采集间隔除以它；最短 30 秒，仍按对方网站的要求放慢"),
    )

    def __init__(self, *args: Any, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = (
            [(one.id, one.name.say(get_language() or "zh-hans")) for one in plan.key_periods] if plan else []
        )
        field = self.fields["like"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("只加密监测")), *named]
        if not named:
            del self.fields["like"]
