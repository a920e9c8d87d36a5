"""What `huiying hear` prints: stories for people and for machines, and how fast it was."""

import resource
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from huiying.engine.listen.results import StoryShot

_NAMES = {"read": "读入 read", "sense": "匹配与语气 sense", "join": "归入话题 join", "tell": "汇总 tell"}


class Stages:
    """Time spent in each stage."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._stage, self._since = "", time.perf_counter()

    def __call__(self, stage: str) -> None:
        """A stage begins; the one before ends."""
        now = time.perf_counter()
        if self._stage:
            self._spent[self._stage] = self._spent.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def told(self, mentions: int) -> str:
        """Mentions per second by stage, and peak memory."""
        lines = [
            f"{_NAMES[stage]:　<14} {spent:8.2f} s {mentions / max(spent, 1e-9):12,.0f} /s"
            for stage, spent in self._spent.items()
        ]
        heard = sum(spent for stage, spent in self._spent.items() if stage != "read")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return "\n".join([
            *lines, f"{mentions:,} 条 mentions, {mentions / max(heard, 1e-9):,.0f} /s（读入除外 without reading）, {peak:,.0f} MiB",
        ])  # fmt: skip


def story_lines(shot: "StoryShot", place: int, now: datetime, zone: ZoneInfo, spoken: str) -> list[str]:
    """A story for a person."""
    zh = spoken == "zh"
    first, last = (at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in (shot.first_at, shot.last_at))
    lines = [
        f"\n{place:3}. {shot.title}",
        f"     热度 {_heat(shot, now):.2f} · {shot.mentions} 条（重复 {shot.copies}）· {shot.voices} 人 · 负面 {shot.negative_share:.0%} · {first} 至 {last}"
        if zh
        else f"     heat {_heat(shot, now):.2f} · {shot.mentions} mentions ({shot.copies} copies) · {shot.voices} voices · {shot.negative_share:.0%} negative · {first} to {last}",
    ]
    if shot.forecast is not None:
        lines.append(
            f"     {'至少翻倍的可能' if zh else 'at least doubles'} {shot.forecast:.0%} · {'走势' if zh else 'growth'} ×{shot.growth:.1f}"
        )
        lines += [f"       {why.say(spoken)}" for why in shot.forecast_why]
    for label, names in _evidence(shot, zh):
        if names:
            lines.append(f"     {label}：{'、'.join(names)}")
    return lines


def _evidence(shot: "StoryShot", zh: bool) -> list[tuple[str, list[str]]]:
    spoken = "zh" if zh else "en"
    sites = [f"{site} {count}" for site, count in sorted(shot.sites.items(), key=lambda s: -s[1])[:5] if site]
    return [
        ("共有词" if zh else "words", list(shot.terms)),
        ("地点" if zh else "places", list(shot.places)),
        ("来源" if zh else "sites", sites),
        ("命中" if zh else "watches", list(shot.watches)[:5]),
        (
            "主题" if zh else "subject",
            [shot.topic, *(w.say(spoken) for w in shot.topic_why)] if shot.topic else [],
        ),
        ("拟交" if zh else "unit", [shot.unit, *(w.say(spoken) for w in shot.unit_why)] if shot.unit else []),
    ]


def story_json(shot: "StoryShot", now: datetime) -> dict[str, Any]:
    """A story for a machine."""
    plain = (
        "key",
        "title",
        "mentions",
        "copies",
        "voices",
        "negative_share",
        "forecast",
        "growth",
        "topic",
        "unit",
        "not_ours",
    )
    return {
        **{name: getattr(shot, name) for name in plain},
        "first_at": shot.first_at.isoformat(),
        "last_at": shot.last_at.isoformat(),
        "heat": round(_heat(shot, now), 4),
        "sites": dict(shot.sites),
        "tiers": dict(shot.tiers),
        "terms": list(shot.terms),
        "places": list(shot.places),
        "watches": list(shot.watches),
        "forecast_why": [why.zh for why in shot.forecast_why],
        "topic_why": [why.zh for why in shot.topic_why],
        "unit_why": [why.zh for why in shot.unit_why],
        "points": [[p.hour.isoformat(), p.mentions, round(p.heat, 4)] for p in shot.points],
    }


def _heat(shot: "StoryShot", now: datetime) -> float:
    from huiying.engine.listen.heat import heat_at

    return heat_at(shot.points, now)
