"""docs/plan-format.md is true: its examples are read, its keys are the keys, its output is the output."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiying.cli import main
from huiying.engine.calendar import read_calendar
from huiying.engine.journal import Kind
from huiying.engine.journal_file import read_lines
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan import read_plan
from huiying.engine.plan.check import read_roster
from huiying.engine.plan.rules import ACTS
from huiying.engine.plan.vocabulary import FORMS, HOWS, MEANS, PHASES, ROLES, STAGES, TIERS
from tests.engine.matters import CN

BROKEN = Path(__file__).resolve().parent / "broken"
DOC = (Path(__file__).resolve().parents[2] / "docs" / "plan-format.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)(?: (\w+))?\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


def examples(language: str, kind: str = "") -> list[str]:
    return [body for found, what, body in FENCES if (found, what) == (language, kind)]


WHOLE = examples("toml", "whole")[0]


def joined(piece: str) -> str:
    """The smallest plan with the piece added; keys of the head go to the head."""
    head, table, rest = piece.partition("[")
    return head + WHOLE + "\n" + table + rest


def test_the_smallest_plan_is_a_plan() -> None:
    plan, findings = read_plan(WHOLE, file="docs")
    assert findings == []
    assert plan is not None


@pytest.mark.parametrize("piece", examples("toml", "plan"), ids=lambda piece: piece.split("\n")[0])
def test_every_piece_can_be_added_to_it(piece: str) -> None:
    plan, findings = read_plan(joined(piece), file="docs")
    assert [(found.code, found.message.en) for found in findings if found.level == "error"] == []
    assert plan is not None


def test_the_calendar_is_a_calendar() -> None:
    calendar, findings = read_calendar(examples("toml", "calendar")[0], "docs")
    assert findings == []
    assert calendar is not None


def test_the_roster_is_a_roster() -> None:
    roster, findings = read_roster(examples("toml", "roster")[0], file="docs", zone=ZoneInfo("Asia/Shanghai"))
    assert findings == []
    assert roster is not None
    assert [turn.people for turn in roster.turns] == [("b",), ("b",)]


def test_the_extending_plan_says_itself_what_it_says_and_takes_the_rest() -> None:
    text = examples("toml", "extending")[0]
    plan, findings = read_plan(text, file="docs", library={"office": WHOLE})
    assert findings == []
    assert plan is not None
    assert [level.number for level in plan.levels] == [1, 2]
    assert [duty.id for duty in plan.duties] == ["formal"]
    assert (plan.chain(1, "reply", False), plan.chain(2, "reply", False)) == (
        ("deputy", "head"),
        ("office", "head"),
    )


def test_two_clocks_run_on_one_case_as_the_page_says() -> None:
    whole = WHOLE.replace('[[answer]]\nstage = "first"\nwithin = "5 hours"\n', "")
    plan, findings = read_plan(f"{whole}\n{examples('toml', 'clocks')[0]}", file="docs")
    assert findings == []
    assert plan is not None
    entries, _findings = read_lines(examples("jsonl", "clocks")[0], "docs")
    told = re.findall(r"^\| `(\S+)` \| (\S+) \| (\S+) \| `(\w+)` \|$", DOC, re.MULTILINE)
    found = obligations(plan, entries, CN, datetime.fromisoformat("2026-10-01T09:00+08:00"))

    def local(at: datetime) -> str:
        return CN.local(at).isoformat(timespec="minutes")[:16]

    assert [(one.key, local(one.started_at), local(one.due_at), one.state) for one in found] == told


def test_every_kind_of_entry_is_told_about() -> None:
    page = DOC[DOC.index("## A journal on a plain file") :]
    assert [kind for kind in Kind if f"`{kind.value}`" not in page] == []


def test_the_approvals_of_the_journal_are_owed_as_the_page_says() -> None:
    entries, findings = read_lines(examples("jsonl", "approvals")[0], "docs")
    assert findings == []
    plan, _findings = read_plan(joined('[approval]\nwithin = "1 hour"\n'), file="docs")
    assert plan is not None
    found = obligations(plan, entries, CN, entries[-1].at)
    assert [(one.role, one.state) for one in found if one.rule == "approve"] == [
        ("reviewer", "met"),
        ("office", "met"),
        ("head", "open"),
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in BROKEN.glob("*.toml")))
def test_every_fault_that_is_proved_is_told_about(name: str) -> None:
    code = (BROKEN / name).read_text("utf-8").splitlines()[0].removeprefix("# ").split(" ")[0]
    proved = code.startswith("plan.") and code != "plan.bad-value"
    assert not proved or f"`{code}`" in DOC


def known_keys(text: str, prefix: str) -> set[str]:
    """The keys that the reader knows in the table at `prefix`, which holds one key that nobody knows."""
    _plan, findings = read_plan(text, file="docs")
    for found in findings:
        if (
            found.code == "plan.unknown-key"
            and found.place.path.endswith("zzzzzzzz")
            and prefix in found.place.path
        ):
            assert found.mend is not None
            return set(found.mend.en.removeprefix("Known here: ").split(", "))
    raise AssertionError(f"nothing was said about {prefix}: {findings}")


SECTIONS = [
    "level",
    "duty",
    "answer",
    "step",
    "pair",
    "chain",
    "assignment",
    "subject",
    "route",
    "key_period",
    "body",
]
SECTIONS += ["routine", "escalation", "watch", "matter", "flag", "recipient", "place"]
SMALL_TABLES = [
    "counting",
    "grading",
    "promise",
    "approval",
    "instruction",
    "report_again",
    "heighten",
    "urge",
    "transfer",
    "extension",
    "roster",
    "reminders",
]


@pytest.mark.parametrize("section", SECTIONS + SMALL_TABLES + ["level.when", ""])
def test_every_key_that_is_read_is_told_about(section: str) -> None:
    if section == "":
        keys = known_keys(f"zzzzzzzz = 1\n{WHOLE}", "zzzzzzzz")
    elif section == "level.when":
        keys = known_keys(WHOLE.replace("mentions = 3", "zzzzzzzz = 1"), "when")
    else:
        header = f"[[{section}]]" if section in SECTIONS else f"[{section}]"
        base = "" if section == "level" else WHOLE
        keys = known_keys(f"{base}\n{header}\nzzzzzzzz = 1\n", section)
    missing = {key for key in keys if not re.search(rf"(`|\[|\b){re.escape(key)}(`|\b| =|\])", DOC)}
    assert missing == set()


def test_every_word_that_may_be_used_is_told_about() -> None:
    for words in (ACTS, FORMS, HOWS, MEANS, PHASES, tuple(STAGES), TIERS, ROLES[:7]):
        assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", DOC)] == []


def test_the_journal_is_a_journal_and_the_output_is_as_described(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = examples("jsonl")[0]
    entries, findings = read_lines(lines, "docs")
    assert findings == []
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    journal, plan = tmp_path / "case.jsonl", tmp_path / "office.toml"
    journal.write_text(lines, "utf-8")
    plan.write_text(WHOLE, "utf-8")
    told = ["obligations", "--plan", str(plan), "--journal", str(journal), "--now", "2026-11-24T20:00"]
    assert main(told) == 0
    out: dict[str, Any] = json.loads(capsys.readouterr().out)
    described = DOC[DOC.index("## What `huiying obligations` prints") :]
    for key in (*out, *out["plan"], *out["obligations"][0]):
        assert f"`{key}`" in described, key
    assert set(out["obligations"][0]) == set(Obligation._fields)
    assert [(one["key"], one["state"], one["due_at"]) for one in out["obligations"]] == [
        ("first", "met", "2026-11-24T13:40:00+08:00")
    ]
