"""`huiying forecast` and `huiying warn` on files as people have them: packed, broken, out of order, too short."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from huiying.cli import main
from tests.engine.test_learn_forecast import made_up as cascades_made_up
from tests.engine.test_learn_warn import made_up as list_made_up

FIRST = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADER = "date\thour\tdisplay_time\trank\ttitle\tcategory\thot\n"
Times = Sequence[object]


def spoken(seconds: float) -> str:
    return f"{FIRST + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def fast(many: int = 150) -> list[str]:
    return [spoken(20 * number) for number in range(many)]


def stalled(many: int = 150) -> list[str]:
    """A hundred that come ever more slowly over a day."""
    return [spoken(86_400 * (1 - (1 - number / 99) ** 0.25 if number < 100 else 1)) for number in range(many)]


def cascades(path: Path, **all_times: Times) -> Path:
    """A packed file of cascades."""
    lines = [
        json.dumps({"id": name, "reposts": [[at, "u"] for at in times]}) for name, times in all_times.items()
    ]
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path


def answered(capsys: pytest.CaptureFixture[str], *args: object) -> dict[str, float]:
    """What a command prints, which must go well."""
    assert main([str(arg) for arg in args]) == 0
    lines = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    return {name: float(chance) for name, chance, *_why in lines}


def refused(capsys: pytest.CaptureFixture[str], *args: object) -> str:
    """What a command says that will not go."""
    assert main([str(arg) for arg in args]) in (1, 2)
    told = capsys.readouterr()
    assert not told.out
    return told.err


# ---- forecast


def test_cascades_of_a_hundred_and_more_get_a_probability_and_shorter_ones_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = cascades(tmp_path / "c.jsonl.gz", fast=fast(), stalled=stalled(), short=fast(99), just=fast(100))
    said = answered(capsys, "forecast", file)
    assert list(said) == ["fast", "stalled", "just"]
    assert said["stalled"] < 0.3
    assert said["fast"] > 0.9
    assert said["just"] == said["fast"]


@pytest.mark.parametrize(
    "later",
    [[], fast(300)[100:], [spoken(90_000)], [spoken(1e7 + n) for n in range(500)], ["某日", None, ""]],
    ids=["nothing", "as before", "one", "many, late", "unreadable"],
)
def test_nothing_after_the_hundredth_changes_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], later: list[object]
) -> None:
    alone = answered(capsys, "forecast", cascades(tmp_path / "a.gz", one=fast(100), two=stalled(100)))
    file = cascades(tmp_path / "b.gz", one=[*fast(100), *later], two=[*stalled(100), spoken(2e5)])
    assert answered(capsys, "forecast", file) == alone


def test_times_may_stand_in_any_order_and_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zoned = [f"{at.replace(' ', 'T')}+08:00" for at in fast()]
    instants = [FIRST.timestamp() - 8 * 3600 + 20 * number for number in range(150)]
    lines = [
        {"id": "straight", "reposts": [[at] for at in fast()]},
        {"id": "turned", "reposts": [[at] for at in reversed(fast())]},
        {"id": "bare", "reposts": fast()},
        {"id": "zoned", "reposts": zoned},
        {"id": "unix", "reposts": instants},
    ]
    file = tmp_path / "c.jsonl"
    file.write_text("\n\n".join(map(json.dumps, lines)), "utf-8")
    said = answered(capsys, "forecast", file)
    assert len(said) == 5
    assert len(set(said.values())) == 1


def test_equal_times_and_a_few_unreadable_ones_are_no_obstacle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = cascades(tmp_path / "c.gz", same=[spoken(0)] * 100, some=[*fast(98), "02月06日 17:45", ""])
    said = answered(capsys, "forecast", file)
    assert all(0 < chance < 1 for chance in said.values())
    assert set(said) == {"same", "some"}


def test_a_cascade_without_readable_times_is_named_and_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = cascades(tmp_path / "c.gz", none=["某日"] * 100, fast=fast())
    assert main(["forecast", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("fast\t")
    assert "none" in told.err


def test_of_two_cascades_with_one_id_the_first_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.jsonl"
    rows = [{"id": "x", "reposts": times} for times in (fast(), stalled())]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert answered(capsys, "forecast", file)["x"] > 0.9


def test_reasons_and_the_file_are_written_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = cascades(tmp_path / "c.gz", fast=fast()), tmp_path / "out.tsv"
    assert main(["forecast", str(file), "--why", "--english", "-o", str(out)]) == 0
    assert capsys.readouterr().out == ""
    name, chance, why = out.read_text("utf-8").rstrip("\n").split("\t")
    assert name == "fast"
    assert 0 < float(chance) < 1
    assert "100 mentions took 33 min" in why


@pytest.mark.parametrize("observe", [1, 50, 99, 301])
def test_outside_of_what_was_measured_the_shipped_forecast_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], observe: int
) -> None:
    said = refused(capsys, "forecast", cascades(tmp_path / "c.gz", fast=fast()), "--observe", observe)
    assert "100 到 300" in said
    assert "--train" in said


def test_what_is_learnt_from_a_file_is_the_same_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {f"k{n}": times for n, times in enumerate(cascades_made_up(1, 200))}
    other = {f"o{n}": times for n, times in enumerate(cascades_made_up(2, 60))}
    train, file = cascades(tmp_path / "train.gz", **known), cascades(tmp_path / "c.gz", **other)
    args = ("forecast", file, "--observe", 20, "--train", train)
    once, again = answered(capsys, *args), answered(capsys, *args)
    assert once == again
    doubled = np.array([len(other[name]) >= 40 for name in once])
    said = np.array(list(once.values()))
    assert said[doubled].mean() > said[~doubled].mean() + 0.1


@pytest.mark.parametrize(("known", "observe"), [({"a": fast()}, 20), ({}, 100), ({"a": fast()}, 5)])
def test_too_little_to_learn_from_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], known: dict[str, list[str]], observe: int
) -> None:
    train = cascades(tmp_path / "train.gz", **known)
    assert refused(capsys, "forecast", train, "--observe", observe, "--train", train)


def test_an_unknown_zone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有这个时区" in refused(capsys, "forecast", cascades(tmp_path / "c.gz"), "--zone", "Qinghe/City")


@pytest.mark.parametrize("command", ["forecast", "warn"])
def test_a_file_that_is_missing_broken_or_of_another_kind_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert "没有这个文件" in refused(capsys, command, tmp_path / "none.gz")
    good = (
        cascades(tmp_path / "good.gz", fast=fast(2000))
        if command == "forecast"
        else hourly(tmp_path / "good.gz", 20)
    )
    cut = tmp_path / "cut.gz"
    cut.write_bytes(good.read_bytes()[:-20])
    assert "压缩文件坏了" in refused(capsys, command, cut)
    flipped = tmp_path / "flipped.gz"
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 0xFF
    flipped.write_bytes(bytes(data))
    assert refused(capsys, command, flipped)
    latin = tmp_path / "latin.txt"
    latin.write_bytes("日期".encode("gb18030"))
    assert refused(capsys, command, latin)


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"id": "a"}', '{"reposts": []}', '{"id": "a", "reposts": 3}', "[" * 100_000]
)
def test_a_line_that_is_no_cascade_is_told_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"id": "x", "reposts": []}\n' + line + "\n", "utf-8")
    assert f"{file}:2" in refused(capsys, "forecast", file)


def test_an_empty_file_of_cascades_gives_an_empty_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text("", "utf-8")
    assert answered(capsys, "forecast", file) == {}


# ---- warn


def hourly(path: Path, hours: int = 12, first: int = 0, seed: int = 3) -> Path:
    """A packed list on which some titles climb; ranks count from `first`."""
    rows = [
        f"{one.at:%Y-%m-%d}\t{one.at.hour}\t0\t{place.number - 1 + first}\t{title}\t社会\t{place.heat:.0f}\n"
        for one in list_made_up(seed, hours)
        for title, place in one.places.items()
    ]
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(HEADER + "".join(rows))
    return path


def test_every_title_below_the_tenth_place_gets_a_probability_under_its_hour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answered(capsys, "warn", hourly(tmp_path / "h.gz"))
    listings = list_made_up(3, 12)
    been: set[str] = set()
    wanted = []
    for one in listings:
        been |= {title for title, place in one.places.items() if place.number <= 10}
        wanted += [f"{one.at:%Y-%m-%dT%H}|{title}" for title in one.places if title not in been]
    assert sorted(said) == sorted(wanted)
    assert all(0 < chance < 1 for chance in said.values())


def test_ranks_may_count_from_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from_zero = answered(capsys, "warn", hourly(tmp_path / "0.gz"))
    assert answered(capsys, "warn", hourly(tmp_path / "1.gz", first=1)) == from_zero


def test_nothing_of_later_hours_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short, long = (answered(capsys, "warn", hourly(tmp_path / f"{n}.gz", n)) for n in (8, 12))
    assert long.items() >= short.items()


def test_rows_may_stand_in_any_order_and_a_title_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    straight = hourly(tmp_path / "h.gz")
    with gzip.open(straight, "rt", encoding="utf-8") as lines:
        header, *rows = lines.readlines()
    turned = tmp_path / "turned.tsv"
    worse = ["\t".join([*(cells := row.split("\t"))[:3], "60", *cells[4:]]) for row in rows[::9]]
    turned.write_text(
        header + "".join([*reversed(rows), *worse, "2026-11-24\t9\t0\t\t无名次\t\t\n"]), "utf-8"
    )
    assert answered(capsys, "warn", turned) == answered(capsys, "warn", straight)


def test_the_last_listing_with_reasons_is_what_an_officer_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["warn", str(hourly(tmp_path / "h.gz")), "--last", "--why", "--english"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {name.split("|")[0] for name, _chance, _why in lines} == {
        f"{FIRST + timedelta(hours=11):%Y-%m-%dT%H}"
    }
    assert any("chance" in why for _name, _chance, why in lines)


def test_a_table_without_heat_and_categories_will_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "h.tsv"
    rows = "".join(f"2026-11-24\t{hour}\t{at}\t旧事{at}\n" for hour in range(9, 15) for at in range(30))
    file.write_text("\ufeffdate\thour\trank\ttitle\n" + rows, "utf-8")
    said = answered(capsys, "warn", file)
    assert len(said) == 6 * 20


def test_an_early_warning_is_learnt_from_an_earlier_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, train = hourly(tmp_path / "h.gz", 30), hourly(tmp_path / "train.gz", 200, seed=4)
    args = ("warn", file, "--train", train)
    said = answered(capsys, *args)
    climbing = [chance for name, chance in said.items() if "停水" in name]
    falling = [chance for name, chance in said.items() if "旧闻" in name]
    assert np.mean(climbing) > 2 * np.mean(falling)
    assert answered(capsys, *args) == said


def test_too_few_arrivals_to_learn_from_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = hourly(tmp_path / "h.gz", 3)
    assert "50 are needed" in refused(capsys, "warn", file, "--train", file)


def test_a_table_with_other_columns_or_none_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "h.tsv"
    for text in ("", "date\thour\ttitle\n", "标题\n甲\n"):
        file.write_text(text, "utf-8")
        assert "缺少列" in refused(capsys, "warn", file)
    file.write_text(HEADER, "utf-8")
    assert answered(capsys, "warn", file) == {}


@pytest.mark.parametrize(
    "row",
    ["2026-13-01\t9\t0\t1\t甲\t\t1", "2026-11-24\t九\t0\t1\t甲\t\t1", "2026-11-24\t9\t0\tx\t甲\t\t1",
     "2026-11-24\t9\t0\t-1\t甲\t\t1", "2026-11-24\t9\t0\t1\t甲\t\t火", "2026-11-24\t9\t0\t1\t甲\t\tinf",
     "2026-11-24\t99999999999\t0\t1\t甲\t\t1"],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str
) -> None:
    file = tmp_path / "h.tsv"
    file.write_text(f"{HEADER}2026-11-24\t9\t0\t1\t乙\t\t1\n{row}\n", "utf-8")
    assert f"{file}:3" in refused(capsys, "warn", file)
