"""What a case owes, case by case."""

from datetime import datetime, timedelta

import pytest

from huiying.engine.journal import Kind, instant
from huiying.engine.obligations import BadEntry, Ledger, Obligation, OtherPlan, obligations, owed_now, pinned
from tests.engine.matters import CN, HOUR, PLAN, START, TEST, Matter, hours, the_plan


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN.zone)


# Opening


def test_a_new_case_owes_verification_grading_and_answers() -> None:
    owed = Matter().owed(0)
    assert {key: hours(one.due_at) for key, one in owed.items() if key != "complaint"} == {
        "verify": 2,
        "grade": 3,
        "first": 5,
        "formal": 24,
    }
    assert owed["complaint"].due_at == local("2026-12-02T00:00")
    assert {one.state for one in owed.values()} == {"open"}


def test_clocks_run_from_discovery_and_from_the_post() -> None:
    matter = Matter(discovered_at=instant(START - 2 * HOUR), posted_at=instant(START - 20 * HOUR))
    owed = matter.owed(0)
    assert hours(owed["first"].due_at) == 3
    assert hours(owed["formal"].due_at) == 4
    assert (owed["first"].started_at, owed["first"].started_by) == (START - 2 * HOUR, 1)


def test_five_hours_run_through_the_holidays_next_to_five_working_days() -> None:
    """One case, two clocks: found on the eve of National Day."""
    found = local("2026-09-30T22:30")
    matter = Matter(discovered_at=instant(found))
    owed = matter.owed(0)
    assert owed["first"].due_at == local("2026-10-01T03:30")
    assert owed["complaint"].due_at == local("2026-10-14T00:00")
    assert "含夜间和节假日" in owed["first"].why.zh
    assert "nights and holidays included" in owed["first"].why.en
    assert "含夜间" not in owed["complaint"].why.zh


def test_a_duty_is_in_time_at_its_very_instant_and_missed_from_then_on() -> None:
    matter = Matter()
    moment = timedelta(microseconds=1) / HOUR
    assert matter.state("verify", 2 - moment) == "open"
    assert matter.state("verify", 2) == "missed"
    matter.note(2, Kind.VERIFIED, outcome="true")
    assert matter.state("verify", 2) == "met"
    late = Matter()
    late.note(2 + moment, Kind.VERIFIED, outcome="true")
    assert late.state("verify", 3) == "late"


def test_the_kind_of_matter_decides_its_clock_and_may_be_changed_when_graded() -> None:
    matter = Matter(matter="enquiry")
    assert "complaint" not in matter.owed(0)
    assert matter.owed(0)["enquiry"].due_at == local("2026-11-27T00:00")
    matter.grade(1, 3, matter="complaint")
    owed = matter.owed(1)
    assert owed["enquiry"].state == "void"
    assert "类别" in owed["enquiry"].why.zh
    assert owed["complaint"].state == "open"


def test_a_transferred_matter_brings_its_own_deadline_which_a_result_settles() -> None:
    matter = Matter(how="transfer", due_at=instant(START + 48 * HOUR))
    assert hours(matter.owed(0)["transfer"].due_at) == 48
    matter.note(1, Kind.REPORTED, to="higher", means="phone", text="已收到")
    assert matter.state("transfer", 2) == "open"
    matter.note(30, Kind.REPORTED, to="higher", means="paper", text="办理结果", result=True)
    assert matter.state("transfer", 31) == "met"


# Levels


def test_rules_of_a_level_begin_when_it_is_confirmed() -> None:
    matter = Matter()
    assert matter.state("report-3h", 1) == "absent"
    matter.grade(2, 2)
    owed = matter.owed(2)
    assert hours(owed["report-3h"].due_at) == 5
    assert owed["report-3h"].started_by == 2
    assert owed["grade"].state == "met"


