"""Will it at least double? Learnt from when mentions come, and from nothing that comes after."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from huiying.engine.listen import forecast
from huiying.engine.listen.fold import Config, Mention, State, hear
from huiying.engine.listen.learn import growth
from huiying.engine.listen.learn.clock import DAY, STEPS, Busy, learn_curve
from huiying.engine.listen.learn.growth_fit import TooFew, learn, looks_beside
from huiying.engine.listen.learn.trees import NotTrees, of_boosting, read_trees, table_of

MIDNIGHT = 20_000 * DAY  # of some day, on the wall clock
AFTERNOON = MIDNIGHT + 15 * 3600


def steady(count: int, gap: float, end: float = AFTERNOON) -> list[float]:
    """Mentions every `gap` seconds, the last at `end`."""
    return [end - (count - 1 - number) * gap for number in range(count)]


def stalling(count: int, span: float, end: float = AFTERNOON) -> list[float]:
    """Mentions that came in a burst and then ever more slowly."""
    return [end - span * (1 - number / (count - 1)) ** 0.25 for number in range(count)]


def made_up(seed: int, many: int = 240) -> list[list[float]]:
    """Cascades of 20 to 80 mentions: those that come fast grow on, mostly."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(many):
        gap = float(np.exp(chance.normal(5, 1.5)))
        size = 20 + int(
            chance.integers(20, 60) if chance.random() < 1 / (1 + gap / 150) else chance.integers(0, 19)
        )
        times = AFTERNOON + np.cumsum(chance.exponential(gap, size))
        found.append(times.tolist())
    return found


# ---- trees as tables


@pytest.fixture(scope="module")
def grown() -> tuple[np.ndarray, HistGradientBoostingClassifier]:
    rows = np.random.default_rng(0).normal(size=(400, 5))
    model = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6, early_stopping=False)
    return rows, model.fit(rows, rows[:, 0] + rows[:, 1] ** 2 > 0.5)


def test_trees_as_a_table_say_what_the_library_says(
    grown: tuple[np.ndarray, HistGradientBoostingClassifier],
) -> None:
    rows, model = grown
    assert of_boosting([model]).scores(rows) == pytest.approx(model.decision_function(rows), abs=1e-3)


def test_two_ensembles_say_their_mean(grown: tuple[np.ndarray, HistGradientBoostingClassifier]) -> None:
    rows, model = grown
    other = HistGradientBoostingClassifier(max_iter=3, early_stopping=False).fit(rows, rows[:, 2] > 0)
    both = (model.decision_function(rows) + other.decision_function(rows)) / 2
    assert of_boosting([model, other]).scores(rows) == pytest.approx(both, abs=1e-3)


def test_a_table_that_was_written_is_read_as_it_was(
    grown: tuple[np.ndarray, HistGradientBoostingClassifier],
) -> None:
    rows, model = grown
    trees = of_boosting([model])
    again = read_trees(table_of(trees), trees.base)
    assert (again.scores(rows) == trees.scores(rows)).all()
    assert table_of(again) == table_of(trees)


@pytest.mark.parametrize(
    "table",
    [
        "",
        "0\t0\t0\t-1\t-1",
        "0\t0\t0\t-1\t-1\tx",
        "0\t0\t0\t-1\t-1\tnan",
        "0\t0\t0\t1\t5\t0\n0\t0\t0\t-1\t-1\t1",
        "0\t0\t0\t0\t0\t0",
        "1\t0\t0\t-1\t-1\t1\n0\t0\t0\t-1\t-1\t1",
    ],
)
def test_what_is_no_table_of_trees_is_refused(table: str) -> None:
    with pytest.raises(NotTrees):
        read_trees(table, 0.0)


# ---- the day as people post


def test_a_whole_day_is_a_day_long_whatever_its_curve() -> None:
    busy = Busy([0.1] * 12 + [2.0] * 36)
    assert busy.time(np.array([MIDNIGHT + 5 + DAY]))[0] - busy.time(np.array([MIDNIGHT + 5]))[
        0
    ] == pytest.approx(DAY)


def test_an_hour_of_night_counts_little() -> None:
    busy = Busy([0.1] * 12 + [1.3] * 36)
    night, noon = (busy.ahead(np.array([MIDNIGHT + hour * 3600.0]), 1)[0] for hour in (2, 12))
    assert night < noon / 10


def test_the_curve_is_learnt_from_cascades_that_each_count_once() -> None:
    noon, evening = MIDNIGHT + 12 * 3600.0, MIDNIGHT + 20 * 3600.0
    curve = learn_curve([[noon] * 1000, [evening], [evening + 60]]).curve
    assert curve[40] == pytest.approx(2 * curve[24], rel=1e-3)
    assert curve[8] < 0.05
    assert len(learn_curve([]).curve) == STEPS


@pytest.mark.parametrize("curve", [[1.0] * 47, [1.0] * 47 + [0.0], [1.0] * 47 + [float("nan")]])
def test_a_curve_of_another_kind_is_refused(curve: list[float]) -> None:
    with pytest.raises(ValueError, match="48 rates"):
        Busy(curve)


# ---- what is said of a story


def test_a_burst_is_likelier_to_double_than_a_story_that_stalled() -> None:
    burst, stalled = forecast.doubles(steady(100, 20)), forecast.doubles(stalling(100, DAY))
    assert burst is not None
    assert stalled is not None
    assert burst > 0.9
    assert stalled < 0.3


def test_the_same_story_in_the_evening_and_before_the_night_is_told_apart() -> None:
    evening, night = (forecast.doubles(steady(100, 30, MIDNIGHT + hour * 3600)) for hour in (19.0, 1.5))
    assert evening is not None
    assert night is not None
    assert evening != night


