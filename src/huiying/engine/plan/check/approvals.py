"""No approval chain that cannot finish before its deadline, and none that is never reached or passed by one person alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product

from huiying.engine.calendar import UnknownYear
from huiying.engine.findings import Place
from huiying.engine.plan.chains import in_turn
from huiying.engine.plan.check.proofs import Proofs
from huiying.engine.plan.check.races import Race, Run, pace, races, run, starts
from huiying.engine.plan.check.roster import Presence, Roster
from huiying.engine.plan.consistency import Source
from huiying.engine.plan.instants import clock, stretch
from huiying.engine.plan.model import Chain, Plan
from huiying.engine.plan.vocabulary import FORMS
from huiying.engine.plan.words import approvers_text, chain_text, joined, level_text, role_text
from huiying.engine.text import Text


def prove_approvals(plan: Plan, source: Source, presence: Presence, proofs: Proofs) -> None:
    """Every chain finishes in time from whatever instant of the period it begins."""
    each, slack = pace(plan, presence.roster), None
    for race in races(plan, source):
        if not all(presence.of(role) for stage in race.stages(each, each) for role in stage.roles):
            continue  # nobody holds it, or nobody is ever there: said elsewhere
        needed = _needed(race, each, presence.roster.draft)
        if _hopeless(race, needed, presence):
            _too_slow(plan, race, each, presence.roster, proofs)
            continue
        runs = [
            done
            for start in starts(race, presence, each)
            if (done := _judged(race, start, presence, each)) and not _same_day(race, done, needed)
        ]
        worst = max(runs, key=lambda done: (done.late and done.finish is not None, done.behind), default=None)
        if worst and worst.late:
            _blocked(plan, race, worst, presence, proofs)
        elif worst and (slack is None or -worst.behind < slack):
            slack = -worst.behind
    if slack is not None:
        _in_time(plan, slack, proofs)


def _in_time(plan: Plan, slack: timedelta, proofs: Proofs) -> None:
    least = stretch(slack)
    same_day = any(duty.act == "published" and duty.within.amount == 0 for duty in plan.duties)
    but = Text(
        "；限当日的，当日剩下的时间人都在也不够的除外",
        "; of what is due the same day, only what leaves time enough with everybody there",
    )
    tail = but if same_day else Text("", "")
    proofs.show(
        Text("每条审批链都赶得上期限", "Every approval chain finishes in time"),
        Text(
            f"从最不利的时刻开始，由不同的人经手，最少还余 {least.zh}{tail.zh}",
            f"From the worst instants on, by different people, at least {least.en} are left{tail.en}",
        ),
    )


def _needed(race: Race, each: timedelta, draft: timedelta) -> timedelta:
    """How long it takes with everybody there; parts that are asked at once take the time of one."""
    return draft + each * len(race.chain)


def _hopeless(race: Race, needed: timedelta, presence: Presence) -> bool:
    """Whether it cannot be done in time even with everybody there, whenever it begins."""
    within, day = race.duty.within, presence.calendar.midnight(presence.calendar.local(presence.start).date())
    start = presence.start if within.elapsed else day
    try:
        return start + needed > within.due(start, presence.calendar)
    except UnknownYear:
        return False  # said of the calendar


def _same_day(race: Race, done: Run, needed: timedelta) -> bool:
    """What is due on the day itself and begins so late that nobody could do it is no fault of the people."""
    return race.duty.within.amount == 0 and done.start + needed > done.due


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
    total = stretch(_needed(race, each, roster.draft))
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
    names = {person.id: person.name for person in presence.roster.people}
    steps = joined(
        (
            Text(
                f"{role_text(plan, role).zh}（{names[id]}）{clock(at, calendar).zh}",
                f"{role_text(plan, role).en} ({names[id]}) {clock(at, calendar).en}",
            )
            for role, id, at in worst.steps
        ),
        " → ",
        " → ",
    )
    end = clock(worst.finish, calendar) if worst.finish else Text("等不到另一个人", "no other person comes")
    proofs.add(
        "plan.approval-blocked",
        race.place,
        Text(f"有时审批赶不上期限：{name.zh}", f"At times approval cannot be had in time: {name.en}"),
        because=Text(
            f"{start.zh} 起算，须在 {due.zh} 前发布；由不同的人最早开始：{steps.zh} → 完成 {end.zh}",
            f"From {start.en} it is due by {due.en}; by different people each can begin at: {steps.en} → done {end.en}",
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
    steps = [_able(part, roster) for part in in_turn(chain.roles)]
    if len(steps) < 2 or not all(steps) or matched(steps) == len(steps):
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


def _able(part: str, roster: Roster) -> set[str]:
    """Who may give a part: its holders, and who stands in for them."""
    roles = [other for one in part.split("|") for other in (one, *roster.acting(one, "approved"))]
    return {person.id for role in roles for person in roster.holders(role)}


def matched(steps: Sequence[set[str]]) -> int:
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
