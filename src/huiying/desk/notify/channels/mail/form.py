"""What a mail can carry, and what has to be set up."""

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=200_000, per_minute=60)
EXAMPLE = "zhiban@example.edu.cn"
HELP = Text(
    "填邮箱地址。发信服务器由管理员在 HUIYING_MAIL_URL 里写明。",
    "Give the mail address. The administrator names the mail server in HUIYING_MAIL_URL.",
)
OUTLET_HELP = Text(
    "填收件邮箱，如报社、电视台的新闻邮箱。", "Give the mail address, for example of a newspaper's news desk."
)