def test_raising_the_level_keeps_what_was_met_and_asks_for_the_rest() -> None:
    matter = Matter()
    matter.grade(1, 2)
    matter.note(1.5, Kind.REPORTED, to="higher", means="system")
    matter.note(2, Kind.LINES_SET, version=1)
    matter.note(3, Kind.PUBLISHED, stage="first", form="reply")
    before = matter.owed(3)
    matter.grade(4, 1)
    after = matter.owed(4)
    for key in ("first", "lines", "report-3h", "grade"):
        assert (after[key].state, after[key].met_at) == ("met", before[key].met_at)
    assert hours(after["report-phone"].due_at) == 4.5
    assert after["report-phone"].state == "open"


def test_raising_the_level_ends_open_rules_of_the_old_one_and_says_so() -> None:
    matter = Matter()
    matter.grade(1, 2)
    matter.grade(2, 1)
    owed = matter.owed(2)["report-3h"]
    assert (owed.state, owed.lapsed, owed.void_by, owed.met_at) == ("void", False, 3, None)
    assert "由2级调整为1级" in owed.why.zh
    assert "level 2 to level 1" in owed.why.en


def test_what_the_old_level_missed_stays_missed_until_done() -> None:
    matter = Matter()
    matter.grade(1, 2)
    matter.grade(6, 1)
    assert matter.state("report-3h", 6) == "missed"
    matter.note(7, Kind.REPORTED, to="higher", means="phone")
    assert matter.state("report-3h", 7) == "late"


def test_a_graver_level_never_gives_more_time_for_the_same_act() -> None:
    plan = the_plan(
        PLAN
        + """
[[step]]
id = "notice"
name = "通知"
[[duty]]
id = "notify-2"
act = "done"
step = "notice"
levels = [2]
within = "2 hours"
[[duty]]
id = "notify-1"
act = "done"
step = "notice"
levels = [1]
within = "3 hours"
"""
    )
    matter = Matter(plan)
    matter.grade(0, 2)
    matter.grade(1.5, 1)
    assert hours(matter.owed(2)["notify-1"].due_at) == 2


def test_lowering_and_raising_again_begins_anew_under_a_new_key() -> None:
    matter = Matter()
    matter.grade(1, 2)
    matter.grade(2, 3)
    matter.grade(3, 2)
    owed = matter.owed(3)
    assert owed["report-3h"].state == "void"
    assert hours(owed["report-3h:4"].due_at) == 6


def test_confirming_the_same_level_again_changes_nothing() -> None:
    matter = Matter()
    matter.grade(1, 2)
    before = matter.owed(2)
    matter.grade(2, 2)
    assert matter.owed(2) == before


def test_a_proposal_of_the_gravest_level_is_told_before_it_is_confirmed() -> None:
    matter = Matter()
    matter.note(1, Kind.LEVEL_PROPOSED, level=1)
    assert matter.owed(1)["warn-head"].due_at == START + timedelta(hours=1, minutes=10)
    matter.grade(1.1, 2)
    assert matter.state("warn-head", 1.1) == "void"


def test_a_rule_may_be_measured_from_the_fulfilment_of_another() -> None:
    matter = Matter()
    matter.grade(1, 1)
    assert matter.state("report-paper", 1) == "absent"
    matter.note(1.25, Kind.REPORTED, to="higher", means="phone")
    owed = matter.owed(1.25)
    assert owed["report-phone"].state == "met"
    assert hours(owed["report-paper"].due_at) == 2.25
    matter.note(2, Kind.REPORTED, to="higher", means="paper")
    assert matter.state("report-paper", 2) == "met"


def test_a_rule_may_depend_on_what_the_entry_says() -> None:
    true, untrue = Matter(), Matter()
    true.note(1, Kind.VERIFIED, outcome="true")
    untrue.note(1, Kind.VERIFIED, outcome="untrue")
    assert true.state("correct", 1) == "absent"
    assert hours(untrue.owed(1)["correct"].due_at) == 13


# Reports, answers, promises


