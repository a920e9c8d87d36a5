"""What the operations read, and the shapes they give it."""

from django.db.models import QuerySet
from django.http import Http404

from huiying.desk.accounts.models import Person
from huiying.desk.api.shapes import CaseOut, EntryOut, MentionOut, OwedOut, StoryOut
from huiying.desk.cases.access import get_case, visible
from huiying.desk.cases.models import Case, Owed
from huiying.desk.collect.models import Mention
from huiying.desk.listen.mergers import end_of
from huiying.desk.listen.models import Story
from huiying.desk.shell.mask import mask

MOST_OWED = 500


def mentions(after: int, most: int) -> list[Mention]:
    """Mentions stored after the one with id `after`."""
    rows = Mention.objects.filter(pk__gt=after).select_related("hearing__story").order_by("pk")
    return list(rows[:most])


def mention(pk: int) -> Mention:
    """One mention. Raises Http404."""
    found = Mention.objects.filter(pk=pk).select_related("hearing__story").first()
    if found is None:
        raise Http404
    return found


def mention_out(row: Mention) -> MentionOut:
    """Personal data in title and text is masked."""
    hearing = getattr(row, "hearing", None)
    return MentionOut(
        id=row.pk,
        kind=row.kind,
        title=mask(row.title),
        text=mask(row.text),
        address=row.address,
        site=row.site,
        tier=row.tier,
        posted_at=row.posted_at,
        captured_at=row.captured_at,
        story=hearing.story.key if hearing and hearing.story else None,
        sha256=row.text_sha256,
        purged_at=row.purged_at,
    )


def stories(after: int, most: int) -> list[Story]:
    """Stories on their own feet, hottest first."""
    rows = Story.objects.exclude(status=Story.Status.MERGED).select_related("unit")
    return list(rows[after : after + most])


def story(key: str) -> Story:
    """One story; of a merged one that which it is part of now. Raises Http404."""
    found = Story.objects.filter(key=key).select_related("unit").first()
    if found is None:
        raise Http404
    return end_of(found)


def story_out(row: Story) -> StoryOut:
    """A story as the interface shows it."""
    return StoryOut(
        key=row.key,
        title=mask(row.title),
        status=row.status,
        first_at=row.first_at,
        last_at=row.last_at,
        mentions=row.mentions_count,
        copies=row.copies_count,
        voices=row.voices_count,
        sites=row.sites,
        tiers=row.tiers,
        heat=row.heat,
        growth=row.growth,
        forecast=row.forecast,
        negative_share=row.negative_share,
        topic=row.topic,
        unit=row.unit.code if row.unit else "",
        level=row.level,
    )


def real(person: Person) -> QuerySet[Case]:
    """The cases that `person` sees and that are no drill: programs are outside of the house."""
    return visible(person).filter(drill=False)


def case(person: Person, number: str) -> Case:
    """One case. Raises Http404."""
    found = get_case(person, number)
    if found.drill:
        raise Http404
    return found


def cases(person: Person, open_only: bool | None, after: str, most: int) -> list[Case]:
    """Cases that `person` sees, newest first, after the one with number `after`."""
    rows = real(person).select_related("lead").order_by("-pk")
    if open_only is not None:
        rows = rows.filter(closed_at__isnull=open_only)
    if after:
        last = real(person).filter(number=after).first()
        if last is None:
            raise Http404
        rows = rows.filter(pk__lt=last.pk)
    return list(rows[:most])


def case_out(row: Case) -> CaseOut:
    """A case as lists show it."""
    return CaseOut(
        number=row.number,
        title=mask(row.title),
        step=row.step,
        level=row.level,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        lead=row.lead.code if row.lead else "",
        overdue=row.overdue,
        next_due_at=row.next_due_at,
    )


def journal_out(case: Case) -> list[EntryOut]:
    """Every entry, unmasked: the hash covers the exact words."""
    return [
        EntryOut(
            seq=entry.seq,
            at=entry.at,
            recorded_at=entry.recorded_at,
            kind=entry.kind,
            actor=entry.actor,
            role=entry.role,
            data=entry.data,
            prev=entry.prev,
            hash=entry.hash,
        )
        for entry in case.entries.order_by("seq")
    ]


def owed_out(person: Person, unit: str) -> list[OwedOut]:
    """Open and missed obligations on the cases that `person` sees, soonest first."""
    rows = Owed.objects.filter(case__in=real(person), state__in=[Owed.State.OPEN, Owed.State.MISSED])
    if unit:
        rows = rows.filter(unit__code=unit)
    return [
        OwedOut(
            case=row.case.number,
            key=row.key,
            what_zh=row.what_zh,
            what_en=row.what_en,
            why_zh=row.why_zh,
            why_en=row.why_en,
            act=row.act,
            role=row.role,
            unit=row.unit.code if row.unit else "",
            due_at=row.due_at,
            state=row.state,
            met_at=row.met_at,
        )
        for row in rows.select_related("case", "unit").order_by("due_at", "pk")[:MOST_OWED]
    ]
