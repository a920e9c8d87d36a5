"""No approval chain that cannot finish before its deadline, and none that is never reached or passed by one person alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from huiying.engine.calendar import UnknownYear
from huiying.engine.findings import Place
from huiying.engine.plan.check.proofs import Proofs, clock, stretch
from huiying.engine.plan.check.roster import Presence, Roster
from huiying.engine.plan.consistency import Source
from huiying.engine.plan.model import Chain, Duty, Plan
from huiying.engine.plan.vocabulary import FORMS
from huiying.engine.plan.words import approvers_text, chain_text, joined, level_text, role_text
from huiying.engine.text import Text

#: How long an approval is taken to last where neither plan nor roster says.
USUAL = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """An answer, its deadline, and the chain that it has to pass before."""

    duty: Duty
    chain: tuple[str, ...]
    level: int | None
    unsure: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A race run from one instant: when each step began, and when all was done; None where somebody never comes."""

    start: datetime
    due: datetime
    steps: tuple[tuple[str, datetime], ...]
    finish: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was not done by its deadline."""
        return self.finish is None or self.finish > self.due

    @property
    def behind(self) -> timedelta:
        """How much too late; negative is in time."""
        return (self.finish or datetime.max.replace(tzinfo=self.due.tzinfo)) - self.due


def races(plan: Plan, source: Source) -> Iterator[Race]:
    """Every different combination of answer and chain."""
    seen = set()
    for duty in plan.duties:
        if duty.act != "published" or duty.closing:
            continue
        levels: Sequence[int | None] = duty.applies.levels or [level.number for level in plan.levels]
        for level, unsure in product(levels, (False, True)):
            chain = plan.chain(level, duty.form or "reply", unsure)
            if (duty.id, chain) not in seen:
                seen.add((duty.id, chain))
                place = source.rule(duty).place
                yield Race(duty=duty, chain=chain, level=level, unsure=unsure, place=place)


def pace(plan: Plan, roster: Roster) -> timedelta:
    """How long each approval takes: as the roster says, else as long as the plan allows, else half an hour."""
    if roster.approve is not None:
        return roster.approve
    allowed = plan.approve_within
    if allowed is None or not allowed.elapsed:
        return USUAL
    return timedelta(minutes=allowed.amount * (1 if allowed.unit == "minutes" else 60))


def run(race: Race, start: datetime, presence: Presence, each: timedelta) -> Run:
    """The race from one instant on. Raises UnknownYear."""
    due = race.duty.within.due(start, presence.calendar)
    steps: list[tuple[str, datetime]] = []
    at: datetime | None = start
    for role, takes in ((race.duty.role, presence.roster.draft), *((role, each) for role in race.chain)):
        at = presence.next(role, at) if at is not None else None
        if at is None:
            break
        steps.append((role, at))
        at += takes
    return Run(start=start, due=due, steps=tuple(steps), finish=at)


def _starts(race: Race, presence: Presence, each: timedelta) -> Iterable[datetime]:
    """The instants from which it can be worst: those from which a step comes exactly to a time without anybody."""
    found = {presence.start}
    steps = [
        (race.duty.role, timedelta()),
        *((role, presence.roster.draft + i * each) for i, role in enumerate(race.chain)),
    ]
    for role, after in steps:
        for begins, _ends in presence.gaps(role):
            for whole in {timedelta(), after}:
                if begins - whole >= presence.start:
                    found.add(begins - whole)
    return sorted(found)


def prove_approvals(plan: Plan, source: Source, presence: Presence, proofs: Proofs) -> None:
    """Every chain finishes in time from whatever instant of the period it begins."""
    each, slack = pace(plan, presence.roster), None
    for race in races(plan, source):
        roles = (race.duty.role, *race.chain)
        if not all(presence.of(role) for role in roles):
            continue  # nobody holds it, or nobody is ever there: said elsewhere
        needed = presence.roster.draft + each * len(race.chain)
        if race.duty.within.elapsed and presence.start + needed > race.duty.within.due(
            presence.start, presence.calendar
        ):
            _too_slow(plan, race, each, presence.roster, proofs)
            continue
        runs = [
            done for start in _starts(race, presence, each) if (done := _judged(race, start, presence, each))
        ]
        worst = max(runs, key=lambda done: (done.late and done.finish is not None, done.behind), default=None)
        if worst and worst.late:
            _blocked(plan, race, worst, presence, proofs)
        elif worst and (slack is None or -worst.behind < slack):
            slack = -worst.behind
    if slack is not None:
        least = stretch(slack)
        proofs.show(
            Text("每条审批链都赶得上期限", "Every approval chain finishes in time"),
            Text(
                f"从最不利的时刻开始，最少还余 {least.zh}",
                f"From the worst instants on, at least {least.en} are left",
            ),
        )


def _judged(race: Race, start: datetime, presence: Presence, each: timedelta) -> Run | None:
    """The run, if the period is long enough to judge it."""
    try:
        done = run(race, start, presence, each)
    except UnknownYear:
        return None
    return done if done.due <= presence.end else None


def _name(plan: Plan, race: Race) -> Text:
    level, who = level_text(plan, race.level), approvers_text(plan, race.chain)
    sure = Text("，起草人拿不准", ", the drafter unsure") if race.unsure else Text("", "")
    return Text(
        f"“{race.duty.what.zh}”（{level.zh}{sure.zh}；{who.zh}）",
        f'"{race.duty.what.en}" ({level.en}{sure.en}; {who.en})',
    )


def _too_slow(plan: Plan, race: Race, each: timedelta, roster: Roster, proofs: Proofs) -> None:
    name, allowed = _name(plan, race), race.duty.within.text
    draft, step = stretch(roster.draft), stretch(each)
    total = stretch(roster.draft + each * len(race.chain))
    proofs.add(
        "plan.approval-too-slow",
        race.place,
        Text(f"审批链走不完：{name.zh}", f"The approval chain takes too long: {name.en}"),
        because=Text(
            f"起草 {draft.zh}，{len(race.chain)} 步审批各 {step.zh}，共 {total.zh}，超过 {allowed.zh}，人都在也来不及",
            f"Drafting {draft.en}, {len(race.chain)} approvals of {step.en} each, {total.en} together: more than {allowed.en} even with everybody there",
        ),
        mend=Text("减少审批步骤，或缩短每步时限", "Fewer steps, or less time for each"),
    )


def _blocked(plan: Plan, race: Race, worst: Run, presence: Presence, proofs: Proofs) -> None:
    name, calendar = _name(plan, race), presence.calendar
    start, due = clock(worst.start, calendar), clock(worst.due, calendar)
    steps = joined(
        (
            Text(
                f"{role_text(plan, role).zh} {clock(at, calendar).zh}",
                f"{role_text(plan, role).en} {clock(at, calendar).en}",
            )
            for role, at in worst.steps
        ),
        " → ",
        " → ",
    )
    end = clock(worst.finish, calendar) if worst.finish else Text("等不到人", "nobody comes")
    proofs.add(
        "plan.approval-blocked",
        race.place,
        Text(f"有时审批赶不上期限：{name.zh}", f"At times approval cannot be had in time: {name.en}"),
        because=Text(
            f"{start.zh} 起算，须在 {due.zh} 前发布；最早开始：{steps.zh} → 完成 {end.zh}",
            f"From {start.en} it is due by {due.en}; each can begin at: {steps.en} → done {end.en}",
        ),
        mend=Text(
            "让审批人在这些时段可联络，或允许他人代批", "Make the approvers reachable then, or allow others"
        ),
    )


# Chains by themselves


def prove_chains(plan: Plan, source: Source, roster: Roster | None, file: str, proofs: Proofs) -> None:
    """Every chain of the plan's own text is used for some text, and is passed by different people."""
    nodes = [node for _kind, node in source.each("chain")]
    levels: list[int | None] = [None, *(level.number for level in plan.levels)]
    texts = list(product(levels, FORMS, (False, True)))
    for index, (chain, node) in enumerate(zip(plan.chains, nodes, strict=False)):
        mine = [text for text in texts if chain.fits(*text)]
        before = plan.chains[:index]
        if node.place.file == file and all(any(other.fits(*text) for other in before) for text in mine):
            _never(
                plan, chain, node.place, [other for other in before if _takes(other, chain, texts)], proofs
            )
        elif roster is not None:
            _one_person(plan, chain, node.place, roster, proofs)


