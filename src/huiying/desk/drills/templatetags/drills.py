"""Words of drill reports."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()
STATES = {
    "met": ("ok", _("按时")),
    "late": ("warn", _("迟办")),
    "missed": ("bad", _("未办")),
    "open": ("", _("未到期")),
}
STEPS = {
    "opened": _("立件"),
    "verified": _("核实"),
    "level_confirmed": _("定级"),
    "assigned": _("交办"),
    "accepted": _("接办"),
    "published": _("首次发布"),
}


@register.simple_tag
def outcome_word(state: str) -> SafeString:
    """What became of a duty, as a badge."""
    kind, word = STATES.get(state, ("", state))
    return format_html('<span class="badge {}">{}</span>', kind, word)


@register.simple_tag
def step_word(kind: str) -> str:
    """A step by its name."""
    return str(STEPS.get(kind, kind))


@register.simple_tag
def at(instant: str) -> str:
    """An instant of a kept report, on the desk's clock."""
    return f"{timezone.localtime(datetime.fromisoformat(instant)):%m-%d %H:%M}"
