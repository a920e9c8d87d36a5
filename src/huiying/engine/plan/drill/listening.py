"""A recorded stream heard again: stories form, their evidence grows, and the plan gives them levels as it would have.

Nothing here hears or grades by itself: `engine.listen.fold.hear` makes the stories and `engine.assess.assess` the levels,
from the same evidence that the desk counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from huiying.engine.assess import Evidence, assess
from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.listen.fold import Config, State, hear
from huiying.engine.listen.mention import Mention, MentionId
from huiying.engine.listen.results import Results, StoryShot
from huiying.engine.plan.drill.matters import Matter, Rise
from huiying.engine.plan.model import Plan

#: What comes within so long is heard together, and stories are graded after it.
TOGETHER = timedelta(minutes=5)
#: Tones that want something of somebody.
CONCERNS = ("complaint", "question", "request", "rumour")
#: Kinds of mention that somebody addressed to us: they want an answer even where no words of it were heard.
ADDRESSED = ("message", "call", "tip", "transfer")


@dataclass(slots=True)
class _Known:
    """What is known of one story beside what the ear tells."""

    reach: int = 0
    tones: dict[str, int] = field(default_factory=dict)
    posted_at: datetime | None = None
    matter: Matter | None = None


def matters_in(
    plan: Plan,
    mentions: Sequence[Mention],
    config: Config,
    calendar: Calendar,
    *,
    told: Callable[[int], None] = lambda _heard: None,
    arrived: Mapping[MentionId, datetime] | None = None,
) -> list[Matter]:
    """The matters that the mentions, in the order in which they came, would have become; `told` hears how many are done.

    A story becomes a matter at the instant at which its evidence first reaches a level; only praise never does. `arrived`
    says when mentions came, where that is known to be later than they were posted. Raises ValueError for a mention without zone.
    """
    came = {mention.id: mention.at for mention in mentions} | dict(arrived or {})
    known: dict[str, _Known] = {}
    state, done = State(), 0
    for batch in _batches(mentions, came):
        state, results = hear(state, batch, config)
        _note(known, batch, results)
        now = max(came[mention.id] for mention in batch).astimezone(UTC)
        for shot in results.stories:
            _absorb(known, shot)
        for shot in results.stories:
            _grade(plan, shot, known, now, calendar)
        done += len(batch)
        told(done)
    found = [one.matter for one in known.values() if one.matter is not None]
    return sorted(found, key=lambda matter: matter.at)


def moved(
    mentions: Sequence[Mention], start: datetime, arrived: Mapping[MentionId, datetime] | None = None
) -> tuple[list[Mention], dict[MentionId, datetime]]:
    """The same mentions, and when they came, as if the first had come at `start`."""
    if not mentions:
        return [], {}
    came = {mention.id: mention.at for mention in mentions} | dict(arrived or {})
    by = start - min(came.values())
    return [replace(one, at=one.at + by) for one in mentions], {id: at + by for id, at in came.items()}


def _batches(mentions: Sequence[Mention], came: Mapping[MentionId, datetime]) -> Iterator[Sequence[Mention]]:
    """What comes together."""
    start = 0
    for index, mention in enumerate(mentions):
        if came[mention.id] - came[mentions[start].id] >= TOGETHER:
            yield mentions[start:index]
            start = index
    if mentions:
        yield mentions[start:]


def _note(known: dict[str, _Known], batch: Sequence[Mention], results: Results) -> None:
    by_id = {mention.id: mention for mention in batch}
    for heard in results.heard:
        if heard.story is None:
            continue
        mention, one = by_id[heard.mention_id], known.setdefault(heard.story, _Known())
        asked = mention.kind in ADDRESSED and heard.tone in ("", "neutral")
        tone = "request" if asked else heard.tone
        one.tones[tone] = one.tones.get(tone, 0) + 1
        one.reach += mention.reach
        one.posted_at = min(one.posted_at or mention.at, mention.at)


def _absorb(known: dict[str, _Known], shot: StoryShot) -> None:
    """What is known of a story that became part of another is known of that one; it became a matter when the first did."""
    gone = known.pop(shot.key, None) if shot.merged_into else None
    if gone is None or shot.merged_into is None:
        return
    heir = known.setdefault(shot.merged_into, _Known())
    heir.reach += gone.reach
    for tone, count in gone.tones.items():
        heir.tones[tone] = heir.tones.get(tone, 0) + count
    heir.posted_at = min(filter(None, (heir.posted_at, gone.posted_at)), default=None)
    heir.matter = min(filter(None, (heir.matter, gone.matter)), key=lambda matter: matter.at, default=None)


def _grade(plan: Plan, shot: StoryShot, known: dict[str, _Known], now: datetime, calendar: Calendar) -> None:
    """The story becomes a matter, or the matter rises, or neither."""
    one = known.get(shot.key)
    if one is None or shot.not_ours or shot.merged_into or only_praise(one.tones):
        return
    level = assess(
        plan, evidence_of(plan, shot, one.tones, one.reach, _key_period(plan, calendar, now))
    ).level
    before = one.matter
    if before is None and level is not None:
        one.matter = Matter(
            at=now,
            level=level,
            title=shot.title,
            subject=shot.topic,
            unit=shot.unit,
            posted_at=one.posted_at.astimezone(UTC) if one.posted_at else None,
            mentions=shot.mentions,
        )
    elif before is not None:
        rises = before.rises
        if level is not None and level < before.gravest:
            rises += (Rise(at=now, level=level),)
        one.matter = Matter(
            at=before.at,
            level=before.level,
            rises=rises,
            title=shot.title,
            subject=before.subject or shot.topic,
            unit=before.unit or shot.unit,
            posted_at=before.posted_at,
            mentions=shot.mentions,
        )


def only_praise(tones: dict[str, int]) -> bool:
    """Whether nobody complains, asks, requests or spreads a rumour, and most of what is said is praise."""
    if any(tones.get(tone) for tone in CONCERNS):
        return False
    return tones.get("praise", 0) > 0 and tones.get("praise", 0) >= tones.get("neutral", 0)


def evidence_of(plan: Plan, shot: StoryShot, tones: dict[str, int], reach: int, key_period: bool) -> Evidence:
    """What is known of a story, as plans count it."""
    words = " ".join([shot.title, *shot.terms, *shot.places])
    total = sum(tones.values())
    return Evidence(
        tiers=shot.tiers,
        sites=len([site for site in shot.sites if site]),
        voices=shot.voices,
        mentions=shot.mentions,
        reach=reach,
        growth=shot.growth,
        forecast=shot.forecast,
        negative_share=shot.negative_share,
        concern=sum(tones.get(tone, 0) for tone in CONCERNS) / total if total else 1.0,
        subjects=frozenset({shot.topic} - {""}),
        places=frozenset(
            place.id for place in plan.places if any(word in words for word in (place.name.zh, *place.words))
        ),
        key_period=key_period,
    )


def _key_period(plan: Plan, calendar: Calendar, now: datetime) -> bool:
    local = calendar.local(now)
    try:
        holiday = calendar.holiday(local.date())
    except UnknownYear:
        holiday = ""
    return plan.key_period(local, holiday) is not None
