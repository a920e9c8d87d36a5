"""`huiying route` and `huiying tone` on files as people have them."""

import json
from pathlib import Path

import pytest

from huiying.cli import main
from huiying.engine.listen.lexicon import Lexicon
from huiying.engine.listen.texts import lay
from huiying.engine.listen.tone import tone_of, tone_signs
from tests.engine.learning import SCHEME, messages

Capture = pytest.CaptureFixture[str]
TSV = "label\ttitle\ttext"


def run(capsys: Capture, *words: object) -> tuple[int, list[list[str]], str]:
    """The exit code, the cells that were printed, and what was complained about."""
    code = main([str(w) for w in words])
    out = capsys.readouterr()
    return code, [line.split("\t") for line in out.out.splitlines()], out.err


@pytest.fixture
def train(tmp_path: Path) -> Path:
    file = tmp_path / "train.tsv"
    rows = [f"{e.label}\t{e.passage.title}\t{e.passage.text}" for e in messages(20)]
    file.write_text("\n".join([TSV, *rows]), "utf-8")
    return file


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    file = tmp_path / "asked.tsv"
    rows = (
        "7\t2026-11-24 08:00\t路灯不亮\t门口的路灯坏了",
        "8\t2026-11-24 08:05\t校车\t校车超载",
        "9\t2026-11-24 09:00\tzzz\tqqq",
    )
    file.write_text("\n".join(["id\ttime\ttitle\ttext", *rows]), "utf-8")
    return file


def test_every_message_gets_its_label_and_how_sure_it_is(train: Path, asked: Path, capsys: Capture) -> None:
    code, rows, err = run(capsys, "route", asked, "--train", train)
    assert (code, err) == (0, "")
    assert [row[0] for row in rows] == ["7", "8", "9"]
    assert [row[1] for row in rows[:2]] == ["城管", "教育"]
    assert all(0 <= float(row[2]) <= 1 and len(row) == 3 for row in rows)


def test_below_the_threshold_it_says_unsure(train: Path, asked: Path, capsys: Capture) -> None:
    _code, rows, _err = run(capsys, "route", asked, "--train", train, "--unsure", "0.5")
    assert rows[2][1:] == ["unsure", "0.0000"]


@pytest.mark.parametrize("wrong", ["1.1", "-0.1", "x"])
def test_a_threshold_is_a_chance(train: Path, asked: Path, wrong: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["route", str(asked), "--train", str(train), "--unsure", wrong])
    assert refused.value.code == 2


def test_the_words_that_led_to_it_stand_in_a_last_column(train: Path, asked: Path, capsys: Capture) -> None:
    _code, rows, _err = run(capsys, "route", asked, "--train", train, "--why")
    assert "路灯" in rows[0][3].split("、")
    assert rows[2][3] == ""


def test_the_scheme_is_enough_and_helps_beside_examples(
    tmp_path: Path, asked: Path, train: Path, capsys: Capture
) -> None:
    scheme = tmp_path / "labels.tsv"
    scheme.write_text(
        "\n".join(["一级分类\t二级分类\t三级分类", *("\t".join(row) for row in SCHEME)]), "utf-8"
    )
    alone = run(capsys, "route", asked, "--scheme", scheme)[1]
    assert [row[1] for row in alone[:2]] == ["城管", "教育"]
    both = run(capsys, "route", asked, "--scheme", scheme, "--train", train)[1]
    assert [row[1] for row in both[:2]] == ["城管", "教育"]


def test_a_second_file_may_be_cut_into_words(
    tmp_path: Path, train: Path, asked: Path, capsys: Capture
) -> None:
    cut = tmp_path / "cut.tsv"
    cut.write_text("label\ttokens\n" + "城管\t下水道 堵塞 污水 外溢\n" * 4, "utf-8")
    asked.write_text("id\ttitle\ttext\n1\t下水道堵塞\t下水道又堵塞了\n", "utf-8")
    _code, rows, _err = run(capsys, "route", asked, "--train", train, "--train", cut)
    assert rows[0][1] == "城管"


