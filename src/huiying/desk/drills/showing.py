"""The result of a rehearsal as pages show it: words and charts in both languages, made once."""

from typing import Any

from huiying.engine.plan.drill import Rehearsal, Scene
from huiying.engine.plan.drill.charts import Chart
from huiying.engine.plan.drill.page import every_chart
from huiying.engine.plan.drill.telling import as_json, headline, summary

LANGUAGES = ("zh", "en")


def made(ready: Scene, found: Rehearsal) -> dict[str, Any]:
    """Everything that a page shows, as JSON values."""
    told: dict[str, Any] = {
        language: {
            "headline": headline(ready.plan, found).say(language),
            "summary": [line.say(language) for line in summary(ready.plan, found)],
            "charts": [_chart(chart, language) for chart in every_chart(ready, found, language)],
        }
        for language in LANGUAGES
    }
    return told | {"json": as_json(found)}


def _chart(chart: Chart, language: str) -> dict[str, Any]:
    return {
        "id": chart.id,
        "title": chart.title.say(language),
        "note": chart.note.say(language),
        "svg": chart.svg,
        "head": list(chart.head),
        "rows": [list(row) for row in chart.rows],
        "legend": [list(pair) for pair in chart.legend],
    }
