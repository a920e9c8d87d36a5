"""Statements placed with media (E18): only with those named in a written request that a leader signed."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.desk.cases.models import Case
from huiying.desk.replies.models import Draft
from huiying.desk.reports.models import Kind, Paper

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


def granted(draft: Draft, place: str) -> bool:
    """Whether a text may be placed with a medium; the replies room asks."""
    return place.strip() in granted_media(draft.case, f"draft:{draft.pk}")
