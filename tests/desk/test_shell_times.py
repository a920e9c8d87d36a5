"""Instants as people say them, lengths, deadlines; and the ruler of what is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from huiying.desk.shell import ruler, times
from huiying.desk.shell.ruler import Mark

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def spoken(span: timedelta, language: str = "zh-hans") -> str:
    with translation.override(language):
        return times.spoken(NOW + span, NOW, BEIJING, language)


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (-30 * timedelta(seconds=1), "刚刚", "just now"),
        (30 * timedelta(seconds=1), "马上", "in a moment"),
        (40 * MINUTE, "40 分钟后", "in 40 min"),
        (-40 * MINUTE, "40 分钟前", "40 min ago"),
        (-timedelta(hours=3), "今天 06:00", "today 06:00"),
        (-timedelta(hours=10), "昨天 23:00", "yesterday 23:00"),
        (timedelta(hours=15), "明天 00:00", "tomorrow 00:00"),
        (timedelta(days=3), "11月27日 09:00", "27 Nov 09:00"),
        (timedelta(days=60), "2027年1月23日 09:00", "23 Jan 2027 09:00"),
    ],
)
def test_an_instant_is_said_as_people_say_it(span: timedelta, chinese: str, english: str) -> None:
    assert (spoken(span), spoken(span, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(seconds=59), "0 分钟", "0 min"),
        (59 * MINUTE, "59 分钟", "59 min"),
        (125 * MINUTE, "2 小时 5 分", "2 h 5 min"),
        (timedelta(hours=24), "1 天", "1 d"),
        (timedelta(days=2, hours=5, minutes=59), "2 天 5 小时", "2 d 5 h"),
        (timedelta(days=8, hours=5), "8 天", "8 d"),
        (-timedelta(hours=1), "1 小时", "1 h"),
    ],
)
def test_a_length_is_its_largest_units_rounded_down(span: timedelta, chinese: str, english: str) -> None:
    assert (times.length(span, "zh-hans"), times.length(span, "en")) == (chinese, english)


def test_a_deadline_is_late_from_its_very_instant() -> None:
    assert times.urgency(NOW, NOW) == "late"
    assert times.urgency(NOW + timedelta(seconds=1), NOW) == "soon"
    assert times.urgency(NOW + timedelta(hours=2), NOW) == "soon"
    assert times.urgency(NOW + timedelta(hours=2, seconds=1), NOW) == "ok"


def test_the_exact_instant_names_day_and_zone() -> None:
    assert times.exact(NOW, BEIJING, "zh-hans") == "2026年11月24日 周二 09:00:00(Asia/Shanghai)"
    assert times.exact(NOW, BEIJING, "en") == "Tue 2026-11-24 09:00:00 CST"


def test_the_wall_clock_names_its_day() -> None:
    local = NOW.astimezone(BEIJING)
    assert times.day_of_week(local, "zh-hans") == "周二 11-24"
    assert times.day_of_week(local, "en") == "Tue 24 Nov"


def mark(hours: float, words: str = "首报", **more: object) -> Mark:
    return Mark(at=NOW + timedelta(hours=hours), words=words, **more)  # type: ignore[arg-type]


def test_the_ruler_counts_what_is_due_and_overdue_in_its_hours() -> None:
    drawn = ruler.draw([mark(-1), mark(3, level=1), mark(23.9), mark(25)], NOW, BEIJING, "zh-hans")
    assert 'aria-label="今后 24 小时：3 项时限"' in drawn
    assert drawn.count('class="mark') == 3
    assert '<text class="late"' in drawn
    assert "首报 · 已超时 1 小时" in drawn


def test_the_ruler_puts_sooner_before_later_and_overdue_before_now() -> None:
    drawn = ruler.draw([mark(12), mark(-5), mark(1)], NOW, BEIJING, "zh-hans")
    places = [float(part.split('x="', 1)[1].split("%", 1)[0]) for part in drawn.split('class="mark')[1:]]
    assert places == sorted(places)
    assert places[0] < ruler.NOW < places[1]


def test_the_ruler_of_a_quiet_day_is_still_a_ruler() -> None:
    drawn = ruler.draw([], NOW, BEIJING, "en")
    assert "0 deadlines" in drawn or "0 项时限" in drawn
    assert drawn.count("<line") == 24 + 2


def test_words_on_the_ruler_are_escaped() -> None:
    drawn = ruler.draw([mark(1, "<script>", address='/cases/"x/')], NOW, BEIJING, "zh-hans")
    assert "<script>" not in drawn
    assert 'href="/cases/&quot;x/"' in drawn
