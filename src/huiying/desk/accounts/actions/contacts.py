"""Ways of reaching people. Addresses may hold a robot's key: the audit log gets them masked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require_own
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Channel, Contact, Person, masked
from huiying.desk.accounts.rights import Right

#: How an address of each channel begins; the first is given as the example.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    Channel.WECOM: ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", "https://", "http://"),
    Channel.DINGTALK: ("https://oapi.dingtalk.com/robot/send?access_token=", "https://", "http://"),
    Channel.FEISHU: ("https://open.feishu.cn/open-apis/bot/v2/hook/", "https://", "http://"),
    Channel.WEBHOOK: ("https://", "http://"),
}


#: The address as pages and logs show it.
shown = masked


def check(channel: str, address: str) -> str:
    """The address, tidied. Raises ValidationError on `address` that says how one of this channel looks."""
    address = address.strip()
    if channel == Channel.MAIL:
        try:
            validate_email(address)
        except ValidationError as wrong:
            raise ValidationError({"address": _("这不像邮箱地址。例：zhiban@example.edu.cn。")}) from wrong
    elif channel == Channel.SMS:
        digits = address.replace(" ", "").replace("-", "")
        if not digits.lstrip("+").isdigit() or not 5 <= len(digits) <= 20:
            raise ValidationError({"address": _("手机号只含数字，可带 + 和国家代码。例：13800138000。")})
        return digits
    elif channel in BEGINNINGS and not address.startswith(BEGINNINGS[channel]):
        raise ValidationError({"address": _("地址应以 %(start)s 开头。") % {"start": BEGINNINGS[channel][0]}})
    elif channel == Channel.APPRISE and "://" not in address:
        raise ValidationError({"address": _("Apprise 地址形如 服务名://…，例：tgram://令牌/会话。")})
    return address


@transaction.atomic
def add_contact(
    *, by: Person, now: datetime, person: Person, channel: str, address: str, secret: str = ""
) -> Contact:
    """Add a way of reaching a person; adding it twice keeps one. Raises ValidationError on `address` or `channel`."""
    require_own(by, person, Right.EDIT_CHANNELS)
    if channel not in Channel.values:
        raise ValidationError({"channel": _("没有这种渠道：%(channel)s。") % {"channel": channel}})
    address = check(channel, address)
    contact, made = Contact.objects.get_or_create(
        person=person, channel=channel, address=address, defaults={"secret": secret.strip()}
    )
    if not made:
        contact.secret, contact.active = secret.strip() or contact.secret, True
        contact.save(update_fields=["secret", "active"])
    _note(by, now, "contact.add", contact)
    return contact


@transaction.atomic
def rename_contact(
    *, by: Person, now: datetime, contact: Contact, address: str, secret: str, active: bool
) -> Contact:
    """Change address or signing secret (empty: as it was), or switch it off; a new address is unproven again."""
    require_own(by, contact.person, Right.EDIT_CHANNELS)
    if address and address != contact.address:
        contact.address = check(contact.channel, address)
        contact.verified_at = contact.failing_since = None
        contact.last_error = ""
    contact.secret = secret.strip() or contact.secret
    contact.active = active
    contact.full_clean()
    contact.save()
    _note(by, now, "contact.change", contact)
    return contact


@transaction.atomic
def drop_contact(*, by: Person, now: datetime, contact: Contact) -> None:
    """Forget a way of reaching a person; what was sent through it stays on record."""
    require_own(by, contact.person, Right.EDIT_CHANNELS)
    _note(by, now, "contact.drop", contact)
    contact.delete()


@transaction.atomic
def mark_contact(*, now: datetime, contact: Contact, error: str = "") -> None:
    """Note that a message got through (no error) or did not; the first failure's instant stays."""
    if error:
        contact.failing_since = contact.failing_since or now
        contact.last_error = error[:300]
    else:
        contact.verified_at, contact.failing_since, contact.last_error = now, None, ""
    contact.save(update_fields=["verified_at", "failing_since", "last_error"])


def _note(by: Person, now: datetime, verb: str, contact: Contact) -> None:
    data = {
        "channel": contact.channel,
        "address": contact.masked,
        "active": contact.active,
    }
    record(by=by, now=now, verb=verb, target=contact.person.name, data=data)