def test_a_report_counts_only_for_its_recipient_and_means() -> None:
    matter = Matter()
    matter.grade(1, 1)
    matter.note(1.1, Kind.REPORTED, to="higher", means="paper")
    matter.note(1.2, Kind.REPORTED, to="head", means="phone")
    assert matter.state("report-phone", 1.2) == "open"
    matter.note(1.3, Kind.REPORTED, to="higher", means="phone")
    assert matter.state("report-phone", 1.3) == "met"


def test_a_report_made_before_the_level_was_raised_does_not_tell_of_the_raise() -> None:
    matter = Matter()
    matter.note(0.5, Kind.REPORTED, to="higher", means="phone")
    matter.grade(1, 1)
    assert matter.state("report-phone", 1) == "open"


def test_a_formal_answer_is_a_first_answer_too_but_not_the_other_way() -> None:
    matter = Matter()
    matter.note(1, Kind.PUBLISHED, stage="first", form="reply")
    assert (matter.state("first", 1), matter.state("formal", 1)) == ("met", "open")
    other = Matter()
    other.note(1, Kind.PUBLISHED, stage="formal", form="reply")
    assert (other.state("first", 1), other.state("formal", 1)) == ("met", "met")


def test_what_cannot_be_settled_in_a_day_is_promised_and_the_promise_is_owed() -> None:
    matter = Matter()
    matter.note(3, Kind.PROMISED, ref="p1", due_at=instant(START + 60 * HOUR), text="修好热水")
    assert matter.state("formal", 3) == "open"  # nobody outside has read of it yet
    matter.note(4, Kind.PUBLISHED, stage="first", form="reply")
    owed = matter.owed(4)
    assert (owed["formal"].state, hours(owed["formal"].met_at or START)) == ("met", 4)
    assert (owed["promise:p1"].act, hours(owed["promise:p1"].due_at)) == ("promise_kept", 60)
    assert "修好热水" in owed["promise:p1"].what.zh
    assert matter.state("promise:p1", 60) == "missed"
    matter.note(61, Kind.PROMISE_KEPT, ref="p1", text="已修好")
    assert matter.state("promise:p1", 61) == "late"


def test_each_promise_is_kept_for_itself() -> None:
    matter = Matter()
    for ref in ("a", "b"):
        matter.note(1, Kind.PROMISED, ref=ref, due_at=instant(START + 9 * HOUR), text=ref)
    matter.note(2, Kind.PROMISE_KEPT, ref="a")
    assert (matter.state("promise:a", 3), matter.state("promise:b", 3)) == ("met", "open")


def test_a_promise_without_a_date_is_due_when_the_plan_says() -> None:
    matter = Matter()
    matter.note(1, Kind.PROMISED, ref="p", text="尽快")
    assert matter.owed(1)["promise:p"].due_at == local("2026-12-02T00:00")


def test_progress_is_owed_again_and_again_until_closing() -> None:
    matter = Matter()
    matter.grade(1, 2)
    assert hours(matter.owed(1)["keep-reporting:1"].due_at) == 25
    matter.note(20, Kind.PROGRESS, text="抢修中")
    matter.note(50, Kind.PROGRESS, text="仍在抢修")
    owed = matter.owed(50)
    assert owed["keep-reporting:1"].state == "met"
    assert owed["keep-reporting:2"].state == "late"
    assert hours(owed["keep-reporting:3"].due_at) == 74
    assert "keep-reporting:3" not in {one.key for one in owed_now(tuple(owed.values()))}
    matter.note(60, Kind.CLOSED, summary="完")
    assert matter.state("keep-reporting:3", 60) == "void"


def test_ten_silent_days_are_one_missed_obligation() -> None:
    matter = Matter()
    matter.grade(1, 2)
    owed = matter.owed(240)
    assert [key for key in owed if key.startswith("keep-reporting")] == ["keep-reporting:1"]
    assert owed["keep-reporting:1"].state == "missed"


# Steps and pairs


