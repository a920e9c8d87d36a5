"""People and the roles they hold."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from huiying.desk.accounts.access import require, require_colleague, require_own
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Appointment, Person, Role, Unit
from huiying.desk.accounts.rights import Right

#: A role and the unit it is held in; None is the whole institution.
Post = tuple[str, Unit | None]


def _username(wanted: str, name: str, besides: Person | None = None) -> str:
    """The sign-in name wished for, or one from the pinyin of the name. Raises ValidationError when it is taken."""
    others = Person.objects.exclude(pk=besides.pk) if besides else Person.objects.all()
    if wanted:
        if others.filter(username__iexact=wanted).exists():
            raise ValidationError({"username": _("登录名 %(name)s 已有人用。") % {"name": wanted}})
        return wanted
    stem = "".join(char for char in "".join(lazy_pinyin(name)).lower() if char.isascii() and char.isalnum())
    stem = (stem or "person")[:40]
    found, number = stem, 2
    while others.filter(username__iexact=found).exists():
        found, number = f"{stem}{number}", number + 1
    return found


def _needs_name(name: str) -> str:
    if not name.strip():
        raise ValidationError({"name": _("请填姓名。")})
    return name.strip()


@transaction.atomic
def add_person(
    *, by: Person, now: datetime, name: str, username: str = "", title: str = "", posts: Iterable[Post] = ()
) -> Person:
    """Add somebody who cannot sign in until an invitation is accepted. Raises ValidationError."""
    require(by, Right.EDIT_PEOPLE)
    name = _needs_name(name)
    person = Person(
        username=_username(username.strip(), name), name=name, title=title.strip(), date_joined=now
    )
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    record(by=by, now=now, verb="person.add", target=person.name, data={"username": person.username})
    set_roles(by=by, now=now, person=person, posts=posts)
    return person


@transaction.atomic
def change_person(
    *, by: Person, now: datetime, person: Person, name: str, username: str, title: str = ""
) -> Person:
    """Change name, sign-in name or title."""
    require(by, Right.EDIT_PEOPLE)
    person.name, person.title = _needs_name(name), title.strip()
    person.username = _username(username.strip(), person.name, besides=person)
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name", "title", "username"])
    record(by=by, now=now, verb="person.change", target=person.name, data={"username": person.username})
    return person


@transaction.atomic
def own_account(
    *, by: Person, now: datetime, name: str, username: str, password: str, title: str = ""
) -> Person:
    """The founder's own name, sign-in name and password. Raises ValidationError naming the field."""
    require_colleague(by)
    by.name, by.title = _needs_name(name), title.strip()
    by.username = _username(username.strip(), by.name, besides=by)
    by.full_clean(exclude=["password"])
    set_password(by, password)
    by.save()
    record(by=by, now=now, verb="person.own", target=by.name, data={"username": by.username})
    return by


def set_password(person: Person, password: str) -> None:
    """Put a password that keeps the rules, unsaved. Raises ValidationError on the field `password`."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak
    person.set_password(password)


def _last_admin_leaves(person: Person, keeps: bool) -> bool:
    """True when the desk would be left without anybody who can change people."""
    others = Appointment.objects.filter(role=Role.ADMIN, unit=None, person__is_active=True).exclude(
        person=person
    )
    held = Appointment.objects.filter(role=Role.ADMIN, unit=None, person=person).exists()
    return held and not keeps and not others.exists()


def _posts(posts: Iterable[Post]) -> set[Post]:
    wanted = set(posts)
    unknown = {role for role, _unit in wanted} - set(Role.values)
    if unknown:
        raise ValidationError(_("没有这个角色：%(role)s。") % {"role": ", ".join(sorted(unknown))})
    return wanted


@transaction.atomic
def set_roles(*, by: Person, now: datetime, person: Person, posts: Iterable[Post]) -> None:
    """Make `posts` all the roles that the person holds. Raises ValidationError rather than lose the last administrator."""
    require(by, Right.EDIT_PEOPLE)
    wanted = _posts(posts)
    if _last_admin_leaves(person, keeps=(Role.ADMIN, None) in wanted):
        raise ValidationError(_("至少要留一位管理员：请先让别人担任，再撤下这一位。"))
    held = {(post.role, post.unit): post for post in person.appointments.select_related("unit")}
    for key in held.keys() - wanted:
        held[key].delete()
    for role, unit in wanted - held.keys():
        Appointment.objects.create(person=person, role=role, unit=unit)
    if wanted != held.keys():
        said = sorted(f"{role}@{unit.code}" if unit else role for role, unit in wanted)
        record(by=by, now=now, verb="person.roles", target=person.name, data={"roles": said})


@transaction.atomic
def appoint(*, by: Person, now: datetime, person: Person, role: str, unit: Unit | None = None) -> None:
    """Give one more role; giving it twice changes nothing."""
    require(by, Right.EDIT_PEOPLE)
    posts = {(post.role, post.unit) for post in person.appointments.select_related("unit")}
    set_roles(by=by, now=now, person=person, posts=posts | {(role, unit)})


@transaction.atomic
def dismiss(*, by: Person, now: datetime, person: Person, role: str, unit: Unit | None = None) -> None:
    """Take one role back."""
    require(by, Right.EDIT_PEOPLE)
    posts = {(post.role, post.unit) for post in person.appointments.select_related("unit")}
    set_roles(by=by, now=now, person=person, posts=posts - {(role, unit)})


@transaction.atomic
def let_go(*, by: Person, now: datetime, person: Person) -> None:
    """The person has left: no sign-in, no duty from now on. What was done stays on record. Raises ValidationError."""
    require(by, Right.EDIT_PEOPLE)
    if _last_admin_leaves(person, keeps=False):
        raise ValidationError(_("这是最后一位管理员，不能停用。"))
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.shifts.filter(starts_at__gte=now).delete()
    person.shifts.filter(starts_at__lt=now, ends_at__gt=now).update(ends_at=now)
    person.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    person.doors.filter(used_at__isnull=True).update(used_at=now)
    record(by=by, now=now, verb="person.leave", target=person.name)


@transaction.atomic
def take_back(*, by: Person, now: datetime, person: Person) -> None:
    """The person works here again, with the roles held before."""
    require(by, Right.EDIT_PEOPLE)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(by=by, now=now, verb="person.return", target=person.name)


@transaction.atomic
def set_away(*, by: Person, now: datetime, person: Person, until: datetime | None) -> None:
    """Away until an instant (None: back); meanwhile the deputy is told. One may say so of oneself."""
    require_own(by, person, Right.EDIT_ROSTER)
    person.away_until = until
    person.save(update_fields=["away_until"])
    data = {"until": until.isoformat() if until else None}
    record(by=by, now=now, verb="person.away", target=person.name, data=data)


@transaction.atomic
def choose_language(*, by: Person, now: datetime, language: str) -> None:
    """In which language the desk and its notices speak to this person. Raises ValidationError for one it has not."""
    require_colleague(by)
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("没有这种语言：%(language)s。") % {"language": language}})
    by.language = language
    by.save(update_fields=["language"])
    record(by=by, now=now, verb="person.language", target=by.name, data={"language": language})
