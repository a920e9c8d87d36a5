"""What the plan says of a story: the evidence it counts, the level it gives, the instant by which a person must look."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from huiying.desk.accounts import queries as accounts
from huiying.desk.collect.periods import in_force
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.plans import queries as plans
from huiying.engine.assess import Evidence, Reason
from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: Tones that want something of somebody.
CONCERNS = ("complaint", "question", "request", "rumour")
#: Kinds of mention that somebody addressed to us: they want an answer even where no words of it were heard.
ADDRESSED = ("message", "call", "tip", "transfer")
NO_MORE = ("", "neutral")
Mishandled = Callable[[Story], bool]
_mishandled: list[Mishandled] = []


def register_mishandled(judge: Mishandled) -> None:
    """A room above says whether a story that has a case comes back after bad handling; called from its `AppConfig.ready()`."""
    if judge not in _mishandled:
        _mishandled.append(judge)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all stories of one moment are judged by."""

    plan: Plan
    calendar: Calendar | None
    key_period: bool
    reach: Mapping[int, int]  # story -> readers, where sources tell
    tones: Mapping[int, Mapping[str, int]]  # story -> tone -> mentions


def ground(stories: Sequence[Story], now: datetime) -> Ground | None:
    """What is needed to judge `stories`; None without a plan in force."""
    plan = active_plan()
    if plan is None:
        return None
    body = accounts.institution()
    calendar = plans.calendar_for(body) if body else None
    return Ground(plan, calendar, bool(in_force(now, plan, calendar)), *_counted(stories))


def _counted(stories: Sequence[Story]) -> tuple[dict[int, int], dict[int, dict[str, int]]]:
    """Readers, and mentions by tone, of each story."""
    ids = [story.pk for story in stories]
    reach: dict[int, int] = {}
    tones: dict[int, dict[str, int]] = {}
    for start in range(0, len(ids), 500):
        rows = Hearing.objects.filter(story_id__in=ids[start : start + 500]).order_by()
        counted = rows.values("story_id", "tone", "mention__kind").annotate(
            n=Count("pk"), readers=Sum("mention__reach")
        )
        for story, tone, kind, count, readers in counted.values_list(
            "story_id", "tone", "mention__kind", "n", "readers"
        ):
            heard = "request" if kind in ADDRESSED and tone in NO_MORE else tone
            tones.setdefault(story, {}).setdefault(heard, 0)
            tones[story][heard] += count
            reach[story] = reach.get(story, 0) + readers
    return reach, tones


def asks_nothing(story: Story, on: Ground) -> bool:
    """Whether a story is only praise: nobody complains, asks, requests or spreads a rumour in it."""
    tones = on.tones.get(story.pk, {})
    if any(tones.get(tone) for tone in CONCERNS):
        return False
    return tones.get("praise", 0) > 0 and tones.get("praise", 0) >= tones.get("neutral", 0)


def concern(story: Story, on: Ground) -> float:
    """Share of a story's mentions that want something of somebody; 1.0 while no tone was heard."""
    tones = {tone: count for tone, count in on.tones.get(story.pk, {}).items() if tone}
    total = sum(tones.values())
    return sum(tones.get(tone, 0) for tone in CONCERNS) / total if total else 1.0


def evidence(story: Story, on: Ground) -> Evidence:
    """What is known of a story, as plans count it."""
    words = " ".join([story.title, *map(str, story.terms), *map(str, story.places)])
    places = {place.id for place in on.plan.places if any(w in words for w in (place.name.zh, *place.words))}
    return Evidence(
        tiers=story.tiers,
        sites=len([site for site in story.sites if site]),
        voices=story.voices_count,
        mentions=story.mentions_count,
        reach=on.reach.get(story.pk, 0),
        growth=story.growth,
        forecast=story.forecast,
        negative_share=story.negative_share,
        concern=concern(story, on),
        subjects=frozenset({story.topic} - {""}),
        places=frozenset(places),
        key_period=on.key_period,
        mishandled=story.status == Story.Status.CASED and any(judge(story) for judge in _mishandled),
    )


def reason_rows(reasons: Iterable[Reason]) -> list[list[object]]:
    """Reasons as a row keeps them."""
    return [[r.text.zh, r.text.en, r.measured.zh, r.measured.en, r.holds] for r in reasons]


def assess_due(on: Ground, now: datetime) -> datetime | None:
    """By when a proposal of `now` has to be assessed; None where the plan sets no time or its calendar ends."""
    if on.plan.assess_within is None or on.calendar is None:
        return None
    try:
        return on.plan.assess_within.due(now, on.calendar)
    except UnknownYear:
        return None


def level_name(plan: Plan | None, number: int | None) -> Text:
    """The plan's own word for a level."""
    level = plan.level(number) if plan else None
    return level.name if level else Text(f"{number} 级", f"level {number}")
