"""Who is on duty when."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role, Shift
from huiying.desk.accounts.patterns import Pattern

PATTERNS = (
    (Pattern.DAY, _("每天一班：08:00 到次日 08:00")),
    (Pattern.TWO, _("每天两班：08:00、20:00 交接")),
    (Pattern.THREE, _("每天三班：08:00、16:00、00:00 交接")),
    (Pattern.WEEK, _("每人一周：周一 08:00 交接")),
)
DAYS = ((7, _("一周")), (14, _("两周")), (30, _("三十天")), (91, _("一季度")))


def at_field(label: Any, help_text: Any = "", required: bool = True) -> forms.DateTimeField:
    """A day and a time of the institution's clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, required=required)


def watchers() -> QuerySet[Person]:
    """Those who may be put on duty: everybody who works here, duty officers first."""
    held = Q(appointments__role__in=[Role.DUTY, Role.OFFICE])
    watches = Exists(Person.objects.filter(held, pk=OuterRef("pk")))
    return Person.objects.filter(is_active=True).annotate(watches=watches).order_by("-watches", "pk")


class ShiftForm(forms.Form):
    """One shift."""

    person = forms.ModelChoiceField(label=_("谁"), queryset=Person.objects.none())
    starts_at = at_field(_("从"))
    ends_at = at_field(_("到"))
    lead = forms.BooleanField(label=_("带班"), required=False)
    note = forms.CharField(label=_("备注"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = watchers()


class SwapForm(forms.Form):
    """The shift to change with."""

    other = forms.ModelChoiceField(label=_("与哪个班对换"), queryset=Shift.objects.none())

    def __init__(self, *args: Any, shift: Shift, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Shift.objects.filter(ends_at__gt=now).exclude(person=shift.person).select_related("person")
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others.order_by("starts_at")


class FillForm(forms.Form):
    """A rotation over many days."""

    people = forms.ModelMultipleChoiceField(
        label=_("轮流值班的人"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一位值班的人。")},
    )
    pattern = forms.ChoiceField(
        label=_("怎样轮"), choices=PATTERNS, widget=forms.RadioSelect, initial=Pattern.DAY
    )
    first = forms.ModelChoiceField(
        label=_("从谁开始"), queryset=Person.objects.none(), required=False, empty_label=_("排在最前的人")
    )
    first_day = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.TypedChoiceField(label=_("排多久"), choices=DAYS, coerce=int, initial=30)
    lead = forms.BooleanField(
        label=_("排的是带班领导"), required=False, help_text=_("带班与值班各排各的，互不占用。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "first"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = watchers()

    def turn(self) -> list[Person]:
        """The chosen people in their order, beginning with whom the form says."""
        people = list(self.cleaned_data["people"])
        first = self.cleaned_data["first"]
        at = people.index(first) if first in people else 0
        return people[at:] + people[:at]
