"""Will it at least double? Said only where the formula was measured, and in the right direction."""

import pytest

from huiying.engine.listen.forecast import LEAST, MOST, doubles


def steady(count: int, gap: float) -> list[float]:
    """Mentions every `gap` seconds."""
    return [number * gap for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, LEAST - 1, MOST + 1])
def test_outside_of_what_was_measured_nothing_is_said(count: int) -> None:
    assert doubles(steady(count, 60), count * 60.0) is None


@pytest.mark.parametrize("count", [LEAST, MOST])
def test_at_its_bounds_a_probability_is_said(count: int) -> None:
    said = doubles(steady(count, 60), (count - 1) * 60.0)
    assert said is not None and 0 < said < 1


def test_a_fast_story_is_likelier_to_double_than_a_slow_one() -> None:
    fast, slow = (doubles(steady(LEAST, gap), (LEAST - 1) * gap) for gap in (20.0, 7200.0))
    assert fast is not None and slow is not None and fast > slow + 0.2


def test_a_story_that_has_fallen_silent_is_less_likely_to_double() -> None:
    times = steady(LEAST, 60)
    now, later = (doubles(times, times[-1] + wait) for wait in (0.0, 86_400.0))
    assert now is not None and later is not None and later < now
