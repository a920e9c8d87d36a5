"""Words for codes on the pages of cases."""

from datetime import datetime

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Role
from huiying.desk.cases.queries.asked import KINDS, Asked
from huiying.desk.cases.queries.sentences import MEANS_OF_LETTERS, OUTCOMES_OF_REQUESTS
from huiying.desk.shell.times import length
from huiying.engine.plan.model import Named, Plan
from huiying.engine.text import Text

register = template.Library()


def _say(text: Text) -> str:
    return text.say(get_language() or "zh-hans")


def _role(role: str, plan: Plan | None) -> str:
    own = plan.role_name(role) if plan else None
    if own is not None:
        return _say(own)
    return str(Role(role).label) if role in Role.values else role


@register.simple_tag
def role_words(roles: str, plan: Plan | None = None) -> str:
    """Who owes it, as the plan calls the role; an approval may name several, of which any will do."""
    return _(" 或 ").join(_role(role, plan) for role in roles.split("|") if role)


@register.simple_tag
def recipient_words(to: str, plan: Plan | None = None) -> str:
    """To whom, as the plan calls it."""
    found: Named | None = plan.recipient(to) if plan else None
    return _say(found.name) if found else to


@register.simple_tag
def subject_words(subject: str, plan: Plan | None = None) -> str:
    """A subject of the plan by its id."""
    found = next((item for item in plan.subjects if item.id == subject), None) if plan else None
    return _say(found.name) if found else subject


@register.simple_tag
def matter_words(matter: str, plan: Plan | None = None) -> str:
    """A kind of matter of the plan by its id."""
    found = next((item for item in plan.matters if item.id == matter), None) if plan else None
    return _say(found.name) if found else matter


@register.simple_tag
def asked_kind(row: Asked) -> str:
    """What it is and its number in the case: 督办第 2 号."""
    return _("%(kind)s第 %(n)s 号") % {"kind": KINDS[row.kind], "n": row.number}


@register.simple_tag
def means_of(means: str) -> str:
    """How a letter went out."""
    return str(MEANS_OF_LETTERS.get(means, means))


@register.simple_tag
def outcome_of(outcome: str) -> str:
    """What came of a written request."""
    return str(OUTCOMES_OF_REQUESTS.get(outcome, outcome))


@register.simple_tag
def late_by(due_at: datetime, met_at: datetime) -> str:
    """By how much something was late."""
    return _("迟 %(length)s") % {"length": length(met_at - due_at, get_language() or "zh-hans")}
