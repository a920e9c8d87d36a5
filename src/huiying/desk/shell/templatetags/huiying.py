"""Tags and filters of every page; they are built in, no page loads them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from huiying.desk.accounts import access
from huiying.desk.accounts.models import Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.shell import levels, places, times
from huiying.desk.shell.mask import mask as cover
from huiying.desk.shell.ruler import Mark
from huiying.desk.shell.ruler import draw as draw_ruler
from huiying.desk.shell.spark import draw
from huiying.desk.shell.zone import here
from huiying.engine.text import Text

register = template.Library()


def _language() -> str:
    return get_language() or "zh-hans"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite; with a label it speaks, without one it is silent."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def now_iso() -> str:
    """The server's clock, by which the page keeps its times."""
    return timezone.now().isoformat()


@register.simple_tag
def wall_clock() -> SafeString:
    """The clock on the wall: the institution's time and day, kept going by the page."""
    now = timezone.now()
    local = now.astimezone(here())
    return format_html(
        '<span class="clock" title="{}"><time datetime="{}" data-clock>{}</time><span data-clock-day>{}</span></span>',
        here().key,
        now.isoformat(),
        f"{local:%H:%M}",
        times.day_of_week(local, _language()),
    )


@register.simple_tag
def when(at: datetime | None, empty: str = "—") -> SafeString | str:
    """An instant as people say it, exact on hover, kept up to date by the page."""
    if at is None:
        return empty
    now = timezone.now()
    return format_html(
        '<time datetime="{}" title="{}" data-when>{}</time>',
        at.isoformat(),
        times.exact(at, here(), _language()),
        times.spoken(at, now, here(), _language()),
    )


@register.simple_tag
def due(at: datetime | None, met: datetime | None = None) -> SafeString | str:
    """A deadline: counting down while open; once met, whether in time."""
    if at is None:
        return "—"
    if met is not None:
        return _met(at, met)
    state = times.urgency(at, timezone.now())
    return format_html(
        '<span class="due is-{}" data-due>{} <time datetime="{}" title="{}">{}</time></span>',
        state,
        icon("late" if state == "late" else "clock"),
        at.isoformat(),
        times.exact(at, here(), _language()),
        times.remaining(at, timezone.now(), _language()),
    )


def _met(at: datetime, met: datetime) -> SafeString:
    in_time = met <= at
    words = _("按时") if in_time else _("迟 %(length)s") % {"length": times.length(met - at, _language())}
    return format_html(
        '<span class="due {}">{} <time datetime="{}" title="{}">{}</time></span>',
        "is-met" if in_time else "is-late",
        icon("ok" if in_time else "late"),
        met.isoformat(),
        times.exact(met, here(), _language()),
        words,
    )


@register.simple_tag
def level(number: int | None, plan: Any = None) -> SafeString:
    """A level of the plan with its shape, numeral and word; `None` says that it is not set yet."""
    if number is None:
        return format_html(
            '<span class="level level-none"><svg viewBox="0 0 18 18" aria-hidden="true"><path d="{}"/></svg>{}</span>',
            levels.SHAPES[3],
            _("未定级"),
        )
    it = levels.look(int(number), plan)
    return format_html(
        '<span class="level level-{}"><svg viewBox="0 0 18 18" aria-hidden="true"><path d="{}"/>'
        '<text x="9" y="{}">{}</text></svg>{}</span>',
        it.number,
        it.shape,
        it.y,
        it.numeral,
        it.word,
    )


@register.simple_tag
def spark(values: Iterable[float], label: str = "") -> SafeString:
    """A small curve of values, oldest first."""
    numbers = [float(value) for value in values]
    words = label or _("走势：最低 %(low)g，最高 %(high)g，最近 %(last)g") % {
        "low": min(numbers, default=0),
        "high": max(numbers, default=0),
        "last": numbers[-1] if numbers else 0,
    }
    return draw(numbers, words)


@register.simple_tag
def ruler(marks: Iterable[Mark], hours: int = 24) -> SafeString:
    """The hours ahead with a mark at each deadline (`shell.ruler.Mark`)."""
    return draw_ruler(marks, timezone.now(), here(), _language(), hours)


@register.filter
def mask(value: object) -> str:
    """Personal data in the text covered; the result is still escaped by the page."""
    return cover(str(value))


@register.filter
def say(value: object) -> str:
    """An engine Text in the language of the page; anything else as it is."""
    return value.say(_language()) if isinstance(value, Text) else str(value)


@register.simple_tag
def avatar(name: object) -> SafeString:
    """The last character of a Chinese name, the first of any other, in a circle."""
    words = str(name).strip() or "?"
    letter = words[0].upper() if words[0].isascii() else words[-1]
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', letter)


@register.simple_tag
def count(number: int, one: str, many: str) -> str:
    """A number with its noun in the page's language, both msgids in Chinese with %(n)s."""
    return ngettext(one, many, number) % {"n": number}


@register.inclusion_tag("desk/parts/field.html")
def field(bound: BoundField, help: str = "") -> dict[str, Any]:
    """A form field with label, help and error tied together for screen readers."""
    return {"field": bound, "help": help or bound.help_text, "check": bound.widget_type == "checkbox"}


@register.inclusion_tag("desk/parts/error_summary.html")
def error_summary(form: Any, kept: bool = True) -> dict[str, Any]:
    """What is wrong with a form, each with a link to its field, and that what was typed was kept."""
    return {"form": form, "kept": kept}


@register.inclusion_tag("desk/parts/findings.html")
def findings(items: Iterable[Any]) -> dict[str, Any]:
    """A list of engine Findings: message, place, mend."""
    return {"items": list(items)}


@register.inclusion_tag("desk/parts/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Which rows of how many, with links to the pages beside; filters in the address stay."""
    return {"page": page, "request": context.get("request")}


@register.inclusion_tag("desk/parts/sort.html", takes_context=True)
def sort(context: template.Context, key: str, label: str) -> dict[str, Any]:
    """A table head that sorts by `?sort=key`, or by `-key` when it already does."""
    request = context["request"]
    now = request.GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {
        "label": label,
        "to": f"-{key}" if now == key else key,
        "direction": direction,
        "request": request,
    }


@register.inclusion_tag("desk/parts/settings_nav.html", takes_context=True)
def settings_nav(context: template.Context) -> dict[str, Any]:
    """The side navigation of the settings: what the reader may open."""
    request = context["request"]
    groups = [
        (name, [one for one in group if not one.right or access.can(request.user, Right(one.right))])
        for name, group in places.SETTINGS
    ]
    return {"groups": groups, "here": places.corner(request.path)}


@register.simple_tag(takes_context=True)
def can(context: template.Context, right: str, unit: Unit | None = None) -> bool:
    """Whether the reader holds a right, by its code: `{% can "open_case" as may_open %}`."""
    return access.can(context["request"].user, Right(right), unit)
