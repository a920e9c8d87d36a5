"""`huiying plan check`, `huiying obligations` and `huiying workdays` on plain files."""

import json
from pathlib import Path

import pytest

from huiying import plans
from huiying.cli import main
from huiying.engine.journal import Kind
from huiying.engine.journal_file import read_lines, write_lines
from tests.engine.matters import PLAN, Matter

Capture = pytest.CaptureFixture[str]
OPENING = '{"at": "2026-11-24T09:00:00Z", "kind": "opened", "data": {"how": "story"}}'


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was complained about."""
    try:
        code = main(words)
    except SystemExit as wrong:
        code = int(wrong.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


# plan check


def test_the_shipped_plans_are_clean(capsys: Capture) -> None:
    code, out, err = run(capsys, "plan", "check", *plans.shipped())
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"✓ {name}.toml" for name in plans.shipped()]


def test_a_broken_plan_says_where_and_how_to_mend_it(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(PLAN.replace('act = "verified"', 'act = "verifed"'), "utf-8")
    line = file.read_text("utf-8").splitlines().index('act = "verifed"') + 1
    code, out, _err = run(capsys, "plan", "check", "--english", str(file))
    assert code == 1
    assert f'✗ {file}:{line} duty[1].act: "act" cannot be "verifed" [plan.unknown-value]' in out
    assert 'Did you mean "verified"?' in out
    code, out, _err = run(capsys, "plan", "check", "--json", str(file), "school")
    told = json.loads(out)
    assert code == 1
    assert [(one["usable"], len(one["findings"])) for one in told] == [(False, 1), (True, 0)]
    assert (told[0]["findings"][0]["line"], told[0]["findings"][0]["code"]) == (line, "plan.unknown-value")


def test_a_warning_does_not_forbid_the_use(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "double.toml"
    file.write_text(PLAN + '[[duty]]\nid = "twice"\nact = "verified"\nwithin = "2 hours"\n', "utf-8")
    code, out, _err = run(capsys, "plan", "check", str(file))
    assert code == 0
    assert out.startswith("! ")
    assert "可以使用" in out


def test_a_plan_may_extend_one_that_lies_beside_it(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "test.toml").write_text(PLAN, "utf-8")
    child = tmp_path / "child.toml"
    child.write_text('format = 1\nid = "child"\nname = "子"\nextends = "test"\n', "utf-8")
    assert run(capsys, "plan", "check", str(child))[0] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8")],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: Capture, content: bytes | None, said: str
) -> None:
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, "plan", "check", str(file))
    assert (code, out) == (2, "")
    assert said in err
    assert str(file) in err


# obligations


@pytest.fixture
def case(tmp_path: Path) -> Path:
    matter = Matter()
    matter.note(1, Kind.VERIFIED, outcome="true")
    matter.grade(2, 2)
    (tmp_path / "test.toml").write_text(PLAN, "utf-8")
    (tmp_path / "case.jsonl").write_text(write_lines(matter.journal), "utf-8")
    return tmp_path


def owed(capsys: Capture, case: Path, **changed: str) -> tuple[int, str, str]:
    options = {
        "plan": str(case / "test.toml"),
        "journal": str(case / "case.jsonl"),
        "now": "2026-11-24T14:00",
    }
    words = [word for key, value in (options | changed).items() for word in (f"--{key}", value)]
    return run(capsys, "obligations", *words)


def test_what_a_case_owes_is_printed_as_json(case: Path, capsys: Capture) -> None:
    code, out, err = owed(capsys, case)
    assert (code, err) == (0, "")
    told = json.loads(out)
    states = {one["key"]: one["state"] for one in told["obligations"]}
    assert states["verify"] == "met"
    assert states["first"] == "missed"
    assert states["report-3h"] == "missed"
    assert "first" in told["owed_now"]
    assert ("first", "late:1") in {(one["obligation"], one["stage"]) for one in told["notices"]}
    assert told["next_wake"].endswith("+08:00")


def test_an_instant_without_zone_is_the_calendars(case: Path, capsys: Capture) -> None:
    local = owed(capsys, case, now="2026-11-24T14:00")[1]
    assert owed(capsys, case, now="2026-11-24T06:00:00Z")[1] == local


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("now", "tomorrow", "--now: tomorrow is no instant"),
        ("plan", "nowhere.toml", "nowhere.toml: No such file"),
        ("journal", "nowhere.jsonl", "nowhere.jsonl: No such file"),
        ("calendar", "XX", "XX: neither a file nor one of CN"),
        (
            "plan",
            "scool",
            'scool: neither a file nor one of city, methods, national, road, school, township; did you mean "school"?',
        ),
        ("now", "0001-01-01T00:00", "lies in a year that cannot be meant"),
        ("now", "9999-12-31T24:00", "9999-12-31T24:00"),
        ("language", "fr", "invalid choice"),
    ],
)
def test_what_cannot_be_used_is_named(
    case: Path, capsys: Capture, option: str, value: str, said: str
) -> None:
    code, out, err = owed(capsys, case, **{option: value})
    assert (code, out) == (2, "")
    assert said in err


def test_a_case_that_is_pinned_to_another_text_is_refused(case: Path, capsys: Capture) -> None:
    matter = Matter()
    matter.grade(2, 2, plan={"id": "test", "version": 1, "sha256": "0" * 64})
    (case / "case.jsonl").write_text(write_lines(matter.journal), "utf-8")
    code, _out, err = owed(capsys, case)
    assert code == 2
    assert "本件定级时所依预案（test，000000000000）与现用文本" in err
    english = owed(capsys, case, language="en")[2]
    assert "This case was graded under plan test 000000000000" in english


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "opens it once: 0 entries"),
        (['{"at": "2026-11-24T09:00:00Z", "kind": "note"}'], "opens it once: 0 entries"),
        ([OPENING, OPENING], "opens it once: 2 entries"),
        ([OPENING, "oops"], "case.jsonl:2: Not JSON"),
        ([OPENING, '{"at": "2026-11-24T09:00:00Z", "kind": "promised", "data": {"due_at": "tomorrow"}}'], '"due_at" is no instant with a zone: tomorrow'),
        ([OPENING, '{"at": "2026-11-24T09:00:00Z", "kind": "submitted", "data": {"draft": 1, "chain": "office"}}'], "entry 2: This chain of approval cannot be read: office"),
        ([OPENING, '{"at": "2026-11-24T09:00:00Z", "kind": "level_confirmed", "data": {"level": 9}}'], "entry 2: The plan has no level 9"),
        ([OPENING, '{"at": "2026-11-24T09:00:00Z", "kind": "level_confirmed", "data": {"level": "重大"}}'], "entry 2: The plan has no level 重大"),
    ],
)  # fmt: skip
def test_a_journal_that_cannot_be_worked_out_says_why_and_prints_nothing(
    case: Path, capsys: Capture, lines: list[str], said: str
) -> None:
    (case / "case.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    code, out, err = owed(capsys, case, language="en")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_every_instant_of_the_answer_is_on_the_calendars_clock(case: Path, capsys: Capture) -> None:
    told = json.loads(owed(capsys, case, now="2026-11-24T06:00:00Z")[1])
    assert told["now"] == "2026-11-24T14:00:00+08:00"
    instants = [one[key] for one in told["obligations"] for key in ("started_at", "due_at", "met_at")]
    instants += [note["at"] for note in told["notices"]]
    assert {at[-6:] for at in instants if at} == {"+08:00"}


def test_a_bad_plan_refuses_the_whole_question_with_its_findings(case: Path, capsys: Capture) -> None:
    (case / "test.toml").write_text(PLAN.replace('act = "verified"', 'act = "verifed"'), "utf-8")
    code, out, err = owed(capsys, case, language="en")
    assert (code, out) == (2, "")
    assert 'Did you mean "verified"?' in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "check", "school", "--days", "0"), "a number of days, 1 to 400"),
        (("plan", "check", "school", "--days", "x"), "a number of days, 1 to 400"),
        (("plan", "check", "school", "--roster", "scool"), 'did you mean "school"?'),
        (("plan", "check", "school", "--from", "yesterday"), "--from: yesterday is no instant"),
        (("plan", "explain", "rod"), 'did you mean "road"?'),
        (("plan", "flow", "school", "--journal", "x.jsonl"), "--now: say for which instant"),
        (("plan", "diff", "school", "nowhere"), "nowhere: neither a file nor one of"),
    ],
)
def test_a_slip_on_the_command_line_is_answered_with_what_was_meant(
    capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("words", [("plan", "explain", "road"), ("plan", "check", "road"), ("plan", "diff", "road", "city"), ("workdays", "list", "2026")])  # fmt: skip
def test_either_way_of_asking_for_english_is_understood(capsys: Capture, words: tuple[str, ...]) -> None:
    assert run(capsys, *words, "--english")[1] == run(capsys, *words, "--language", "en")[1]
    assert run(capsys, *words, "--language", "zh")[1] == run(capsys, *words)[1]


# Journals


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "journal.not-json"),
        ("[]", "journal.not-json"),
        ('{"kind": "note"}', "journal.missing-key"),
        ('{"at": "2026-11-24T09:00:00", "kind": "note"}', "journal.bad-instant"),
        ('{"at": "now", "kind": "note"}', "journal.bad-instant"),
        ('{"at": 5, "kind": "note"}', "journal.bad-instant"),
        ('{"at": "2026-11-24T09:00:00Z", "kind": "noted"}', "journal.unknown-kind"),
        ('{"at": "2026-11-24T09:00:00Z", "kind": "note", "text": "x"}', "journal.unknown-key"),
        ('{"at": "2026-11-24T09:00:00Z", "kind": "note", "data": []}', "journal.bad-value"),
        ('{"at": "2026-11-24T09:00:00Z", "kind": "note", "seq": "2"}', "journal.bad-value"),
        (
            '{"at": "2026-11-24T09:00:00Z", "kind": "published", "data": {"stage": ["first"]}}',
            "journal.bad-value",
        ),
        (
            '{"at": "2026-11-24T09:00:00Z", "kind": "corrected", "data": {"entry": {"seq": 1}}}',
            "journal.bad-value",
        ),
        (
            '{"at": "2026-11-24T09:00:00Z", "kind": "opened", "data": {"discovered_at": 7}}',
            "journal.bad-instant",
        ),
        ('{"at": "9999-11-24T09:00:00Z", "kind": "note"}', "journal.bad-instant"),
        ('{"at": "0001-01-01T00:00:00+08:00", "kind": "note"}', "journal.bad-instant"),
    ],
)
def test_a_bad_line_of_a_journal_is_named(line: str, code: str) -> None:
    good = '{"at": "2026-11-24T09:00:00Z", "kind": "note"}'
    _entries, findings = read_lines(f"{good}\n\n{line}\n", "x.jsonl")
    assert [(found.code, found.place.file, found.place.line) for found in findings] == [(code, "x.jsonl", 3)]


def test_what_is_written_is_read_again_and_a_changed_entry_is_seen() -> None:
    matter = Matter()
    matter.note(1, Kind.NOTE, text="原文")
    matter.note(2, Kind.NOTE, text="再记")
    text = write_lines(matter.journal)
    assert read_lines(text, "x") == (matter.journal, [])
    _entries, findings = read_lines(text.replace("原文", "改过"), "x")
    assert [(found.code, found.place.line) for found in findings] == [("journal.broken-chain", 2)]
    shorter = "".join(text.splitlines(keepends=True)[::2])
    assert {found.place.line for found in read_lines(shorter, "x")[1]} == {2}


def test_two_entries_cannot_share_a_number() -> None:
    line = '{"at": "2026-11-24T09:00:00Z", "kind": "note", "seq": 1}\n'
    assert [found.code for found in read_lines(line * 2, "x")[1]] == ["journal.seq"]


# workdays


def test_working_days_are_counted_over_holidays(capsys: Capture) -> None:
    code, out, _err = run(capsys, "workdays", "add", "2026-09-30T16:00", "5", "--calendar", "CN")
    assert (code, out) == (0, "2026-10-14T00:00:00+08:00  2026-10-13（周二）24:00\n")
    code, out, _err = run(capsys, "workdays", "between", "2026-09-30T16:00", "2026-10-13T24:00")
    assert (code, out) == (0, "5 个工作日，办公时间 36 小时 30 分\n")
    code, out, _err = run(capsys, "workdays", "between", "2026-09-30T16:00", "2026-10-14T00:00", "--json")
    assert json.loads(out)["working_days"] == 5


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (["5个工作日"], "2026-10-14T00:00:00+08:00"),
        (["2", "working", "hours"], "2026-10-08T09:00:00+08:00"),
        (["24", "hours"], "2026-10-01T16:00:00+08:00"),
        (["当日"], "2026-10-01T00:00:00+08:00"),
        (["2", "days", "--roll"], "2026-10-09T00:00:00+08:00"),
        (["1", "--until", "office_close"], "2026-10-08T17:30:00+08:00"),
    ],
)
def test_every_kind_of_span_can_be_asked(capsys: Capture, words: list[str], due: str) -> None:
    code, out, _err = run(capsys, "workdays", "add", "2026-09-30T16:00", *words, "--json")
    assert (code, json.loads(out)["due_at"]) == (0, due)


def test_a_year_is_listed(capsys: Capture) -> None:
    code, out, _err = run(capsys, "workdays", "list", "2026")
    assert code == 0
    assert "2026-10-10 周六 班 国庆节" in out
    assert out.endswith("2026 年共 248 个工作日\n")
    assert "worked" in run(capsys, "workdays", "list", "2026", "--english")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "2026-12-30T16:00", "5"), "2027"),
        (("list", "2027"), "2027"),
        (("between", "2026-12-30T16:00", "2027-01-30T16:00"), "2027"),
        (("add", "yesterday", "5"), "yesterday is no instant"),
        (("add", "2026-11-24T09:00", "soon"), "working days"),
        (("add", "2026-11-24T09:00", "9999 hours", "--calendar", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_reason(
    capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, "workdays", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_calendar_of_ones_own_is_read_from_a_file(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'format = 1\nid = "own"\nname = "x"\nzone = "UTC"\ndays_off = ["2031-05-02"]\n[year.2031]\n', "utf-8"
    )
    code, out, _err = run(capsys, "workdays", "add", "2031-05-01T09:00", "1", "--calendar", str(file))
    assert (code, out.split()[0]) == (0, "2031-05-06T00:00:00+00:00")
    file.write_text('format = 1\nid = "own"\nzone = "UTC"\n[year.2031]\nof = {}\n', "utf-8")
    code, _out, err = run(capsys, "workdays", "list", "2031", "--calendar", str(file))
    assert code == 2
    assert f"{file}:5" in err
