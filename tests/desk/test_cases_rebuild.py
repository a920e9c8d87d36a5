"""Everything but the journal can be made again from it, and making it again changes nothing."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import actions, journal
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import entries_of, project
from huiying.desk.cases.rebuild import picture, rebuild_all
from huiying.desk.cases.verify import verify_all
from huiying.desk.cases.wake import wake_due
from huiying.desk.listen.search import search
from huiying.engine.journal import Kind
from tests.desk.handling import HOUR, closed, handed, published, somebody, with_plan, wrote
from tests.desk.world import World


def test_rebuilding_after_a_whole_matter_changes_nothing(world: World, now: datetime) -> None:
    case = closed(world, now, level=1)
    wake_due(now + HOUR)
    report = rebuild_all(now + 2 * HOUR)
    assert (report.cases, report.changes) == (1, [])
    assert report.entries == case.entries.count()


def test_rebuilding_at_another_hour_changes_nothing_either(world: World, now: datetime) -> None:
    handed(world, now)
    assert rebuild_all(now + timedelta(days=30)).changes == []


def test_rebuilding_puts_right_what_somebody_changed_by_hand(world: World, now: datetime) -> None:
    case = handed(world, now)
    before = picture(case)
    Case.objects.filter(pk=case.pk).update(title="改过", level=1, lead=None, overdue=9)
    case.units.clear()
    case.owed.filter(key="first").delete()
    Owed.objects.filter(case=case, key="formal").update(state="met")
    report = rebuild_all(now)
    assert {change.what for change in report.changes} == {
        "title",
        "level",
        "lead_id",
        "overdue",
        "units",
        "owed",
    }
    case.refresh_from_db()
    assert picture(case) == before
    assert rebuild_all(now).changes == []


def test_rebuilding_keeps_a_wake_that_is_still_to_come(world: World, now: datetime) -> None:
    case = handed(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"], part="cooperating")
    assert case.wake_at == now, "the unit is told at once"
    rebuild_all(now + HOUR)
    case.refresh_from_db()
    assert case.wake_at == now


def test_search_finds_a_case_by_what_was_written_about_it(world: World, now: datetime) -> None:
    case = handed(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="家长委员会来电问起留样")
    assert [found.refs for found in search("留样", kinds=["case"])] == [(case.pk,)]


Move = Callable[["Journey"], None]


class Journey:
    """A case on which people do whatever comes to their minds; what is refused is refused."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.at = world, now
        self.colleague = somebody("jwc", "handler", world.units["jwc"])
        with_plan(world, now)
        self.cases = [
            actions.open_case(
                by=world["duty"], now=now, title="第一件", how="transfer", due_at=now + 9 * HOUR
            )
        ]

    @property
    def case(self) -> Case:
        return self.cases[0]

    def unit(self, which: int) -> Unit:
        return list(self.world.units.values())[which % 3]

    def do(self, act: Callable[..., object], who: str, **data: Any) -> None:
        by = self.colleague if who == "jwc" else self.world[who]
        with contextlib.suppress(ValidationError, PermissionDenied), transaction.atomic():
            act(by=by, now=self.at, case=data.pop("case", self.case), **data)


def key_of(journey: Journey, which: int) -> str:
    keys = list(journey.case.owed.order_by("key").values_list("key", flat=True))
    return keys[which % len(keys)] if keys else ""


