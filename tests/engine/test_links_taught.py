"""What officers' corrections do to the formulas: a little, and never more than a little."""

import numpy as np

from huiying.engine.listen.likeness import MEASURES
from huiying.engine.listen.links import FORMS, Links

WHOLE = FORMS.index("whole")


def pairs(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Measures between 0 and 1, and their forms."""
    dice = np.random.default_rng(seed)
    return dice.random((count, len(MEASURES))), np.full(count, WHOLE, dtype=np.int8)


def test_a_correction_moves_the_formulas_towards_what_was_said() -> None:
    measures, forms = pairs(20)
    for together in (True, False):
        links = Links()
        before = links.chances(measures, forms).mean()
        for _ in range(10):
            links.teach(measures, forms, together)
        after = links.chances(measures, forms).mean()
        assert (after > before) if together else (after < before)


def test_however_many_corrections_of_one_kind_leave_the_formulas_near_where_they_began() -> None:
    links = Links()
    for seed in range(2_000):
        links.teach(*pairs(20, seed % 50), together=True)
    assert 0.005 < np.abs(links.shift).max() <= 0.025


def test_without_corrections_the_formulas_come_back_to_where_they_began() -> None:
    links, nothing = Links(np.full(len(MEASURES) + 1, 0.1)), np.zeros((1, len(MEASURES)))
    for _ in range(500):
        links.teach(nothing, np.array([WHOLE], dtype=np.int8), together=False)
    assert np.abs(links.shift).max() < 0.001