def test_a_step_with_a_time_is_owed_and_another_is_measured_from_it() -> None:
    matter = Matter()
    matter.grade(1, 1)
    assert hours(matter.owed(1)["step:meeting"].due_at) == 3
    matter.note(2, Kind.DONE, step="meeting", text="已开")
    owed = matter.owed(2)
    assert owed["step:meeting"].state == "met"
    assert (owed["step:minutes"].what.zh, hours(owed["step:minutes"].due_at)) == ("会议纪要", 3)
    matter.note(2.5, Kind.DONE, step="other")
    assert matter.state("step:minutes", 2.5) == "open"


@pytest.mark.parametrize("first", ["offline", "online"])
def test_the_real_problem_and_the_answer_belong_together(first: str) -> None:
    matter = Matter()
    acts = {
        "offline": (Kind.OFFLINE_FIXED, {}),
        "online": (Kind.PUBLISHED, {"stage": "formal", "form": "reply"}),
    }
    second = "online" if first == "offline" else "offline"
    kind, data = acts[first]
    matter.note(1, kind, text="x", **data)
    owed = matter.owed(1)[f"pair:double:{second}"]
    assert (owed.state, owed.due_at) == ("open", local("2026-11-27T00:00"))
    kind, data = acts[second]
    matter.note(2, kind, text="x", **data)
    assert matter.state(f"pair:double:{second}", 2) == "met"
    assert f"pair:double:{first}" not in matter.owed(2)


# Units


def test_units_accept_and_report_each_by_their_own_time() -> None:
    matter = Matter()
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(1, Kind.ASSIGNED, unit="xgc", part="cooperating")
    owed = matter.owed(1)
    assert owed["accept:hqc"].due_at == local("2026-11-26T00:00")
    assert owed["unit_report:hqc"].due_at == local("2026-11-28T00:00")
    assert owed["unit_report:xgc"].due_at == local("2026-11-27T00:00")
    assert (owed["unit_report:xgc"].role, owed["unit_report:xgc"].unit) == ("handler", "xgc")
    matter.note(2, Kind.ACCEPTED, unit="hqc")
    matter.note(3, Kind.UNIT_REPORTED, unit="hqc", text="已修")
    assert {matter.state(key, 3) for key in ("accept:hqc", "unit_report:hqc")} == {"met"}
    assert matter.state("unit_report:xgc", 3) == "open"


def test_an_assignment_may_name_its_date_and_a_grave_level_is_faster() -> None:
    matter = Matter()
    matter.grade(1, 1)
    matter.note(2, Kind.ASSIGNED, unit="hqc", part="lead", due_at=instant(START + 6 * HOUR))
    owed = matter.owed(2)
    assert hours(owed["accept:hqc"].due_at) == 2.5
    assert hours(owed["unit_report:hqc"].due_at) == 6


def test_the_first_unit_asked_stays_responsible_until_another_accepts() -> None:
    matter = Matter()
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(2, Kind.DECLINED, unit="hqc", reason="不属我处")
    owed = matter.owed(2)
    assert owed["accept:hqc"].state == "met"
    assert owed["unit_report:hqc"].state == "open"
    assert (owed["return:3"].act, owed["return:3"].role) == ("assigned", "office")
    matter.note(3, Kind.ASSIGNED, unit="jwc", part="lead")
    assert matter.state("return:3", 3) == "met"
    assert matter.state("unit_report:hqc", 3) == "open"
    matter.note(4, Kind.ACCEPTED, unit="jwc")
    owed = matter.owed(4)
    assert owed["unit_report:hqc"].state == "void"
    assert "另一单位接办" in owed["unit_report:hqc"].why.zh
    assert owed["unit_report:jwc"].state == "open"


def test_what_the_first_unit_missed_ends_late_with_the_result_of_the_other() -> None:
    matter = Matter()
    matter.grade(0, 1)
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead", due_at=instant(START + 3 * HOUR))
    matter.note(4, Kind.ASSIGNED, unit="jwc", part="lead", due_at=instant(START + 9 * HOUR))
    matter.note(5, Kind.ACCEPTED, unit="jwc")
    assert matter.state("accept:hqc", 5) == "late"
    assert matter.state("unit_report:hqc", 5) == "missed"
    matter.note(6, Kind.UNIT_REPORTED, unit="jwc", text="好了")
    assert matter.state("unit_report:hqc", 6) == "late"
    assert matter.state("unit_report:jwc", 6) == "met"


