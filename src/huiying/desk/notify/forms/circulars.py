"""A notice of the standing channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Role, Unit

ROLES = (
    (Role.HEAD.value, _("第一责任人")),
    (Role.SPOKESPERSON.value, _("网络发言人")),
    (Role.HANDLER.value, _("管理员、承办人")),
)
WITHIN = ((15, _("15 分钟")), (30, _("30 分钟")), (60, _("1 小时")), (240, _("4 小时")), (1440, _("1 天")))


class CircularForm(forms.Form):
    """What is said, to whom, and by when receipts are awaited."""

    subject = forms.CharField(label=_("标题"), max_length=120)
    body = forms.CharField(label=_("内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    roles = forms.MultipleChoiceField(
        label=_("发给"),
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        initial=[Role.SPOKESPERSON.value, Role.HANDLER.value],
    )
    units = forms.ModelMultipleChoiceField(
        label=_("哪些部门"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个不选就是全部。"),
    )
    within_min = forms.TypedChoiceField(
        label=_("多久内签收"),
        choices=WITHIN,
        coerce=int,
        initial=30,
        help_text=_("到时没签收的自动再通知一次，并告诉你是谁。"),
    )
    urgent = forms.BooleanField(label=_("紧急"), required=False)

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        data = dict(self.cleaned_data)
        return {**data, "units": list(data["units"])}


class ReplyForm(forms.Form):
    """A few words back, if any."""

    reply = forms.CharField(
        label=_("回一句（可不填）"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
