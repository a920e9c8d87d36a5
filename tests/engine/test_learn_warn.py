"""Which title climbs into the first ten: what the list showed until now, what became of it, and why that is thought."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from huiying.engine.listen.learn import climb
from huiying.engine.listen.learn import climb_words as words
from huiying.engine.listen.learn.climb import Climb, grams_of, read_climb, texts_of, without_heat
from huiying.engine.listen.learn.climb_fit import TooFew, examples, learn, outcomes
from huiying.engine.listen.learn.climb_words import why
from huiying.engine.listen.learn.hotlist import History, Listing, Pieces, Place, hours, pieces
from huiying.engine.listen.learn.hotlist_measures import GROUPS, Measured, measured
from huiying.engine.listen.learn.trees import table_of

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
OTHERS = tuple(f"第{number}件旧事" for number in range(40))


def listing(hour: float, titles: Sequence[str], *, heat: float = 1e6, category: str = "社会") -> Listing:
    """Titles from the first place down, each with a little less heat than the one above; none where `heat` is 0."""
    places = {
        t: Place(at, heat / at if heat else 0.0, category if heat else "") for at, t in enumerate(titles, 1)
    }
    return Listing(START + timedelta(hours=hour), places)


def at_place(title: str, number: int) -> list[str]:
    """Forty other titles, and this one at its place."""
    return [*OTHERS[: number - 1], title, *OTHERS[number - 1 :]]


def history(*numbers: int, title: str = "青禾中学食堂有异味", heat: float = 1e6) -> History:
    """A title that stood at these places, hour by hour."""
    kept = History()
    for hour, number in enumerate(numbers):
        kept.add(listing(hour, at_place(title, number), heat=heat))
    return kept


def of_title(kept: History, title: str = "青禾中学食堂有异味") -> dict[str, np.ndarray]:
    """Its measures by group."""
    seen = measured(kept)
    row = seen.rows[seen.titles.index(title)]
    return {name: row[climb.group(name)] for name in GROUPS}


# ---- what is remembered


def test_listings_come_in_order_of_time() -> None:
    kept = history(20)
    for hour in (0, -1):
        with pytest.raises(ValueError, match="order of time"):
            kept.add(listing(hour, ["甲"]))


def test_nothing_can_be_measured_before_the_first_listing() -> None:
    with pytest.raises(ValueError, match="no listing"):
        measured(History())


@pytest.mark.parametrize(("back", "found"), [(1, 14), (2, 23), (3, None), (6, None)])
def test_a_listing_of_earlier_hours_is_found_where_there_was_one(back: int, found: int | None) -> None:
    before = history(23, 14, 12).earlier(back).get("青禾中学食堂有异味")
    assert (before.number if before else None) == found


@pytest.mark.parametrize(("gap", "found"), [(3, True), (3.1, False)])
def test_a_listing_that_is_too_old_is_not_taken_for_that_of_an_hour_ago(gap: float, found: bool) -> None:
    kept = history(20)
    kept.add(listing(gap, OTHERS))
    assert bool(kept.earlier(1)) is found


@pytest.mark.parametrize(("pause", "count"), [(48, 2), (49, 1)])
def test_a_title_that_comes_back_after_two_days_is_new(pause: int, count: int) -> None:
    kept = history(20)
    kept.add(listing(pause, at_place("青禾中学食堂有异味", 30)))
    assert kept.known["青禾中学食堂有异味"].count == count


def test_pieces_are_counted_once_a_title_and_forgotten_with_it() -> None:
    counted = Pieces()
    counted.add(1.0, ["停水停水"])
    counted.add(2.0, ["停水停水", "停水"])
    assert (counted.titles, counted.holding["停水"], counted.holding["水停"]) == (2, 2, 1)
    counted.forget(2.0)
    assert (counted.titles, counted.holding["停水"], "水停" in counted.holding) == (1, 1, False)


def test_a_title_falls_into_pieces_of_two_characters() -> None:
    assert pieces("停水 停水") == ("停水", "水停")
    assert pieces("雪") == ("雪",)


def test_hours_count_by_the_clock_on_the_wall() -> None:
    assert hours(START + timedelta(minutes=30)) - hours(START) == 0.5


# ---- what is measured


def test_only_titles_below_the_tenth_place_that_never_arrived_are_measured() -> None:
    kept = history(10, 11)
    seen = measured(kept)
    assert "青禾中学食堂有异味" not in seen.titles
    assert seen.titles[0] == OTHERS[10]
    assert len(seen) == len(seen.categories) == len(seen.rows) == 30


def test_every_measure_has_its_place_and_is_a_number() -> None:
    for kept in (history(23, 14), history(23, heat=0.0), history(41)):
        rows = measured(kept).rows
        assert rows.shape[1] == sum(GROUPS.values())
        assert np.isfinite(rows).all()


def test_places_now_and_before_are_measured() -> None:
    moves = of_title(history(30, 23, 14))["moves"]
    assert moves[:3].tolist() == [14, 23, 30]
    assert moves[3] == -1  # nothing is known of three hours ago
    assert moves[6] == 3  # listings
    passed, passed_by = moves[18], moves[19]
    assert (passed, passed_by) == (9, 0)


def test_heat_is_measured_beside_others_and_never_alone() -> None:
    once = of_title(history(23, 14))["heat"]
    again = of_title(history(23, 14, heat=1e7))["heat"]
    assert once == pytest.approx(again, abs=0.2)


def test_a_title_like_one_among_the_first_is_measured_as_related() -> None:
    titles = at_place("青禾中学食堂致歉", 20)
    kept = History()
    kept.add(listing(0, ["青禾中学食堂有异味", *titles]))
    assert of_title(kept, "青禾中学食堂致歉")["related"][0] > 0.5
    assert of_title(kept, OTHERS[30])["related"][0] > 0  # the others are all alike
    assert of_title(history(20))["related"][0] == 0


# ---- what became of it


def test_a_title_arrives_in_one_of_the_six_hours_that_follow_and_not_after() -> None:
    for late, arrives in ((6, True), (7, False)):
        listings = [listing(hour, at_place("甲乙", 5 if hour == late else 20)) for hour in range(10)]
        came = next(iter(outcomes(listings)))
        assert came is not None
        assert ("甲乙" in came) is arrives


def test_with_fewer_than_four_listings_after_it_nothing_is_known() -> None:
    known = [came is not None for came in outcomes([listing(hour, OTHERS) for hour in range(8)])]
    assert known == [True] * 4 + [False] * 4
    gaps = [listing(hour, OTHERS) for hour in (0, 1, 2, 3, 9, 10)]
    assert not any(came is not None for came in outcomes(gaps))


def made_up(seed: int, hours_: int = 260) -> list[Listing]:
    """A list on which titles about water climb from wherever they begin, and others fall."""
    chance = np.random.default_rng(seed)
    standing: dict[str, float] = {}
    found = []
    for hour in range(hours_):
        for number in range(4):
            about = "停水通知" if chance.random() < 0.4 else "旧闻一则"
            standing[f"{about}{hour}号{number}"] = 20 + 25 * chance.random()
        for title in list(standing):
            standing[title] += chance.normal(-6 if title.startswith("停水") else 5, 3)
            if not -20 < standing[title] < 60:
                del standing[title]
        order = sorted(standing, key=lambda title: standing[title])
        found.append(listing(hour, order[:50]))
    return found


def test_what_is_measured_does_not_change_with_what_comes_after() -> None:
    whole = made_up(1, 40)
    first, all_of_it = examples(whole[:20]), examples(whole)
    many = len(first.seen)
    assert first.seen.titles == all_of_it.seen.titles[:many]
    assert (first.seen.rows == all_of_it.seen.rows[:many]).all()
    changed = [*whole[:20], *(listing(20 + n, [f"别的{n}{m}" for m in range(30)]) for n in range(20))]
    assert (examples(changed).seen.rows[:many] == first.seen.rows).all()


# ---- learning


@pytest.fixture(scope="module")
def learnt() -> Climb:
    return learn(examples(made_up(1)), {"停水", "旧闻"})


def test_what_is_learnt_holds_at_another_time(learnt: Climb) -> None:
    other = examples(made_up(2))
    said = learnt.chances(other.seen)
    usual = other.arrived.mean()
    assert said[other.arrived].mean() > 2 * said[~other.arrived].mean()
    assert np.mean((said - other.arrived) ** 2) < 0.7 * np.mean((usual - other.arrived) ** 2)
    assert abs(said.mean() - usual) < 0.05


def test_a_list_without_heat_is_judged_by_places_and_titles(learnt: Climb) -> None:
    other = examples(made_up(2))
    rows = learnt.rows(other.seen)
    bare = learnt.chances_of(without_heat(rows))
    assert bare[other.arrived].mean() > 2 * bare[~other.arrived].mean()
    assert not np.array_equal(bare, learnt.chances_of(rows))


def test_which_lists_tell_heat_is_seen_from_their_rows(learnt: Climb) -> None:
    told, bare = (learnt.rows(measured(history(23, 14, heat=heat))) for heat in (1e6, 0.0))
    assert (climb.tells_heat(told), climb.tells_heat(bare), climb.tells_heat(without_heat(told))) == (
        True,
        False,
        False,
    )
    assert learnt.chances_of(bare) == pytest.approx(learnt.chances_of(without_heat(told)))


def test_only_the_words_that_are_allowed_have_a_weight(learnt: Climb) -> None:
    assert {gram for gram in learnt.grams if len(gram) > 1} == {"停水", "旧闻"}
    assert learnt.says("停水通知") > learnt.says("旧闻一则")


def test_learning_twice_gives_the_same(learnt: Climb) -> None:
    again = learn(examples(made_up(1)), {"停水", "旧闻"})
    assert texts_of(again) == texts_of(learnt)
    assert table_of(again.whole) == table_of(learnt.whole)
    assert table_of(again.bare) == table_of(learnt.bare)


def test_what_was_written_is_read_as_it_was(learnt: Climb) -> None:
    texts = texts_of(learnt)
    again = read_climb(texts["toml"], texts["grams"], table_of(learnt.whole), table_of(learnt.bare))
    seen = measured(history(30, 23, 14))
    assert again.chances(seen) == pytest.approx(learnt.chances(seen), abs=1e-3)


@pytest.mark.parametrize("listings", [[], made_up(1, 3), [listing(hour, OTHERS) for hour in range(30)]])
def test_too_few_arrivals_are_not_learnt_from(listings: list[Listing]) -> None:
    with pytest.raises(TooFew, match="50 are needed"):
        learn(examples(listings), frozenset())


# ---- what is shipped


def chance(kept: History, title: str = "青禾中学食堂有异味") -> float:
    seen = measured(kept)
    return float(climb.shipped().chances(seen)[seen.titles.index(title)])


@pytest.mark.parametrize("heat", [1e6, 0.0])
def test_a_title_that_climbs_is_likelier_to_arrive_than_one_that_sinks(heat: float) -> None:
    climbing, sinking = chance(history(40, 25, 12, heat=heat)), chance(history(12, 25, 40, heat=heat))
    assert 0 < sinking < climbing < 1
    assert climbing > 2 * sinking


def test_a_list_on_which_nobody_is_below_the_tenth_place_gives_no_warning() -> None:
    kept = History()
    kept.add(listing(0, OTHERS[:10]))
    assert len(climb.shipped().chances(measured(kept))) == 0
    assert len(climb.shipped().chances(Measured((), (), np.zeros((0, sum(GROUPS.values())))))) == 0


def test_the_runs_of_a_title_know_its_ends() -> None:
    assert list(grams_of("停水")) == ["^", "停", "水", "$", "^停", "停水", "水$", "^停水", "停水$"]


# ---- in words


def told(kept: History, title: str = "青禾中学食堂有异味") -> tuple[str, str]:
    model, seen = climb.shipped(), measured(kept)
    found = why(model, kept, title, model.rows(seen)[seen.titles.index(title)])
    return "；".join(one.zh for one in found), "; ".join(one.en for one in found)


def test_a_climb_is_said_with_its_places_and_its_heat() -> None:
    kept = history(40, 23, 30, 14)
    zh, en = told(kept)
    assert "两小时从第 23 位到第 14 位（抬高可能" in zh
    assert "place 23 → 14 in two hours (raises the chance" in en


def test_at_most_three_reasons_are_said_and_each_with_what_were_otherwise() -> None:
    zh, _en = told(history(40, 25, 12))
    reasons = zh.split("；")
    assert 1 <= len(reasons) <= 3
    assert all("若如平常是" in reason for reason in reasons)


def test_facts_are_said_as_they_are() -> None:
    title = "青禾中学食堂有异味"
    assert words.moves(history(31), title).zh == "新上榜，第 31 位"
    assert words.moves(history(31, 31), title).zh == "一直在第 31 位前后"
    heat = words.heat(history(32, 24, 16), title)
    assert heat is not None
    assert (heat.zh, heat.en) == ("热度两小时 +100%", "heat +100% in two hours")
    first = words.heat(history(20), title)
    assert first is not None
    assert first.zh == "热度是第十位的 50%"
    assert words.heat(history(20, heat=0.0), title) is None
    assert words.around(history(20, 15), title).en == "the hour is 10, 0 of the first ten are new"
    assert words.wording(history(20), title).zh == "“社会”类的标题，这样的措辞"
    assert words.wording(history(20, heat=0.0), title).zh == "标题的措辞"
    assert words.related(history(20), title).zh == "榜上没有相近的标题"
    beside = History()
    beside.add(listing(0, ["青禾中学食堂致歉", *at_place(title, 20)]))
    assert words.related(beside, title).en == "“青禾中学食堂致歉”, which is like it, stands at place 1"
