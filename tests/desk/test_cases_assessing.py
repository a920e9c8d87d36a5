"""What a case's posts measure, the level that its plan gives them, and how a person decides on it."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.cases import actions
from huiying.desk.cases.assessing import evidence_of, measures, propose
from huiying.desk.cases.forms.assessing import Confirm
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.owed import decisions_for
from huiying.desk.cases.queries.standing import Standing
from huiying.desk.collect.models import Mention, Source
from huiying.desk.collect.periods import in_force
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.desk.plans.actions import activate, upload
from huiying.engine.assess import Evidence
from tests.desk.handling import PLAN, opened, with_plan
from tests.desk.world import World


def posts(
    now: datetime, number: int, *, tier: str = "local", sites: int = 1, tone: str = "complaint"
) -> list[Mention]:
    """So many posts by as many people, spread over so many sites."""
    source, _made = Source.objects.get_or_create(name="论坛", defaults={"kind": "feed", "created_at": now})
    found = [
        Mention.objects.create(
            source=source,
            key=f"{tier}{n}",
            title=f"食堂 {n}",
            site=f"站{n % sites}",
            voice=f"v{tier}{n}",
            tier=tier,
            reach=10,
            captured_at=now,
            text_sha256="0" * 64,
        )
        for n in range(number)
    ]
    for mention in found:
        Hearing.objects.create(mention=mention, tone=tone, batch=1)
    return found


def about(world: World, now: datetime, mentions: list[Mention], **told: object) -> Case:
    return opened(world, now, mentions=mentions, how="mention", **told)


def measured(case: Case, now: datetime, *flags: str) -> Evidence:
    return evidence_of(case, plans.engine_plan(case.plan), plans.calendar_in_force(), now, flags)  # type: ignore[arg-type]


def test_posts_are_counted_by_tier_site_and_voice(world: World, now: datetime) -> None:
    mentions = [*posts(now, 6, sites=3), *posts(now, 2, tier="national", tone="praise")]
    found = measured(about(world, now, mentions, subject="logistics"), now, "safety")
    assert dict(found.tiers) == {"local": 6, "national": 2}
    assert (found.sites, found.voices, found.mentions, found.reach) == (3, 8, 8, 80)
    assert (found.negative_share, found.concern) == (0.75, 0.75)
    assert (found.subjects, found.flags) == (frozenset({"logistics"}), frozenset({"safety"}))


def test_a_case_without_posts_measures_nothing_and_supposes_concern(world: World, now: datetime) -> None:
    found = measured(opened(world, now), now)
    assert (found.mentions, found.concern, found.negative_share, found.forecast) == (0, 1.0, 0.0, None)


def test_growth_and_forecast_are_those_of_the_story(world: World, now: datetime) -> None:
    with_plan(world, now)
    story = Story.objects.create(
        key="s1",
        title="食堂",
        first_at=now,
        last_at=now,
        growth=3.5,
        forecast=0.7,
        negative_share=0.4,
        topic="safety",
    )
    case = actions.open_case(by=world["duty"], now=now, title="食堂", story=story, how="story")
    found = measured(case, now)
    assert (found.growth, found.forecast, found.negative_share) == (3.5, 0.7, 0.4)
    assert found.subjects == {"safety"}


def test_key_periods_are_seen_on_the_plans_clock(world: World, now: datetime) -> None:
    plan, calendar = plans.engine_plan(with_plan(world, now)), plans.calendar_in_force()
    exam = datetime.fromisoformat("2026-06-04T16:30:00+00:00")  # 00:30 of 5 June in Beijing
    assert in_force(exam, plan, calendar)
    assert not in_force(exam - timedelta(hours=1), plan, calendar)
    assert in_force(datetime.fromisoformat("2026-10-01T04:00:00+00:00"), plan, calendar), "a public holiday"
    assert not in_force(datetime.fromisoformat("2028-01-15T04:00:00+00:00"), plan, calendar), (
        "an unknown year"
    )


def test_a_case_that_came_back_counts_as_handled_badly(world: World, now: datetime) -> None:
    case = opened(world, now)
    Case.objects.filter(pk=case.pk).update(relapses=1)
    case.refresh_from_db()
    assert measured(case, now).mishandled


def test_the_plan_gives_the_level_with_its_reasons(world: World, now: datetime) -> None:
    case = about(world, now, posts(now, 1, tier="national"))
    _found, proposal = propose(case, plans.engine_plan(case.plan), now)  # type: ignore[arg-type]
    assert proposal.level == 1
    assert all(reason.holds for reason in proposal.reasons)


def test_a_proposal_keeps_its_reasons_and_measures_in_the_journal(world: World, now: datetime) -> None:
    case = about(world, now, posts(now, 1, tier="national"))
    found, proposal = propose(case, plans.engine_plan(case.plan), now)  # type: ignore[arg-type]
    actions.propose_level(
        by=world["duty"], now=now, case=case, level=1, proposal=proposal, measures=measures(found)
    )
    entry = case.entries.get(kind="level_proposed")
    assert entry.data["measures"]["tiers"] == {"national": 1}
    assert entry.data["reasons"][0]["holds"] is True
    assert entry.data["reasons"][0]["measured_zh"]


def test_who_confirms_is_told_of_a_proposal_at_once(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.propose_level(by=world["duty"], now=now, case=case, level=1, reason="学生受伤")
    (row,) = Message.objects.filter(key__contains="propose|")
    assert row.person == world["head"]
    assert "建议定为重大" in row.body


def test_proposing_another_level_than_the_system_wants_a_reason(world: World, now: datetime) -> None:
    case = about(world, now, posts(now, 1, tier="national"))
    _found, proposal = propose(case, plans.engine_plan(case.plan), now)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="与系统建议不同"):
        actions.propose_level(by=world["duty"], now=now, case=case, level=3, proposal=proposal)


def test_confirming_what_was_proposed_needs_no_reason(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.propose_level(by=world["duty"], now=now, case=case, level=2, reason="多个平台")
    actions.confirm_level(by=world["deputy"], now=now, case=case, level=2)
    entry = case.entries.get(kind="level_confirmed")
    assert (entry.data["proposed"], entry.data["overruled"]) == (2, False)


def test_overruling_wants_a_reason_and_is_on_record(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.propose_level(by=world["duty"], now=now, case=case, level=2, reason="多个平台")
    with pytest.raises(ValidationError, match="请写明理由"):
        actions.confirm_level(by=world["deputy"], now=now, case=case, level=3)
    actions.confirm_level(by=world["deputy"], now=now, case=case, level=3, reason="都是转帖")
    entry = case.entries.get(kind="level_confirmed")
    assert (entry.data["proposed"], entry.data["overruled"], entry.data["reason"]) == (2, True, "都是转帖")


def test_changing_a_level_later_wants_a_reason(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.confirm_level(by=world["head"], now=now, case=case, level=3, reason="一般")
    with pytest.raises(ValidationError, match="请写明理由"):
        actions.confirm_level(by=world["head"], now=now, case=case, level=1)


# A second person


@pytest.fixture
def by_two(world: World, now: datetime) -> World:
    """The office may confirm the third level too, but nobody their own proposal."""
    text = PLAN.replace("number = 3\n", 'number = 3\nconfirm = ["office", "head"]\nsecond_person = true\n')
    assert text != PLAN
    activate(by=world["deputy"], now=now, version=upload(by=world["office"], now=now, text=text))
    return world


def test_where_the_plan_asks_for_a_second_person_the_proposer_is_refused(
    by_two: World, now: datetime
) -> None:
    case = opened(by_two, now)
    actions.propose_level(by=by_two["office"], now=now, case=case, level=3, reason="一般诉求")
    with pytest.raises(ValidationError, match="不能确认自己提的等级"):
        actions.confirm_level(by=by_two["office"], now=now, case=case, level=3)
    assert not case.entries.filter(kind="level_confirmed").exists()
    actions.confirm_level(by=by_two["head"], now=now, case=case, level=3)
    assert case.entries.get(kind="level_confirmed").actor == by_two["head"].actor


def test_what_somebody_else_proposed_may_be_confirmed(by_two: World, now: datetime) -> None:
    case = opened(by_two, now)
    actions.propose_level(by=by_two["duty"], now=now, case=case, level=3, reason="一般诉求")
    actions.confirm_level(by=by_two["office"], now=now, case=case, level=3)
    assert case.entries.get(kind="level_confirmed").data["overruled"] is False


def test_the_proposer_is_not_asked_to_confirm(by_two: World, now: datetime) -> None:
    case = opened(by_two, now)
    actions.propose_level(by=by_two["office"], now=now, case=case, level=3, reason="一般诉求")
    assert [one.kind for one in decisions_for(by_two["office"], now)] == []
    assert [one.kind for one in decisions_for(by_two["head"], now)] == ["level"]
    assert Confirm._allowed(Standing(case, by_two["office"], now)) == []
    assert Confirm._allowed(Standing(case, by_two["head"], now)) == [1, 2, 3]


def test_a_proposal_that_was_recorded_by_mistake_is_nobodys(by_two: World, now: datetime) -> None:
    case = opened(by_two, now)
    actions.propose_level(by=by_two["office"], now=now, case=case, level=3, reason="看错了")
    seq = case.entries.get(kind="level_proposed").seq
    actions.correct(by=by_two["office"], now=now, case=case, seq=seq, reason="误点", text="未提等级")
    actions.confirm_level(by=by_two["office"], now=now, case=case, level=3, reason="一般")
    assert case.entries.filter(kind="level_confirmed").exists()
