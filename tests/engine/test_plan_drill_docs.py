"""docs/drill.md is true: its examples are read, its keys are the keys."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiying.cli import main
from huiying.engine.plan.drill import read_pace, read_stream
from huiying.engine.plan.drill.pace import USUAL
from huiying.engine.plan.drill.script import Inject, read_script
from tests.engine.test_plan_drill import SCHOOL

DOC = (Path(__file__).resolve().parents[2] / "docs" / "drill.md").read_text("utf-8")
FENCES = dict(re.findall(r"^```\w+ (\w+)\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL))


def test_the_reaction_model_of_the_page_is_one() -> None:
    pace, findings = read_pace(FENCES["pace"], file="docs/drill.md")
    assert findings == []
    assert pace is not None
    assert {"assessed", "approve"} <= set(USUAL)


def test_the_stream_of_the_page_is_one() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    matters, wrong = read_stream(FENCES["stream"], file="docs/drill.md", plan=SCHOOL, zone=zone)
    assert wrong == []
    assert len(matters) == 2


def test_the_script_of_the_page_is_one() -> None:
    script, findings = read_script(FENCES["script"], file="docs/drill.toml")
    assert findings == []
    assert script is not None
    assert len(script.injects) == 10
    named = set(Inject.__dataclass_fields__) | {"times", "every"}
    assert {name for name in named if f"`{name}`" not in DOC} == set()


def test_every_option_of_the_command_stands_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["plan", "drill", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--output"}
    assert options - set(re.findall(r"--[a-z-]+", DOC)) == set()
