"""How a case stands for one reader: what its page shows and which forms may be offered."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiying.desk.accounts import access
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import IN_A_UNIT, TABLE, Right
from huiying.desk.cases.access import roles_on
from huiying.desk.cases.actions.clocks import pending_extensions
from huiying.desk.cases.facts import Part, Projected, corrected
from huiying.desk.cases.loose import LooseEnd, loose_ends
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.cases.queries.doors import Button
from huiying.desk.cases.queries.names import Names
from huiying.desk.cases.queries.owed import Due, due_of
from huiying.desk.cases.queries.sentences import reasons
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Entry, Kind
from huiying.engine.plan.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the four steps, and when it was passed."""

    label: str
    at: datetime | None
    state: str  # done, now, ahead, spared
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A unit's part as the page shows it."""

    part: Part
    unit: Unit
    mine: bool
    open: tuple[Owed, ...]


class Standing:
    """One case before one reader at one instant; everything is read once, when it is asked for."""

    def __init__(self, case: Case, person: Person, now: datetime) -> None:
        self.case, self.person, self.now = case, person, now
        self.entries: list[Entry] = entries_of(case)
        self.facts: Projected = project(self.entries)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan that governs."""
        return engine_plan(self.facts)

    @cached_property
    def grading(self) -> Plan | None:
        """The plan by which a level would be confirmed now."""
        active = plans.active()
        return self.plan if self.facts.pinned or active is None else plans.engine_plan(active)

    @cached_property
    def names(self) -> Names:
        """Names for codes."""
        return Names(self.case, self.entries, self.plan)

    def may(self, right: Right) -> bool:
        """Whether the reader may use the right on this very case."""
        whole, here = self._roles
        return bool(TABLE[right] & whole) or (right in IN_A_UNIT and bool(TABLE[right] & here))

    @cached_property
    def _roles(self) -> tuple[set[str], set[str]]:
        return roles_on(self.person, self.case)

    @cached_property
    def owed_rows(self) -> list[Owed]:
        """Every obligation, by its instant; none for a case that joined another."""
        rows = self.case.owed.select_related("unit").order_by("due_at", "pk")
        return list(rows)

    @cached_property
    def owed(self) -> list[Due]:
        """What is open or missed: missed first, for it was due first."""
        return [due_of(self.case, row, self.may) for row in self.owed_rows if row.state in {"open", "missed"}]

    @cached_property
    def settled(self) -> list[Owed]:
        """What was met, late, or is not asked any more."""
        return [row for row in self.owed_rows if row.state not in {"open", "missed"}]

    @cached_property
    def loose(self) -> list[LooseEnd]:
        """People who still wait for a word."""
        return loose_ends(self.case, self.entries)

    @cached_property
    def my_units(self) -> set[int]:
        """The units for which the reader may accept and report."""
        units = access.units_for(self.person, Right.ACCEPT_ASSIGNMENT)
        if units is None:
            return set(Unit.objects.filter(active=True).values_list("pk", flat=True))
        return units

    @cached_property
    def shares(self) -> list[Share]:
        """Every unit's newest part, the lead first."""
        units = {unit.code: unit for unit in Unit.objects.filter(code__in=self.facts.units)}
        newest = {(part.unit, part.part): part for part in self.facts.parts}
        found = [
            Share(
                part=part,
                unit=units[part.unit],
                mine=units[part.unit].pk in self.my_units,
                open=tuple(
                    r for r in self.owed_rows if r.unit == units[part.unit] and r.state in {"open", "missed"}
                ),
            )
            for part in newest.values()
            if part.unit in units
        ]
        return sorted(
            found, key=lambda share: (share.part.unit != self.facts.lead, share.part.part != "lead")
        )

    def units_with(self, *states: str) -> list[Unit]:
        """The reader's units whose part stands in one of these states."""
        return [share.unit for share in self.shares if share.mine and share.part.state in states]

    def of_kind(self, kind: Kind, **data: Any) -> list[Entry]:
        """Entries of a kind that were not corrected, with these data."""
        wrong = corrected(self.entries)
        return [
            entry
            for entry in self.entries
            if entry.kind is kind
            and entry.seq not in wrong
            and all(entry.data.get(name) == value for name, value in data.items())
        ]

    def unanswered(self, asked: Kind, answered: Kind, field: str) -> list[Entry]:
        """Entries of one kind to which none of another kind with the same reference has come."""
        done = {entry.data.get(field) for entry in self.of_kind(answered)}
        return [entry for entry in self.of_kind(asked) if entry.data.get(field) not in done]

    @property
    def promises(self) -> list[Entry]:
        """Promises not kept yet."""
        return self.unanswered(Kind.PROMISED, Kind.PROMISE_KEPT, "ref")

    @property
    def instructions(self) -> list[Entry]:
        """Instructions not carried out yet, of which the reader may say that they were."""
        return self._mine(self.unanswered(Kind.INSTRUCTED, Kind.INSTRUCTION_DONE, "ref"), Right.CARRY_OUT)

    @property
    def urges(self) -> list[Entry]:
        """Urging notices without a reply that the reader may answer."""
        return self._mine(self.unanswered(Kind.URGED, Kind.URGE_ANSWERED, "number"), Right.ADD_NOTE)

    @property
    def requests(self) -> list[Entry]:
        """Written requests to other bodies that still wait for an answer, each as it was first sent."""
        waiting = self.unanswered(Kind.REQUESTED, Kind.REQUEST_ANSWERED, "number")
        return [entry for entry in waiting if not entry.data.get("again")]

    def _mine(self, entries: list[Entry], right: Right) -> list[Entry]:
        """Those that name a unit of the reader's; all of them for whoever acts in the whole institution."""
        units = access.units_for(self.person, right)
        if units is None:
            return entries
        codes = set(Unit.objects.filter(pk__in=units).values_list("code", flat=True))
        return [entry for entry in entries if entry.data.get("unit") in codes]

    @cached_property
    def extensions(self) -> dict[str, Entry]:
        """Obligation key -> request that waits to be decided."""
        return pending_extensions(self.entries)

    @property
    def verified(self) -> Entry | None:
        """The newest finding of facts."""
        found = self.of_kind(Kind.VERIFIED)
        return found[-1] if found else None

    @property
    def proposed(self) -> Entry | None:
        """The newest proposal of a level."""
        found = self.of_kind(Kind.LEVEL_PROPOSED)
        return found[-1] if found else None

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The conditions of the newest proposal, in the language of the page."""
        return reasons(self.proposed.data) if self.proposed else []

    @cached_property
    def joined(self) -> list[Case]:
        """The cases that joined this one."""
        return list(self.case.absorbed.order_by("number"))

    @cached_property
    def stages(self) -> list[Stage]:
        """The four steps: collect, verify and assess, report, handle."""
        return _stages(self)

    @cached_property
    def next(self) -> Button | None:
        """The one primary action: the first thing owed that this reader can do."""
        return next((due.button for due in self.owed if due.button), None)


def standing(case: Case, person: Person, now: datetime) -> Standing:
    """How the case stands for `person` at `now`."""
    return Standing(case, person, now)


def _first(on: Standing, kind: Kind) -> datetime | None:
    found = on.of_kind(kind)
    return found[0].at if found else None


def _stages(on: Standing) -> list[Stage]:
    facts = on.facts
    graded, reported = _first(on, Kind.LEVEL_CONFIRMED), _first(on, Kind.REPORTED)
    over = facts.closed_at is not None or bool(facts.merged_into)
    must = any(row.act == "reported" and row.state != "void" for row in on.owed_rows)
    spared = bool(graded) and not reported and not must
    state = {
        "collect": "done",
        "verify": "done" if graded or over else "now",
        "report": _report_state(bool(graded), bool(reported), spared, over),
        "handle": "done" if over else "now" if facts.handled or facts.reported else "ahead",
    }
    if spared and not over:
        state["handle"] = "now"
    return [
        Stage(label=_("收集"), at=facts.discovered_at, state="done"),
        Stage(label=_("核实研判"), at=graded, state=state["verify"], words=_verify_words(on)),
        Stage(
            label=pgettext("step", "报送"),
            at=reported,
            state=state["report"],
            words=_("无需上报") if spared else "",
        ),
        Stage(label=_("处置"), at=facts.closed_at, state=state["handle"]),
    ]


def _report_state(graded: bool, reported: bool, spared: bool, over: bool) -> str:
    if reported or over:
        return "done"
    if spared:
        return "spared"
    return "now" if graded else "ahead"


def _verify_words(on: Standing) -> str:
    if on.facts.level is not None:
        return ""
    if on.proposed is not None and on.facts.proposed_level is not None:
        return _("等级待确认")
    return _("已核实，待定级") if on.verified else _("待核实")
