"""The ear's commands on files as people have them: empty, in other encodings, broken, out of order, huge, not writable.

Each is answered by what is documented, or by a message that names file and row and says what to do: 2 for a file that is
the wrong one, 1 for something wrong in it, never a trace of the program.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from huiying.cli import main

HEADER = "id\ttime\ttitle\ttext\n"
TEXT = "二食堂的饭菜有一股异味，好几个同学都说闻到了，希望后勤处查一查"
COMMANDS = ("hear", "group", "copies", "match", "route", "tone")
TIMED = ("hear", "group", "copies")
WRITERS = ("group", "copies", "match", "route", "tone")


def row(ident: object, at: str = "2026-11-24 08:00", title: str = "食堂有异味", text: str = TEXT) -> str:
    return f"{ident}\t{at}\t{title}\t{text}\n"


GOOD = HEADER + row(1) + row(2, "2026-11-24 08:05")


@dataclass
class Told:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.split("\n")[:-1]]

    def refused(self, status: int, *words: str) -> None:
        """It wrote nothing and said all of this."""
        assert (self.status, self.out) == (status, "")
        assert all(word in self.err for word in words), self.err

    def answered(self, *ids: str) -> None:
        """It went well; in the order of the rows, of these ids where it writes rows."""
        assert (self.status, self.err.count("✗")) == (0, 0), self.err
        if self.rows and len(self.rows[0]) > 1:
            assert [cells[0] for cells in self.rows] == list(ids)


@dataclass
class Desk:
    """A folder with what the commands need, and their answers on files in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def told(self, command: str, file: str | Path, *rest: object) -> list[str]:
        """A command line; a watch on the canteen and examples of two units come with the commands that want them."""
        more = {"match": ["--watches", "watches.txt"], "route": ["--train", "train.tsv"]}.get(command, [])
        options = [str(self.folder / one) if not one.startswith("--") else one for one in more]
        return [command, str(self.folder / file), *options, *map(str, rest)]

    def run(self, command: str, file: str | Path, *rest: object) -> Told:
        status = main(self.told(command, file, *rest))
        return Told(status, *self.capsys.readouterr())

    def on(self, command: str, content: str | bytes, *rest: object, ending: str = "tsv") -> Told:
        """The answer on a file of this content."""
        file = self.folder / f"input.{ending}"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.run(command, file, *rest)

    def sheet(self, *rows: list[object], merged: int | None = None) -> Path:
        """A spreadsheet; `merged`: the row (from 0) whose first cell spans all columns."""
        file = self.folder / "input.xlsx"
        book = Workbook(str(file), {"default_date_format": "yyyy-mm-dd hh:mm"})
        page = book.add_worksheet()
        for at, cells in enumerate(rows):
            if at == merged:
                page.merge_range(at, 0, at, 3, cells[0])
            else:
                page.write_row(at, 0, cells)
        book.close()
        return file


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    (tmp_path / "watches.txt").write_text("食堂\n", "utf-8")
    rows = "".join(f"后勤\t食堂异味{n}\t饭菜有异味\n教务\t选课系统{n}\t选课进不去\n" for n in range(10))
    (tmp_path / "train.tsv").write_text("label\ttitle\ttext\n" + rows, "utf-8")
    return Desk(tmp_path, capsys)


# ---- nothing there


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("content", ["", "\n\n  \n"], ids=["no byte", "blank lines"])
def test_an_empty_file_is_the_wrong_one(desk: Desk, command: str, content: str) -> None:
    desk.on(command, content).refused(2, "input.tsv: 文件是空的")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_header_and_nothing_else_is_said(desk: Desk, command: str) -> None:
    desk.on(command, HEADER).refused(2, "input.tsv: 只有表头，没有内容")


@pytest.mark.parametrize("command", COMMANDS)
def test_columns_that_are_missing_are_named_with_those_that_are_there(desk: Desk, command: str) -> None:
    desk.on(command, "甲\t乙\n1\t2\n").refused(1, "input.tsv:1: 缺少列：", "title / text", "甲、乙", "→")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_is_no_file_and_a_missing_one_neither(desk: Desk, command: str) -> None:
    (desk.folder / "posts.tsv").mkdir()
    desk.run(command, "posts.tsv").refused(2, "posts.tsv: 这是文件夹", "→ 给出其中的一个文件")
    desk.run(command, "none.tsv").refused(2, "none.tsv: 没有这个文件")
    desk.on(command, b"%PDF-1.7", ending="pdf").refused(2, "不认识的文件种类", ".xlsx")


