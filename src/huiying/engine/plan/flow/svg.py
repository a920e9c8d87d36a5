"""A flow chart as SVG: classes and attributes only, so that a page's own colours and content policy hold."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from huiying.engine.plan.flow.layout import LEADING, PAD, SIZE, Box, Chart, Lane, Line
from huiying.engine.plan.flow.nodes import Node
from huiying.engine.plan.flow.way import STATES, Way
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import joined, levels_text
from huiying.engine.text import Text

_ZONES = {
    "before": Text("收集、核实研判", "Collect, verify, assess"),
    "lanes": Text("按级处置", "By level"),
    "close": Text("办结", "Close"),
    "after": Text("办结以后", "After closing"),
}
#: Colours of a file that stands alone; on a page the page's own style sheet speaks.
_LIGHT = (
    "--paper:#fff;--ink:#14211e;--ink2:#43524d;--line:#d8dfdc;--edge:#7c8984;--accent:#0a6a60;--soft:#d9eeea;"
    "--bad:#a01c15;--warn:#7a5600;--l1:#b3261e;--l2:#bf4d06;--l3:#765700;--l4:#1f5fae;"
    "--s1:#fce9e7;--s2:#fdeee0;--s3:#fdf5d7;--s4:#e5effb"
)
_DARK = (
    "--paper:#141d1b;--ink:#e3ebe8;--ink2:#b1c0bb;--line:#263330;--edge:#6c7d77;--accent:#54c7b6;--soft:#14332e;"
    "--bad:#ff9a90;--warn:#f0ce62;--l1:#ff9a90;--l2:#ffb077;--l3:#f0ce62;--l4:#93c1fa;"
    "--s1:#371916;--s2:#342011;--s3:#2e270f;--s4:#14263d"
)
_STYLE = f"""
svg{{{_LIGHT};background:var(--paper);font-family:"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}}
@media (prefers-color-scheme:dark){{svg{{{_DARK}}}}}
text{{font-size:12px;fill:var(--ink2)}}
.title{{font-size:13px;font-weight:600;fill:var(--ink)}}
.box rect,.grade rect{{fill:var(--paper);stroke:var(--edge)}}
.band{{fill:var(--paper);stroke:var(--line)}}
.box.duty rect{{stroke-dasharray:4 3}}
.box.watch rect{{stroke:var(--line)}}
.edge{{fill:none;stroke:var(--edge);stroke-width:1.2}}
.edge.pair{{stroke-width:4;stroke:var(--accent)}}
.tip{{fill:var(--edge)}}
.lane.l1{{fill:var(--s1)}}.lane.l2{{fill:var(--s2)}}.lane.l3{{fill:var(--s3)}}.lane.l4{{fill:var(--s4)}}
.grade.l1 rect{{stroke:var(--l1)}}.grade.l2 rect{{stroke:var(--l2)}}.grade.l3 rect{{stroke:var(--l3)}}.grade.l4 rect{{stroke:var(--l4)}}
.grade.l1 .title{{fill:var(--l1)}}.grade.l2 .title{{fill:var(--l2)}}.grade.l3 .title{{fill:var(--l3)}}.grade.l4 .title{{fill:var(--l4)}}
.is-done rect{{fill:var(--soft);stroke:var(--accent);stroke-width:2;stroke-dasharray:none}}
.is-late rect{{fill:var(--soft);stroke:var(--warn);stroke-width:2;stroke-dasharray:none}}
.is-now rect{{stroke:var(--accent);stroke-width:2.5;stroke-dasharray:none}}
.is-missed rect{{stroke:var(--bad);stroke-width:2.5;stroke-dasharray:none}}
.state{{font-weight:600;fill:var(--accent)}}.is-late .state{{fill:var(--warn)}}.is-missed .state{{fill:var(--bad)}}
.off{{opacity:.35}}
.edge.done{{stroke:var(--accent);stroke-width:2.2}}
"""


def svg(
    plan: Plan, chart: Chart, language: str = "zh", way: Way | None = None, *, alone: bool = False
) -> str:
    """The chart as an SVG element; with `alone` as a file with colours of its own."""
    way = way or Way()
    name = plan.name.say(language)
    label = Text(f"{name}流程图", f"Flow chart: {name}").say(language)
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "flow",
            "role": "img",
            "width": _number(chart.width),
            "height": _number(chart.height),
            "viewBox": f"0 0 {_number(chart.width)} {_number(chart.height)}",
            "aria-label": label,
        },
    )
    if alone:
        SubElement(root, "style").text = _STYLE
    _arrow(root)
    for lane in chart.lanes:
        off = " off" if way.level is not None and way.level != lane.level else ""
        _rect(root, lane, f"lane l{lane.level}{off}")
    for band in chart.bands:
        _rect(root, band, "band")
    for line in chart.lines:
        _edge(root, line, way)
    for box in chart.boxes:
        _box(root, box, way, language)
    return tostring(root, encoding="unicode")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _arrow(root: Element) -> None:
    box = {"id": "flow-tip", "viewBox": "0 0 8 8", "refX": "7", "refY": "4"}
    size = {"markerWidth": "7", "markerHeight": "7", "orient": "auto", "markerUnits": "userSpaceOnUse"}
    marker = SubElement(SubElement(root, "defs"), "marker", box | size)
    SubElement(marker, "path", {"d": "M0 0L8 4L0 8z", "class": "tip"})


def _rect(parent: Element, at: Box | Lane, kind: str = "") -> None:
    places = {"x": at.x, "y": at.y, "width": at.width, "height": at.height}
    found = {key: _number(value) for key, value in places.items()} | {"rx": "6"}
    SubElement(parent, "rect", found | ({"class": kind} if kind else {}))


def _edge(root: Element, line: Line, way: Way) -> None:
    path = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in line.points)
    taken = way.states.get(line.source) in ("done", "late") or line.source == f"level:{way.level}"
    done = taken and (line.target in way.states or line.target == f"level:{way.level}")
    found = {"d": path, "class": f"edge{' pair' if line.pair else ''}{' done' if done else ''}"}
    SubElement(root, "path", found | ({} if line.pair else {"marker-end": "url(#flow-tip)"}))


def _box(root: Element, box: Box, way: Way, language: str) -> None:
    state = way.states.get(box.id, "")
    if box.kind == "level" and box.level == way.level:
        state = "done"
    off = way.level is not None and bool(box.levels) and way.level not in box.levels and not state
    kinds = ["grade" if box.kind == "level" else f"box {box.kind}"]
    kinds += [f"l{box.level}"] if box.level else []
    kinds += [f"is-{state}"] if state else []
    kinds += ["off"] if off else []
    group = SubElement(root, "g", {"class": " ".join(kinds)})
    _rect(group, box)
    y = box.y + PAD + SIZE - 2
    for line in box.title:
        _text(group, box.x + PAD, y, line, "title")
        y += LEADING
    for line in box.rest:
        _text(group, box.x + PAD, y, line, "")
        y += LEADING
    if state and box.kind != "level":
        _text(group, box.x + box.width - 6, box.y - 4, STATES[state].say(language), "state", end=True)


def _text(group: Element, x: float, y: float, words: str, kind: str, *, end: bool = False) -> None:
    found = {"x": _number(x), "y": _number(y)} | ({"class": kind} if kind else {})
    SubElement(group, "text", found | ({"text-anchor": "end"} if end else {})).text = words


def in_words(plan: Plan, chart: Chart, way: Way | None = None) -> Iterator[tuple[Text, list[Text]]]:
    """The chart told, for those who do not see it: each part with its boxes in order."""
    for zone in ("before", "lanes", "close", "after"):
        nodes = [node for node in chart.flow.nodes if node.zone == zone]
        lines = []
        for node in nodes:
            state = STATES.get(way.states.get(node.id, "")) if way else None
            before = joined(other.title for other in chart.flow.nodes if other.id in node.after)
            lines.append(_told(node, levels_text(plan, node.levels), before, state))
        if lines:
            yield _ZONES[zone], lines


def _told(node: Node, levels: Text, before: Text, state: Text | None) -> Text:
    only = Text(f"【{levels.zh}】", f" [{levels.en}]") if levels.zh else levels
    after = Text(f"在“{before.zh}”之后", f'after "{before.en}"') if before.zh else before
    rest = joined((node.who, *node.when, *([state] if state else []), after), "，", ", ")
    comma = Text("，", ", ") if rest.zh else rest
    return Text(
        f"{node.title.zh}{only.zh}{comma.zh}{rest.zh}", f"{node.title.en}{only.en}{comma.en}{rest.en}"
    )
