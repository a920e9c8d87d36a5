"""Tags of the listening pages: `{% load heard %}`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.models import Mention, MentionKind, Placing, Tier
from huiying.desk.listen import heat
from huiying.desk.listen.models import Story
from huiying.desk.listen.queries import climb_words
from huiying.desk.listen.words import marked
from huiying.desk.shell.spark import draw
from huiying.engine.text import Text

register = template.Library()
TONES = {
    "complaint": _("投诉"),
    "question": _("询问"),
    "request": _("求助"),
    "praise": _("表扬"),
    "rumour": _("待核实"),
    "neutral": _("中性"),
}


@register.simple_tag
def title_of(mention: Mention, spans: Sequence[Any] = ()) -> SafeString:
    """A mention's title, or the beginning of its text, covered and marked; or that its words were purged."""
    if mention.purged_at:
        return format_html('<span class="muted">{}</span>', _("已按期清除"))
    if mention.title:
        return marked(mention.title, spans, most=80)
    return marked(mention.text, spans, shift=1, most=48)


@register.simple_tag
def text_of(mention: Mention, spans: Sequence[Any] = (), most: int = 130) -> SafeString:
    """The text of a mention around the first found word, covered and marked; 0 for all of it."""
    return marked(mention.text, spans, shift=len(mention.title) + 1, most=most)


@register.simple_tag
def story_curve(story: Story, hours: int = 48) -> SafeString:
    """Mentions by hour over the last hours, as a small curve."""
    counts = heat.curve(story.points, timezone.now(), hours)
    said = _("近 %(hours)s 小时每小时帖文数：最多 %(most)s，最近 %(last)s") % {
        "hours": hours,
        "most": max(counts),
        "last": counts[-1],
    }
    return draw([float(count) for count in counts], str(said))


@register.simple_tag
def heat_now(story: Story) -> str:
    """The heat that is left of a story now: one decimal below ten, none above."""
    left = heat.heat_now(story, timezone.now())
    return f"{left:.1f}" if left < 10 else f"{left:,.0f}"


@register.filter
def forecast(story: Story) -> Text | str:
    """In words, how likely a story is to double; nothing while that cannot be said."""
    if timezone.now() - story.last_at > heat.QUIET:
        return ""
    return heat.forecast_words(story.forecast) or ""


@register.filter
def climbs(placing: Placing) -> Text:
    """In words, how likely a title is to be among the first ten soon."""
    return climb_words(placing.climb or 0.0)


@register.filter
def growth(story: Story) -> Text:
    """In words, how the last hours compare with those before."""
    now = timezone.now()
    if now - story.last_at > heat.QUIET:
        return Text("已安静", "quiet")
    if story.mentions_count < heat.FEW:
        return Text("零星", "scattered")
    return heat.growth_words(heat.growth_now(story, now))


@register.filter
def overdue(story: Story) -> bool:
    """Whether a proposal should have been assessed by now."""
    return story.awaits and story.assess_due_at is not None and timezone.now() >= story.assess_due_at


@register.filter
def tone_word(code: str) -> str:
    """A tone in words."""
    return str(TONES.get(code, code))


@register.filter
def tier_word(code: str) -> str:
    """A tier of outlets in words."""
    return str(dict(Tier.choices).get(code, code))


@register.filter
def kind_word(code: str) -> str:
    """A kind of mention in words."""
    return str(dict(MentionKind.choices).get(code, code))


@register.filter
def both(pair: Sequence[str]) -> str:
    """A kept [Chinese, English] pair in the language of the page."""
    return Text(str(pair[0]), str(pair[1])).say(get_language() or "zh-hans")


@register.filter
def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "—" if share is None else f"{share:.0%}"


@register.filter
def posted(mention: Mention) -> datetime:
    """When a mention was posted, or captured where the source does not say."""
    return mention.posted_at or mention.captured_at


@register.filter
def sample(mention: Mention) -> str:
    """The capture's hash, short."""
    return mention.text_sha256[:12]
