"""What a paper says before anybody has written: taken from journals, lines, answers and stories. Always in Chinese."""

from huiying.desk.reports.drafting.first import Drafted, drafted

__all__ = ["Drafted", "drafted"]
