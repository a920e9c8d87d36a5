"""What the forms of this room have in common."""

from typing import Any

from django import forms


class Form(forms.Form):
    """A form that stands on a page with others: the ids of its fields carry its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
