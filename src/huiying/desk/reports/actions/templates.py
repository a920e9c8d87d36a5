"""The institution's own Word forms."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.reports.kinds import FORMS
from huiying.desk.reports.layout import own
from huiying.desk.reports.models import Template


@transaction.atomic
def put_template(*, by: Person, now: datetime, kind: str, name: str, content: bytes) -> Template:
    """Use this Word file for papers of a kind from now on. Raises ValidationError, saying what is wrong with it."""
    require(by, Right.EDIT_TEMPLATES)
    if kind not in FORMS:
        raise ValidationError({"kind": _("没有这种文件。")})
    own.check(content, kind)
    Template.objects.filter(kind=kind, dropped_at=None).update(dropped_at=now)
    made = Template.objects.create(
        kind=kind,
        name=name[:200],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        uploaded_by=by,
        uploaded_at=now,
    )
    record(by=by, now=now, verb="template.put", target=kind, data={"name": made.name, "sha256": made.sha256})
    return made


@transaction.atomic
def drop_template(*, by: Person, now: datetime, template: Template) -> None:
    """Go back to the layout of the desk for this kind; papers that are out stay as they are."""
    require(by, Right.EDIT_TEMPLATES)
    Template.objects.filter(pk=template.pk, dropped_at=None).update(dropped_at=now)
    record(by=by, now=now, verb="template.drop", target=template.kind, data={"sha256": template.sha256})
