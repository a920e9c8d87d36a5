"""Keys for programs: shown once when made, kept only as a hash."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import ApiToken, Person
from huiying.desk.accounts.rights import Right
from huiying.desk.accounts.scopes import Scope

#: How a key begins, so that one that leaked is recognised for what it is.
MARK = "hy_"


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _scopes(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    unknown = wanted - set(Scope.values)
    if unknown:
        raise ValidationError(
            {"scopes": _("没有这个范围：%(scope)s。") % {"scope": ", ".join(sorted(unknown))}}
        )
    if not wanted:
        raise ValidationError({"scopes": _("请至少选一个范围。")})
    return [scope for scope in Scope.values if scope in wanted]


@transaction.atomic
def make_token(
    *,
    by: Person,
    now: datetime,
    name: str,
    person: Person,
    scopes: Iterable[str],
    lasts: timedelta | None = None,
) -> tuple[ApiToken, str]:
    """A new key that acts for `person` within `scopes`; the second value is the key itself and is never shown again.

    `lasts` None: until it is revoked. Raises ValidationError naming the field.
    """
    require(by, Right.API_TOKENS)
    if not name.strip():
        raise ValidationError({"name": _("请写明给哪个程序用。")})
    if not person.is_active:
        raise ValidationError({"person": _("%(name)s 已停用。") % {"name": person.name}})
    key = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name.strip()[:80],
        digest=digest(key),
        prefix=key[:8],
        scopes=_scopes(scopes),
        person=person,
        created_at=now,
        expires_at=now + lasts if lasts else None,
    )
    data = {"scopes": token.scopes, "person": person.name}
    record(by=by, now=now, verb="token.make", target=token.name, data=data)
    return token, key


@transaction.atomic
def revoke_token(*, by: Person, now: datetime, token: ApiToken) -> None:
    """The key opens nothing from now on; doing it twice keeps the first instant."""
    require(by, Right.API_TOKENS)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record(by=by, now=now, verb="token.revoke", target=token.name)


def touch_token(*, token: ApiToken, now: datetime) -> None:
    """Note that the key was used, once a minute at most: the row is for people, not for counting."""
    if token.last_used_at is None or now - token.last_used_at >= timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
