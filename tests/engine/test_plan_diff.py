"""Two versions told apart in words: each planted difference is told, and nothing else."""

import json
from pathlib import Path

import pytest

from huiying import plans
from huiying.cli import main
from huiying.engine.plan import Plan, read_plan
from huiying.engine.plan.diff import Change, as_lines, differences
from tests.engine.test_shipped_plans import NAMES, PLANS

SCHOOL = plans.shipped()["school"]
Capture = pytest.CaptureFixture[str]


def read(text: str) -> Plan:
    plan, findings = read_plan(text, file="x.toml", library=plans.shipped())
    assert plan is not None, findings
    return plan


def changed(old: str, new: str) -> tuple[Change, ...]:
    assert old in SCHOOL, old
    return differences(PLANS["school"], read(SCHOOL.replace(old, new, 1)))


def said(old: str, new: str, language: str = "en") -> list[str]:
    return as_lines(changed(old, new), language)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_does_not_differ_from_itself(name: str) -> None:
    assert differences(PLANS[name], PLANS[name]) == ()


def test_comments_and_order_of_rules_make_no_difference() -> None:
    assert changed("# 收集、核实研判\n", "# 别的注释\n") == ()


PLANTED = [
    # old text, new text, what is told
    ('within = "5 hours"', 'within = "3 hours"', '~ [rule] "Publish a first answer": time from "5 hours" to "3 hours" (stricter)'),
    ('longest = "5 working days"', 'longest = "8 working days"', '~ [plan] The longest promise from "5 working days" to "8 working days" (laxer)'),
    ('confirm = ["head"]\nhandling', 'confirm = ["head", "deputy"]\nhandling', '~ [level] "Serious": confirmed by from "group head (the principal)" to "group head (the principal), deputy head of the group"'),
    ("voices = 100", "voices = 80", '+ [level] "Serious" has new evidence: At least 80 distinct voices, and growth of at least 2 times, and share of negative posts at least 50%'),
    ("voices = 100", "voices = 80", '- [level] "Serious" lost evidence: At least 100 distinct voices, and growth of at least 2 times, and share of negative posts at least 50%'),
    ('roles = ["deputy", "head"]', 'roles = ["reviewer", "deputy", "head"]', '~ [approval] "referral, correction": approved by from "deputy head of the group → group head (the principal)" to "the reviewer of answers → deputy head of the group → group head (the principal)"'),
    ('accept_within = "1 hour"', 'accept_within = "2 hours"', '~ [assignment] "Serious": accept or return from "1 hour" to "2 hours" (laxer)'),
    ('who = "office"\nlevels = [1]\nwithin = "1 hour"', 'who = "duty"\nlevels = [1, 2]\nwithin = "1 hour"', '~ [rule] "Report to the education authority by phone": for from "Serious" to "Serious, Larger"'),
    ('means = "phone"\n', "", '~ [rule] "Report to the education authority": means is not said any more (was "by phone")'),
    ('lasts = "7 days"', 'lasts = "10 days"', '~ [watch after closing] "Serious": watched for from "7 days" to "10 days" (laxer)'),
    ('words = ["作息", ', 'unit = "德育处"\nwords = ["作息", ', '~ [subject] "Student life": unit now says "德育处"'),
    ('interval = "5 minutes"', 'interval = "2 minutes"', '~ [key period] "Days of the entrance examinations": looked at every from "5 minutes" to "2 minutes"'),
    ('every = "1 day"', 'every = "2 days"', 'every from "1 day" to "2 days" (laxer)'),
    ("most = 2", "most = 1", '~ [plan] How often it may be extended from "2" to "1"'),
    ('after = ["grade"]\nsource', 'after = ["verify"]\nsource', '~ [step] "Form a task force": after from "Assess and grade" to "Check the facts"'),
    ("or_promise = true\n", "", '~ [rule] "Publish the formal answer; or say where things stand and promise a date": a promise settles it is not said any more (was "yes")'),
    ("where = { solved = false }", "where = { satisfied = false }", 'only where from ""it was solved" is no" to ""the person was satisfied" is no"'),
    ('always = ["duty"]', 'always = ["duty", "office"]', '~ [plan] Who is on duty at every instant from "the officer on duty" to "the officer on duty, the office"'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), PLANTED, ids=[f"{n}" for n in range(len(PLANTED))])
def test_a_difference_is_told(old: str, new: str, told: str) -> None:
    lines = said(old, new)
    assert any(told in line for line in lines), lines
    assert len(lines) <= 3
    for line in said(old, new, "zh"):
        assert line[:2] in ("+ ", "- ", "~ ")


def test_a_rule_that_comes_or_goes_is_told_whole() -> None:
    rule = '[[duty]]\nid = "press"\nact = "reported"\nto = "higher"\nmeans = "paper"\nwho = "office"\nlevels = [2]\nwithin = "4 hours"\n\n'
    new = read(SCHOOL.replace("# 报送\n", "# 报送\n" + rule))
    (came,) = differences(PLANS["school"], new)
    assert (came.kind, came.path) == ("added", "duty:press")
    assert "time: 4 hours" in came.text.en
    assert "told to: the education authority" in came.text.en
    (went,) = differences(new, PLANS["school"])
    assert (went.kind, went.path) == ("removed", "duty:press")
    assert went.text.zh.startswith("删去“书面报告上级教育主管部门”（谁来办：舆情办公室；时限：4 小时；")


def test_another_order_of_approval_chains_is_a_difference() -> None:
    unsure = '[[chain]]\nunsure = true\nroles = ["reviewer|office", "head"]\nsource = { zh = "拿不准的答复，报组长审批", en = "An answer its drafter is unsure of is approved by the head" }\n'
    new = read(SCHOOL.replace(unsure, "").replace("[approval]\n", unsure + "\n[approval]\n"))
    (only,) = differences(PLANS["school"], new)
    assert only.text.en.startswith("The order is now: referral, correction → Serious")


def test_whether_a_time_became_stricter_is_a_value_of_its_own() -> None:
    assert [one.stricter for one in changed('within = "5 hours"', 'within = "1 working day"')] == [False]
    assert [one.stricter for one in changed('within = "5 hours"', 'within = "30 minutes"')] == [True]


@pytest.mark.parametrize("old", NAMES)
@pytest.mark.parametrize("new", NAMES)
def test_any_two_plans_can_be_told_apart(old: str, new: str) -> None:
    found = differences(PLANS[old], PLANS[new])
    assert bool(found) == (old != new)
    for one in found:
        assert one.text.zh
        assert one.text.en


def test_the_command_tells_the_differences(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "new.toml"
    file.write_text(SCHOOL.replace('within = "5 hours"', 'within = "4 hours"', 1), "utf-8")
    assert main(["plan", "diff", "school", str(file)]) == 1
    assert capsys.readouterr().out == "~ [规则] “作首次公开回应”的时限：“5 小时”改为“4 小时”（收紧）\n"
    assert main(["plan", "diff", "school", str(file), "--json", "--language", "en"]) == 1
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["path"], one["kind"], one["stricter"]) == ("duty:first", "changed", True)
    assert main(["plan", "diff", "school", "school"]) == 0
    assert capsys.readouterr().out == "两版说的一样。\n"
    assert main(["plan", "diff", "school", "nowhere.toml"]) == 2
