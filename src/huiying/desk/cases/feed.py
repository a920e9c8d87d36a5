"""New posts of stories that have a case are added to it; after closing they may be a relapse, which a person judges."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from huiying.desk.accounts.models import Role
from huiying.desk.cases import journal
from huiying.desk.cases.models import Case, Feed
from huiying.desk.cases.telling import tell_roles
from huiying.desk.collect.models import Mention
from huiying.desk.listen.mergers import end_of, family, note_told, untold
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.listen.queries import Fed, new_for_cased
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: Posts join a case at most so often: a hot story would fill the journal otherwise.
EVERY = timedelta(minutes=5)


def feed_due(*, now: datetime, worker: str = "", most: int = 500) -> int:
    """Add what was heard since the last time; gives how many posts were looked at, 0 when it is not time yet."""
    with transaction.atomic():
        Feed.objects.get_or_create(name="stories")
        skip = connection.features.has_select_for_update_skip_locked
        row = Feed.objects.select_for_update(skip_locked=skip).filter(name="stories").first()
        if row is None or (row.next_at is not None and row.next_at > now):
            return 0
        _tell_mergers(now)
        found = new_for_cased(row.last_id, most)
        _join(found, now)
        row.last_id = found[-1].id if found else row.last_id
        row.next_at = now if len(found) >= most else now + EVERY
        row.save()
        return len(found)


def _join(found: Sequence[Fed], now: datetime) -> None:
    by_story: dict[int, list[int]] = defaultdict(list)
    for fed in found:
        for story in fed.cased_ids:
            by_story[story].append(fed.mention_id)
    for case in Case.objects.filter(story__in=by_story, merged_into=None).order_by("pk"):
        if case.closed_at is None or (case.watch_until is not None and case.watch_until > now):
            _add(case, by_story[case.story_id or 0], now)


def _tell_mergers(now: datetime) -> None:
    """A story of a case became part of another, or another became part of it: told once in the case's journal, the posts
    that come with it added."""
    stories = untold()
    by_heir: dict[int, list[Story]] = defaultdict(list)
    for story in stories:
        by_heir[end_of(story).pk].append(story)
    for pk, joined in by_heir.items():
        heir = Story.objects.get(pk=pk)
        for case in Case.objects.filter(story__in=family(heir), merged_into=None).order_by("pk"):
            if case.closed_at is None or (case.watch_until is not None and case.watch_until > now):
                _add_merger(case, heir, joined, now)
    note_told(stories)


def _add_merger(case: Case, heir: Story, joined: Sequence[Story], now: datetime) -> None:
    journal.lock(case)
    posts = Hearing.objects.filter(story=heir).exclude(mention__in=case.mentions.all()).order_by("mention_id")
    fresh = _may_count(case, list(posts.values_list("mention_id", flat=True)))
    data = {
        "mentions": fresh,
        "story": heir.pk,
        "joined": [story.title for story in joined],
        "into": heir.title,
    }
    first = case.back == 0
    entry = journal.write(case=case, kind=Kind.MENTIONS_ADDED, data=data, now=now, by=None)
    if case.closed_at is not None and first and fresh:
        _tell(case, entry.seq, len(fresh), now)


def _add(case: Case, mentions: list[int], now: datetime) -> None:
    journal.lock(case)
    known = set(case.mentions.filter(pk__in=mentions).values_list("pk", flat=True))
    fresh = _may_count(case, [pk for pk in mentions if pk not in known])
    if not fresh:
        return
    first = case.back == 0
    data = {"mentions": fresh, "story": case.story_id}
    entry = journal.write(case=case, kind=Kind.MENTIONS_ADDED, data=data, now=now, by=None)
    if case.closed_at is not None and first:
        _tell(case, entry.seq, len(fresh), now)


def _may_count(case: Case, mentions: list[int]) -> list[int]:
    """Of a closed case only what was heard of since closing: the rest is no relapse."""
    if case.closed_at is None:
        return mentions
    since = Mention.objects.filter(pk__in=mentions, captured_at__gt=case.closed_at)
    return list(since.order_by("pk").values_list("pk", flat=True))


def _tell(case: Case, seq: int, number: int, now: datetime) -> None:
    tell_roles(
        case=case,
        now=now,
        roles=[Role.DUTY, Role.OFFICE],
        key=f"relapse|{seq}",
        subject=Text(f"可能复发：{case.title}", f"May be a relapse: {case.title}"),
        body=Text(
            f"办结后又有 {number} 条新帖。请看是否复发：是则重新办理，不是则写明理由。",
            f"{number} new posts since closing. Judge whether it came back: reopen it, or say why not.",
        ),
        stage="relapse",
        urgent=True,
    )
