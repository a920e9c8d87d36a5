"""One voice: what is said to the press against the lines to take in force."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.cases.models import Case
from huiying.desk.replies.queries import lines_in_force
from huiying.desk.replies.queries.lines import as_engine
from huiying.engine.findings import Finding
from huiying.engine.reply import model, voice


def disagreements(case: Case, text: str, now: datetime) -> list[Finding]:
    """Where the text stands against the lines: errors only; none where there are no lines."""
    lines = lines_in_force(case)
    if lines is None:
        return []
    context = model.Context(now=now, lines=as_engine(lines))
    draft = model.DraftText(text=text, form="statement", stage="progress")
    return [one for one in voice.check(draft, context) if one.level == "error"]


def in_words(found: list[Finding]) -> str:
    """The first findings in the reader's language."""
    language = get_language() or "zh-hans"
    return _("；").join(one.message.say(language) for one in found[:3])
