"""The hours ahead as a ruler with a mark at each deadline: what comes when, at one look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiying.desk.shell.levels import SHAPES
from huiying.desk.shell.times import remaining

#: Where the instant "now" stands, and how far the hours reach, in hundredths of the width.
NOW, END = 8.0, 99.0
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One deadline on the ruler."""

    at: datetime
    words: str  # what is due
    level: int | None = None  # of the plan; None is drawn as an open circle
    address: str = ""  # where a click leads


def _place(at: datetime, now: datetime, hours: int) -> float:
    """Where an instant stands, in hundredths of the width; what is overdue stands before "now"."""
    if at <= now:
        return NOW / 2
    return NOW + (END - NOW) * min((at - now) / (hours * HOUR), 1.0)


def _tick(at: datetime, now: datetime, hours: int) -> SafeString:
    x, long = f"{_place(at, now, hours):.2f}%", at.hour % 6 == 0
    near = at - now < hours * HOUR / 12  # its words would run into those of "now"
    words = (
        format_html('<text x="{}" y="46">{}</text>', x, f"{at:%H:%M}")
        if long and not near
        else SafeString("")
    )
    midnight = " midnight" if at.hour == 0 else ""
    css = f"tick{' long' if long else ''}{midnight}"
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="32"/>{}', css, x, x, 22 if long else 27, words
    )


def _mark(mark: Mark, now: datetime, hours: int, language: str) -> SafeString:
    shape = SHAPES[mark.level - 1] if mark.level else SHAPES[3]
    css = f"mark level-{mark.level or 'none'}{' late' if mark.at <= now else ''}"
    drawn = format_html(
        '<svg class="{}" x="{}%" y="4" width="14" height="14" viewBox="9 0 18 18"><title>{}</title><path d="{}"/></svg>',
        css,
        f"{_place(mark.at, now, hours):.2f}",
        f"{mark.words} · {remaining(mark.at, now, language)}",
        shape,
    )
    return format_html('<a href="{}">{}</a>', mark.address, drawn) if mark.address else drawn


def draw(marks: Iterable[Mark], now: datetime, zone: ZoneInfo, language: str, hours: int = 24) -> SafeString:
    """The ruler from `now` over `hours` hours; marks beyond it are left out. The lists say the same in words."""
    until = now + hours * HOUR
    shown = sorted((mark for mark in marks if mark.at <= until), key=lambda mark: mark.at)
    late = sum(mark.at <= now for mark in shown)
    local = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    ticks = (local + step * HOUR for step in range(1, hours + 1))
    words = _("今后 %(hours)s 小时：") % {"hours": hours} + ngettext(
        "%(n)s 项时限", "%(n)s 项时限", len(shown)
    ) % {"n": len(shown)}
    return format_html(
        '<svg class="ruler" width="100%" height="50" role="group" aria-label="{}">'
        '<line class="base" x1="0" x2="100%" y1="32" y2="32"/>{}'
        '<line class="now" x1="{}%" x2="{}%" y1="2" y2="36"/><text class="now" x="{}%" y="46">{}</text>{}{}</svg>',
        words,
        format_html_join("", "{}", ((_tick(at.astimezone(zone), now, hours),) for at in ticks)),
        NOW,
        NOW,
        NOW,
        _("此刻"),
        format_html('<text class="late" x="{}%" y="46">{}</text>', NOW / 2, late) if late else "",
        format_html_join("", "{}", ((_mark(mark, now, hours, language),) for mark in shown)),
    )
