"""One text to the group, signed where the robot has a secret; `errcode` of the answer decides."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import quote_plus

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import Dialect, robot
from huiying.desk.notify.channels.base import Outcome, Parcel, Route
from huiying.desk.notify.channels.compose import compose
from huiying.desk.notify.channels.dingtalk.form import LIMITS
from huiying.engine.text import Text

_GONE = Text("机器人地址无效，请重新复制", "The robot's address is not valid: copy it again from the group")
DIALECT = Dialect(
    codes=("errcode",),
    words=("errmsg",),
    refused={
        300001: _GONE,
        300005: _GONE,
        400101: _GONE,
        310000: Text(
            "安全设置不符：核对加签密钥，或在机器人里改用加签",
            "The robot's security setting does not fit: check the secret, or let the robot use signing",
        ),
        400013: Text("群已解散", "The group was dissolved"),
        400102: Text("机器人已停用", "The robot is switched off"),
    },
    busy=frozenset({130101, 410100, 90018, 90030}),
)


def signed(address: str, secret: str, at: datetime) -> str:
    """The address with timestamp (milliseconds) and HMAC-SHA256 signature, as DingTalk asks."""
    if not secret:
        return address
    stamp = str(int(at.timestamp() * 1000))
    mac = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{address}&timestamp={stamp}&sign={quote_plus(base64.b64encode(mac))}"


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice. Raises Trouble."""
    said = {
        "msgtype": "text",
        "text": {"content": compose(parcel, LIMITS)},
        "at": {"isAtAll": parcel.urgent},
    }
    address = signed(route.address, route.secret, parcel.sent_at)
    body = json.dumps(said, ensure_ascii=False).encode()
    answer = client.post(address, body, headers={"Content-Type": "application/json; charset=utf-8"})
    return robot(answer, DIALECT, route)
