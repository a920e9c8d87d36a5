"""What is sent, how it is signed, and what counts as a good answer."""

from huiying.desk.notify.channels.base import Limits
from huiying.desk.notify.channels.expectation import ExpectationForm
from huiying.engine.text import Text

LIMITS = Limits(size=100_000, per_minute=120)
EXAMPLE = "https://duty.example.gov.cn/notices"
HELP = Text(
    "通知以 JSON 发往这个地址：id、subject、body、link、acknowledge、urgent、possible_repeat、case、stage、to、sent_at。"
    "填了密钥就签名：X-Huiying-Signature = sha256= 加上以密钥对“时间戳.正文”所作的 HMAC-SHA256。",
    "The notice goes to this address as JSON: id, subject, body, link, acknowledge, urgent, possible_repeat, case, stage, to, sent_at. "
    'With a secret it is signed: X-Huiying-Signature = "sha256=" and the HMAC-SHA256 over "timestamp.body".',
)
OUTLET_HELP = Text(
    "发布内容以 JSON 发往这个地址：id、title、text、link、reply_to、possible_repeat、sent_at；应答里的 address 或 url 记为发布地址。",
    "The publication goes to this address as JSON: id, title, text, link, reply_to, possible_repeat, sent_at; an address or url in the answer is recorded as its place.",
)


class SettingsForm(ExpectationForm):
    """What every address of this kind is expected to answer."""


class OutletForm(ExpectationForm):
    """What this outlet is expected to answer."""
