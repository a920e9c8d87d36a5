"""What a second hearing says otherwise than the first, and how it takes the first one's place."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from huiying.desk.accounts.models import Unit
from huiying.desk.listen import ledger, rows, search
from huiying.desk.listen.models import Fold, Hearing, Match, Reheard, ReheardStory, Rehearing, Story, Watch
from huiying.desk.listen.propose import propose
from huiying.desk.listen.work import NAME, untaught
from huiying.engine.listen.results import Heard, StoryShot

CHUNK = 200


def clear(row: Rehearing) -> None:
    """Forget what a re-hearing noted."""
    Reheard.objects.filter(rehearing=row).delete()
    ReheardStory.objects.filter(rehearing=row).delete()


def note_said(row: Rehearing, heard: Iterable[Heard]) -> None:
    """Keep what is said otherwise of mentions that were heard again."""
    _note(row, {int(one.mention_id): rows.said_of(one) for one in heard})


def note_moved(row: Rehearing, heard: Iterable[Heard]) -> None:
    """Keep where mentions heard earlier were moved, by a correction taught again or with a small story."""
    moved = {int(one.mention_id): one.story or "" for one in heard}
    noted = dict(
        Reheard.objects.filter(rehearing=row, mention_id__in=list(moved)).values_list("mention_id", "said")
    )
    now = current(moved)
    _note(row, {pk: {**(noted.get(pk) or now[pk]), "story": key} for pk, key in moved.items() if pk in now})


def _note(row: Rehearing, saids: Mapping[int, rows.Said]) -> None:
    now = current(saids)
    Reheard.objects.filter(rehearing=row, mention_id__in=list(saids)).delete()
    other = {pk: said for pk, said in saids.items() if pk in now and said != now[pk]}
    Reheard.objects.bulk_create(
        [Reheard(rehearing=row, mention_id=pk, said=said) for pk, said in other.items()], batch_size=CHUNK
    )


def current(mentions: Iterable[int]) -> dict[int, rows.Said]:
    """What is said of mentions by the rows, in the form of `rows.said_of`."""
    ids = list(mentions)
    hits: dict[int, dict[str, list[list[int]]]] = {}
    for mention, watch, spans in Match.objects.filter(mention_id__in=ids).values_list(
        "mention", "watch", "spans"
    ):
        hits.setdefault(mention, {})[str(watch)] = spans
    hearings = Hearing.objects.filter(mention_id__in=ids).select_related("story")
    return {row.mention_id: _said(row, hits.get(row.mention_id, {})) for row in hearings}


def _said(row: Hearing, hits: Mapping[str, list[list[int]]]) -> rows.Said:
    return {
        "story": row.story.key if row.story else "",
        "copy_of": row.copy_of_id,
        "tone": row.tone,
        "tone_score": row.tone_score,
        "tone_evidence": row.tone_evidence,
        "evidence": row.evidence,
        "hits": hits,
    }


def note_stories(row: Rehearing, shots: Sequence[StoryShot]) -> None:
    """Keep the stories as they are measured now; the later of two counts."""
    latest = {shot.key: rows.shot_fields(shot) for shot in shots}
    ReheardStory.objects.bulk_create(
        [ReheardStory(rehearing=row, key=key, shot=shot) for key, shot in latest.items()],
        update_conflicts=True,
        unique_fields=["rehearing", "key"],
        update_fields=["shot"],
        batch_size=CHUNK,
    )


@transaction.atomic
def take_over(row: Rehearing, position: ledger.Position, now: datetime) -> bool:
    """Put the second hearing in the place of the first; False when the first has gone on meanwhile.

    What officers put right and the first was not taught yet is waited for, unless the first stands still and never learns
    it: then the second is taught it next.
    """
    fold = Fold.objects.select_for_update().get(name=NAME)
    if (fold.batch, fold.corrected) != (position.batch, position.corrected):
        return False
    if untaught().exists() and not fold.trouble:
        return False
    Story.objects.filter(purged_count__gt=0).update(forgotten_count=F("purged_count"))
    shots = dict(ReheardStory.objects.filter(rehearing=row).values_list("key", "shot"))
    other = _other_stories(shots)
    changed = rows.write_stories({key: shots[key] for key in other})
    saids = dict(Reheard.objects.filter(rehearing=row).values_list("mention_id", "said"))
    gone = [story for story in Story.objects.exclude(status=Story.Status.MERGED) if story.key not in shots]
    heirs = {story.pk: _heir(story, saids) for story in gone}
    gone = [story for story in gone if heirs[story.pk] or not story.purged_count]
    rows.rewrite_heard(saids)
    _bury(gone, heirs)
    fold.version += 1
    fold.config, fold.trouble, fold.heard_at = row.config, "", now
    ledger.write(fold, position)
    fold.save()
    propose(changed, now, f"{fold.version}.{fold.batch}.{fold.corrected}")
    _finish(row, now, len(saids), len(other) + len(gone))
    return True


def _finish(row: Rehearing, now: datetime, mentions: int, stories: int) -> None:
    clear(row)
    Rehearing.objects.filter(pk=row.pk).update(
        phase=Rehearing.Phase.DONE, finished_at=now, changed=mentions, changed_stories=stories, state=b""
    )


def _other_stories(shots: Mapping[str, rows.Said]) -> list[str]:
    """The stories that are measured otherwise than their rows say, in order of key."""
    stories = Story.objects.select_related("unit", "merged_into").prefetch_related("watches")
    there = {story.key: rows.story_said(story) for story in stories.iterator(chunk_size=500)}
    known = rows.Known(
        units=frozenset(Unit.objects.values_list("code", flat=True)),
        watches=frozenset(str(pk) for pk in Watch.objects.values_list("pk", flat=True)),
    )
    same = {
        key
        for key in shots.keys() & there.keys()
        if there[key] == rows.comparable(shots[key], there[key], known)
    }
    return sorted(shots.keys() - same)


def _heir(story: Story, saids: Mapping[int, rows.Said]) -> str:
    """The story to which most mentions of a vanished one belong now; "" if to none."""
    ids = Hearing.objects.filter(story=story).values_list("mention_id", flat=True)
    keys = Counter(saids[pk]["story"] for pk in ids if pk in saids and saids[pk]["story"])
    return keys.most_common(1)[0][0] if keys else ""


def _bury(gone: Sequence[Story], heirs: Mapping[int, str]) -> None:
    """Stories that are none any more: one with a case, or of which mentions were purged, lives on in its heir; the others go."""
    ids = rows.story_ids(filter(None, heirs.values()))
    lasting = [story for story in gone if story.status == Story.Status.CASED or story.purged_count]
    for story in lasting:
        heir = ids.get(heirs[story.pk])
        if heir:
            _live_on(story, heir)
    rest = [story.pk for story in gone if story not in lasting]
    search.drop("story", rest)
    for start in range(0, len(rest), CHUNK):
        Story.objects.filter(pk__in=rest[start : start + CHUNK]).delete()


def _live_on(story: Story, heir: int) -> None:
    """The heir takes over the case, and counts what was purged."""
    if story.status == Story.Status.CASED:
        Story.objects.filter(pk=heir).update(status=Story.Status.CASED)
    purged = story.purged_count
    Story.objects.filter(pk=heir).update(
        purged_count=F("purged_count") + purged,
        forgotten_count=F("forgotten_count") + purged,
        mentions_count=F("mentions_count") + purged,
    )
    Story.objects.filter(pk=story.pk).update(
        status=Story.Status.MERGED,
        merged_into_id=heir,
        merger_told=False,
        purged_count=0,
        forgotten_count=0,
    )
