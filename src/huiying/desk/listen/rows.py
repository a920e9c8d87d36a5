"""What the fold says, written as rows: hearings, matches, stories, and their entries in the search index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from huiying.desk.accounts.models import Unit
from huiying.desk.collect.models import Mention
from huiying.desk.listen import quick, search
from huiying.desk.listen.heat import warmth
from huiying.desk.listen.mergers import DECIDED, PURGED, carry, end_of
from huiying.desk.listen.models import Hearing, Match, Story, Watch
from huiying.engine.listen.results import Heard, StoryShot
from huiying.engine.text import Text

CHUNK = 200  # rows in one statement, under SQLite's limit of parameters
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the desk has rows for."""

    units: frozenset[str]  # codes
    watches: frozenset[str]  # ids


def pairs(texts: Iterable[Text]) -> list[list[str]]:
    """Sentences as a row keeps them."""
    return [[text.zh, text.en] for text in texts]


def said_of(heard: Heard) -> Said:
    """What was heard in one mention, as plain values: two hearings say the same exactly if these are equal."""
    return {
        "story": heard.story or "",
        "copy_of": heard.copy_of,
        "tone": heard.tone,
        "tone_score": round(heard.tone_score, 4),
        "tone_evidence": list(heard.tone_words),
        "evidence": pairs(heard.why),
        "hits": {hit.watch: [list(span) for span in hit.spans] for hit in heard.hits},
    }


def shot_fields(shot: StoryShot) -> Said:
    """A story as measured, as plain values; `merged_into` and `unit` are still names."""
    return {
        "title": shot.title[:300],
        "first_at": shot.first_at.astimezone(UTC).isoformat(),
        "last_at": shot.last_at.astimezone(UTC).isoformat(),
        "mentions_count": shot.mentions,
        "copies_count": shot.copies,
        "voices_count": shot.voices,
        "sites": dict(sorted(shot.sites.items())),
        "tiers": dict(sorted(shot.tiers.items())),
        "heat": round(shot.heat, 4),
        "warmth": round(warmth(shot.heat, shot.last_at), 6),
        "growth": round(shot.growth, 4),
        "forecast": None if shot.forecast is None else round(shot.forecast, 4),
        "forecast_evidence": pairs(shot.forecast_why),
        "negative_share": round(shot.negative_share, 4),
        "topic": shot.topic[:80],
        "topic_evidence": pairs(shot.topic_why),
        "unit": shot.unit,
        "unit_evidence": pairs(shot.unit_why),
        "terms": list(shot.terms),
        "places": list(shot.places),
        "points": [
            [point.hour.astimezone(UTC).isoformat(), point.mentions, round(point.heat, 4)]
            for point in shot.points
        ],
        "watches": list(shot.watches),
        "not_ours": shot.not_ours,
        "merged_into": shot.merged_into or "",
    }


#: Fields of a Story that are measured; everything else on the row was decided by people or about them.
MEASURED = (
    "title", "first_at", "last_at", "mentions_count", "copies_count", "voices_count", "sites", "tiers", "heat",
    "warmth", "growth", "forecast", "forecast_evidence", "negative_share", "topic", "topic_evidence", "unit",
    "unit_evidence", "terms", "places", "points",
)  # fmt: skip
#: What follows from mergers and from officers' words about them.
SETTLED = ("status", "merged_into", "merger_told", *PURGED)


def write_stories(shots: Mapping[str, Said]) -> list[Story]:
    """Bring story rows in line with how the fold sees them; returns those rows, in the order of `shots`."""
    units = dict(Unit.objects.values_list("code", "pk"))
    there = {story.key: story for story in _by_key(shots)}
    rows = {key: _measured(there.get(key) or Story(key=key), said, units) for key, said in shots.items()}
    _create([story for key, story in rows.items() if key not in there])
    heirs = _settle(rows, shots)
    quick.update(list(there.values()), [*MEASURED, *SETTLED])
    quick.update([story for key, story in rows.items() if key not in there and story.merged_into], SETTLED)
    quick.update(heirs, [*SETTLED, *DECIDED, "mentions_count"])
    _watched(rows, shots)
    _index_stories(rows.values())
    return list(rows.values())