def test_examples_and_watches_are_refused_by_the_name_of_their_own_file(desk: Desk) -> None:
    (desk.folder / "input.tsv").write_text(GOOD, "utf-8")
    for name, content, status, words in (
        ("a.tsv", "", 2, "文件是空的"),
        ("b.tsv", "label\ttext\n", 2, "只有表头"),
        ("c.tsv", GOOD, 1, "缺少列：label"),
        ("d.tsv", "label\ttext\n后勤\t" + TEXT + "\n", 1, "至少要有两种标签"),
    ):
        (desk.folder / name).write_text(content, "utf-8")
        for command in ("route", "tone"):
            told = Told(
                main([command, str(desk.folder / "input.tsv"), "--train", str(desk.folder / name)]),
                *desk.capsys.readouterr(),
            )
            told.refused(status, words)
    (desk.folder / "posts").mkdir()
    for name, status in (("posts", 2), ("none.txt", 2), ("a.tsv", 1)):
        told = desk.run("hear", "input.tsv", "--watches", desk.folder / name)
        told.refused(status, f"{name}: ")


def test_watches_that_nothing_answers_to_give_no_story_and_no_row(desk: Desk) -> None:
    (desk.folder / "watches.txt").write_text("晚霞\n", "utf-8")
    told = desk.on("hear", GOOD, "--watches", desk.folder / "watches.txt")
    assert (told.status, told.out) == (0, "2 条帖文，0 条命中监测主题，0 个话题\n")
    told = desk.on("match", GOOD)
    assert (told.status, told.out) == (0, "")


# ---- encodings and bytes


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_other_encodings_are_read_like_utf8(desk: Desk, command: str, encoding: str) -> None:
    plain = desk.on(command, GOOD)
    assert desk.on(command, GOOD.encode(encoding)) == plain
    plain.answered("1", "2")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("broken", [b"\xff", b"\x80", b"\xe4", b"\xe4\xb8"], ids=bytes.hex)
def test_a_broken_byte_is_told_with_its_line_and_never_read_as_another_script(
    desk: Desk, command: str, broken: bytes
) -> None:
    """Even where all bytes would pass for GB18030 and give nonsense."""
    for tail in ("异味", "异味难", ""):
        content = GOOD.encode() + b"3\t2026-11-24\t" + broken + f"{tail}\t{tail}\n".encode() + row(4).encode()
        desk.on(command, content).refused(1, "input.tsv:4: 这一行有坏字节", "→")


def test_what_is_neither_is_refused(desk: Desk) -> None:
    desk.on("group", GOOD.encode("utf-16-le")).refused(1, "既不是 UTF-8，也不是 GB18030", "→ 另存为 UTF-8")
    desk.on("group", bytes(range(256)) * 40).refused(1, "input.tsv:")


@pytest.mark.parametrize("command", COMMANDS)
def test_characters_that_cannot_be_seen_stand_as_they_are(desk: Desk, command: str) -> None:
    """NUL, bells, line separators of Unicode: rows end at line feeds only."""
    content = HEADER + row(1, title="食堂\0有异味") + row(2, title="食堂\x07\u2028有\u0085异味")
    desk.on(command, content).answered("1", "2")


@pytest.mark.parametrize("command", COMMANDS)
def test_half_a_pair_of_an_emoji_does_no_harm(desk: Desk, command: str) -> None:
    one = {"id": "1", "time": "2026-11-24", "title": "食堂\ud83d", "text": TEXT + "\ude21"}
    desk.on(command, json.dumps(one), ending="jsonl").answered("1")


# ---- times


def test_rows_out_of_order_are_heard_in_order_of_time(desk: Desk) -> None:
    late_first = HEADER + row(1, "2026-11-24 09:00") + row(2, "2026-11-23 09:00")
    told = desk.on("group", late_first)
    assert told.rows == [["2", "s2"], ["1", "s2"]]
    assert desk.on("copies", late_first).rows == [["2", "2"], ["1", "2"]]


@pytest.mark.parametrize("command", TIMED)
@pytest.mark.parametrize(
    "at", ["", "某日", "2026-13-01", "2026-02-30 08:00", "88888888888888888888", "NaN", "-1", "0001-01-01"]
)
def test_a_time_that_is_none_is_told_with_its_row(desk: Desk, command: str, at: str) -> None:
    what = f"时间读不懂：“{at}”" if at else "没有时间"
    desk.on(command, HEADER + row(1) + row(2, at)).refused(1, f"input.tsv:3: {what}", "→ 写成")