def test_what_the_lead_unit_owes_moves_with_the_lead_and_stays_with_who_did_it() -> None:
    matter = Matter()
    for ref in ("a", "b"):
        matter.note(1, Kind.PROMISED, ref=ref, due_at=instant(START + 99 * HOUR), text=ref)
    assert matter.owed(1)["promise:a"].unit == ""
    matter.note(2, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(3, Kind.PROMISE_KEPT, ref="a")
    matter.note(4, Kind.ASSIGNED, unit="jwc", part="lead")
    assert matter.owed(4)["promise:b"].unit == "hqc"
    matter.note(5, Kind.ACCEPTED, unit="jwc")
    assert (matter.owed(5)["promise:a"].unit, matter.owed(5)["promise:b"].unit) == ("hqc", "jwc")


def test_a_cooperating_unit_that_accepts_takes_nothing_over() -> None:
    matter = Matter()
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(2, Kind.ASSIGNED, unit="xgc", part="cooperating")
    matter.note(3, Kind.ACCEPTED, unit="xgc")
    assert matter.state("unit_report:hqc", 3) == "open"


# Instructions, urging, approvals


def test_an_instruction_is_carried_out_by_its_date() -> None:
    matter = Matter()
    matter.note(1, Kind.INSTRUCTED, by="甲", text="当日报结果", due_at=instant(START + 8 * HOUR), ref="i1")
    matter.note(1, Kind.INSTRUCTED, by="甲", text="无日期", ref="i2")
    owed = matter.owed(1)
    assert hours(owed["instruction:i1"].due_at) == 8
    assert owed["instruction:i2"].due_at == local("2026-11-26T00:00")
    matter.note(2, Kind.INSTRUCTION_DONE, ref="i1", text="已办")
    assert (matter.state("instruction:i1", 2), matter.state("instruction:i2", 2)) == ("met", "open")


def test_an_urging_notice_is_closed_by_its_own_reply() -> None:
    matter = Matter()
    matter.note(1, Kind.URGED, number="2026-3", unit="hqc", text="请速报")
    owed = matter.owed(1)["urge:2026-3"]
    assert (owed.unit, owed.act) == ("hqc", "urge_answered")
    matter.note(2, Kind.URGE_ANSWERED, number="2026-2", text="x")
    assert matter.state("urge:2026-3", 2) == "open"
    matter.note(3, Kind.URGE_ANSWERED, number="2026-3", text="x")
    assert matter.state("urge:2026-3", 3) == "met"


def test_a_draft_waits_for_each_approval_of_its_chain() -> None:
    matter = Matter()
    matter.note(1, Kind.SUBMITTED, draft=7, chain=["office", "head|deputy"])
    assert (matter.owed(1)["approve:7:2"].role, hours(matter.owed(1)["approve:7:2"].due_at)) == ("office", 2)
    matter.note(1.5, Kind.APPROVED, draft=7, step=1, approver_role="office")
    owed = matter.owed(1.5)
    assert owed["approve:7:2"].state == "met"
    assert owed["approve:7:3"].role == "head|deputy"
    matter.note(1.75, Kind.RETURNED, draft=7, reason="改一句")
    assert matter.state("approve:7:3", 1.75) == "met"
    matter.note(2, Kind.SUBMITTED, draft=7, chain=["office"])
    matter.note(2.5, Kind.PUBLISHED, draft=7, stage="first", form="reply")
    assert matter.state("approve:7:5", 2.5) == "void"


# Extensions and waivers


def test_an_extension_granted_before_the_deadline_moves_it() -> None:
    matter = Matter()
    matter.note(
        3, Kind.EXTENSION_ASKED, obligation="first", new_due_at=instant(START + 9 * HOUR), reason="停电"
    )
    asked = matter.owed(3)["extension:2"]
    assert (asked.role, asked.act, asked.ref) == ("deputy", "extension_granted", "first")
    matter.note(4, Kind.EXTENSION_GRANTED, obligation="first", new_due_at=instant(START + 9 * HOUR))
    owed = matter.owed(6)
    assert (owed["first"].state, hours(owed["first"].due_at)) == ("open", 9)
    assert owed["extension:2"].state == "met"
    assert owed["tell-asker"].started_by == 3


def test_an_extension_granted_after_the_deadline_leaves_it_missed_and_adds_the_new_date() -> None:
    matter = Matter()
    matter.note(5, Kind.EXTENSION_GRANTED, obligation="first", new_due_at=instant(START + 9 * HOUR))
    owed = matter.owed(6)
    assert (owed["first"].state, hours(owed["first"].due_at)) == ("missed", 5)
    assert (owed["first+2"].state, hours(owed["first+2"].due_at)) == ("open", 9)
    assert "超期照记" in owed["first+2"].why.zh
    matter.note(8, Kind.PUBLISHED, stage="first", form="reply")
    assert (matter.state("first", 8), matter.state("first+2", 8)) == ("late", "met")


def test_a_refused_extension_changes_nothing() -> None:
    matter = Matter()
    matter.note(3, Kind.EXTENSION_ASKED, obligation="first", new_due_at=instant(START + 9 * HOUR), reason="x")
    matter.note(4, Kind.EXTENSION_REFUSED, obligation="first", reason="不可")
    assert matter.state("extension:2", 4) == "met"
    assert matter.state("first", 5) == "missed"


def test_a_backdated_extension_does_not_reach_behind_the_deadline() -> None:
    matter = Matter()
    matter.note(
        4, Kind.EXTENSION_GRANTED, recorded=6, obligation="first", new_due_at=instant(START + 9 * HOUR)
    )
    assert matter.state("first", 7) == "missed"


def test_a_waiver_makes_void_with_its_reason_and_tells_if_it_was_missed() -> None:
    early, late = Matter(), Matter()
    early.note(1, Kind.WAIVED, obligation="verify", reason="已由上级核实")
    late.note(3, Kind.WAIVED, obligation="verify", reason="已由上级核实")
    assert (early.owed(4)["verify"].state, early.owed(4)["verify"].lapsed) == ("void", False)
    assert (late.owed(4)["verify"].state, late.owed(4)["verify"].lapsed) == ("void", True)
    assert "已由上级核实" in late.owed(4)["verify"].why.zh
    assert "其时已超期" in late.owed(4)["verify"].why.zh


def test_what_is_met_cannot_be_waived_away() -> None:
    matter = Matter()
    matter.note(1, Kind.VERIFIED, outcome="true")
    matter.note(2, Kind.WAIVED, obligation="verify", reason="x")
    assert matter.state("verify", 3) == "met"


# Writing late, correcting


def test_what_was_done_in_time_but_written_down_late_must_say_why() -> None:
    silent, told = Matter(), Matter()
    silent.note(1, Kind.VERIFIED, recorded=3, outcome="true")
    told.note(1, Kind.VERIFIED, recorded=3, outcome="true", recorded_late="现场无网络")
    assert (silent.state("verify", 4), hours(silent.owed(4)["verify"].met_at or START)) == ("late", 3)
    assert (told.state("verify", 4), hours(told.owed(4)["verify"].met_at or START)) == ("met", 1)


def test_a_corrected_entry_settles_nothing_and_begins_nothing() -> None:
    matter = Matter()
    done = matter.note(1, Kind.VERIFIED, outcome="untrue")
    asked = matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(1.5, Kind.CORRECTED, entry=done.seq, reason="误录", text="")
    matter.note(1.6, Kind.CORRECTED, entry=asked.seq, reason="误派", text="")
    owed = matter.owed(3)
    assert owed["verify"].state == "missed"
    assert owed["correct"].state == "void"
    assert owed["unit_report:hqc"].state == "void"
    assert "误派" in owed["unit_report:hqc"].why.zh


def test_openings_and_gradings_are_not_undone_by_a_correction() -> None:
    matter = Matter()
    matter.grade(1, 2)
    before = matter.owed(2)
    matter.note(2, Kind.CORRECTED, entry=1, reason="x", text="")
    matter.note(2, Kind.CORRECTED, entry=2, reason="x", text="")
    assert matter.owed(2) == before


# Closing and after


def closed_matter() -> Matter:
    matter = Matter()
    matter.grade(1, 2)
    matter.note(2, Kind.VERIFIED, outcome="true")
    matter.note(3, Kind.REPORTED, to="higher", means="paper")
    matter.note(3, Kind.LINES_SET, version=1)
    matter.note(4, Kind.PUBLISHED, stage="final", form="reply")
    matter.note(4, Kind.OFFLINE_FIXED, text="修好")
    return matter


def test_a_case_with_nothing_owed_may_close_and_then_owes_review_and_archive() -> None:
    matter = closed_matter()
    assert owed_now(tuple(matter.owed(5).values())) == ()
    matter.note(5, Kind.CLOSED, summary="完")
    owed = matter.owed(5)
    assert {key for key, one in owed.items() if one.state == "open"} == {"call", "review", "archive"}
    assert all(owed[key].closing for key in ("call", "review", "archive"))
    assert owed_now(tuple(owed.values())) == ()


def test_a_relapse_begins_again_and_the_next_closing_too() -> None:
    matter = closed_matter()
    matter.note(5, Kind.CLOSED, summary="完")
    matter.note(6, Kind.REVIEWED, summary="s", lessons="l", outlook="o")
    matter.note(20, Kind.REOPENED, reason="又停水", relapse=True)
    owed = matter.owed(20)
    assert (owed["archive"].state, owed["review"].state) == ("void", "met")
    assert hours(owed["again"].due_at) == 25
    assert owed["keep-reporting:2"].state == "open"
    matter.note(21, Kind.PUBLISHED, stage="progress", form="reply")
    matter.note(30, Kind.CLOSED, summary="完")
    owed = matter.owed(30)
    assert owed["again"].state == "met"
    assert {owed["archive:12"].state, owed["review:12"].state} == {"open"}


def test_not_solved_at_the_call_back_must_be_reopened() -> None:
    matter = closed_matter()
    matter.note(5, Kind.CLOSED, summary="完")
    matter.note(6, Kind.CALLED_BACK, solved=True, satisfied=True, text="")
    assert matter.state("reopen", 6) == "absent"
    matter.note(7, Kind.CALLED_BACK, solved=False, satisfied=None, text="")
    assert matter.state("reopen", 7) == "open"


def test_a_case_that_joined_another_owes_nothing_of_its_own() -> None:
    matter = Matter()
    matter.note(1, Kind.MERGED, into="2026-0001")
    matter.note(2, Kind.ASSIGNED, unit="hqc", part="lead")
    owed = matter.owed(3)
    assert {one.state for one in owed.values()} == {"void"}
    assert all("2026-0001" in one.why.zh for one in owed.values())


# The plan's version, the calendar's years, bad data


def test_the_first_grading_pins_the_plan() -> None:
    matter = Matter(plan=TEST)
    matter.grade(1, 2, plan={"id": "test", "version": 1, "sha256": TEST.sha256})
    found = pinned(matter.journal)
    assert found is not None
    assert (found.id, found.version, found.sha256) == ("test", 1, TEST.sha256)
    edited = the_plan(PLAN.replace('within = "5 hours"', 'within = "50 hours"'))
    with pytest.raises(OtherPlan, match="pinned"):
        obligations(edited, matter.journal, CN, START)
    before = matter.owed(2)
    matter.grade(3, 1, plan={"id": "test", "version": 2, "sha256": edited.sha256})
    after = matter.owed(3)
    assert after["first"].due_at == before["first"].due_at


def test_before_the_grading_the_plan_of_the_opening_governs() -> None:
    matter = Matter(plan=TEST, **{})
    assert pinned(matter.journal) is None
    opened = Matter(plan=TEST)
    opened.journal.clear()
    opened.note(0, Kind.OPENED, plan={"id": "test", "version": 1, "sha256": "0" * 64})
    found = pinned(opened.journal)
    assert found is not None
    assert found.version == 1
    assert obligations(TEST, opened.journal, CN, START)


def test_a_year_that_is_not_known_holds_up_only_what_needs_it() -> None:
    late = local("2026-12-30T10:00")
    matter = Matter(discovered_at=instant(late))
    owed = matter.owed(0)
    assert owed["first"].unknown_year is None
    complaint = owed["complaint"]
    assert (complaint.unknown_year, complaint.due_at) == (2027, local("2027-01-01T00:00"))
    assert "2027" in complaint.why.zh
    assert matter.state("complaint", 24 * 365) == "open"


def test_data_that_cannot_be_understood_names_the_entry() -> None:
    for wrong in ("yesterday", "2026-11-24T09:00", 5):
        matter = Matter()
        matter.note(1, Kind.PROMISED, ref="p", due_at=wrong)
        with pytest.raises(BadEntry, match="entry 2"):
            matter.owed(2)


def test_an_empty_journal_owes_nothing() -> None:
    assert obligations(TEST, [], CN, START) == ()


# The ledger


def test_a_ledger_that_is_added_to_agrees_with_one_made_at_once() -> None:
    matter = closed_matter()
    matter.note(5, Kind.CLOSED, summary="完")
    ledger = Ledger(TEST, CN)
    for entry in matter.journal:
        ledger.add(entry)
        ledger.obligations(entry.at)
    now = START + 6 * HOUR
    assert ledger.obligations(now) == obligations(TEST, matter.journal, CN, now)


def test_every_sentence_is_there_in_both_languages() -> None:
    matter = closed_matter()
    matter.grade(5, 1)
    matter.note(5, Kind.ASSIGNED, unit="hqc", part="lead")
    for one in matter.owed(6).values():
        for text in (one.what, one.why):
            assert text.zh.strip()
            assert text.en.strip()
            assert len(text.zh) < 300


# What is given back


def test_every_field_of_an_obligation_holds_what_its_name_says() -> None:
    """They are filled by place, for speed: each is looked at here by its name."""
    matter = Matter()
    matter.grade(1, 1)
    matter.note(1.25, Kind.REPORTED, to="higher", means="phone")
    one = matter.owed(2)["report-phone"]
    assert one == Obligation(
        key="report-phone",
        rule="report-phone",
        what=one.what,
        why=one.why,
        act="reported",
        role="duty",
        unit="",
        to="higher",
        means="phone",
        stage="",
        form="",
        step="",
        started_at=START + HOUR,
        started_by=2,
        due_at=START + 1.5 * HOUR,
        state="met",
        met_at=START + 1.25 * HOUR,
        met_by=3,
        void_by=None,
        ref="",
        closing=False,
        lapsed=False,
        unknown_year=None,
    )
    assert one.what.zh == "电话报告上级"
    assert one.why.zh.startswith("自定级起 30 分钟内")
    step, answer = matter.owed(5)["step:meeting"], matter.owed(5)["first"]
    assert (step.step, step.state, step.lapsed) == ("meeting", "missed", True)
    assert (answer.stage, answer.act, answer.role) == ("first", "published", "spokesperson")
    waived = matter.note(2, Kind.WAIVED, obligation="verify", reason="免")
    verify = matter.owed(2)["verify"]
    assert (verify.state, verify.void_by, verify.lapsed) == ("void", waived.seq, True)
    assert matter.owed(2)["keep-reporting:1"].closing
