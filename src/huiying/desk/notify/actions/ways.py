"""The settings of the ways out: gateways and outlets. Secrets are kept, never shown and never logged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.net.client import check_url
from huiying.desk.net.trouble import Trouble
from huiying.desk.notify.channels.registry import NOTICES, OUTLETS
from huiying.desk.notify.models import ChannelSettings, Outlet


@transaction.atomic
def set_channel(
    *, by: Person, now: datetime, channel: str, settings: Mapping[str, Any], secret: str = ""
) -> ChannelSettings:
    """What counts for all addresses of a channel; an empty `secret` leaves the one that is kept. Raises ValidationError."""
    require(by, Right.EDIT_CHANNELS)
    kind = NOTICES.get(channel)
    if kind is None or kind.form is None:
        raise ValidationError(_("这种渠道没有可设的。"))
    row, _made = ChannelSettings.objects.get_or_create(channel=channel)
    row.settings, row.secret = dict(settings), secret.strip() or row.secret
    row.save()
    record(by=by, now=now, verb="channel.set", target=channel, data={"secret": bool(row.secret)})
    return row


def _checked(channel: str, address: str) -> str:
    """The address, tidied. Raises ValidationError on `address`."""
    if channel == "mail":
        try:
            validate_email(address.strip())
        except ValidationError as wrong:
            raise ValidationError({"address": _("这不像邮箱地址。")}) from wrong
        return address.strip()
    try:
        return check_url(address)
    except Trouble as wrong:
        raise ValidationError({"address": f"{wrong.message}。{wrong.mend}。"}) from wrong


@transaction.atomic
def add_outlet(
    *,
    by: Person,
    now: datetime,
    channel: str,
    name: str,
    address: str,
    secret: str = "",
    settings: Mapping[str, Any] | None = None,
) -> Outlet:
    """A place where approved texts can be published by machine. Raises ValidationError."""
    require(by, Right.EDIT_CHANNELS)
    if channel not in OUTLETS:
        raise ValidationError(_("没有这种接口。"))
    outlet = Outlet(
        channel=channel,
        name=name.strip(),
        address=_checked(channel, address),
        secret=secret.strip(),
        settings=dict(settings or {}),
        created_at=now,
    )
    outlet.full_clean()
    outlet.save()
    _note(by, now, "outlet.add", outlet)
    return outlet


@transaction.atomic
def change_outlet(
    *,
    by: Person,
    now: datetime,
    outlet: Outlet,
    name: str,
    address: str,
    secret: str,
    active: bool,
    settings: Mapping[str, Any] | None = None,
) -> Outlet:
    """Change it, or switch it off; empty address and secret leave what is kept. Raises ValidationError."""
    require(by, Right.EDIT_CHANNELS)
    if address.strip():
        outlet.address = _checked(outlet.channel, address)
        outlet.verified_at = outlet.failing_since = None
        outlet.last_error = ""
    outlet.name, outlet.active = name.strip(), active
    outlet.secret = secret.strip() or outlet.secret
    outlet.settings = dict(settings or {})
    outlet.full_clean()
    outlet.save()
    _note(by, now, "outlet.change", outlet)
    return outlet


def _note(by: Person, now: datetime, verb: str, outlet: Outlet) -> None:
    record(
        by=by,
        now=now,
        verb=verb,
        target=outlet.name,
        data={"channel": outlet.channel, "active": outlet.active},
    )