def story_said(story: Story) -> Said:
    """A row in the form of `shot_fields`; give it with unit, merged_into and watches."""
    values = {name: getattr(story, name) for name in MEASURED if name != "unit"}
    values |= {name: values[name].astimezone(UTC).isoformat() for name in ("first_at", "last_at")}
    return {
        **values,
        "mentions_count": story.mentions_count - story.forgotten_count,
        "unit": story.unit.code if story.unit else "",
        "watches": sorted(str(watch.pk) for watch in story.watches.all()),
        "not_ours": story.status == Story.Status.DISMISSED,
        "cased": story.status == Story.Status.CASED,
        "merged_into": story.merged_into.key if story.merged_into else "",
    }


def comparable(said: Said, row: Said, known: Known) -> Said:
    """A measured story as its row can say it: of units and watches only those that the desk has, and "not ours" only
    where the row's own standing (a case, a merger) does not speak before it."""
    standing = row["merged_into"] or row["cased"]
    return {
        **said,
        "unit": said["unit"] if said["unit"] in known.units else "",
        "watches": sorted(watch for watch in said["watches"] if watch in known.watches),
        "not_ours": row["not_ours"] if standing else said["not_ours"],
        "cased": row["cased"],
    }


def _by_key(keys: Iterable[str]) -> list[Story]:
    """The rows, without what is measured: that is about to be written anew."""
    names = list(keys)
    parts = (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
    return [story for part in parts for story in _held().filter(key__in=part)]


def _held() -> QuerySet[Story]:
    return Story.objects.select_for_update().defer(*MEASURED)


def _measured(story: Story, said: Said, units: Mapping[str, int]) -> Story:
    for name in MEASURED:
        if name in ("first_at", "last_at"):
            setattr(story, name, datetime.fromisoformat(said[name]))
        elif name != "unit":
            setattr(story, name, said[name])
    story.mentions_count += story.forgotten_count
    story.unit_id = units.get(said["unit"])
    return story


def _create(stories: Sequence[Story]) -> None:
    quick.insert(stories)
    ids = story_ids(story.key for story in stories)
    for story in stories:
        story.pk, story._state.adding = ids[story.key], False


def _settle(rows: Mapping[str, Story], shots: Mapping[str, Said]) -> list[Story]:
    """The status that follows from corrections and mergers: merged, not ours, or ours again. A case is never taken away:
    it goes to the story at the end of the way, however many mergers lead there, and so does what officers decided.

    Returns the stories of which more than `SETTLED` is to be written: heirs.
    """
    known = _with_heirs(rows, shots)
    before = {key: story.status for key, story in rows.items()}
    for key, story in rows.items():
        story.merged_into = known.get(shots[key]["merged_into"])
        story.status = _status(story, shots[key])
    heirs: dict[str, Story] = {}
    for key, story in rows.items():
        heir = end_of(story)
        if before[key] == Story.Status.CASED and heir.status != Story.Status.CASED:
            heir.status, heirs[heir.key] = Story.Status.CASED, heir
        if story.status == Story.Status.MERGED and before[key] != story.status:
            story.merger_told = False
            if carry(story, heir):
                heirs[heir.key] = heir
    return list(heirs.values())


def _with_heirs(rows: Mapping[str, Story], shots: Mapping[str, Said]) -> dict[str, Story]:
    """`rows` and every story to which their mergers lead."""
    known = dict(rows)
    fresh = _by_key({said["merged_into"] for said in shots.values()} - {""} - known.keys())
    while fresh:
        known |= {story.key: story for story in fresh}
        there = {story.pk for story in known.values()}
        further = {story.merged_into_id for story in fresh if story.merged_into_id} - there
        fresh = list(_held().filter(pk__in=further))
    by_pk = {story.pk: story for story in known.values()}
    for story in known.values():
        if story.merged_into_id in by_pk:
            story.merged_into = by_pk[story.merged_into_id]
    return known


def _status(story: Story, said: Said) -> str:
    if story.merged_into is not None:
        return Story.Status.MERGED
    if story.status == Story.Status.CASED:
        return Story.Status.CASED
    return Story.Status.DISMISSED if said["not_ours"] else Story.Status.OPEN


def _watched(rows: Mapping[str, Story], shots: Mapping[str, Said]) -> None:
    """Which watches a story answers to."""
    ids = {story.pk: key for key, story in rows.items()}
    known = {str(pk) for pk in Watch.objects.values_list("pk", flat=True)}
    wanted = {
        (pk, int(watch)) for pk, key in ids.items() for watch in shots[key]["watches"] if watch in known
    }
    through = Story.watches.through
    there = {
        (story, watch): pk
        for part in _parts(list(ids))
        for pk, story, watch in through.objects.filter(story_id__in=part).values_list(
            "pk", "story_id", "watch_id"
        )
    }
    for part in _parts([pk for pair, pk in there.items() if pair not in wanted]):
        through.objects.filter(pk__in=part).delete()
    quick.insert([through(story_id=story, watch_id=watch) for story, watch in sorted(wanted - there.keys())])


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def _index_stories(stories: Iterable[Story]) -> None:
    search.put_many(
        [
            search.Doc(
                kind="story",
                ref=story.pk,
                title=story.title,
                text=" ".join(map(str, story.terms)),
                at=story.last_at,
            )
            for story in stories
        ]
    )


def write_heard(
    saids: Mapping[int, Said], stories: Mapping[str, int], mentions: Sequence[Mention], batch: int
) -> None:
    """First hearing of mentions: hearings, matches, index. `stories` gives the row of each key."""
    quick.insert([_hearing(Hearing(mention_id=pk, batch=batch), said, stories) for pk, said in saids.items()])
    write_matches(saids)
    search.put_many(
        [
            search.Doc(
                kind="mention",
                ref=row.pk,
                title=row.title,
                text=row.text,
                at=row.posted_at or row.captured_at,
            )
            for row in mentions
        ]
    )


HEARD_FIELDS = ("story", "copy_of", "tone", "tone_score", "tone_evidence", "evidence")


def _hearing(row: Hearing, said: Said, stories: Mapping[str, int]) -> Hearing:
    row.story_id = stories.get(said["story"])
    row.copy_of_id = said["copy_of"]
    row.tone, row.tone_score = said["tone"], said["tone_score"]
    row.tone_evidence, row.evidence = said["tone_evidence"], said["evidence"]
    return row


def rewrite_heard(saids: Mapping[int, Said]) -> None:
    """Bring hearings that are there in line with what is said now."""
    ids = list(saids)
    stories = story_ids({said["story"] for said in saids.values()} - {""})
    for part in _parts(ids):
        rows = Hearing.objects.filter(mention_id__in=part)
        quick.update([_hearing(row, saids[row.mention_id], stories) for row in rows], HEARD_FIELDS)
        Match.objects.filter(mention_id__in=part).delete()
    write_matches(saids)


def write_matches(saids: Mapping[int, Said]) -> None:
    """The watches that mentions answer to; a watch that was deleted meanwhile is passed over."""
    known = set(Watch.objects.values_list("pk", flat=True))
    quick.insert(
        [
            Match(watch_id=int(watch), mention_id=pk, spans=spans)
            for pk, said in saids.items()
            for watch, spans in said["hits"].items()
            if int(watch) in known
        ]
    )


def move_hearings(moved: Mapping[int, str]) -> None:
    """Mentions that a correction moved, to the stories (by key; "" is none) where they are now."""
    by_story: dict[str, list[int]] = {}
    for mention, key in moved.items():
        by_story.setdefault(key, []).append(mention)
    ids = story_ids(by_story)
    for key, mentions in by_story.items():
        for part in _parts(mentions):
            Hearing.objects.filter(mention_id__in=part).update(story_id=ids.get(key))


def story_ids(keys: Iterable[str]) -> dict[str, int]:
    """The rows of stories by the fold's names of them."""
    names = list(keys)
    parts = (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
    return {
        key: pk for part in parts for key, pk in Story.objects.filter(key__in=part).values_list("key", "pk")
    }
