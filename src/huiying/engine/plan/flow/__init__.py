"""The flow chart of a plan: what happens to a matter from collection to review, by level; and a case's way through it."""

from huiying.engine.plan.flow.layout import Chart, chart
from huiying.engine.plan.flow.nodes import Flow, Node, flow
from huiying.engine.plan.flow.svg import in_words, svg
from huiying.engine.plan.flow.way import Way, way

__all__ = ["Chart", "Flow", "Node", "Way", "chart", "flow", "in_words", "svg", "way"]
