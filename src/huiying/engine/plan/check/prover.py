"""The whole check of a plan: its text, its levels, and what it asks of the people on a roster over a stretch of time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.fields import Notes
from huiying.engine.findings import Finding
from huiying.engine.plan.agreement import FORTNIGHT, weekdays
from huiying.engine.plan.check.agreement import prove_agreement
from huiying.engine.plan.check.approvals import prove_approvals, prove_chains
from huiying.engine.plan.check.levels import Standing, prove_levels
from huiying.engine.plan.check.people import prove_holders, prove_presence
from huiying.engine.plan.check.proofs import Proof, Proofs
from huiying.engine.plan.check.roster import Presence, Roster, Span
from huiying.engine.plan.check.seconds import prove_two, prove_two_at_every_instant
from huiying.engine.plan.consistency import Source, at
from huiying.engine.plan.extending import resolved
from huiying.engine.plan.instants import clock
from huiying.engine.plan.model import Duty, Plan
from huiying.engine.plan.reading import read_plan
from huiying.engine.text import Text
from huiying.engine.toml import Node, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check came to."""

    plan: Plan | None  # None: the text cannot be used
    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...] = ()

    @property
    def clean(self) -> bool:
        """True if nothing was found at all."""
        return not self.findings


def check_plan(
    text: str,
    *,
    file: str,
    library: Mapping[str, str],
    calendar: Calendar,
    start: datetime | None = None,
    days: int = 30,
    roster: Roster | None = None,
) -> Report:
    """Read a plan, then prove what can be proved of it; without a time only what its text alone decides."""
    plan, findings = read_plan(text, file=file, library=library)
    root, _broken = parse(text, file=file)
    if plan is None or root is None:
        return Report(plan=None, findings=tuple(findings))
    whole = resolved(root, library, Notes("plan"), (plan.id,))
    proofs = prove(plan, whole, file=file, calendar=calendar, start=start, days=days, roster=roster)
    return Report(plan=plan, findings=(*findings, *proofs.findings), proofs=tuple(proofs.proofs))


def prove(
    plan: Plan,
    root: Node,
    *,
    file: str,
    calendar: Calendar,
    start: datetime | None = None,
    days: int = 30,
    roster: Roster | None = None,
) -> Proofs:
    """What can be proved of a plan that was read from `root`, of its people for `days` days from `start` on."""
    source, proofs = Source(root), Proofs()
    prove_levels(plan, list(_standing(plan, source)), proofs)
    prove_chains(plan, source, roster, file, proofs)
    if roster is not None:
        prove_holders(plan, source, roster, proofs)
        prove_two(plan, source, roster, proofs)
    if start is None:
        prove_agreement(plan, source, weekdays(plan.zone), FORTNIGHT, proofs)
        return proofs
    end = start + timedelta(days=days)
    if not _calendar(plan, source, calendar, (start, end), proofs):
        return proofs
    presence = Presence(roster or Roster(name=""), calendar, start, end)
    prove_agreement(plan, source, calendar, presence.days(), proofs)
    if roster is not None:
        prove_presence(plan, source, presence, proofs)
        prove_two_at_every_instant(plan, source, presence, proofs)
        prove_approvals(plan, source, presence, proofs)
    return proofs


def _standing(plan: Plan, source: Source) -> Iterator[Standing]:
    for level in plan.levels:
        for _kind, node in source.each("level"):
            if node.table["number"].value != level.number:
                continue
            groups = node.table["when"].items if "when" in node.table else []
            for group, place in zip(level.groups, groups, strict=False):
                yield Standing(level=level, group=group, place=place.place)


# Calendar


def _calendar(plan: Plan, source: Source, calendar: Calendar, period: Span, proofs: Proofs) -> bool:
    """Whether the calendar knows every day of the period; a deadline that leads beyond what it knows is a warning."""
    start, end = period
    days = (end - start).days
    place = at(source.root, "calendar")
    for year in range(calendar.local(start).year, calendar.local(end).year + 1):
        if year not in calendar.years:
            begins = clock(calendar.year_start(year), calendar)
            proofs.add(
                "plan.calendar-unknown",
                place,
                Text(
                    f"工作日历“{calendar.name}”缺 {year} 年",
                    f'The calendar "{calendar.name}" has no year {year}',
                ),
                because=Text(
                    f"{begins.zh} 在要查的 {days} 天之内",
                    f"{begins.en} lies in the {days} days that are checked",
                ),
                mend=Text("补录这一年的放假安排", "Add that year's holidays"),
            )
            return False
    beyond = [duty for duty in plan.duties if _beyond(duty, end, calendar)]
    if beyond:
        _beyond_known(beyond, source, calendar, end, proofs)
    else:
        proofs.show(
            Text("工作日历够用", "The calendar reaches far enough"),
            Text(
                f"{days} 天内开始的每个期限都算得出",
                f"Every deadline that begins within {days} days can be computed",
            ),
        )
    return True


def _beyond(duty: Duty, end: datetime, calendar: Calendar) -> UnknownYear | None:
    try:
        duty.within.due(end, calendar)
    except UnknownYear as unknown:
        return unknown
    return None


def _beyond_known(
    beyond: list[Duty], source: Source, calendar: Calendar, end: datetime, proofs: Proofs
) -> None:
    duty = beyond[0]
    unknown, at_end = _beyond(duty, end, calendar), clock(end, calendar)
    year = unknown.year if unknown else 0
    proofs.add(
        "plan.calendar-ends",
        at(source.rule(duty), "within"),
        Text(
            f"工作日历缺 {year} 年，有 {len(beyond)} 条规则的期限会算不出",
            f"The calendar has no year {year}: the deadlines of {len(beyond)} rules cannot be computed",
        ),
        because=Text(
            f"例：{at_end.zh} 开始的“{duty.what.zh}”（{duty.within.text.zh}）落在 {year} 年",
            f'For example "{duty.what.en}" ({duty.within.text.en}) begun at {at_end.en} ends in {year}',
        ),
        mend=Text("放假安排公布后补录这一年", "Add that year when its holidays are published"),
        level="warning",
    )