@pytest.mark.parametrize("command", ["match", "route", "tone"])
def test_where_times_do_not_matter_none_is_asked_for(desk: Desk, command: str) -> None:
    desk.on(command, f"id\ttext\n1\t食堂{TEXT}\n").answered("1")


def test_times_may_be_written_as_people_do(desk: Desk) -> None:
    forms = [
        "2026年11月20日 上午8时30分",
        "2026-11-20T08:31:00+08:00",
        "1795134720",
        "2026/11/20 8:33",
        "20261120T0834",
    ]
    told = desk.on("group", HEADER + "".join(row(n, at) for n, at in enumerate(forms, 1)))
    assert [ident for ident, _ in told.rows] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("zone", ["Qinghe/City", "../etc/passwd", ""])
@pytest.mark.parametrize("command", TIMED)
def test_an_unknown_zone_is_refused(desk: Desk, command: str, zone: str) -> None:
    desk.on(command, GOOD, "--zone", zone).refused(2, "没有这个时区")


# ---- ids and repeated rows


def test_of_rows_with_one_id_the_first_counts(desk: Desk) -> None:
    told = desk.on("copies", HEADER + row(1) + row(1, text="别的事") + row(2))
    assert told.rows == [["1", "1"], ["2", "1"]]


def test_repeated_texts_are_one_story_and_copies_of_the_first(desk: Desk) -> None:
    content = HEADER + "".join(row(n) for n in range(1, 301))
    assert {tuple(cells[1:]) for cells in desk.on("group", content).rows} == {("s1",)}
    assert {tuple(cells[1:]) for cells in desk.on("copies", content).rows} == {("1",)}


@pytest.mark.parametrize("command", COMMANDS)
def test_without_ids_the_number_of_the_row_is_the_id(desk: Desk, command: str) -> None:
    content = "time\ttitle\ttext\n" + "".join(f"2026-11-24 08:0{n}\t食堂\t{TEXT}\n" for n in range(3))
    desk.on(command, content).answered("1", "2", "3")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_row_with_too_many_cells_is_told_and_one_with_too_few_is_filled_up(
    desk: Desk, command: str
) -> None:
    desk.on(command, HEADER + row(1) + "2\t2026-11-24\t甲\t乙\t丙\n").refused(
        1, "input.tsv:3: 这一行有 5 格", "→"
    )
    assert desk.on(command, HEADER + row(1) + "2\t2026-11-24\t食堂\n").status == 0


# ---- kinds of files


@pytest.mark.parametrize("command", COMMANDS)
def test_csv_with_quotes_commas_and_line_ends_inside(desk: Desk, command: str) -> None:
    content = f'id,time,title,text\r\n1,2026-11-24 08:00,"食堂,""异味""","第一行\r\n{TEXT}"\r\n2,2026-11-24 08:01,食堂,他说"好"\r\n'
    desk.on(command, content, ending="csv").answered("1", "2")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_quote_that_is_never_closed_swallows_nothing_silently(desk: Desk, command: str) -> None:
    content = f'id,time,title,text\n1,2026-11-24,食堂,"第一行\n第二行"\n2,2026-11-24,"食堂,{TEXT}\n3,2026-11-24,食堂,{TEXT}\n'
    desk.on(command, content, ending="csv").refused(1, "input.csv:4: 从这一行起 CSV 读不下去", "→ 引号要成对")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("line", "words"),
    [("{", "不是正确的 JSON"), ("[1]", "要是一个对象"), ('{"id":' + "9" * 5000 + "}", "不是正确的 JSON"),
     ("[" * 100_000, "不是正确的 JSON"), ("NaN", "要是一个对象")],
    ids=["cut", "array", "a number without end", "deep", "no object"],
)  # fmt: skip
def test_a_line_of_json_that_is_none_is_told_with_its_number(
    desk: Desk, command: str, line: str, words: str
) -> None:
    good = json.dumps({"id": 1, "time": "2026-11-24", "text": TEXT})
    desk.on(command, f"{good}\n\n{line}\n", ending="jsonl").refused(1, f"input.jsonl:3: {words}")


