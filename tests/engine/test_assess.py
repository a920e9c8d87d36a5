"""From evidence to a level, with reasons."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying import plans
from huiying.engine.assess import Evidence, assess
from huiying.engine.plan import Plan, read_plan
from huiying.engine.plan.vocabulary import TIERS
from tests.engine.matters import TEST


def shipped(name: str) -> Plan:
    plan, findings = read_plan(plans.shipped()[name], file=f"{name}.toml", library=plans.shipped())
    assert plan is not None, findings
    return plan


PLANS = {name: shipped(name) for name in plans.shipped()}


def test_the_gravest_level_that_is_reached_is_proposed_with_its_reasons() -> None:
    proposal = assess(TEST, Evidence(mentions=9, sites=4))
    assert proposal.level == 2
    assert [(reason.text.zh, reason.measured.zh, reason.holds) for reason in proposal.reasons] == [
        ("传播平台不少于 3", "4", True)
    ]
    assert proposal.nearest_level == 1
    assert [(reason.text.en, reason.measured.en, reason.holds) for reason in proposal.nearest] == [
        ("At least 1 from national media", "none", False)
    ]


def test_no_evidence_gives_no_level_and_says_what_is_nearest() -> None:
    proposal = assess(TEST, Evidence())
    assert (proposal.level, proposal.nearest_level, proposal.reasons) == (None, 3, ())
    assert [reason.holds for reason in proposal.nearest] == [False]


def test_the_gravest_level_has_nothing_above_it() -> None:
    proposal = assess(TEST, Evidence(tiers={"national": 2}))
    assert (proposal.level, proposal.nearest, proposal.nearest_level) == (1, (), None)
    assert proposal.reasons[0].measured.zh == "中央媒体 2 篇"


def test_the_nearest_group_is_the_one_that_lacks_least() -> None:
    plan = PLANS["school"]
    close = Evidence(mentions=50, voices=99, growth=2.5, negative_share=0.7, sites=3)
    proposal = assess(plan, close)
    assert proposal.level == 2
    assert [reason.holds for reason in proposal.nearest] == [False, True, True]


@pytest.mark.parametrize("name", sorted(PLANS))
def test_every_level_of_every_shipped_plan_can_be_reached_and_says_why(name: str) -> None:
    plan = PLANS[name]
    for level in plan.levels:
        for group in level.groups:
            evidence = enough(group)
            proposal = assess(plan, evidence)
            assert proposal.level is not None
            assert proposal.level <= level.number
            assert all(reason.holds for reason in proposal.reasons)
            assert all(reason.text.zh and reason.text.en for reason in (*proposal.reasons, *proposal.nearest))
        reached = {assess(plan, enough(group)).level for group in level.groups}
        assert level.number in reached, f"{name}: level {level.number} is always overtaken by a graver one"


def enough(group: Any) -> Evidence:
    """The least evidence that fulfils the group."""
    fields: dict[str, Any] = {}
    for condition in group.conditions:
        if condition.kind == "tiers":
            fields["tiers"] = {condition.any_of[-1]: int(condition.at_least)}
        elif condition.any_of:
            fields[condition.kind] = frozenset(condition.any_of[:1])
        elif condition.kind in ("key_period", "mishandled"):
            fields[condition.kind] = True
        else:
            name = "negative_share" if condition.kind == "negative" else condition.kind
            fields[name] = (
                condition.at_least
                if name in ("growth", "forecast", "negative_share", "concern")
                else int(condition.at_least)
            )
    return Evidence(**fields)


def test_praise_asks_nothing_of_anybody() -> None:
    """Thanks, however many and wherever, reach no level of any shipped plan by volume alone."""
    praise = Evidence(
        tiers=dict.fromkeys(TIERS, 3),
        sites=9,
        voices=500,
        mentions=900,
        growth=9.0,
        forecast=0.99,
        concern=0.05,
    )
    for name, plan in PLANS.items():
        for places in (frozenset(), frozenset(item.id for item in plan.places)):
            assert assess(plan, replace(praise, places=places, key_period=True)).level is None, name


def test_one_voice_does_not_make_the_gravest_level_unless_national_media_speak() -> None:
    for name, plan in PLANS.items():
        for tier in TIERS:
            lone = Evidence(
                tiers={tier: 1},
                sites=1,
                voices=1,
                mentions=1,
                subjects=frozenset(item.id for item in plan.subjects),
            )
            assert tier in ("national", "provincial") or assess(plan, lone).level != 1, (name, tier)
    safety = assess(
        PLANS["school"],
        Evidence(tiers={"self-media": 1}, voices=1, mentions=1, subjects=frozenset({"safety"})),
    )
    assert (safety.level, safety.group.zh if safety.group else "") == (2, "涉及人身安全")


# More evidence never gives a lower level


def evidence(plan: Plan) -> st.SearchStrategy[Evidence]:
    ids = {
        "subjects": [item.id for item in plan.subjects],
        "places": [item.id for item in plan.places],
        "flags": [item.id for item in plan.flags],
    }
    sets = {
        key: st.frozensets(st.sampled_from(found)) if found else st.just(frozenset())
        for key, found in ids.items()
    }
    return st.builds(
        Evidence,
        tiers=st.dictionaries(st.sampled_from(TIERS), st.integers(1, 5)),
        sites=st.integers(0, 10),
        voices=st.integers(0, 400),
        mentions=st.integers(0, 500),
        reach=st.integers(0, 10**6),
        growth=st.floats(0, 6),
        forecast=st.none() | st.floats(0, 1),
        negative_share=st.floats(0, 1),
        concern=st.floats(0, 1),
        key_period=st.booleans(),
        mishandled=st.booleans(),
        **sets,
    )


def more(one: Evidence, two: Evidence) -> Evidence:
    """As much as either has."""
    return Evidence(
        tiers={
            tier: max(one.tiers.get(tier, 0), two.tiers.get(tier, 0)) for tier in {*one.tiers, *two.tiers}
        },
        forecast=max(one.forecast or 0, two.forecast or 0),
        **{
            name: max(getattr(one, name), getattr(two, name))
            for name in (
                "sites",
                "voices",
                "mentions",
                "reach",
                "growth",
                "negative_share",
                "concern",
                "key_period",
                "mishandled",
            )
        },
        **{name: getattr(one, name) | getattr(two, name) for name in ("subjects", "places", "flags")},
    )


@pytest.mark.parametrize("name", sorted(PLANS))
def test_more_evidence_never_gives_a_lower_level(name: str) -> None:
    plan = PLANS[name]

    @given(evidence(plan), evidence(plan))
    def holds(one: Evidence, two: Evidence) -> None:
        single, joined = assess(plan, one).level, assess(plan, more(one, two)).level
        assert single is None or (joined is not None and joined <= single)

    holds()


def test_whoever_measures_in_another_order_gets_the_same() -> None:
    for tiers in itertools.permutations([("national", 1), ("city", 2), ("local", 3)]):
        found = assess(TEST, replace(Evidence(mentions=3), tiers=dict(tiers)))
        assert found == assess(TEST, Evidence(mentions=3, tiers={"local": 3, "city": 2, "national": 1}))
