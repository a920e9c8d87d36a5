"""What an Apprise address looks like, and what it may not be."""

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=1_500, per_minute=30)
EXAMPLE = "tgram://…/…"
HELP = Text(
    "Apprise 的地址，如 tgram://令牌/会话、bark://、schan://、ntfys://。企业微信、钉钉、飞书请用它们自己的渠道：Apprise 会把错误当成功。",
    "An Apprise address such as tgram://token/chat, bark://, schan:// or ntfys://. For WeCom, DingTalk and Feishu use their own channels: Apprise takes their errors for success.",
)
#: Channels of our own, because Apprise reports success when they answer 200 with an error.
OURS = {"wecombot": "wecom", "dingtalk": "dingtalk", "feishu": "feishu", "lark": "feishu"}
