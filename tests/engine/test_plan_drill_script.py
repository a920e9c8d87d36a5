"""The script of a live drill: read, repeated, put in order of time; every fault with its line and mend."""

from datetime import timedelta

import pytest

from huiying.engine.plan.drill.script import MOST, Script, read_script

MINUTE = timedelta(minutes=1)
TOML = """
format = 1
title = "食堂异味"

[[inject]]
after = "30 minutes"
kind = "note"
to = ["head", "office"]
text = "市教育局来电询问"

[[inject]]
after = "10 minutes"
site = "校园论坛"
tier = "board"
text = "二楼三号窗口的汤有酸味"
times = 3
every = "2 minutes"

[[inject]]
title = "食堂又有异味"
author = "网友甲"
"""
CSV = """after,kind,site,tier,author,title,text,times,every,to
0,post,校园论坛,board,网友甲,食堂又有异味,,,,
10 minutes,,校园论坛,board,,,二楼三号窗口的汤有酸味,3,2,
30,note,,,,,市教育局来电询问,,,head office
"""


def read(text: str, file: str = "script.toml") -> tuple[Script | None, list[tuple[str, int | None]]]:
    script, findings = read_script(text, file=file)
    return script, [(one.code, one.place.line) for one in findings]


@pytest.mark.parametrize(("text", "file"), [(TOML, "s.toml"), (CSV, "s.csv"), ("\ufeff" + CSV, "S.CSV")])
def test_what_comes_in_stands_in_order_of_time(text: str, file: str) -> None:
    script, found = read(text, file)
    assert found == []
    assert script is not None
    assert [one.after / MINUTE for one in script.injects] == [0, 10, 12, 14, 30]
    assert [one.kind for one in script.injects] == ["post", "post", "post", "post", "note"]
    assert (script.injects[-1].to, script.lasts) == (("head", "office"), 30 * MINUTE)


def test_what_is_said_several_times_is_said_by_different_people() -> None:
    script, _found = read(TOML)
    assert script is not None
    assert [one.author for one in script.injects[:4]] == ["网友甲", "网友1", "网友2", "网友3"]


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        ('after = "soon"\ntext = "x"', "script.bad-span"),
        ('after = "2 working days"\ntext = "x"', "script.bad-span"),
        ('after = "200 hours"\ntext = "x"', "script.bad-span"),
        ('kind = "rumour"\ntext = "x"', "script.unknown-value"),
        ('tier = "moon"\ntext = "x"', "script.unknown-value"),
        ('after = "1 minutes"', "script.missing-key"),
        ('kind = "note"\ntext = "x"', "script.missing-key"),
        ('text = "x"\nlikes = 3', "script.unknown-key"),
        ('text = "x"\ntimes = 501', "script.bad-value"),
    ],
)
def test_a_fault_stands_at_its_line(piece: str, code: str) -> None:
    script, found = read(f"[[inject]]\n{piece}\n")
    assert script is None
    assert code in {code for code, _line in found}
    assert all(line for _code, line in found)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("when,text\n1,x\n", "script.unknown-key", 1),
        ("text\nx\n", "script.unknown-key", 1),
        ("after,text\nsoon,x\n", "script.bad-span", 2),
        ("after,kind,text\n1,rumour,x\n", "script.unknown-value", 2),
        ("after,text\n1,x\n2,\n", "script.missing-key", 3),
        ("after,text\n", "script.empty", None),
    ],
)
def test_a_table_names_its_faults_by_line(text: str, code: str, line: int | None) -> None:
    script, found = read(text, "s.csv")
    assert script is None
    assert (code, line) in found


def test_an_empty_script_and_one_that_never_ends_are_refused() -> None:
    assert read("format = 1") == (None, [("script.empty", None)])
    many = '[[inject]]\ntext = "x"\ntimes = 500\n' * (MOST // 500 + 1)
    assert read(many)[1] == [("script.too-long", None)]
    assert read("[[inject]")[0] is None
