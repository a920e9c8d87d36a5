"""The response plan as data: what it says (`model`), and how its text is read (`reading`)."""

from huiying.engine.plan.model import Plan
from huiying.engine.plan.reading import read_plan

__all__ = ["Plan", "read_plan"]
