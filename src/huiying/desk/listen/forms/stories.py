"""A sentence about a story."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """Why a proposal is not followed by a case."""

    note = forms.CharField(
        label=_("为什么先不立件"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("升到更重的等级时会再次提请研判。"),
    )
