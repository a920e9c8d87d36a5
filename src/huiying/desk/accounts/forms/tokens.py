"""Keys for programs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.scopes import Scope

LASTS = ((30, _("三十天")), (90, _("九十天")), (365, _("一年")), (0, _("不限期，直到吊销")))


class TokenForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("给哪个程序用"), max_length=80, help_text=_("例：12345 热线转单。"))
    person = forms.ModelChoiceField(
        label=_("代表谁"),
        queryset=Person.objects.none(),
        help_text=_("程序能看、能做的不会超过这个人。停用这个人，密钥随即失效。"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("范围"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("有效期"), choices=LASTS, coerce=int, initial=365)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Person.objects.filter(is_active=True).order_by("pk")

    def lasts(self) -> timedelta | None:
        """How long the key opens; None without end."""
        return timedelta(days=self.cleaned_data["days"]) if self.cleaned_data["days"] else None
