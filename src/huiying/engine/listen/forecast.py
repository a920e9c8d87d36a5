"""Whether a story will at least double, from when its mentions were posted: said only where it was measured.

The forecast itself is `learn.growth`; `benchmarks.growth` prints how well it does on cascades that it did not see.
"""

from collections.abc import Sequence

from huiying.engine.listen.learn import growth
from huiying.engine.text import Text

#: Between how many mentions something is said: the public cascades that it was learnt from are large ones, so that it
#: knows nothing of stories that stay small, and few of them are larger than twice the most.
LEAST, MOST = 100, 300
_REASONS = 3


def said(times: Sequence[float]) -> tuple[float | None, tuple[Text, ...]]:
    """The probability that a story has at least twice as many mentions in the end, as it stands at its last one, and what
    led to it, strongest first.

    `times`: seconds of the wall clock where people post, since 1970, ascending. Nothing below LEAST and above MOST mentions.
    """
    if not LEAST <= len(times) <= MOST:
        return None, ()
    chance, reasons = growth.explained(growth.shipped(), times)
    return chance, tuple(told(one) for one in reasons[:_REASONS])


def doubles(times: Sequence[float]) -> float | None:
    """The probability alone, of `said`."""
    return said(times)[0]


def why(times: Sequence[float]) -> tuple[Text, ...]:
    """What led to it alone, of `said`."""
    return said(times)[1]


def told(reason: growth.Reason) -> Text:
    """A reason with what it does: the probability if it were as usual."""
    more, chance = reason.weight > 0, f"{reason.otherwise:.0%}"
    return Text(
        f"{reason.what.zh}，{'抬高' if more else '压低'}可能：若如平常是 {chance}",
        f"{reason.what.en}: {'raises' if more else 'lowers'} the chance, which otherwise would be {chance}",
    )
