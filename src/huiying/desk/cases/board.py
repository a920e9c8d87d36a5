"""Messages of leaders' message boards on their way in: to whom, about what, where the plan sends them, and by when they are answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.cases.models import Case, Dispatch
from huiying.desk.collect.models import Mention, MentionKind, Tier
from huiying.desk.collect.periods import ids_at
from huiying.desk.plans import queries as plans
from huiying.engine.addressee import Addressed, read
from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan.model import Named, Plan, Route

#: A message that nobody took up for so long is history: it is found in Listen.
AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the plan makes of one message."""

    mention: Mention
    addressed: Addressed | None
    addressee: str
    subject: str
    subject_words: tuple[str, ...]  # in the text, that led to the subject
    matter: str
    route: Route | None
    unit: Unit | None
    tells: tuple[tuple[Named, tuple[Person, ...]], ...]  # recipients, and who they are now
    due: Obligation | None  # the answer that would be owed
    same: Case | None  # an open case about the very same

    @property
    def nowhere(self) -> str:
        """The unit that the plan names and the desk does not have."""
        return self.route.unit if self.route and self.unit is None else ""


class Board:
    """Everything by which messages are looked at, read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        version = plans.active()
        self.plan: Plan | None = plans.engine_plan(version) if version else None
        self.calendar: Calendar = plans.calendar_in_force()

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Active units by code, name and other names."""
        rows = list(Unit.objects.filter(active=True))
        found = {alias: unit for unit in rows for alias in unit.aliases}
        return found | {unit.name: unit for unit in rows} | {unit.code: unit for unit in rows}

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """The words of addressees in the plan's routes."""
        routes = self.plan.routes if self.plan else ()
        return tuple(word for route in routes for word in route.addressees)

    def proposal(
        self,
        mention: Mention,
        addressee: str | None = None,
        subject: str | None = None,
        matter: str | None = None,
    ) -> Proposal:
        """What the plan makes of a message; what a person knows better is given."""
        words = f"{mention.title}\n{mention.text}"
        addressed = read(
            mention.title,
            mention.text,
            said=str(mention.extra.get("addressee") or ""),
            board=f"{mention.site} {mention.source.name}",
            offices=self.offices,
        )
        to = addressee if addressee is not None else addressed.office if addressed else ""
        about, why = self._subject(words) if subject is None else (subject, ())
        kind = self._matter(words) if matter is None else matter
        route = self.plan.routing(about, to) if self.plan else None
        return Proposal(
            mention=mention,
            addressed=addressed,
            addressee=to,
            subject=about,
            subject_words=why,
            matter=kind,
            route=route,
            unit=self.units.get(route.unit) if route else None,
            tells=self._tells(route),
            due=self._due(mention, to, about, kind),
            same=same_as(mention),
        )

    def _subject(self, words: str) -> tuple[str, tuple[str, ...]]:
        """The subject of which most words stand in the text, and those words."""
        counted = [
            (tuple(word for word in one.words if word in words), one.id)
            for one in (self.plan.subjects if self.plan else ())
        ]
        found = max(counted, key=lambda pair: len(pair[0]), default=((), ""))
        return (found[1], found[0]) if found[0] else ("", ())

    def _matter(self, words: str) -> str:
        """The kind of matter: the last of the plan's whose words stand in the text, for graver ones come last; else the usual one."""
        if self.plan is None:
            return ""
        named = [one.id for one in self.plan.matters if any(word in words for word in one.words)]
        return named[-1] if named else self.plan.default_matter

    def _tells(self, route: Route | None) -> tuple[tuple[Named, tuple[Person, ...]], ...]:
        if route is None or self.plan is None:
            return ()
        named = [one for one in map(self.plan.recipient, route.tell) if one is not None]
        return tuple((one, tuple(stand_in(one.role, self.now)) if one.role else ()) for one in named)

    def _due(self, mention: Mention, addressee: str, subject: str, matter: str) -> Obligation | None:
        """The answer that would be owed first, were the case opened now: the formal one where the plan asks for one."""
        if self.plan is None:
            return None
        data = {
            "how": "mention",
            "discovered_at": instant(mention.captured_at),
            "posted_at": instant(mention.posted_at) if mention.posted_at else None,
            "addressee": addressee,
            "subject": subject,
            "matter": matter,
            "periods": list(ids_at(self.now, self.plan, self.calendar)),
        }
        opened = Entry(seq=1, at=self.now, recorded_at=self.now, kind=Kind.OPENED, actor="system", data=data)
        owed = [
            one for one in obligations(self.plan, [opened], self.calendar, self.now) if one.act == "published"
        ]
        formal = [one for one in owed if one.stage in {"formal", "final"}]
        return min(formal or owed, key=lambda one: one.due_at, default=None)


def waiting(now: datetime) -> QuerySet[Mention]:
    """Messages that nobody has taken up, the oldest first."""
    messages = Mention.objects.filter(Q(kind=MentionKind.MESSAGE) | Q(tier=Tier.BOARD))
    rows = messages.filter(cases__isnull=True, dispatch__isnull=True, captured_at__gt=now - AHEAD)
    return rows.select_related("source", "hearing", "hearing__story").order_by("captured_at", "pk")


def dispatched() -> QuerySet[Dispatch]:
    """What was done with messages, the newest first."""
    return Dispatch.objects.select_related("mention", "mention__source", "case", "unit", "by").order_by(
        "-at", "-pk"
    )


def same_as(mention: Mention) -> Case | None:
    """An open case of the message's own story, or of a message with the very same words."""
    running = Case.objects.filter(closed_at=None, merged_into=None, drill=False)
    hearing = getattr(mention, "hearing", None)
    if hearing is not None and hearing.story_id is not None:
        found = running.filter(story=hearing.story_id).order_by("pk").first()
        if found is not None:
            return found
    if not (mention.title or mention.text):
        return None
    return running.filter(mentions__text_sha256=mention.text_sha256).order_by("pk").first()


def departs(usual: Proposal, chosen: Proposal, unit: Unit) -> bool:
    """Whether a decision departs from the plan: another unit than the plan's for such a message, or read otherwise than it was."""
    read_as = usual.addressed.office if usual.addressed else ""
    return (
        chosen.unit != unit
        or (bool(read_as) and chosen.addressee != read_as)
        or (bool(usual.subject) and chosen.subject != usual.subject)
    )
