"""A plan told in plain Chinese and English: nothing of it is left out, nothing is said in the wrong language."""

import json
import re

import pytest

from huiying.cli import main
from huiying.engine.plan import Plan, read_plan
from huiying.engine.plan.diff import as_lines, differences
from huiying.engine.plan.explain import as_text, told
from huiying.engine.plan.telling import Section, duty_text
from huiying.engine.text import Text
from tests.engine.matters import PLAN, the_plan
from tests.engine.test_shipped_plans import NAMES, PLANS

HAN = re.compile(r"[\u3400-\u9fff]")
Capture = pytest.CaptureFixture[str]


def read(text: str) -> Plan:
    plan, findings = read_plan(text, file="x.toml")
    assert plan is not None, findings
    return plan


def texts(plan: Plan) -> list[Text]:
    return [text for section in told(plan) for line in section.lines for text in (line.text, *line.below)]


def section(plan: Plan, id: str) -> Section:
    return next(one for one in told(plan) if one.id == id)


def said(plan: Plan, id: str) -> str:
    return "\n".join(text.en for line in section(plan, id).lines for text in (line.text, *line.below))


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_there_in_both_languages(name: str) -> None:
    plan = PLANS[name]
    own = {route.unit for route in plan.routes} | {word for item in plan.subjects for word in item.words}
    own |= {word for route in plan.routes for word in route.addressees}
    own |= {word for duty in plan.duties for word in duty.applies.addressees}
    for text in texts(plan):
        assert text.zh.strip()
        english = text.en
        for word in sorted(own, key=len, reverse=True):
            english = english.replace(word, "")
        assert not HAN.search(english), text.en


@pytest.mark.parametrize("name", NAMES)
def test_every_duty_level_chain_and_step_is_told(name: str) -> None:
    plan, whole = PLANS[name], as_text(PLANS[name], "zh")
    for duty in plan.duties:
        assert duty_text(plan, duty).zh in whole
        assert duty.why.zh in whole
    for item in (*plan.steps, *plan.levels, *plan.subjects, *plan.key_periods, *plan.bodies):
        assert item.name.zh in whole
    for watch in plan.watches:
        assert watch.lasts.text.zh in whole
    for route in plan.routes:
        assert route.unit in whole


@pytest.mark.parametrize("name", NAMES)
def test_an_english_sentence_begins_with_a_capital(name: str) -> None:
    plan = PLANS[name]
    for one in told(plan):
        for line in one.lines:
            first = line.text.en.removeprefix("[")[0]
            assert not first.islower(), line.text.en


def test_a_level_is_told_with_the_evidence_for_it_and_who_confirms_it() -> None:
    words = said(PLANS["school"], "levels")
    assert "Serious (level 1): confirmed by group head (the principal); any one of these is enough." in words
    assert (
        "At least 1 from large portals, provincial media, and at least 20 distinct voices, and share" in words
    )


def test_two_clocks_on_one_case_are_told_beside_each_other() -> None:
    words = said(PLANS["school"], "answers")
    assert "Within 5 hours of discovery, nights and holidays included" in words
    assert "promised by a date at most 5 working days off" in words


def test_a_rule_for_some_cases_says_for_which() -> None:
    assert "[Serious, Larger] Deputy head of the group: Set the lines to take" in said(
        PLANS["school"], "deadlines"
    )
    assert 'Only where "it was solved" is no.' in said(PLANS["school"], "deadlines")
    assert 'Only where "the outcome of the check" is untrue.' in said(read(PLAN), "answers")


def test_a_chain_after_one_for_everything_is_not_told() -> None:
    lines = section(PLANS["school"], "approval").lines
    assert [line.text.en.partition(":")[0] for line in lines].count("Everything else") == 1


def test_sections_of_which_a_plan_says_nothing_are_left_out() -> None:
    plan = read(
        'format = 1\nid = "x"\nname = "试"\n[[level]]\nnumber = 1\nname = "重"\nwhen = [{ mentions = 9 }]\n[[chain]]\nroles = ["head"]\n'
    )
    assert [one.id for one in told(plan)] == ["about", "people", "levels", "approval"]


def test_a_level_that_only_a_person_can_set_says_so() -> None:
    plan = read(
        'format = 1\nid = "x"\nname = "试"\n[[level]]\nnumber = 1\nname = "重"\n[[chain]]\nroles = ["head"]\n'
    )
    assert "only a person can set it" in said(plan, "levels")


def test_the_command_tells_it_in_the_language_asked_for(capsys: Capture) -> None:
    assert main(["plan", "explain", "school"]) == 0
    assert capsys.readouterr().out.startswith("# 学校网络舆情应对预案\n\n## 总则\n")
    assert main(["plan", "explain", "school", "--language", "en"]) == 0
    english = capsys.readouterr().out
    assert english.startswith("# Response plan of a school\n")
    assert "## Levels and their evidence" in english


def test_the_command_tells_programs_too(capsys: Capture) -> None:
    assert main(["plan", "explain", "national", "--json", "--language", "en"]) == 0
    told_json = json.loads(capsys.readouterr().out)
    assert {one["id"] for one in told_json} >= {"levels", "answers", "approval", "closing"}
    assert all(line["text"] for one in told_json for line in one["lines"])


def test_a_plan_that_cannot_be_used_is_not_told(capsys: Capture) -> None:
    assert main(["plan", "explain", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err


# Approvals side by side, a second person

BY_TWO = (
    PLAN.replace('roles = ["office", "head"]', 'roles = [["reviewer", "office|deputy"], "head"]')
    + "[grading]\nsecond_person = true\n"
)


def test_who_is_asked_at_once_and_who_may_not_confirm_is_told_in_both_languages() -> None:
    plan = the_plan(BY_TWO)
    chinese, english = as_text(plan, "zh"), as_text(plan, "en")
    assert "审核人 与 （舆情办 或 分管负责人） 同时 → 负责人" in chinese
    assert "the reviewer and (the office or the deputy) at once → the head" in english
    assert "由提出人以外的负责人确认" in chinese
    assert "confirmed by the head, not by whoever proposed it" in english


def test_a_new_version_says_that_a_second_person_confirms_and_that_two_are_asked_at_once() -> None:
    told_in = as_lines(differences(the_plan(PLAN), the_plan(BY_TWO)), "en")
    assert sum("confirmed by somebody else than the proposer" in line for line in told_in) == 3
    assert any("at once → the head" in line for line in told_in)
