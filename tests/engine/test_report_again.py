"""A brief without an instruction, and a matter that grows; rules that hold only for cases opened in a key period."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiying import plans
from huiying.engine.journal import Kind
from huiying.engine.plan import read_plan
from huiying.engine.plan.diff import differences
from huiying.engine.plan.explain import as_text
from huiying.engine.plan.model import ANY_PERIOD, Applies, Plan
from tests.engine.matters import PLAN, Matter

AGAIN = """
[report_again]
to = "head"
means = "paper"
times = 1.5
least = 4
within = "4 hours"
levels = [1, 2]
"""
PERIODS = """
[[key_period]]
id = "exam"
name = { zh = "高考", en = "Examination" }
days = ["06-05/06-10"]
lead = true
[[key_period]]
id = "june"
name = { zh = "六月", en = "June" }
days = ["06-01/06-30"]
[heighten]
approve = ["head", "deputy"]
[[answer]]
id = "exam-first"
what = { zh = "高考期间首次回应", en = "First answer in the examination" }
stage = "first"
within = "1 hour"
periods = ["exam"]
"""


def plan_with(more: str) -> Plan:
    plan, findings = read_plan(PLAN + more, file="test")
    assert plan is not None, [str(one.message) for one in findings]
    return plan


def reported(level: int = 2, posts: int = 10) -> Matter:
    """A matter with so many posts, graded, and reported to the head on paper in its second hour."""
    matter = Matter(plan=plan_with(AGAIN))
    matter.note(1, Kind.MENTIONS_ADDED, mentions=list(range(posts)))
    matter.note(1, Kind.LEVEL_CONFIRMED, level=level)
    matter.note(2, Kind.REPORTED, to="head", means="paper", text="专报")
    return matter


def again(matter: Matter, hour: float) -> dict[str, str]:
    return {key: one.state for key, one in matter.owed(hour).items() if one.rule == "report_again"}


def test_below_the_mark_nothing_is_owed_and_at_the_mark_it_is() -> None:
    matter = reported()
    matter.note(3, Kind.MENTIONS_ADDED, mentions=list(range(14)))
    assert again(matter, 3) == {}
    entry = matter.note(4, Kind.MENTIONS_ADDED, mentions=[14])
    (key,) = again(matter, 4)
    owed = matter.owed(4)[key]
    assert key == f"report_again:{entry.seq}" and "10 → 15" in owed.what.zh
    assert (owed.act, owed.to, owed.means, owed.role) == ("reported", "head", "paper", "office")
    assert again(matter, 7.99) == {key: "open"}
    assert again(matter, 8) == {key: "missed"}


def test_a_few_posts_are_no_growth_however_many_times_they_are() -> None:
    matter = reported(posts=1)
    matter.note(3, Kind.MENTIONS_ADDED, mentions=[1, 2, 3])
    assert again(matter, 3) == {}
    matter.note(4, Kind.MENTIONS_ADDED, mentions=[4])
    assert list(again(matter, 4).values()) == ["open"]


def test_the_next_report_settles_it_and_growth_is_counted_from_there() -> None:
    matter = reported()
    matter.note(3, Kind.MENTIONS_ADDED, mentions=list(range(20)))
    matter.note(4, Kind.REPORTED, to="head", means="phone", text="口头")
    assert list(again(matter, 4).values()) == ["open"]
    matter.note(5, Kind.REPORTED, to="head", means="paper", text="续报")
    assert list(again(matter, 5).values()) == ["met"]
    matter.note(6, Kind.MENTIONS_ADDED, mentions=list(range(29)))
    assert list(again(matter, 6).values()) == ["met"]
    matter.note(7, Kind.MENTIONS_ADDED, mentions=list(range(30)))
    assert list(again(matter, 7).values()) == ["met", "open"]


def test_with_an_instruction_there_is_nothing_to_report_again() -> None:
    matter = reported()
    matter.note(3, Kind.MENTIONS_ADDED, mentions=list(range(20)))
    matter.note(4, Kind.INSTRUCTED, by="甲", text="速办", ref="i1")
    assert list(again(matter, 4).values()) == ["void"]
    matter.note(5, Kind.MENTIONS_ADDED, mentions=list(range(90)))
    assert list(again(matter, 5).values()) == ["void"]


def test_a_report_that_was_wrong_is_no_measure() -> None:
    matter = reported()
    wrong = matter.journal[-1].seq
    matter.note(3, Kind.CORRECTED, entry=wrong, reason="没有报", text="尚未报送")
    matter.note(4, Kind.MENTIONS_ADDED, mentions=list(range(90)))
    assert again(matter, 4) == {}


@pytest.mark.parametrize("level", [3])
def test_on_other_levels_it_is_not_owed(level: int) -> None:
    matter = reported(level)
    matter.note(3, Kind.MENTIONS_ADDED, mentions=list(range(90)))
    assert again(matter, 3) == {}


def test_a_plan_without_the_rule_counts_nothing() -> None:
    matter = Matter()
    matter.note(1, Kind.REPORTED, to="head", means="paper", text="专报")
    matter.note(2, Kind.MENTIONS_ADDED, mentions=list(range(90)))
    assert again(matter, 2) == {}


def test_the_road_branch_reports_its_second_level_again() -> None:
    plan, _findings = read_plan(plans.shipped()["road"], file="road", library=plans.shipped())
    assert plan is not None and plan.report_again is not None
    assert (plan.report_again.to, plan.report_again.means) == ("head", "paper")
    assert 2 in plan.report_again.applies.levels


# Key periods


def test_a_rule_for_a_period_holds_for_cases_opened_in_it() -> None:
    plan = plan_with(PERIODS)
    inside = Matter(plan=plan, periods=["june", "exam"]).owed(0)
    assert "exam-first" in inside and "first" in inside
    assert "exam-first" not in Matter(plan=plan, periods=["june"]).owed(0)
    assert "exam-first" not in Matter(plan=plan).owed(0)


def test_any_period_is_any() -> None:
    rule = Applies(periods=(ANY_PERIOD,))
    assert rule.to(None, "", "", "", "", ("own",)) and not rule.to(None, "", "", "", "")
    assert not rule.always


def test_a_day_may_lie_in_two_periods() -> None:
    plan = plan_with(PERIODS)
    noon = datetime(2026, 6, 7, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [one.id for one in plan.key_periods_at(noon)] == ["exam", "june"]
    assert [one.lead for one in plan.key_periods_at(noon)] == [True, False]
    assert plan.key_periods_at(noon.replace(day=30)) == (plan.key_periods[1],)


def test_a_period_that_the_plan_lacks_is_named_with_those_that_there_are() -> None:
    _plan, findings = read_plan(PLAN + PERIODS.replace('periods = ["exam"]', 'periods = ["exams"]'), file="x")
    (found,) = [one for one in findings if one.code == "plan.unknown-reference"]
    assert "exams" in found.message.en and "exam" in str(found.mend)


def test_a_stricter_rule_for_a_period_is_no_contradiction_and_a_laxer_one_is() -> None:
    _plan, findings = read_plan(PLAN + PERIODS, file="x")
    assert [one for one in findings if one.level == "error"] == []
    lax = PERIODS.replace('within = "1 hour"', 'within = "9 hours"')
    _plan, findings = read_plan(PLAN + lax, file="x")
    assert any("exam-first" in str(one.message) for one in findings)


def test_both_are_told_in_words_and_in_what_a_version_changes() -> None:
    old, new = plan_with(""), plan_with(AGAIN + PERIODS)
    words = as_text(new, "zh-hans")
    assert "1.5 倍" in words and "没有批示的，继续监测" in words
    assert (
        "高考期间" in words and "每时每刻都要有人带班" in words and "由另一人批准" not in as_text(old, "zh")
    )
    changed = [one.text.zh for one in differences(old, new)]
    assert any("续报" in one for one in changed) and any("谁批自设重点时段" in one for one in changed)
    assert differences(new, replace(new)) == ()
