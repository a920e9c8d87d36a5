"""The flow chart of a plan: everything stands in it once, nothing overlaps, lines go round boxes, a case's way is marked."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from huiying.cli import main
from huiying.engine.journal import Kind
from huiying.engine.journal_file import write_lines
from huiying.engine.obligations import obligations
from huiying.engine.plan import Plan, read_plan
from huiying.engine.plan.flow import Chart, Way, chart, flow, in_words, svg, way
from huiying.engine.plan.flow.layout import Box, wrapped
from tests.engine.matters import CN, HOUR, PLAN, START, Matter
from tests.engine.test_shipped_plans import NAMES, PLANS

Capture = pytest.CaptureFixture[str]
SPACE = "{http://www.w3.org/2000/svg}"
BOTH = [(name, language) for name in NAMES for language in ("zh", "en")]


def drawn(name: str, language: str = "zh") -> Chart:
    return chart(PLANS[name], language)


def box(it: Chart, id: str) -> Box:
    return next(one for one in it.boxes if one.id == id)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.foot and b.y < a.foot


@pytest.mark.parametrize("name", NAMES)
def test_every_step_and_every_duty_stands_in_it_once(name: str) -> None:
    plan, it = PLANS[name], flow(PLANS[name])
    shown = [id for node in it.nodes for id in node.rules]
    assert sorted(set(shown)) == sorted(duty.id for duty in plan.duties)
    titles = [node.id for node in it.nodes]
    assert len(titles) == len(set(titles))
    assert {f"step:{step.id}" for step in plan.steps} <= set(titles)


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_from_collecting_to_closing_and_after(name: str) -> None:
    it = flow(PLANS[name])
    acts = {zone: {n.asks.act for n in it.of(zone) if n.asks} for zone in ("before", "close", "after")}
    assert "opened" in acts["before"]
    assert "level_confirmed" in acts["before"]
    assert acts["close"] == {"closed"}
    assert "archived" in acts["after"]


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_no_box_covers_another_and_none_leaves_the_picture(name: str, language: str) -> None:
    it = drawn(name, language)
    assert [(a.id, b.id) for a, b in combinations(it.boxes, 2) if overlap(a, b)] == []
    for one in it.boxes:
        assert one.x >= 0
        assert one.x + one.width <= it.width
        assert one.foot <= it.height


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_lines_of_a_box_fit_into_it(name: str, language: str) -> None:
    for one in drawn(name, language).boxes:
        assert one.height >= 18 * (len(one.title) + len(one.rest))
        assert one.title


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_after_stands_below(name: str) -> None:
    it = drawn(name)
    for node in it.flow.nodes:
        for before in node.after:
            assert box(it, before).foot < box(it, node.id).y


@pytest.mark.parametrize("name", NAMES)
def test_a_line_goes_round_the_boxes_between(name: str) -> None:
    it = drawn(name)
    for line in it.lines:
        for (x, y), (x2, y2) in pairwise(line.points):
            if x != x2 or line.pair:
                continue
            crossed = [
                one.id
                for one in it.boxes
                if one.id not in (line.source, line.target)
                and one.x < x < one.x + one.width
                and min(y, y2) < one.y + 1
                and max(y, y2) > one.foot - 1
            ]
            assert crossed == [], (line.source, line.target)


@pytest.mark.parametrize("name", NAMES)
def test_a_box_of_some_levels_stands_in_their_lanes(name: str) -> None:
    it = drawn(name)
    lanes = {lane.level: lane for lane in it.lanes}
    for one in it.boxes:
        for level in one.levels if len(one.levels) == 1 else ():
            lane = lanes[level]
            assert lane.x <= one.x
            assert one.x + one.width <= lane.x + lane.width


def test_steps_that_go_together_stand_side_by_side_with_a_line_between() -> None:
    it = drawn("road")
    pairs = {frozenset((line.source, line.target)) for line in it.lines if line.pair}
    assert frozenset(("step:deploy-incident", "step:deploy-press")) in pairs
    assert len(pairs) == 3


def test_a_step_shows_every_deadline_that_it_stands_for() -> None:
    node = next(one for one in flow(PLANS["city"]).nodes if one.id == "step:online")
    words = "；".join(text.zh for text in node.when)
    assert "咨询：自立件起 2 个工作日内" in words
    assert "复杂事项：自立件起 15 个工作日内" in words


def test_a_plan_of_levels_alone_has_a_chart_too() -> None:
    plan, _ = read_plan(
        'format = 1\nid = "x"\nname = "试"\n[[level]]\nnumber = 1\nname = "重"\nwhen = [{ mentions = 9 }]\n[[chain]]\nroles = ["head"]\n',
        file="x",
    )
    assert plan is not None
    assert [one.id for one in chart(plan).boxes] == [
        "step:_opened",
        "step:_level_confirmed",
        "level:1",
        "step:_closed",
    ]


# Letters


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert wrapped("核实情况，留存证据", 52, 13) == ("核实情况，", "留存证据")


def test_a_word_of_latin_letters_stays_whole() -> None:
    assert wrapped("Check the facts", 70, 13) == ("Check the", "facts")
    assert wrapped("", 70, 13) == ()


# SVG


def parsed(name: str, **options: object) -> Element:
    return fromstring(svg(PLANS[name], drawn(name), "zh", **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_on_a_page_it_carries_neither_style_nor_script(name: str) -> None:
    picture = parsed(name)
    assert [one.tag for one in picture.iter() if one.tag in (f"{SPACE}style", f"{SPACE}script")] == []
    assert [one for one in picture.iter() if "style" in one.attrib] == []
    assert picture.attrib["role"] == "img"
    assert picture.attrib["aria-label"] == f"{PLANS[name].name.zh}流程图"


def test_alone_it_brings_its_colours_for_both_themes() -> None:
    style = parsed("school", alone=True).find(f"{SPACE}style")
    assert style is not None
    assert "prefers-color-scheme:dark" in str(style.text)


def test_what_a_plan_says_cannot_become_markup() -> None:
    text = PLAN.replace('name = "重大"', 'name = "<script>alert(1)</script>"')
    plan, _findings = read_plan(text, file="x.toml")
    assert plan is not None
    picture = svg(plan, chart(plan))
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture


# The way of a case


@pytest.fixture
def matter() -> Matter:
    matter = Matter(PLANS["school"])
    matter.note(1, Kind.VERIFIED, outcome="true")
    matter.grade(2, 1)
    matter.note(2.5, Kind.REPORTED, to="higher", means="phone")
    return matter


def taken(matter: Matter, at: float) -> Way:
    plan: Plan = PLANS["school"]
    owed = obligations(plan, matter.journal, CN, START + at * HOUR)
    return way(flow(plan), matter.journal, owed)


def test_the_way_of_a_case_is_marked(matter: Matter) -> None:
    it = taken(matter, 3)
    assert it.level == 1
    assert it.states["step:collect"] == "done"
    assert it.states["step:report"] == "done"
    assert it.states["step:task-force"] == "now"
    assert "step:close" not in it.states


def test_what_was_missed_is_marked_as_missed_and_what_was_late_as_late(matter: Matter) -> None:
    assert taken(matter, 5).states["step:task-force"] == "missed"
    matter.note(6, Kind.DONE, step="task-force")
    assert taken(matter, 7).states["step:task-force"] == "late"


def test_a_corrected_entry_marks_nothing(matter: Matter) -> None:
    matter.note(2.6, Kind.CORRECTED, entry=matter.journal[-1].seq, reason="录错")
    assert taken(matter, 2.7).states["step:report"] == "now"


def test_lanes_not_taken_step_back(matter: Matter) -> None:
    picture = svg(PLANS["school"], drawn("school"), "zh", taken(matter, 3))
    assert re.search(r'class="grade l1 is-done"', picture)
    assert re.search(r'class="lane l2 off"', picture)
    assert 'class="edge done"' in picture
    assert ">待办</text>" in picture


def test_it_is_told_in_words_too(matter: Matter) -> None:
    told = in_words(PLANS["school"], drawn("school"), taken(matter, 3))
    words = {title.en: [line.en for line in lines] for title, lines in told}
    assert list(words) == ["Collect, verify, assess", "By level", "Close", "After closing"]
    assert (
        "Form a task force [Serious], group head (the principal), within 2 hours of grading, owed now"
        in words["By level"]
    )


# The command


def test_the_command_writes_a_file(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "school.svg"
    assert main(["plan", "flow", "school", "-o", str(file)]) == 0
    assert fromstring(file.read_text("utf-8")).tag == f"{SPACE}svg"
    assert capsys.readouterr().out == f"✓ {file}\n"


def test_the_command_marks_the_way_of_a_journal(matter: Matter, tmp_path: Path, capsys: Capture) -> None:
    journal = tmp_path / "case.jsonl"
    journal.write_text(write_lines(matter.journal), "utf-8")
    words = ["plan", "flow", "school", "--journal", str(journal), "--now", "2026-11-24T12:00"]
    assert main([*words, "--text"]) == 0
    assert "成立专班【重大】，领导小组组长（校长），自定级起 2 小时内，待办" in capsys.readouterr().out
    assert main(words[:-2]) == 2
    assert "--now" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: Capture) -> None:
    assert main(["plan", "flow", "school", "-o", str(tmp_path / "no" / "x.svg")]) == 2
    assert "x.svg" in capsys.readouterr().err
