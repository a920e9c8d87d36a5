"""What a bound form shows, changed without losing what was typed elsewhere on it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict


def put(form: forms.Form, values: Mapping[str, Any]) -> None:
    """Show `values` in the fields of a form that was sent."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
    for name, value in values.items():
        data[name] = str(value)
    form.data = data
