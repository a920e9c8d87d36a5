"""Tags of the transparency page."""

from datetime import timedelta

from django import template
from django.utils.translation import get_language

from huiying.desk.shell.times import length

register = template.Library()


@register.simple_tag
def span(value: timedelta | None) -> str:
    """A stretch of time in its largest units; a dash for none."""
    return length(value, get_language() or "zh-hans") if value is not None else "—"
