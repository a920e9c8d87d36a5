"""`huiying check-reply` and `huiying proofread` on plain files."""

import json
from pathlib import Path

import pytest

from huiying.cli import main

NOW = "2026-11-24T09:00+08:00"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "message.txt").write_text("热水什么时候修好？", encoding="utf-8")
    (tmp_path / "clean.txt").write_text(
        "您好！后勤处11月24日已换循环泵，热水11月26日前修好。青禾市第九中学 2026年11月24日", encoding="utf-8"
    )
    (tmp_path / "faulty.txt").write_text(
        "您好！己收悉，热水按装新泵，请致电王老师13812345678。", encoding="utf-8"
    )
    (tmp_path / "lines.toml").write_text('[figures]\n"受影响学生" = "312人"\n', encoding="utf-8")
    return tmp_path


def run(files: Path, reply: str, *more: str) -> int:
    return main(
        [
            "check-reply",
            "--message",
            str(files / "message.txt"),
            "--reply",
            str(files / reply),
            "--now",
            NOW,
            *more,
        ]
    )


def test_a_clean_reply_passes(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, "clean.txt", "--institution", "青禾市第九中学") == 0
    assert "没有发现问题" in capsys.readouterr().out


def test_a_faulty_one_is_told_line_by_line(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, "faulty.txt") == 1
    out = capsys.readouterr().out
    assert "手机号码" in out and "“按装”应为“安装”" in out and "1:" in out


def test_what_was_asked_and_promised_is_told_below(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(files, "clean.txt")
    out = capsys.readouterr().out
    assert "已承诺  热水什么时候修好？" in out and "2026-11-26 23:59" in out
    run(files, "faulty.txt", "--english")
    out = capsys.readouterr().out
    assert "What was asked:" in out and "to mend" in out and "hints" in out


def test_json_holds_findings_points_and_promises(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(files, "clean.txt", "--json", "--promise-max", "1", "--lines", str(files / "lines.toml"))
    told = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in told["findings"]] == ["reply.promise.too-far"]
    (point,) = told["points"]
    message = (files / "message.txt").read_text("utf-8")
    assert (point["state"], message[point["start"] : point["end"]]) == ("promised", point["text"])
    assert told["promises"][0]["due_at"].startswith("2026-11-26T16:00")


def test_earlier_answers_in_a_folder(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "old").mkdir()
    text = (files / "clean.txt").read_text("utf-8") + "停水期间可凭卡到北区浴室洗澡，每天17时至22时。"
    (files / "clean.txt").write_text(text, "utf-8")
    (files / "old" / "a.txt").write_text(text, "utf-8")
    assert run(files, "clean.txt", "--archive", str(files / "old")) == 1
    assert "a.txt" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.txt", None, "No such file"),
        ("binary.txt", b"\xff\xfe\x00\x81\x30", "neither UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    files: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (files / name).write_bytes(content)
    assert run(files, name) == 2
    assert name in (err := capsys.readouterr().err) and words in err


def test_broken_lines_and_instants_are_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "bad.toml").write_text("facts = 3", "utf-8")
    assert run(files, "clean.txt", "--lines", str(files / "bad.toml")) == 2
    assert "facts" in capsys.readouterr().err
    assert run(files, "clean.txt", "--archive", str(files / "nowhere")) == 2
    assert run(files, "clean.txt", "--calendar", str(files / "nowhere.toml")) == 2
    assert (
        main(
            [
                "check-reply",
                "--message",
                str(files / "message.txt"),
                "--reply",
                str(files / "clean.txt"),
                "--now",
                "morgen",
            ]
        )
        == 2
    )


def test_gb18030_is_read(files: Path) -> None:
    (files / "gb.txt").write_bytes("您好！热水循环泵已换，11月26日前修好。".encode("gb18030"))
    assert run(files, "gb.txt") == 0


def proofread(files: Path, text: str, *more: str) -> str:
    (files / "in.txt").write_text(text, "utf-8", newline="")
    assert main(["proofread", str(files / "in.txt"), "-o", str(files / "out.txt"), *more]) == 0
    return (files / "out.txt").read_text("utf-8")


def test_proofread_writes_a_line_for_a_line(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert proofread(files, "请拔打电话\n\n没有错\n") == "请拨打电话\n\n没有错\n"
    assert main(["proofread", str(files / "in.txt")]) == 0
    assert capsys.readouterr().out == "请拨打电话\n\n没有错\n"
    assert main(["proofread", str(files / "none.txt")]) == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 0), ("\n", 1), ("甲\r\n乙", 2), ("甲\u2028乙\x0c丙\n丁\n", 2), ("\n\n\n", 3), ("甲\x00乙\n", 1)],
)
def test_proofread_counts_lines_as_editors_do(files: Path, text: str, lines: int) -> None:
    assert proofread(files, text).count("\n") == lines


NAMES = "请在雷峰汽车站乘车。\n"


def test_names_of_ones_own_are_left_alone(files: Path) -> None:
    """雷峰 looks like a slip for 雷锋; where the station is called so the institution says so."""
    assert proofread(files, NAMES) != NAMES
    (files / "names.txt").write_text("雷峰汽车站\n", "utf-8")
    assert proofread(files, NAMES, "--words", str(files / "names.txt")) == NAMES


def test_texts_of_ones_own_are_read_first(files: Path) -> None:
    (files / "own.txt").write_text("开往雷峰汽车站的班车明天停运。\n" * 200, "utf-8")
    assert proofread(files, NAMES, "--corpus", str(files / "own.txt")) == NAMES


def test_proofread_refuses_what_it_cannot_use(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "in.txt").write_text("甲\n", "utf-8")
    for more in (["--sure", "2"], ["--corpus", str(files / "none")], ["-o", str(files / "none" / "out")]):
        assert main(["proofread", str(files / "in.txt"), *more]) == 2
    assert "between 0 and 1" in (err := capsys.readouterr().err) and "none" in err
