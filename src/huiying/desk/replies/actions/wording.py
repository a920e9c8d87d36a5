"""The institution's own list of words."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.replies.holding import needed
from huiying.desk.replies.models import WordRule


@transaction.atomic
def put_rule(
    *, by: Person, now: datetime, fields: Mapping[str, str], rule: WordRule | None = None
) -> WordRule:
    """Add an entry, or change one. Raises ValidationError by field."""
    require(by, Right.EDIT_LIBRARY)
    row = rule or WordRule(added_by=by, added_at=now)
    row.words = needed(_tidy(fields.get("words", "")), "words", _("请写词语，一行一个。"), 2000)
    row.why = needed(fields.get("why", ""), "why", _("请写为什么，起草的人会看到。"), 200)
    row.rigour = fields.get("rigour", "")
    if row.rigour not in WordRule.Rigour.values:
        raise ValidationError({"rigour": _("请选一种要求。")})
    row.use, row.unless = fields.get("use", "").strip()[:80], _tidy(fields.get("unless", ""))
    row.save()
    verb = "wording.change" if rule else "wording.add"
    record(by=by, now=now, verb=verb, target=str(row), data={"rigour": row.rigour})
    return row


def _tidy(field: str) -> str:
    return "\n".join(dict.fromkeys(line.strip() for line in field.splitlines() if line.strip()))


@transaction.atomic
def switch_rule(*, by: Person, now: datetime, rule: WordRule, active: bool) -> WordRule:
    """Let an entry count, or not."""
    require(by, Right.EDIT_LIBRARY)
    rule.active = active
    rule.save(update_fields=["active"])
    record(by=by, now=now, verb="wording.switch", target=str(rule), data={"active": active})
    return rule
