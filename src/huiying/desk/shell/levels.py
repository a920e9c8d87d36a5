"""How a level of the plan looks: colour, shape, numeral and word, so that no eye depends on colour alone."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiying.engine.text import Text

#: Octagon, triangle, square, circle: from the gravest to the lightest, in a box of 18 by 18.
SHAPES = (
    "M5.6 1h6.8L17 5.6v6.8L12.4 17H5.6L1 12.4V5.6z",
    "M9 .8 17.8 16.6H.2z",
    "M1.8 1.8h14.4v14.4H1.8z",
    "M9 .8a8.2 8.2 0 1 1 0 16.4 8.2 8.2 0 0 1 0-16.4z",
)
NUMERALS = ("I", "II", "III", "IV")
FOUR = (_("特别重大"), _("重大"), _("较大"), _("一般"))


@dataclass(frozen=True, slots=True)
class Look:
    """What a page shows for one level."""

    number: int
    word: str
    numeral: str
    shape: str
    y: float  # foot of the numeral: lower in a triangle


def _word(level: int, plan: Any) -> str:
    """The plan's own word for its level; without a plan the word of the national four."""
    for item in getattr(plan, "levels", ()):
        number = getattr(item, "number", getattr(item, "level", None))
        if number == level:
            name = getattr(item, "name", "")
            return name.say(get_language() or "zh") if isinstance(name, Text) else str(name)
    return str(FOUR[level - 1])


def look(level: int, plan: Any = None) -> Look:
    """How `level` (1 gravest to 4 lightest) looks under `plan` (engine Plan or None). Raises ValueError outside 1 to 4."""
    if not 1 <= level <= len(SHAPES):
        raise ValueError(f"a level is 1 to 4, not {level}")
    shape = SHAPES[level - 1]
    return Look(level, _word(level, plan), NUMERALS[level - 1], shape, 14.4 if level == 2 else 12.1)