@pytest.mark.parametrize("count", [0, 1, 25, 50, forecast.LEAST - 1, forecast.MOST + 1])
def test_outside_of_what_was_measured_nothing_is_said(count: int) -> None:
    assert forecast.doubles(steady(count, 60)) is None
    assert forecast.why(steady(count, 60)) == ()


@pytest.mark.parametrize("count", [forecast.LEAST, forecast.MOST])
def test_at_its_bounds_a_probability_is_said(count: int) -> None:
    said = forecast.doubles(steady(count, 60))
    assert said is not None
    assert 0 < said < 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=100, max_size=100), st.floats(0, 4e9))
def test_whatever_the_times_the_answer_is_a_probability_and_the_same_again(
    gaps: list[float], start: float
) -> None:
    times = (start + np.cumsum(gaps)).tolist()
    said = forecast.doubles(times)
    assert said is not None
    assert 0 < said < 1
    assert forecast.doubles(times) == said


def test_a_hundred_mentions_in_one_second_get_an_answer_too() -> None:
    said = forecast.doubles([AFTERNOON] * 100)
    assert said is not None
    assert 0 < said < 1


def test_stories_told_together_are_told_as_if_alone() -> None:
    together = np.array([steady(120, 20), stalling(120, DAY)])
    assert growth.shipped().chances(together).tolist() == [forecast.doubles(row.tolist()) for row in together]


def test_fewer_mentions_than_mean_anything_are_refused() -> None:
    with pytest.raises(ValueError, match="10 mentions"):
        growth.measures(np.array([steady(9, 60)]), growth.shipped().busy)


# ---- why


def test_a_fast_story_is_said_to_be_fast() -> None:
    first = forecast.why(steady(100, 12))[0]
    assert first.zh.startswith("100 条用了 20 分钟，一般是")
    assert "抬高可能" in first.zh
    assert first.en.startswith("100 mentions took 20 min, usually")
    assert "raises the chance" in first.en


def test_a_story_that_slowed_down_is_said_to_have_slowed_down() -> None:
    told = " ".join(reason.zh for reason in forecast.why(stalling(100, DAY)))
    assert "后一半占了全程时间的 84%" in told
    assert "压低可能" in told


def test_reasons_stand_strongest_first_and_weak_ones_are_left_out() -> None:
    found = growth.reasons(growth.shipped(), stalling(100, DAY, MIDNIGHT + 2 * 3600))
    weights = [abs(one.weight) for one in found]
    assert weights == sorted(weights, reverse=True)
    assert all(weight >= 0.2 for weight in weights)
    assert growth.reasons(growth.shipped(), stalling(100, DAY), least=1e9) == ()


# ---- learning


@pytest.fixture(scope="module")
def learnt() -> growth.Growth:
    return learn(made_up(1), (20, 24))


def test_what_is_learnt_tells_cascades_apart_that_it_did_not_see(learnt: growth.Growth) -> None:
    others = [times for times in made_up(2) if len(times) >= 20]
    said = learnt.chances(np.array([times[:20] for times in others]))
    doubled = np.array([len(times) >= 40 for times in others])
    brier, usual = np.mean((said - doubled) ** 2), np.mean((doubled.mean() - doubled) ** 2)
    assert brier < 0.85 * usual
    assert abs(said.mean() - doubled.mean()) < 0.1
    assert said[doubled].mean() > said[~doubled].mean() + 0.2


def test_learning_twice_gives_the_same(learnt: growth.Growth) -> None:
    again = learn(made_up(1), (20, 24))
    assert growth.text_of(again) == growth.text_of(learnt)
    assert table_of(again.trees) == table_of(learnt.trees)


def test_a_forecast_that_was_written_is_read_as_it_was(learnt: growth.Growth) -> None:
    again = growth.read_growth(growth.text_of(learnt), table_of(learnt.trees))
    times = np.array([times[:20] for times in made_up(3, 20)])
    assert again.chances(times) == pytest.approx(learnt.chances(times), abs=1e-3)


def test_what_comes_after_the_observation_changes_nothing(learnt: growth.Growth) -> None:
    times = made_up(4, 1)[0]
    seen = np.array([times[:20]])
    later = np.array([[*times[:20], times[19] + 1, times[19] + 2][:20]])
    assert learnt.chances(seen) == learnt.chances(later)


@pytest.mark.parametrize("cascades", [[], [[]], [steady(10, 60)] * 50, [steady(60, 60)] * 500])
def test_too_few_cascades_of_either_kind_are_not_learnt_from(cascades: list[list[float]]) -> None:
    with pytest.raises(TooFew):
        learn(cascades, (20,))


def test_a_forecast_is_learnt_at_looks_around_the_one_that_is_asked_for() -> None:
    looks = looks_beside(100)
    assert (looks[0], looks[-1]) == (60, 200)
    assert 100 in looks
    assert min(looks_beside(12)) == growth.FEWEST


# ---- the ear says it


def test_a_story_of_a_hundred_mentions_carries_its_forecast_and_why_by_the_clock_where_people_post() -> None:
    config = Config(group_unmatched=True)
    first = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    title = "青禾中学食堂饭菜有异味学生集体不适"
    mentions = [
        Mention(id=number, at=first + timedelta(seconds=12 * number), title=title, voice=f"v{number}")
        for number in range(100)
    ]
    state, few = hear(State(), mentions[:99], config)
    assert few.stories[0].forecast is None
    assert few.stories[0].forecast_why == ()
    _state, results = hear(state, mentions[99:], config)
    (shot,) = results.stories
    wall = [first.timestamp() + 8 * 3600 + 12 * number for number in range(100)]
    assert shot.forecast == pytest.approx(forecast.doubles(wall))
    assert shot.forecast_why == forecast.why(wall)
    assert "100 条用了 20 分钟" in shot.forecast_why[0].zh
