"""What a rehearsal says and how sure it is: intervals, two sides compared, charts with their tables, one page that prints."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiying import plans
from huiying.cli import main
from huiying.engine.plan.drill import Pace, Rehearsal, Scene, scene
from huiying.engine.plan.drill.against import Comparison, compare, in_words
from huiying.engine.plan.drill.chance import Times
from huiying.engine.plan.drill.drawing import fitted, steps, wide
from huiying.engine.plan.drill.intervals import difference, share, wilson
from huiying.engine.plan.drill.page import chart_html, every_chart, page
from huiying.engine.plan.drill.results import Diary
from huiying.engine.plan.drill.telling import percent, summary
from huiying.engine.plan.drill.timeline import SHOWN, hardest, timeline
from tests.engine.matters import CN
from tests.engine.test_plan_drill import HOUR, ONE_VOICE, SCHOOL, SWIFT, TWO_VOICES, matters, people

Capture = pytest.CaptureFixture[str]
BUSY = matters(*[1, 3, 2, 3] * 3, every=HOUR / 2)
QUICK = Pace(work={"approve": Times(median=HOUR / 60)})


def played(text: str = ONE_VOICE, runs: int = 12, pace: Pace | None = QUICK) -> tuple[Scene, Rehearsal]:
    ready = scene(SCHOOL, people(text), BUSY, CN, seed=3, pace=pace)
    return ready, ready.put_together(ready.play(number) for number in range(runs))


@pytest.fixture(scope="module")
def busy() -> tuple[Scene, Rehearsal]:
    return played()


# How sure


@given(
    counts=st.lists(
        st.integers(0, 30).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), max_size=30
    )
)
@settings(max_examples=80)
def test_a_share_lies_in_its_interval_and_both_lie_between_nothing_and_all(
    counts: list[tuple[int, int]],
) -> None:
    found = share(counts)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_of_nothing_nothing_is_known() -> None:
    assert (share([]).low, share([(0, 0)]).high) == (0.0, 1.0)


def test_an_interval_is_wilsons_where_runs_hold_one_deadline_each() -> None:
    found = share([(1, 1)] * 10 + [(0, 1)] * 90)
    assert (found.low, found.high) == pytest.approx(wilson(0.1, 99), abs=2e-3)
    assert wilson(0.1, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)


def test_deadlines_that_hang_together_make_it_less_sure() -> None:
    together = share([(10, 10), (0, 10)] * 10)
    apart = share([(5, 10), (5, 10)] * 9 + [(4, 10), (6, 10)])
    assert together.value == apart.value == 0.5
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_what_never_happened_in_a_few_runs_is_not_called_impossible() -> None:
    assert share([(0, 50)] * 10).high == pytest.approx(0.278, abs=0.001)
    assert share([(0, 50)] * 100).high == pytest.approx(0.037, abs=0.001)


def test_a_difference_is_taken_run_by_run() -> None:
    pairs = [(0.5 + wobble, 0.4 + wobble) for wobble in (0.0, 0.2, -0.3, 0.1)]
    found = difference(pairs)
    assert found.value == pytest.approx(-0.1)
    assert found.high == pytest.approx(-0.1)  # what both sides share cancels out
    assert difference([(0.1, 0.2)]).low == float("-inf")
    assert difference([]).value == 0.0
    wide_one = difference([(0.0, 0.0), (0.0, 0.2), (0.0, 0.4), (0.0, 0.2)])
    assert (0.2 - wide_one.low) == pytest.approx(3.182 * 0.1633 / 2, rel=0.01)  # Student's t, three degrees


# Two sides


def test_another_pair_of_hands_is_told_in_words_and_figures(busy: tuple[Scene, Rehearsal]) -> None:
    _ready, one = busy
    _other, two = played(TWO_VOICES)
    found = compare(one, two)
    assert found.total.sure
    assert found.total.better
    first = next(line for line in found.rules if line.rule == "first")
    assert first.sure
    assert first.better
    lines = [line.en for line in in_words(SCHOOL, found)]
    assert re.fullmatch(
        r"All deadlines: A misses [\d.]+%, B [\d.]+%: B misses fewer by .+ points\.", lines[0]
    )
    assert lines[-1].startswith("Bottleneck: A ")


def test_a_plan_beside_itself_does_not_differ(busy: tuple[Scene, Rehearsal]) -> None:
    found = compare(busy[1], busy[1])
    assert not any(one.sure for one in (found.total, *found.rules))
    assert "no difference can be told" in in_words(SCHOOL, found)[0].en


def test_what_only_one_side_asks_for_is_named(busy: tuple[Scene, Rehearsal]) -> None:
    library = plans.shipped()
    text = library["school"].replace('id = "verify"\nact', 'id = "look"\nact')
    assert text != library["school"]
    before, after = busy[1], busy[1]
    outcomes = tuple(one for one in after.outcomes if one.rule != "verify")
    found = compare(before, _with(after, outcomes))
    assert '"Check the facts and keep the evidence": only A asks for it.' in _english(found)


def _with(found: Rehearsal, outcomes: tuple[object, ...]) -> Rehearsal:
    return Rehearsal(
        seed=found.seed,
        matters=found.matters,
        each=found.each,
        outcomes=outcomes,  # type: ignore[arg-type]
        roles=found.roles,
        people=found.people,
        names=found.names,
    )


def _english(found: Comparison) -> list[str]:
    return [line.en for line in in_words(SCHOOL, found)]


# In words


def test_the_summary_names_the_worst_and_where_it_waits(busy: tuple[Scene, Rehearsal]) -> None:
    _ready, found = busy
    said = " ".join(line.en for line in summary(SCHOOL, found))
    assert found.outcomes[0].what.en in said
    assert percent(found.outcomes[0].share) in said
    assert "Bottleneck: " in said
    assert "of the waiting for them is because" in said


def test_where_nothing_is_missed_nothing_else_is_said() -> None:
    ready = scene(SCHOOL, people(), matters(3), CN, pace=SWIFT)
    found = ready.put_together([ready.play(0)])
    assert [line.en for line in summary(SCHOOL, found)] == ["No deadline was missed."]
    assert found.clean.value == 1.0


# Charts


def test_every_chart_is_drawn_and_has_its_table(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    for language in ("zh", "en"):
        charts = every_chart(ready, found, language)
        assert [chart.id for chart in charts] == ["misses", "waits", "people", "runs", "timeline"]
        for chart in charts:
            root = fromstring(chart.svg)
            assert root.get("aria-label") == chart.title.say(language)
            assert root.get("role") == "img"
            assert "style" not in chart.svg  # the desk's pages allow no inline style
            assert all(len(row) == len(chart.head) for row in chart.rows)


def test_the_bars_are_as_long_as_the_table_says(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    chart = every_chart(ready, found, "en")[0]
    root = fromstring(chart.svg)
    space = "{http://www.w3.org/2000/svg}"
    late = [float(bar.get("width", "")) for bar in root.iter(f"{space}rect") if bar.get("class") == "late"]
    assert late == [pytest.approx(356 * one.late / one.owed, abs=0.06) for one in found.outcomes]


def test_the_runs_chart_counts_every_run(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    chart = every_chart(ready, found, "en")[3]
    assert sum(int(row[1]) for row in chart.rows) == found.runs


def test_the_timeline_shows_the_hardest_day_of_a_middling_run(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    diary = Diary()
    run = ready.play(found.typical, diary)
    failed = sorted(one.failed for one in found.each)
    assert failed[0] <= run.failed <= failed[-1]
    shown = hardest(diary.deeds)
    assert shown[-1].ready - shown[0].ready < SHOWN
    assert len(timeline(ready, found, "en").rows) == len(shown)
    assert hardest([]) == []


def test_a_rehearsal_of_nothing_has_no_charts() -> None:
    ready = scene(SCHOOL, people(), [], CN)
    assert every_chart(ready, ready.put_together([ready.play(0)]), "en") == []


@pytest.mark.parametrize(
    ("most", "expected"), [(1.0, 6), (10.0, 6), (3.0, 4), (480.0, 5), (0.04, 5), (7.0, 4)]
)
def test_an_axis_has_a_few_round_steps(most: float, expected: int) -> None:
    found = list(steps(most))
    assert len(found) == expected
    assert found[0] == 0.0
    assert most * 0.5 < found[-1] <= most * 1.0001


def test_long_names_are_cut_where_lines_end() -> None:
    assert fitted("研判", 10) == ["研判"]
    assert fitted("正式答复；一时解决不了的，说明进展并承诺日期", 12) == [
        "正式答复；一时解决不了的，",
        "说明进展并承诺日期",
    ]
    cut = fitted("a requirement with very many words that nobody could ever fit in here", 12)
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert all(wide(line) <= 12 for line in cut)


# The page


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.headings: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        self.loads += [value or "" for key, value in attrs if key in {"src", "href"}]
        self.loads += [tag] if tag in {"script", "link", "iframe", "img"} else []

    def handle_data(self, data: str) -> None:
        if self._in in {"h1", "h2"}:
            self.headings.append(data)


def test_the_page_stands_alone_and_escapes_what_was_put_in(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    text = page(ready, found, "en", given={"Stream": "<b>&x.tsv"}, against=compare(found, found))
    read = _Page()
    read.feed(text)
    assert read.loads == []
    assert read.headings[:2] == ["Plan rehearsal", "A against B (A is this rehearsal)"]
    assert read.headings[-2:] == ["What was put in", "Method"]
    assert "&lt;b&gt;&amp;x.tsv" in text
    assert 'lang="zh-Hans"' in page(ready, found, "zh", given={})


def test_a_chart_can_stand_open_or_folded(busy: tuple[Scene, Rehearsal]) -> None:
    ready, found = busy
    chart = every_chart(ready, found, "en")[0]
    assert "<details><summary>Table" in chart_html(chart, "en")
    assert "<details open>" in chart_html(chart, "en", folded=False)


# The command

STREAM = "\n".join(
    ["id\ttime\ttitle\ttext\tauthor"]
    + [f"{n}\t2026-09-08 {9 + n}:00\t食堂有异味\t食堂二楼饭菜有异味，请学校解释\tv{n}" for n in range(5)]
)


def drill(stream: Path, *words: str) -> int:
    return main(
        ["plan", "drill", "school", "--roster", "school", "--stream", str(stream), "--runs", "3", *words]
    )


@pytest.fixture
def mentions(tmp_path: Path) -> Path:
    path = tmp_path / "mentions.tsv"
    path.write_text(STREAM, "utf-8")
    return path


def test_raw_mentions_are_heard_and_rehearsed(mentions: Path, capsys: Capture) -> None:
    assert drill(mentions, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["matters"] == 1
    assert drill(mentions, "--json", "--seed", "1") == 0
    assert json.loads(capsys.readouterr().out) == told


def test_lines_of_json_with_texts_are_mentions(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "m.jsonl"
    rows = [
        dict(zip(STREAM.splitlines()[0].split("\t"), line.split("\t"), strict=True))
        for line in STREAM.splitlines()[1:]
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    assert drill(path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["matters"] == 1


def test_watches_say_what_is_ours(mentions: Path, tmp_path: Path, capsys: Capture) -> None:
    watches = tmp_path / "w.txt"
    watches.write_text("食堂\n", "utf-8")
    assert drill(mentions, "--watches", str(watches), "--json") == 0
    assert json.loads(capsys.readouterr().out)["matters"] == 1
    watches.write_text("停电\n", "utf-8")
    assert drill(mentions, "--watches", str(watches)) == 2
    assert "no matter in it reaches a level" in capsys.readouterr().err


def test_the_page_is_written_and_two_plans_are_compared(
    mentions: Path, tmp_path: Path, capsys: Capture
) -> None:
    report = tmp_path / "report.html"
    words = ("--against", "city", "--against-roster", "city", "--language", "en")
    assert drill(mentions, "-o", str(report), *words) == 0
    assert capsys.readouterr().out == f"✓ {report}\n"
    text = report.read_text("utf-8")
    assert "A against B" in text
    assert "mentions.tsv · sha256 " in text
    assert drill(mentions, *words) == 0
    assert "All deadlines: A misses" in capsys.readouterr().out
    assert drill(mentions, "--json", *words) == 0
    assert json.loads(capsys.readouterr().out)["against"]["total"]["rule"] == "all"


def test_an_old_stream_can_be_played_with_the_people_of_another_time(
    mentions: Path, tmp_path: Path, capsys: Capture
) -> None:
    old = tmp_path / "old.tsv"
    old.write_text(STREAM.replace("2026-09-08", "2019-09-08"), "utf-8")
    assert drill(old) == 0
    assert "从头到尾没有一个值班信息员在岗" in capsys.readouterr().out  # the roster begins in 2026
    assert drill(mentions, "--json") == 0
    now = capsys.readouterr().out
    assert drill(old, "--from", "2026-09-08T09:00", "--json") == 0
    assert capsys.readouterr().out == now
    assert drill(old, "--from", "soon") == 2


def test_matters_can_be_moved_too(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text('{"at": "2019-09-08T20:00", "level": 3}\n', "utf-8")
    assert drill(path, "--from", "2026-09-08T09:00", "--json") == 0
    rules = {one["rule"]: one for one in json.loads(capsys.readouterr().out)["rules"]}
    assert rules["verify"]["met"] == 3


def test_a_reaction_model_is_read_and_its_faults_are_named(
    mentions: Path, tmp_path: Path, capsys: Capture
) -> None:
    pace = tmp_path / "pace.toml"
    pace.write_text('[react]\nmedian = "10 hours"\n', "utf-8")
    assert drill(mentions, "--pace", str(pace), "--json") == 0
    slow = json.loads(capsys.readouterr().out)
    assert next(one for one in slow["rules"] if one["rule"] == "assess")["failed"] == 1.0
    pace.write_text('[react]\nmedian = "10"\n', "utf-8")
    assert drill(mentions, "--pace", str(pace)) == 2
    assert "pace.bad-span" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["mentions.csv", "nothing.tsv", "m.xlsx"])
def test_a_stream_that_cannot_be_read_is_refused(name: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / name
    if name != "nothing.tsv":
        path.write_text("a,b\n1,2\n", "utf-8")
    assert drill(path) == 2
    assert name in capsys.readouterr().err
