"""Labels learnt from examples or from their scheme: right on plain cases, honest where nothing is known, always the same."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from huiying.cli import main
from huiying.engine.listen.learn.labels import Example, Passage, TooFew
from huiying.engine.listen.learn.pieces import TONE
from huiying.engine.listen.learn.scheme import by_scheme
from huiying.engine.listen.learn.sorter import learn

ROADS = [
    "路面坑洼，车辆颠簸",
    "公交车不准时，班次少",
    "红绿灯坏了，路口拥堵",
    "客运站出租车拒载",
    "道路施工没有警示",
]
SCHOOLS = ["学校食堂饭菜差", "老师违规补课收费", "小学学位不够", "中学住宿条件差", "幼儿园收费太高"]
EXAMPLES = [Example(Passage(text, f"{text}，请处理。"), "交通运输") for text in ROADS * 4] + [
    Example(Passage(text, f"{text}，请处理。"), "教育文体") for text in SCHOOLS * 4
]
SCHEME = [
    ("交通运输", "道路", "公交"),
    ("交通运输", "客运", "出租车"),
    ("教育文体", "学校", "补课"),
    ("教育文体", "幼儿园", "收费"),
]


def test_a_message_gets_the_label_of_those_like_it_with_the_words_that_led_to_it() -> None:
    (judged,) = learn(EXAMPLES).propose([Passage("公交车班次太少", "等了一小时公交车")])
    assert judged.label == "交通运输" and "公交车" in judged.words
    assert 0.5 < judged.confidence <= 1


def test_a_message_of_which_nothing_is_known_is_no_confident_guess() -> None:
    (judged,) = learn(EXAMPLES).propose([Passage("xyzzy", "")])
    assert (judged.confidence, judged.words) == (0.0, ())


def test_traditional_script_and_cut_texts_stand_in_the_same_space() -> None:
    sorter = learn(EXAMPLES)
    said = sorter.propose([Passage("學校補課收費", ""), Passage("", "公交车 班次 少", cut=True)])
    assert [one.label for one in said] == ["教育文体", "交通运输"]


def test_the_same_examples_give_the_same_answers() -> None:
    asked = [Passage(text, "") for text in ("路口堵车", "学位紧张", "请处理")]
    assert learn(EXAMPLES).propose(asked) == learn(EXAMPLES).propose(asked)


@pytest.mark.parametrize(
    "examples", [[], EXAMPLES[:5], [Example(Passage("", ""), "甲"), Example(Passage("", ""), "乙")]]
)
def test_one_label_or_no_word_cannot_be_told_apart(examples: list[Example]) -> None:
    with pytest.raises(TooFew):
        learn(examples)


def test_the_scheme_alone_is_of_use_on_the_first_day() -> None:
    said = by_scheme(SCHEME).propose(
        [Passage("出租车拒载", ""), Passage("老师补课", ""), Passage("天气好", "")]
    )
    assert [one.label for one in said[:2]] == ["交通运输", "教育文体"]
    assert said[2].confidence == 0.0
    with pytest.raises(TooFew):
        by_scheme(SCHEME[:2])


def test_marks_and_faces_count_in_a_tone() -> None:
    angry = [Example(Passage("", f"太气人了{n}！！！😡"), "怒") for n in range(6)]
    glad = [Example(Passage("", f"真不错{n}～😊"), "喜") for n in range(6)]
    (judged,) = learn([*angry, *glad], TONE).propose([Passage("", "😡！！！")])
    assert judged.label == "怒"


def table(path: Path, rows: Sequence[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join("\t".join(row) for row in rows).encode(encoding))
    return path


TRAIN = [("label", "title", "text"), *((e.label, e.passage.title, e.passage.text) for e in EXAMPLES)]
ASK = [("id", "title", "text"), ("a", "公交车不准时", "=1+1"), ("b", "学校补课", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_route_on_plain_files(tmp_path: Path, encoding: str) -> None:
    ask, train = table(tmp_path / "ask.tsv", ASK, encoding), table(tmp_path / "train.tsv", TRAIN, encoding)
    out = tmp_path / "out.tsv"
    assert main(["route", str(ask), "--train", str(train), "-o", str(out)]) == 0
    rows = [line.split("\t") for line in out.read_text("utf-8").splitlines()]
    assert [row[:2] for row in rows] == [["a", "交通运输"], ["b", "教育文体"]]
    assert all(0 <= float(row[2]) <= 1 for row in rows)


def test_route_by_a_second_file_of_cut_words_and_by_the_scheme(tmp_path: Path) -> None:
    ask = table(tmp_path / "ask.tsv", [ASK[0][1:], *(row[1:] for row in ASK[1:])])
    cut = table(
        tmp_path / "cut.tsv", [("label", "tokens"), ("交通运输", "公交车 班次"), ("教育文体", "学校 补课")]
    )
    scheme = table(tmp_path / "scheme.tsv", [("一级", "二级", "三级"), *SCHEME])
    out = tmp_path / "out.tsv"
    train = table(tmp_path / "train.tsv", TRAIN)
    assert main(["route", str(ask), "--train", str(train), "--train", str(cut), "--why", "-o", str(out)]) == 0
    assert [line.split("\t")[0] for line in out.read_text("utf-8").splitlines()] == ["1", "2"]
    assert main(["route", str(ask), "--scheme", str(scheme), "-o", str(out)]) == 0
    assert [line.split("\t")[1] for line in out.read_text("utf-8").splitlines()] == ["交通运输", "教育文体"]


def test_tone_reads_arrays_of_json(tmp_path: Path) -> None:
    train = tmp_path / "train.txt"
    train.write_text(
        '[{"id":1,"content":"太气人了","label":"怒"},{"id":2,"content":"真开心","label":"喜"}]', "utf-8"
    )
    out = tmp_path / "out.tsv"
    assert main(["tone", str(train), "--train", str(train), "-o", str(out)]) == 0
    assert [line.split("\t")[:2] for line in out.read_text("utf-8").splitlines()] == [
        ["1", "怒"],
        ["2", "喜"],
    ]


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = table(tmp_path / "ask.tsv", ASK)
    one = table(tmp_path / "one.tsv", [("label", "title"), ("甲", "路")])
    empty = tmp_path / "empty.tsv"
    empty.touch()
    assert main(["route", str(ask)]) == 2
    assert main(["tone", str(ask), "--train", str(one), "--score"]) == 2
    assert main(["route", str(ask), "--train", str(one)]) == 1
    assert main(["route", str(empty), "--train", str(one)]) == 2
    said = capsys.readouterr().err
    assert "--train" in said and "至少要有两种标签" in said and "empty.tsv" in said
