"""Who is on duty when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Shift
from huiying.desk.accounts.patterns import Pattern, Turn, rotation
from huiying.desk.accounts.queries.roster import uncovered
from huiying.desk.accounts.rights import Right


def _check(person: Person, starts_at: datetime, ends_at: datetime, besides: Shift | None = None) -> None:
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束要晚于开始。")})
    if not person.is_active:
        raise ValidationError({"person": _("%(name)s 已停用，不能排班。") % {"name": person.name}})
    others = person.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise ValidationError({"person": _("%(name)s 这段时间已有班。") % {"name": person.name}})


def _note(by: Person, now: datetime, verb: str, shift: Shift) -> None:
    data = {
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "lead": shift.lead,
    }
    record(by=by, now=now, verb=verb, target=shift.person.name, data=data)


@transaction.atomic
def add_shift(
    *,
    by: Person,
    now: datetime,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    lead: bool = False,
    note: str = "",
) -> Shift:
    """Put a person on duty. Raises ValidationError when it has no length or overlaps a shift of the same person."""
    require(by, Right.EDIT_ROSTER)
    _check(person, starts_at, ends_at)
    shift = Shift.objects.create(person=person, starts_at=starts_at, ends_at=ends_at, lead=lead, note=note)
    _note(by, now, "shift.add", shift)
    return shift


@transaction.atomic
def change_shift(
    *,
    by: Person,
    now: datetime,
    shift: Shift,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    lead: bool,
    note: str,
) -> Shift:
    """Give a shift to another person or move it. Raises ValidationError as `add_shift` does."""
    require(by, Right.EDIT_ROSTER)
    _check(person, starts_at, ends_at, besides=shift)
    shift.person, shift.starts_at, shift.ends_at, shift.lead, shift.note = (
        person,
        starts_at,
        ends_at,
        lead,
        note,
    )
    shift.save()
    _note(by, now, "shift.change", shift)
    return shift


@transaction.atomic
def drop_shift(*, by: Person, now: datetime, shift: Shift) -> None:
    """Take a shift away; one that has begun is only cut short, for it was kept so far. Raises ValidationError when over."""
    require(by, Right.EDIT_ROSTER)
    if shift.ends_at <= now:
        raise ValidationError(_("这个班已经值完，记录不能删。"))
    _note(by, now, "shift.drop", shift)
    if shift.starts_at < now:
        shift.ends_at = now
        shift.save(update_fields=["ends_at"])
    else:
        shift.delete()


@transaction.atomic
def swap_shifts(*, by: Person, now: datetime, one: Shift, other: Shift) -> None:
    """Two people change shifts; shifts that are over stay. Raises ValidationError."""
    require(by, Right.EDIT_ROSTER)
    if min(one.ends_at, other.ends_at) <= now:
        raise ValidationError(_("已经值完的班不能换。"))
    first, second = one.person, other.person
    for person, gets, gives in ((second, one, other), (first, other, one)):
        clash = person.shifts.filter(starts_at__lt=gets.ends_at, ends_at__gt=gets.starts_at).exclude(
            pk=gives.pk
        )
        if clash.exclude(pk=gets.pk).exists():
            raise ValidationError(_("换班后 %(name)s 会有两个班重叠。") % {"name": person.name})
    one.person, other.person = second, first
    one.save(update_fields=["person"])
    other.save(update_fields=["person"])
    _note(by, now, "shift.swap", one)
    _note(by, now, "shift.swap", other)


@transaction.atomic
def fill_roster(
    *,
    by: Person,
    now: datetime,
    people: Sequence[Person],
    pattern: Pattern,
    first_day: date,
    days: int,
    zone: ZoneInfo,
    lead: bool = False,
) -> list[Shift]:
    """Fill days by a rotation of `people`, from `now` on; what is taken already is left, only the rest is filled.

    Those who lead (`lead`) and those who watch are filled apart. Raises ValidationError without people, for
    somebody who left, or for a span outside 1 to 366 days.
    """
    require(by, Right.EDIT_ROSTER)
    _check_fill(people, days)
    turns = [turn for turn in rotation(people, pattern, first_day, days, zone) if turn.ends_at > now]
    made = Shift.objects.bulk_create(_free(turns, now, lead))
    data = {
        "pattern": pattern,
        "first_day": first_day.isoformat(),
        "days": days,
        "people": [person.name for person in people],
        "made": len(made),
        "lead": lead,
    }
    record(by=by, now=now, verb="roster.fill", target="", data=data)
    return made


def _check_fill(people: Sequence[Person], days: int) -> None:
    if not people:
        raise ValidationError({"people": _("请至少选一位值班的人。")})
    if not 1 <= days <= 366:
        raise ValidationError({"days": _("一次可排 1 到 366 天。")})
    for person in people:
        if not person.is_active:
            raise ValidationError({"people": _("%(name)s 已停用，不能排班。") % {"name": person.name}})


def _free(turns: Sequence[Turn], now: datetime, lead: bool) -> Iterator[Shift]:
    """The parts of the turns in which nobody has that duty yet and the person has no other shift."""
    if not turns:
        return
    taken = list(
        Shift.objects.filter(starts_at__lt=turns[-1].ends_at, ends_at__gt=now)
        .order_by("starts_at")
        .values_list("starts_at", "ends_at", "lead", "person_id")
    )
    for turn in turns:
        spans = [
            (begins, ends) for begins, ends, as_lead, who in taken if as_lead == lead or who == turn.person.pk
        ]
        for begins, ends in uncovered(spans, max(turn.starts_at, now), turn.ends_at):
            yield Shift(person=turn.person, starts_at=begins, ends_at=ends, lead=lead)