def test_the_same_files_give_the_same_answer(train: Path, asked: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "a.tsv", tmp_path / "b.tsv"]
    for out in outs:
        assert main(["route", str(asked), "--train", str(train), "--why", "-o", str(out)]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes() != b""


def test_files_in_the_old_chinese_encoding_are_read(train: Path, asked: Path, capsys: Capture) -> None:
    for file in (train, asked):
        file.write_bytes(file.read_text("utf-8").encode("gb18030"))
    _code, rows, _err = run(capsys, "route", asked, "--train", train)
    assert rows[0][1] == "城管"


def test_what_cannot_be_used_is_told_with_its_file(
    tmp_path: Path, train: Path, asked: Path, capsys: Capture
) -> None:
    empty, one = tmp_path / "empty.tsv", tmp_path / "one.tsv"
    empty.write_bytes(b"")
    one.write_text(f"{TSV}\n城管\t路灯\t坏了\n", "utf-8")
    broken = tmp_path / "broken.tsv"
    broken.write_bytes(b"label\ttext\n\xff\xff\xff\n")
    for words, said in (
        ((asked, "--train", empty), "empty.tsv: 文件是空的"),
        ((empty, "--train", train), "empty.tsv: 文件是空的"),
        ((asked, "--train", one), "至少要有两种标签"),
        ((asked, "--train", broken), "既不是 UTF-8，也不是 GB18030"),
        ((asked, "--train", tmp_path / "none.tsv"), "没有这个文件"),
        ((asked,), "--train 或 --scheme"),
    ):
        code, rows, err = run(capsys, "route", *words)
        assert code in {1, 2}
        assert rows == []
        assert said in err


def test_nothing_that_is_written_is_run_by_a_spreadsheet(
    tmp_path: Path, train: Path, capsys: Capture
) -> None:
    asked = tmp_path / "asked.tsv"
    asked.write_text("id\ttext\n=cmd|'/c calc'!A1\t路灯坏了\n-12\t路灯坏了\n", "utf-8")
    _code, rows, _err = run(capsys, "route", asked, "--train", train, "--why")
    assert [row[0] for row in rows] == ["'=cmd|'/c calc'!A1", "-12"]
    train.write_text(f"{TSV}\n=1+1\t路灯\t坏了\n城管\t学校\t食堂\n", "utf-8")
    _code, rows, _err = run(capsys, "route", asked, "--train", train)
    assert rows[1][1] == "'=1+1"


def test_rows_without_label_or_text_teach_nothing(train: Path, asked: Path, capsys: Capture) -> None:
    before = run(capsys, "route", asked, "--train", train)[1]
    with train.open("a", encoding="utf-8") as more:
        more.write("\n\t没有标签\t路灯\n城管\t\t\n")
    assert run(capsys, "route", asked, "--train", train)[1] == before


# tone


def test_tone_learns_the_labels_of_a_json_array(tmp_path: Path, capsys: Capture) -> None:
    glad, cross = (
        ("太好了，谢谢你们！！", "真好《心》《心》", "加油，感谢！"),
        ("气死了，滚！", "太过分了《怒》", "什么玩意，垃圾"),
    )
    rows = [{"id": n, "content": text, "label": label}
            for label, texts in (("happy", glad), ("angry", cross)) for n, text in enumerate(texts * 4)]  # fmt: skip
    train, asked = tmp_path / "train.txt", tmp_path / "asked.txt"
    train.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    asked.write_text(
        json.dumps(
            [{"id": 1, "content": "谢谢《心》"}, {"id": 2, "content": "过分《怒》"}], ensure_ascii=False
        ),
        "utf-8",
    )
    code, said, _err = run(capsys, "tone", asked, "--train", train)
    assert (code, [row[:2] for row in said]) == (0, [["1", "happy"], ["2", "angry"]])


def test_without_examples_tone_says_the_kinds_of_the_desk_by_its_word_list(
    tmp_path: Path, capsys: Capture
) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text("id,text\n1,投诉物业乱收费\n2,网传大桥塌了，是真的吗\n3,今天天气\n", "utf-8")
    _code, rows, _err = run(capsys, "tone", asked, "--why", "--score")
    assert [row[1] for row in rows] == ["complaint", "rumour", "neutral"]
    assert float(rows[0][3]) < 0
    assert "投诉" in rows[0][4]
    assert rows[2][2:] == ["0.0000", "0.000", ""]


def test_the_score_belongs_to_the_word_list(
    tmp_path: Path, train: Path, asked: Path, capsys: Capture
) -> None:
    code, _rows, err = run(capsys, "tone", asked, "--train", train, "--score")
    assert (code, "--score" in err) == (2, True)


def test_more_words_on_one_side_make_a_tone_surer() -> None:
    texts = lay(["投诉", "投诉，欺诈，不作为"])
    one, three = (
        tone_of(found, text)
        for found, text in zip(Lexicon(tone_signs()).scan(texts), texts.each, strict=True)
    )
    assert 0 < one.sure < three.sure < 1
