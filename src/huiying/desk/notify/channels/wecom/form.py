"""Where the robot's address is found, and what a robot can carry (WeCom: 2048 bytes of text, 20 messages a minute)."""

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=2048, per_minute=20)
EXAMPLE = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"
HELP = Text(
    "在企业微信群里“添加群机器人”，把它的 Webhook 地址整条复制过来。",
    "Add a robot to a WeCom group and copy its whole webhook address.",
)
