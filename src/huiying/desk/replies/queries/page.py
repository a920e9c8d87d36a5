"""What the pages of drafts show besides the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from huiying.desk.accounts.models import Person, Role
from huiying.desk.replies.models import Approval, Draft, Suggestion
from huiying.desk.replies.queries.chain import seats, waiting_now
from huiying.desk.replies.queries.checking import plan_of
from huiying.desk.shell.zone import here
from huiying.engine.plan.chains import parts
from huiying.engine.reply.points import Answer
from huiying.engine.reply.promises import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of the chain as the page draws it: done, waiting now, or still to come."""

    number: int
    roles: tuple[str, ...]
    approval: Approval  # unsaved before the text is handed in
    now: bool = False
    at_once: bool = False  # others of the same step approve at the same time, in any order
    people: tuple[Person, ...] = ()  # who may take it
    stand_in: bool = False  # they stand in for holders who are away


def chain_of(draft: Draft, now: datetime) -> list[Link]:
    """The chain that the text goes through, or would by the plan as it stands."""
    rows = list(draft.approvals.filter(round=draft.round).select_related("by")) if draft.round else []
    if draft.editable or not rows:
        plan = plan_of(draft.case)
        steps = plan.chain(draft.case.level, draft.form, draft.unsure) if plan else ()
        rows = [
            Approval(draft=draft, step=number, part=part, roles=roles)
            for number, step in enumerate(steps, 1)
            for part, roles in enumerate(parts(step), 1)
        ]
    waiting = {row.pk for row in waiting_now(draft)}
    several = {row.step for row in rows if row.part > 1}
    return [replace(_link(draft, row, row.pk in waiting, now), at_once=row.step in several) for row in rows]


def _link(draft: Draft, row: Approval, is_now: bool, now: datetime) -> Link:
    found = seats(draft, row.any_of, now) if row.verdict == Approval.Verdict.WAITING else []
    return Link(
        number=row.step,
        roles=tuple(str(Role(role).label) if role in Role.values else role for role in row.any_of),
        approval=row,
        now=is_now,
        people=tuple(seat.person for seat in found),
        stand_in=any(seat.stood_in_for for seat in found),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the message: plain, or a point with how the draft deals with it."""

    text: str
    answer: Answer | None = None
    number: int = 0  # of the point, from 1


def marked_message(message: str, points: Sequence[Answer]) -> list[Part]:
    """The whole message, cut at its points."""
    found, done = [], 0
    for number, answer in enumerate(sorted(points, key=lambda one: one.point.span.start), 1):
        span = answer.point.span
        if span.start < done:
            continue
        found += [Part(message[done : span.start]), Part(message[span.start : span.end], answer, number)]
        done = span.end
    return [part for part in (*found, Part(message[done:])) if part.text]


@dataclass(frozen=True, slots=True)
class Offer:
    """A promise found in the text, offered as a deadline."""

    words: str
    day: date | None  # the last day on which it can be kept
    unknown_year: int | None = None


def offers(promises: Sequence[Promise]) -> list[Offer]:
    """The promises as the page offers them, each day once."""
    found: dict[date | int | None, Offer] = {}
    for one in promises:
        day = (one.due_at - timedelta(microseconds=1)).astimezone(here()).date() if one.due_at else None
        words = one.text.strip("。！!；; \n")[:200]
        found.setdefault(day or one.unknown_year, Offer(words, day, one.unknown_year))
    return list(found.values())


def newest_suggestion(draft: Draft) -> Suggestion | None:
    """What the model proposed last for this draft; None when it was never asked."""
    return draft.suggestions.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk").first()


def taken_over(draft: Draft) -> list[Suggestion]:
    """The machine's proposals that people took over into the text, oldest first."""
    taken = draft.suggestions.filter(state=Suggestion.State.TAKEN).select_related("decided_by")
    return list(taken.order_by("decided_at"))
