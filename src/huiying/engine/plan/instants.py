"""Instants and spans as findings tell them."""

from datetime import datetime, timedelta

from huiying.engine.calendar import Calendar
from huiying.engine.text import Text

_WEEK_ZH, _WEEK_EN = "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock(at: datetime, calendar: Calendar) -> Text:
    """An instant as people read it, midnight as 24:00 of the day before."""
    local = calendar.local(at)
    if local.hour == local.minute == 0:
        local -= timedelta(minutes=1)
        hour = "24:00"
    else:
        hour = f"{local:%H:%M}"
    day = local.date()
    return Text(
        f"{day.isoformat()}（周{_WEEK_ZH[day.weekday()]}）{hour}",
        f"{day.isoformat()} ({_WEEK_EN[day.weekday()]}) {hour}",
    )


def stretch(span: timedelta) -> Text:
    """How long something takes."""
    minutes = int(span.total_seconds()) // 60
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    zh = [f"{days} 天"] * bool(days) + [f"{hours} 小时"] * bool(hours) + [f"{minutes} 分钟"] * bool(minutes)
    en = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return Text(" ".join(zh) or "0 分钟", " ".join(en) or "0 min")