def test_a_json_array_is_told_by_the_place_in_it(desk: Desk) -> None:
    rows = [{"id": 1, "time": "2026-11-24", "text": TEXT}, 3]
    desk.on("group", json.dumps(rows), ending="json").refused(1, "input.json:2: 要是一个对象")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_sheet_with_blank_rows_and_dates_is_read(desk: Desk, command: str) -> None:
    at = datetime(2026, 11, 24, 8)  # noqa: DTZ001  a cell of a sheet has no zone
    names: list[object] = ["id", "time", "title", "text"]
    file = desk.sheet(names, [], [1, at, "食堂", TEXT], [], [2.0, at, "食堂", TEXT])
    desk.run(command, file).answered("1", "2")


@pytest.mark.parametrize("command", TIMED)
def test_a_merged_row_in_a_sheet_is_told_by_its_number(desk: Desk, command: str) -> None:
    names: list[object] = ["id", "time", "title", "text"]
    post: list[object] = [1, "2026-11-24 08:00", "食堂", TEXT]
    desk.run(command, desk.sheet(names, post, ["以下为昨日"], post, merged=2)).refused(
        1, "input.xlsx:3: 没有时间"
    )
    desk.run(command, desk.sheet(["青禾市留言汇总"], names, post, merged=0)).refused(
        1, "input.xlsx:1: 缺少列", "青禾市留言汇总", "→ 第一行写列名"
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_sheet_that_is_none_or_empty_is_told(desk: Desk, command: str) -> None:
    desk.on(command, b"PK\x03\x04 no zip", ending="xlsx").refused(2, "input.xlsx: 表格打不开")
    desk.run(command, desk.sheet()).refused(2, "input.xlsx: 文件是空的")


# ---- large ones


@pytest.mark.parametrize("command", COMMANDS)
def test_a_line_of_five_megabytes_is_told_with_what_to_do(desk: Desk, command: str) -> None:
    content = HEADER + row(1) + row(2, text="食堂" * 850_000)
    desk.on(command, content).refused(1, "input.tsv:3: “text”超过 1,000,000 字", "→ 截短")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_text_of_half_a_million_characters_is_heard(desk: Desk, command: str) -> None:
    desk.on(command, HEADER + row(1, text="食堂的异味，" * 80_000) + row(2)).answered("1", "2")


@pytest.mark.parametrize("command", ["match", "tone"])
def test_fifty_thousand_rows_are_answered_each(desk: Desk, command: str) -> None:
    ids = [str(n) for n in range(50_000)]
    desk.on(command, HEADER + "".join(row(n, text=f"第{n}天") for n in ids)).answered(*ids)


@pytest.mark.parametrize("command", ["group", "copies"])
def test_ten_thousand_rows_are_grouped_and_each_is_answered(desk: Desk, command: str) -> None:
    rows = [row(n, f"2026-11-{1 + n // 500:02} 08:00", text=f"{n}号楼停水") for n in range(10_000)]
    assert len({cells[0] for cells in desk.on(command, HEADER + "".join(rows)).rows}) == 10_000


# ---- where the answer goes


@pytest.mark.parametrize("command", WRITERS)
def test_an_answer_that_cannot_be_written_is_told(desk: Desk, command: str) -> None:
    (desk.folder / "full").mkdir()
    for out in (desk.folder / "none" / "out.tsv", desk.folder / "full", ""):
        desk.on(command, GOOD, "-o", out).refused(2, "写不了：", "→ 换一个可以写的文件名")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk_is_told(desk: Desk, command: str) -> None:
    desk.on(command, GOOD, "-o", "/dev/full").refused(1, "/dev/full: 写不了：", "→ 腾出空间")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("command", COMMANDS)
def test_standard_output_on_a_full_disk_is_told_without_a_trace(desk: Desk, command: str) -> None:
    (desk.folder / "input.tsv").write_text(GOOD, "utf-8")
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "huiying.cli", *desk.told(command, "input.tsv")],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode == 1
    assert "磁盘已满" in ran.stderr
    assert "Traceback" not in ran.stderr and "Exception" not in ran.stderr


@pytest.mark.parametrize("command", WRITERS)
def test_an_earlier_answer_stays_until_the_new_one_is_whole(desk: Desk, command: str) -> None:
    out = desk.folder / "out.tsv"
    out.write_text("as before\n", "utf-8")
    desk.on(command, HEADER + row(1) + "2\t2026-11-24\t甲\t乙\t丙\n", "-o", out).refused(1, "5 格")
    assert out.read_text("utf-8") == "as before\n"
    desk.on(command, GOOD, "-o", out).answered()
    assert out.read_text("utf-8").startswith("1\t")
    assert sorted(one.name for one in desk.folder.glob("out*")) == ["out.tsv"]
