"""Handing on a message from a message board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Unit
from huiying.desk.cases.queries.names import say
from huiying.engine.plan.model import Plan


class RouteForm(forms.Form):
    """Where a message goes; a field that was not sent is as the plan proposes."""

    addressee = forms.CharField(label=_("留言对象"), max_length=120, required=False)
    unit = forms.ModelChoiceField(
        label=_("交给"), queryset=Unit.objects.filter(active=True), required=False, empty_label=_("请选")
    )
    subject = forms.ChoiceField(label=_("领域"), required=False)
    matter = forms.ChoiceField(label=_("事项种类"), required=False)
    reason = forms.CharField(
        label=_("理由（与预案不同时必填）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, plan: Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, items in (
            ("subject", plan.subjects if plan else ()),
            ("matter", plan.matters if plan else ()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("未定")), *((item.id, say(item.name)) for item in items)]
            if not items:
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """As the action takes them: None for what was not sent at all."""
        data = self.cleaned_data
        return {
            name: data.get(name) if name in self.data or name == "reason" else None
            for name in ("addressee", "unit", "subject", "matter", "reason")
        }
