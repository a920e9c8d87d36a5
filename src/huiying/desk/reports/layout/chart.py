"""Charts of papers: quiet, in two inks, every one with its table beside it."""

import io
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ticker import MaxNLocator

from huiying.desk.reports.layout import fonts
from huiying.desk.reports.layout.sheet import Figure, Fonts

INK, BAR, GRID = "#222222", "#8c2f2b", "#d8d4cc"
#: The most labels along the bottom before some are left out.
LABELS = 12


def svg(figure: Figure, chosen: Fonts) -> bytes:
    """The chart as SVG, its letters as outlines."""
    out = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "huiying"}):
        _drawn(figure, chosen).savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def png(figure: Figure, chosen: Fonts) -> bytes:
    """The chart as PNG, for Word."""
    out = io.BytesIO()
    canvas = _drawn(figure, chosen)
    canvas.savefig(out, format="png", dpi=200, metadata={"Software": None})
    return out.getvalue()


def _font(chosen: Fonts) -> FontProperties:
    """A Chinese font that matplotlib knows too; without any its own, which has no Chinese."""
    known = {entry.name for entry in fontManager.ttflist}
    names = (chosen.hei, *fonts.WANTED["hei"], *fonts.WANTED["song"], "Noto Sans CJK JP", "Noto Serif CJK JP")
    name = next((name for name in names if name in known), "")
    if name:
        return FontProperties(family=name, size=9)
    files = sorted(Path(fonts.folder()).glob("*.[to]t[fc]")) if fonts.folder().is_dir() else []
    return FontProperties(fname=files[0], size=9) if files else FontProperties(size=9)


def _drawn(figure: Figure, chosen: Fonts) -> Canvas:
    across = figure.shape == "across"
    height = max(1.6, 0.3 * len(figure.rows) + 0.5) if across else 2.3
    canvas = Canvas(figsize=(6.14, height), layout="constrained")
    axes = canvas.add_subplot()
    font = _font(chosen)
    if across:
        _across(axes, figure)
    else:
        _upright(axes, figure)
    _quiet(axes, font, across)
    return canvas


def _upright(axes: Axes, figure: Figure) -> None:
    values = [value for _name, value in figure.rows]
    places = list(range(len(values)))
    if figure.shape == "line":
        axes.plot(places, values, color=BAR, linewidth=1.6, marker="o", markersize=3)
        axes.fill_between(places, values, color=BAR, alpha=0.08)
    else:
        axes.bar(places, values, color=BAR, width=0.62)
    step = max(1, -(-len(values) // LABELS))
    axes.set_xticks(places[::step], [_short(name, 10) for name, _value in figure.rows][::step])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.grid(axis="y", color=GRID, linewidth=0.6)


def _across(axes: Axes, figure: Figure) -> None:
    rows = list(reversed(figure.rows))
    places = list(range(len(rows)))
    axes.barh(places, [value for _name, value in rows], color=BAR, height=0.56)
    axes.set_yticks(places, [_short(name, 16) for name, _value in rows])
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.grid(axis="x", color=GRID, linewidth=0.6)


def _quiet(axes: Axes, font: FontProperties, across: bool) -> None:
    for side in ("top", "right", "left" if not across else "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=INK)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font)


def _short(name: str, most: int) -> str:
    """The label, cut; a dollar sign is no formula."""
    cut = name if len(name) <= most else name[: most - 1] + "…"
    return cut.replace("$", r"\$")
