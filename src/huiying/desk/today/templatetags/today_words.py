"""Tags of the first screen, the wall and search: `{% load today_words %}`."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from huiying.desk.cases.models import Owed
from huiying.desk.listen import heat
from huiying.desk.listen.models import Story
from huiying.desk.listen.words import marked
from huiying.desk.shell.spark import HEIGHT, PAD, points
from huiying.desk.today.queries.found import Hit
from huiying.engine.text import Text

register = template.Library()
SOON = timedelta(hours=2)


@register.simple_tag
def hit_title(hit: Hit) -> SafeString:
    """The title of a find, covered, found words marked; the beginning of its text where it has none."""
    if hit.title:
        return marked(hit.title, hit.spans, most=90)
    return marked(hit.text, hit.spans, shift=1, most=60)


@register.simple_tag
def hit_text(hit: Hit) -> SafeString:
    """The text of a find around the first found word."""
    return marked(hit.text, hit.spans, shift=len(hit.title) + 1, most=150)


@register.simple_tag
def wall_curve(story: Story) -> SafeString:
    """The last two days of a story, large."""
    counts = [float(n) for n in heat.curve(story.points, timezone.now(), 48)]
    placed = points(counts)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    return format_html(
        '<svg class="wall-curve" viewBox="0 0 96 24" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="{},{} {} {},{}"/><polyline points="{}"/></svg>',
        PAD, HEIGHT, line, f"{placed[-1][0]:.1f}", HEIGHT, line,
    )  # fmt: skip


@register.filter
def share(value: Any) -> str:
    """A share as a whole percentage."""
    return f"{value:.0%}"


@register.filter
def is_past(at: datetime | None) -> bool:
    """Whether a deadline has come."""
    return at is not None and timezone.now() >= at


@register.filter
def is_near(at: datetime | None) -> bool:
    """Whether a deadline comes within two hours."""
    return at is not None and at - timezone.now() <= SOON


@register.simple_tag
def row_words(row: Owed) -> str:
    """What an owed row is, in the language of the page."""
    return Text(row.what_zh, row.what_en).say(get_language() or "zh-hans")