def _takes(other: Chain, chain: Chain, texts: Sequence[tuple[int | None, str, bool]]) -> bool:
    return any(other.fits(*text) and chain.fits(*text) for text in texts)


def _never(plan: Plan, chain: Chain, place: Place, takers: Sequence[Chain], proofs: Proofs) -> None:
    who = approvers_text(plan, chain.roles)
    names = [chain_text(plan, other) for other in takers]
    first = joined((name if name.zh else Text("其余文稿", "every other text") for name in names), "；", "; ")
    proofs.add(
        "plan.never-reached",
        place,
        Text(f"这条审批链（{who.zh}）永远用不上", f"This approval chain ({who.en}) is never used"),
        because=Text(
            f"它适合的文稿都先被前面的链（{first.zh}）取走",
            f"Whatever it fits is taken by chains before it ({first.en})",
        ),
        mend=Text("移到前面，或删去", "Move it up, or remove it"),
        level="warning",
    )


def _one_person(plan: Plan, chain: Chain, place: Place, roster: Roster, proofs: Proofs) -> None:
    steps = [{p.id for role in step.split("|") for p in roster.holders(role)} for step in chain.roles]
    if len(steps) < 2 or not all(steps) or _matched(steps) == len(steps):
        return
    names = {person.id: person.name for person in roster.people}
    people = "、".join(sorted(names[id] for id in set().union(*steps)))
    who = approvers_text(plan, chain.roles)
    proofs.add(
        "plan.one-person",
        place,
        Text(
            f"审批链（{who.zh}）不是由不同的人把关", f"The chain ({who.en}) is not passed by different people"
        ),
        because=Text(
            f"{len(steps)} 步只有 {people} 能批，凑不出 {len(steps)} 个不同的人",
            f"Of {len(steps)} steps only {people} can decide: there are no {len(steps)} different people",
        ),
        mend=Text("让另一个人担任其中一个角色", "Give one of the roles to somebody else"),
    )


def _matched(steps: Sequence[set[str]]) -> int:
    """How many steps can be given to different people."""
    taken: dict[str, int] = {}

    def give(step: int, seen: set[str]) -> bool:
        for person in steps[step] - seen:
            seen.add(person)
            if person not in taken or give(taken[person], seen):
                taken[person] = step
                return True
        return False

    return sum(give(step, set()) for step in range(len(steps)))
