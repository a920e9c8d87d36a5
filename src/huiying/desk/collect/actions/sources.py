"""Adding sources, changing them, pausing them, having them visited now."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Source, Tier
from huiying.desk.collect.seal import seal
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.sources.kinds import HAND, KINDS, SCHEDULED


@transaction.atomic
def add_source(*, by: Person, now: datetime, kind: str, values: Values) -> Source:
    """Adds a source; a kind that is fetched is due at once. Raises ValidationError for an unknown kind or a taken name."""
    require(by, Right.EDIT_SOURCES)
    return _add(by, now, kind, values)


@transaction.atomic
def install_source(*, now: datetime, kind: str, values: Values) -> Source:
    """As `add_source`, for whoever runs the machine: the command line and the sample. A source of that name is changed."""
    there = Source.objects.filter(name=values.name, kind=kind).first()
    return _change(None, now, there, values) if there else _add(None, now, kind, values)


def _add(by: Person | None, now: datetime, kind: str, values: Values) -> Source:
    if kind not in KINDS:
        raise ValidationError(_("没有这种信源：%(kind)s") % {"kind": kind})
    if Source.objects.filter(name=values.name).exists():
        raise ValidationError({"name": _("已有同名信源，请换一个名称")})
    source = Source.objects.create(
        name=values.name,
        kind=kind,
        tier=values.tier,
        site=values.site,
        settings=dict(values.settings),
        secret=seal(values.secret),
        interval_s=values.interval_s,
        host=values.host,
        next_fetch_at=now if kind in SCHEDULED else None,
        created_at=now,
        created_by=by,
    )
    record(by=by, now=now, verb="source.add", target=source.name, data=_told(source))
    return source


@transaction.atomic
def change_source(*, by: Person, now: datetime, source: Source, values: Values) -> Source:
    """Changes a source. New settings begin anew: the next visit knows no validators, and is due at once."""
    require(by, Right.EDIT_SOURCES)
    return _change(by, now, source, values)


def _change(by: Person | None, now: datetime, source: Source, values: Values) -> Source:
    row = Source.objects.select_for_update().get(pk=source.pk)
    anew = row.settings != dict(values.settings) or bool(values.secret)
    row.name, row.site, row.tier = values.name, values.site, values.tier
    row.interval_s, row.host = values.interval_s, values.host
    row.settings = dict(values.settings)
    row.secret = seal(values.secret) or row.secret
    if anew:
        row.cursor, row.leased_until, row.leased_by = {}, None, ""  # a visit under way is not recorded
    if row.kind in SCHEDULED:
        row.next_fetch_at = now
    row.save()
    record(by=by, now=now, verb="source.change", target=row.name, data=_told(row))
    return row


def _told(source: Source) -> Mapping[str, Any]:
    """What the audit log says: no secret, and no query of an address, which may carry one."""
    address = str(source.settings.get("address") or source.settings.get("host") or "").split("?", 1)[0]
    return {"kind": source.kind, "address": address, "interval_s": source.interval_s}


@transaction.atomic
def pause(*, by: Person, now: datetime, source: Source) -> None:
    """Stops visits; a visit under way is not recorded."""
    require(by, Right.EDIT_SOURCES)
    Source.objects.filter(pk=source.pk).update(paused=True, leased_until=None, leased_by="")
    record(by=by, now=now, verb="source.pause", target=source.name)


@transaction.atomic
def resume(*, by: Person, now: datetime, source: Source) -> None:
    """Visits go on, beginning at once."""
    require(by, Right.EDIT_SOURCES)
    due = now if source.kind in SCHEDULED else None
    Source.objects.filter(pk=source.pk).update(paused=False, next_fetch_at=due)
    record(by=by, now=now, verb="source.resume", target=source.name)


@transaction.atomic
def fetch_soon(*, by: Person, now: datetime, source: Source) -> None:
    """Puts the source first in line, whatever its back-off. Raises ValidationError for one that is not fetched."""
    require(by, Right.EDIT_SOURCES)
    if source.kind not in SCHEDULED or source.paused:
        raise ValidationError(_("这个信源不能立即采集：它已停采，或由别人送来"))
    Source.objects.filter(pk=source.pk).update(next_fetch_at=now)
    record(by=by, now=now, verb="source.fetch", target=source.name)


@transaction.atomic
def delete_source(*, by: Person, now: datetime, source: Source) -> None:
    """Removes a source that never brought anything. Raises ValidationError for any other: its evidence stays."""
    require(by, Right.EDIT_SOURCES)
    if source.kind == HAND or source.mentions.exists() or source.captures.exists():
        raise ValidationError(_("它带来过帖文，证据要留着，不能删除；不用了可以停采"))
    record(by=by, now=now, verb="source.delete", target=source.name, data=_told(source))
    source.delete()


@transaction.atomic
def renew_key(*, by: Person, now: datetime, source: Source) -> str:
    """A new signing key for an inbound webhook, shown this once; the old one is void. Raises ValidationError."""
    require(by, Right.EDIT_SOURCES)
    if source.kind != "inbound":
        raise ValidationError(_("只有推送接口才有签名密钥"))
    key = secrets.token_urlsafe(32)
    Source.objects.filter(pk=source.pk).update(secret=seal(key))
    record(by=by, now=now, verb="source.key", target=source.name)
    return key


def hand_source(now: datetime) -> Source:
    """The source under which people's entries are kept, made when it is first needed; the system itself acts."""
    found = Source.objects.filter(kind=HAND).first()
    return found or Source.objects.create(
        name=_free_name("人工录入"), kind=HAND, tier=Tier.INTERNAL, created_at=now
    )


def _free_name(wanted: str) -> str:
    taken = set(Source.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    names = (wanted if n == 1 else f"{wanted} {n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
