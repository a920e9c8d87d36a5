"""Statements placed with media (E18): only with those named in a written request that a leader signed."""

import re
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Source, Tier
from huiying.desk.replies.models import Draft
from huiying.desk.reports.models import Kind, Paper

#: Forms of texts that are statements; an answer to a post is none.
STATEMENTS = frozenset({"statement", "release", "article", "briefing"})
MEDIA = (Tier.NATIONAL, Tier.PORTAL, Tier.PROVINCIAL, Tier.CITY)
BETWEEN = re.compile(r"[、，,；;\n]+")


def names_in(text: str) -> list[str]:
    """The media that a text names, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in BETWEEN.split(text) if name.strip()))


def granted_media(case: Case, source: str) -> list[str]:
    """The media to which the text of `source` ("draft:3") may be given: named in issued requests."""
    rows = Paper.objects.filter(case=case, kind=Kind.PLACEMENT, source=source, issued_at__isnull=False)
    return list(
        dict.fromkeys(name for row in rows.order_by("issued_at") for name in names_in(row.body["media"]))
    )


def must_be_granted(paper: Paper) -> None:
    """Raises ValidationError for a statement to media that no signed request names."""
    if paper.case is None:
        return
    granted = granted_media(paper.case, paper.source)
    missing = [name for name in names_in(paper.to) if name not in granted]
    if missing:
        raise ValidationError({"to": not_granted("、".join(missing))})


def not_granted(names: str) -> str:
    """The sentence that refuses."""
    return _("没有经批准的刊发申请：%(names)s。先拟“刊发申请”，由负责人签发后再提供。") % {"names": names}


def may_be_placed(draft: Draft, place: str) -> None:
    """Raises ValidationError for a statement that would be put with a medium without a signed request."""
    if draft.form not in STATEMENTS or not is_medium(place):
        return
    if place.strip() not in granted_media(draft.case, f"draft:{draft.pk}"):
        raise ValidationError({"place": not_granted(place.strip())})


def is_medium(place: str) -> bool:
    """Whether a place is one that some room knows as a medium: named as it is, or with a word before or after."""
    words = place.strip()
    return any(len(name) > 1 and name in words for names in media.values() for name in names())


def _sources() -> Iterable[str]:
    """Sources that are classed as media, by name and by site."""
    rows = Source.objects.filter(tier__in=MEDIA).values_list("name", "site")
    return [name for row in rows for name in row if name]


#: Who names media: our own sources, and rooms above that add themselves in their `AppConfig.ready()`.
media: dict[str, Callable[[], Iterable[str]]] = {"sources": _sources}
