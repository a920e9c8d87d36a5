"""Every way out by name."""

from collections.abc import Mapping

from huiying.desk.notify.channels.apprise import form as apprise_form
from huiying.desk.notify.channels.apprise import send as apprise
from huiying.desk.notify.channels.base import Kind
from huiying.desk.notify.channels.dingtalk import form as dingtalk_form
from huiying.desk.notify.channels.dingtalk import send as dingtalk
from huiying.desk.notify.channels.discourse import form as discourse_form
from huiying.desk.notify.channels.discourse import send as discourse
from huiying.desk.notify.channels.feishu import form as feishu_form
from huiying.desk.notify.channels.feishu import send as feishu
from huiying.desk.notify.channels.mail import form as mail_form
from huiying.desk.notify.channels.mail import send as mail
from huiying.desk.notify.channels.mastodon import form as mastodon_form
from huiying.desk.notify.channels.mastodon import send as mastodon
from huiying.desk.notify.channels.sms import form as sms_form
from huiying.desk.notify.channels.sms import send as sms
from huiying.desk.notify.channels.webhook import form as webhook_form
from huiying.desk.notify.channels.webhook import send as webhook
from huiying.desk.notify.channels.wecom import form as wecom_form
from huiying.desk.notify.channels.wecom import send as wecom

_NOTICES = (
    Kind(
        name="mail", send=mail.send, limits=mail_form.LIMITS, help=mail_form.HELP, example=mail_form.EXAMPLE
    ),
    Kind(
        name="wecom",
        send=wecom.send,
        limits=wecom_form.LIMITS,
        help=wecom_form.HELP,
        example=wecom_form.EXAMPLE,
    ),
    Kind(
        name="dingtalk",
        send=dingtalk.send,
        limits=dingtalk_form.LIMITS,
        help=dingtalk_form.HELP,
        example=dingtalk_form.EXAMPLE,
    ),
    Kind(
        name="feishu",
        send=feishu.send,
        limits=feishu_form.LIMITS,
        help=feishu_form.HELP,
        example=feishu_form.EXAMPLE,
    ),
    Kind(
        name="webhook",
        send=webhook.send,
        limits=webhook_form.LIMITS,
        help=webhook_form.HELP,
        example=webhook_form.EXAMPLE,
        form=webhook_form.SettingsForm,
    ),
    Kind(
        name="sms",
        send=sms.send,
        limits=sms_form.LIMITS,
        help=sms_form.HELP,
        example=sms_form.EXAMPLE,
        form=sms_form.SettingsForm,
    ),
    Kind(
        name="apprise",
        send=apprise.send,
        limits=apprise_form.LIMITS,
        help=apprise_form.HELP,
        example=apprise_form.EXAMPLE,
    ),
)
_OUTLETS = (
    Kind(
        name="mastodon",
        send=mastodon.publish,
        limits=mastodon_form.LIMITS,
        help=mastodon_form.HELP,
        example=mastodon_form.EXAMPLE,
        form=mastodon_form.OutletForm,
    ),
    Kind(
        name="discourse",
        send=discourse.publish,
        limits=discourse_form.LIMITS,
        help=discourse_form.HELP,
        example=discourse_form.EXAMPLE,
        form=discourse_form.OutletForm,
    ),
    Kind(
        name="webhook",
        send=webhook.publish,
        limits=webhook_form.LIMITS,
        help=webhook_form.OUTLET_HELP,
        example=webhook_form.EXAMPLE,
        form=webhook_form.OutletForm,
    ),
    Kind(
        name="mail",
        send=mail.publish,
        limits=mail_form.LIMITS,
        help=mail_form.OUTLET_HELP,
        example=mail_form.EXAMPLE,
    ),
)

#: Ways of telling people.
NOTICES: Mapping[str, Kind] = {kind.name: kind for kind in _NOTICES}
#: Interfaces for publishing as the institution.
OUTLETS: Mapping[str, Kind] = {kind.name: kind for kind in _OUTLETS}
