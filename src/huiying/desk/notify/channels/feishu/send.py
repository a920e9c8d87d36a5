"""One text to the group, signed where the robot has a secret; `code` (formerly `StatusCode`) of the answer decides."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import Dialect, robot
from huiying.desk.notify.channels.base import Outcome, Parcel, Route
from huiying.desk.notify.channels.compose import compose
from huiying.desk.notify.channels.feishu.form import LIMITS
from huiying.engine.text import Text

DIALECT = Dialect(
    codes=("code", "StatusCode"),
    words=("msg", "StatusMessage"),
    refused={
        19001: Text(
            "机器人地址无效，请重新复制", "The robot's address is not valid: copy it again from the group"
        ),
        19021: Text(
            "签名不符：核对密钥和本机时钟", "The signature does not fit: check the secret and this clock"
        ),
        19022: Text("本机不在机器人的 IP 白名单里", "This machine is not on the robot's list of addresses"),
        19024: Text(
            "机器人要求关键词：改用签名校验", "The robot wants a keyword: let it check signatures instead"
        ),
    },
    busy=frozenset({9499, 11232}),
)


def signature(secret: str, at: datetime) -> dict[str, str]:
    """Timestamp (seconds) and HMAC-SHA256 signature over nothing, keyed with both, as Feishu asks."""
    if not secret:
        return {}
    stamp = str(int(at.timestamp()))
    mac = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(mac).decode()}


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice. Raises Trouble."""
    text = ('<at user_id="all"></at> ' if parcel.urgent else "") + compose(parcel, LIMITS)
    said = {**signature(route.secret, parcel.sent_at), "msg_type": "text", "content": {"text": text}}
    body = json.dumps(said, ensure_ascii=False).encode()
    answer = client.post(route.address, body, headers={"Content-Type": "application/json"})
    return robot(answer, DIALECT, route)
