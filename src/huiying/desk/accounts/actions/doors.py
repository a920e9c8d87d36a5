"""One-time ways in: the first-run link that the command prints, and invitations. Only hashes are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.actions.people import set_password
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Appointment, Door, Institution, Person, Role
from huiying.desk.accounts.rights import Right

FIRST_RUN_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open(kind: str, person: Person | None, now: datetime, lasts: timedelta) -> str:
    """A new door; doors of the same kind to the same person are shut, so that only the newest link works."""
    Door.objects.filter(kind=kind, person=person, used_at__isnull=True).update(used_at=now)
    token = secrets.token_urlsafe(24)
    Door.objects.create(
        kind=kind, digest=digest(token), person=person, created_at=now, expires_at=now + lasts
    )
    return token


def _pass(kind: str, token: str, now: datetime) -> Door:
    """Use a door. Raises ValidationError when it does not exist, was used or has expired."""
    door = Door.objects.select_for_update().filter(kind=kind, digest=digest(token)).first()
    if door is None or door.used_at is not None:
        raise ValidationError(_("这个链接已经用过，或不存在。请要一个新的。"))
    if now >= door.expires_at:
        raise ValidationError(_("这个链接过期了。请要一个新的。"))
    door.used_at = now
    door.save(update_fields=["used_at"])
    return door


@transaction.atomic
def first_run_token(*, now: datetime) -> str:
    """A new one-time token for the first sign-in (24 hours); empty once the institution is founded.

    The command that starts the desk prints `/start/enter/<token>/`. A later token shuts the earlier ones.
    """
    if Institution.objects.filter(pk=1, founded_at__isnull=False).exists():
        return ""
    token = _open(Door.Kind.FIRST_RUN, None, now, FIRST_RUN_LASTS)
    record(by=None, now=now, verb="door.first_run", target="")
    return token


@transaction.atomic
def enter_first_run(*, token: str, now: datetime) -> Person:
    """The founder, who administers the desk and works in its office; made at the first time. Raises ValidationError."""
    _pass(Door.Kind.FIRST_RUN, token, now)
    if Institution.objects.filter(pk=1, founded_at__isnull=False).exists():
        raise ValidationError(_("单位已经建好。请用登录名和密码登录。"))
    post = (
        Appointment.objects.filter(role=Role.ADMIN, unit=None).select_related("person").order_by("pk").first()
    )
    founder = post.person if post else _founder(now)
    record(by=founder, now=now, verb="door.enter", target=founder.username)
    return founder


def _founder(now: datetime) -> Person:
    founder = Person(username="admin", name="", date_joined=now)
    founder.set_unusable_password()
    founder.save()
    for role in (Role.ADMIN, Role.OFFICE):
        Appointment.objects.create(person=founder, role=role, unit=None)
    return founder


@transaction.atomic
def invite(*, by: Person, now: datetime, person: Person) -> str:
    """A one-time token with which `person` sets a password (7 days); also the way back after a lost password."""
    require(by, Right.EDIT_PEOPLE)
    return _invite(by, now, person, "door.invite")


@transaction.atomic
def invite_from_console(*, now: datetime, person: Person) -> str:
    """As `invite`, by the operator at the machine: the way back when no administrator can sign in."""
    return _invite(None, now, person, "door.invite_console")


def _invite(by: Person | None, now: datetime, person: Person, verb: str) -> str:
    if not person.is_active:
        raise ValidationError(_("%(name)s 已停用，不能邀请。") % {"name": person.name})
    token = _open(Door.Kind.INVITATION, person, now, INVITATION_LASTS)
    record(by=by, now=now, verb=verb, target=person.name)
    return token


def invited(*, token: str, now: datetime) -> Person | None:
    """Whom an invitation that still works is for."""
    door = Door.objects.filter(
        kind=Door.Kind.INVITATION, digest=digest(token), used_at__isnull=True, expires_at__gt=now
    ).select_related("person")
    found = door.first()
    return found.person if found else None


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> Person:
    """Set the password of the invited person. Raises ValidationError for a dead link or a weak password; then the link still works."""
    person = invited(token=token, now=now)
    if person is None or not person.is_active:
        raise ValidationError(_("这个链接已经用过、过期或不存在。请向管理员要一个新的。"))
    set_password(person, password)
    _pass(Door.Kind.INVITATION, token, now)
    person.save(update_fields=["password"])
    record(by=person, now=now, verb="door.accept", target=person.name)
    return person
