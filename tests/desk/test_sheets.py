"""Tables that people take away hold what was meant, and run nothing."""

from datetime import UTC, datetime

import pytest

from huiying.desk.shell.sheets import as_csv, safe


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "shown"), [("平常的", "平常的"), (7, 7), (-7, -7), (0.5, 0.5), (None, ""), ("", "")]
)
def test_everything_else_stays(cell: str | float | None, shown: object) -> None:
    assert safe(cell) == shown


def test_instants_are_written_on_the_desks_clock() -> None:
    assert safe(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == "2026-11-24 09:00"


def test_a_csv_opens_with_its_chinese_intact() -> None:
    answer = as_csv("舆情件", ["编号"], [["一,二"], ['三"四']])
    assert answer.content.decode() == '\ufeff编号\r\n"一,二"\r\n"三""四"\r\n'
    assert "%E8%88%86%E6%83%85%E4%BB%B6.csv" in answer.headers["Content-Disposition"]
