"""Settings of a source as a page may show them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Source
from huiying.desk.collect.sources.kinds import kind_of


def settings_of(source: Source, person: Person | AnonymousUser) -> Sequence[tuple[str, str]]:
    """Label and value of the kind's own settings, as its form calls them.

    The query of an address may hold a key: only those who may change the source see it.
    """
    whole = can(person, Right.EDIT_SOURCES)
    fields = kind_of(source.kind).form.base_fields
    shown = []
    for name, field in fields.items():
        value = source.settings.get(name)
        if value not in (None, ""):
            shown.append((str(field.label), _said(value, whole)))
    return shown


def _said(value: Any, whole: bool) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = str(value)
    if not whole and text.startswith("http") and "?" in text:
        return text.split("?", 1)[0] + "?…"
    return text