MOVES: list[Callable[[Journey, int], None]] = [
    lambda j, n: setattr(j, "at", j.at + timedelta(minutes=7 * n + 1)),
    lambda j, n: setattr(j, "at", j.at + timedelta(hours=n)),
    lambda j, n: setattr(j, "at", j.at + timedelta(days=n % 4)),
    lambda j, n: (wake_due(j.at), None)[1],
    lambda j, n: j.do(actions.verify, "duty", outcome="true", facts=f"事实 {n}"),
    lambda j, n: j.do(actions.propose_level, "duty", level=n % 3 + 1, reason="看着像"),
    lambda j, n: j.do(actions.confirm_level, "head", level=n % 3 + 1, reason="定"),
    lambda j, n: j.do(actions.confirm_level, "head", level=n % 3 + 1, reason="再定"),
    lambda j, n: j.do(actions.report_up, "office", to=("group", "higher")[n % 2], means="phone", text="报"),
    lambda j, n: j.do(
        actions.report_up, "office", to="higher", means="paper", text="报", at=j.at - n * timedelta(minutes=9)
    ),
    lambda j, n: j.do(actions.record_instruction, "office", leader="甲", text="快办"),
    lambda j, n: j.do(actions.record_instruction, "head", leader="甲", text="快办", unit=j.unit(n)),
    lambda j, n: j.do(actions.instruction_done, "office", ref=f"i{n % 3}", text="办了"),
    lambda j, n: j.do(
        actions.assign, "office", unit=j.unit(n), part=("lead", "cooperating")[n % 2], reason="改"
    ),
    lambda j, n: j.do(actions.accept, ("handler", "jwc")[n % 2], unit=j.world.units[("hqc", "jwc")[n % 2]]),
    lambda j, n: j.do(
        actions.decline,
        ("handler", "jwc")[n % 2],
        unit=j.world.units[("hqc", "jwc")[n % 2]],
        reason="不归我们",
    ),
    lambda j, n: j.do(
        actions.unit_report, ("handler", "jwc")[n % 2], unit=j.world.units[("hqc", "jwc")[n % 2]], text="好了"
    ),
    lambda j, n: j.do(actions.offline_fix, "office", text="修好了"),
    lambda j, n: j.do(actions.promise, "office", text="公布", due_at=j.at + (n + 1) * HOUR),
    lambda j, n: j.do(actions.keep_promise, "office", ref=f"p{n % 3}", text="公布了"),
    lambda j, n: j.do(
        actions.ask_extension, "office", obligation=key_of(j, n), new_due_at=j.at + 200 * HOUR, reason="等"
    ),
    lambda j, n: j.do(actions.grant_extension, "deputy", obligation=key_of(j, n)),
    lambda j, n: j.do(actions.refuse_extension, "deputy", obligation=key_of(j, n), reason="不行"),
    lambda j, n: j.do(actions.waive, "head", obligation=key_of(j, n), reason="不必"),
    lambda j, n: j.do(actions.urge, "office", text="催"),
    lambda j, n: j.do(actions.answer_urge, "office", number=n % 3, text="在办"),
    lambda j, n: j.do(
        actions.request, "office", to="教育局", text="请配合", means="fax", due_at=j.at + (n + 1) * HOUR
    ),
    lambda j, n: j.do(
        actions.request_again, "office", number=n % 3, text="催", means="phone", due_at=j.at + n * HOUR
    ),
    lambda j, n: j.do(actions.answer_request, "office", number=n % 3, outcome="none", text="不等了"),
    lambda j, n: j.do(actions.correct, "office", seq=n + 2, reason="记错", text="不是"),
    lambda j, n: (published(j.case, j.world, j.at, ("first", "formal", "progress")[n % 3]), None)[1],
    lambda j, n: (wrote(j.case, Kind.MENTIONS_ADDED, {"mentions": []}, j.at, None), None)[1],
    lambda j, n: j.do(actions.close, "office", summary="好了"),
    lambda j, n: j.do(actions.reopen, "office", reason="又起", relapse=bool(n % 2)),
    lambda j, n: j.do(actions.call_back, "duty", solved=bool(n % 2), satisfied=None, text="回访"),
    lambda j, n: j.cases.append(actions.open_case(by=j.world["duty"], now=j.at, title=f"第 {n} 件")),
    lambda j, n: j.do(actions.merge, "duty", other=j.cases[n % len(j.cases)]),
]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(MOVES) - 1), st.integers(0, 11)), max_size=25))
def test_whatever_people_do_rebuilding_changes_nothing(
    world: World, now: datetime, moves: list[tuple[int, int]]
) -> None:
    with transaction.atomic():
        journey = Journey(world, now)
        for move, number in moves:
            MOVES[move](journey, number)
        assert verify_all() == []
        assert rebuild_all(journey.at).changes == []
        assert rebuild_all(journey.at + timedelta(days=1)).changes == []
        for case in Case.objects.all():
            entries = entries_of(case)
            assert case.step == project(entries).step
            assert case.entries_count == len(entries)
        transaction.set_rollback(True)


def test_the_pure_facts_and_the_row_agree(world: World, now: datetime) -> None:
    case = handed(world, now)
    facts = project(journal.entries(case))
    assert (case.title, case.level, case.step) == (facts.title, facts.level, facts.step)
    assert case.lead is not None
    assert case.lead.code == facts.lead
