"""Where the robot's address is found, and what a robot can carry (Feishu: requests of 20 KB, 100 a minute)."""

from huiying.desk.notify.channels.base import Limits
from huiying.engine.text import Text

LIMITS = Limits(size=15_000, per_minute=60)
EXAMPLE = "https://open.feishu.cn/open-apis/bot/v2/hook/…"
HELP = Text(
    "在飞书群里添加“自定义机器人”，安全设置选“签名校验”，把 Webhook 地址和密钥填在这里。",
    "Add a custom robot to a Feishu group, choose signature checking, and copy its webhook address and its secret.",
)
