"""Reads of what the public sees."""

from huiying.desk.public.queries.answers import Answered, answer, answers, asked, kept_state
from huiying.desk.public.queries.transparency import Figures, figures, years

__all__ = ["Answered", "Figures", "answer", "answers", "asked", "figures", "kept_state", "years"]
