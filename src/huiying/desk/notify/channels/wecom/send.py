"""One text to the group; `errcode` of the answer decides, whatever the status is."""

import json

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import Dialect, robot
from huiying.desk.notify.channels.base import Outcome, Parcel, Route
from huiying.desk.notify.channels.compose import compose
from huiying.desk.notify.channels.wecom.form import LIMITS
from huiying.engine.text import Text

DIALECT = Dialect(
    codes=("errcode",),
    words=("errmsg",),
    refused={
        93000: Text(
            "机器人地址无效，请重新复制", "The robot's address is not valid: copy it again from the group"
        ),
        93008: Text("机器人已被移出群", "The robot was removed from the group"),
        93017: Text("机器人已停用", "The robot is switched off"),
    },
    busy=frozenset({45009, 45033}),
)


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice. Raises Trouble."""
    text: dict[str, object] = {"content": compose(parcel, LIMITS)}
    if parcel.urgent:
        text["mentioned_list"] = ["@all"]
    body = json.dumps({"msgtype": "text", "text": text}, ensure_ascii=False).encode()
    answer = client.post(route.address, body, headers={"Content-Type": "application/json"})
    return robot(answer, DIALECT, route)
