"""Helps forms speak and act."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise


def speak(form: forms.Form, **labels: str | Promise) -> None:
    """Label the fields that the form has; a placeholder that repeats the label is taken away."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = str(label)
            form.fields[name].help_text = ""
            form.fields[name].widget.attrs.pop("placeholder", None)


def carried_out(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do `act`; what it refuses stands on the form, at its field where the form has it. True when it was done."""
    try:
        act()
    except ValidationError as refused:
        by_field = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        for name, messages in by_field.items():
            form.add_error(name if name in form.fields else None, list(messages))
        return False
    return True
