"""Where the robot's address is found, and what a robot can carry (DingTalk: 20 messages a minute, else ten minutes of silence)."""

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=15_000, per_minute=20)
EXAMPLE = "https://oapi.dingtalk.com/robot/send?access_token=…"
HELP = Text(
    "在钉钉群里添加“自定义机器人”，安全设置选“加签”，把 Webhook 地址和加签密钥（SEC 开头）填在这里。",
    "Add a custom robot to a DingTalk group, choose signing, and copy its webhook address and its secret (it begins with SEC).",
)
