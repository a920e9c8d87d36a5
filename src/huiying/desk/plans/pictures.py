"""A plan drawn and told in the language of the page."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from huiying.engine.plan.explain import told
from huiying.engine.plan.flow import Chart, Way, chart, in_words, svg
from huiying.engine.plan.model import Plan
from huiying.engine.plan.telling import Section
from huiying.engine.text import Text

Told = list[tuple[Text, list[Text]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A flow chart, and the same in words for those who do not see it."""

    svg: SafeString
    words: Told


@lru_cache(maxsize=32)
def _chart(plan: Plan, language: str) -> Chart:
    return chart(plan, language)


def _spoken(language: str) -> str:
    return "en" if language.startswith("en") else "zh"


def picture(plan: Plan, language: str, way: Way | None = None) -> Picture:
    """The plan's flow chart; with `way` the way that a case took through it."""
    spoken = _spoken(language)
    drawn = _chart(plan, spoken)
    text = svg(plan, drawn, spoken, way)
    return Picture(
        svg=mark_safe(text),  # noqa: S308  # built as elements, so every word of the plan is escaped
        words=list(in_words(plan, drawn, way)),
    )


def drawn_flow(plan: Plan, language: str) -> Chart:
    """The chart alone, to find a case's way through it."""
    return _chart(plan, _spoken(language))


@lru_cache(maxsize=32)
def prose(plan: Plan) -> tuple[Section, ...]:
    """The plan in sentences, section by section."""
    return told(plan)
