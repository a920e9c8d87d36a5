"""What can go wrong on the network, in words that tell a person what to do."""

from dataclasses import dataclass
from datetime import timedelta

from huiying.engine.text import Text


@dataclass(frozen=True, slots=True)
class Said:
    """A kind of failure: what happened and what to do about it."""

    what: Text
    mend: Text


#: Rooms that know more kinds of failure add them here when they are imported.
WHAT: dict[str, Said] = {
    "address.invalid": Said(
        Text("地址写得不对", "The address is not well formed"),
        Text(
            "请填写以 http:// 或 https:// 开头的完整地址",
            "Give a full address that begins with http:// or https://",
        ),
    ),
    "address.refused": Said(
        Text(
            "地址指向内部网络，已拒绝访问", "The address leads into a private network, so it was not fetched"
        ),
        Text(
            "如确需访问，请管理员把该网段写入 HUIYING_FETCH_ALLOW",
            "If this is meant, the administrator lists the network in HUIYING_FETCH_ALLOW",
        ),
    ),
    "port.refused": Said(
        Text("端口不在允许之列", "This port is not among those allowed"),
        Text(
            "可用 80、443 和 8000–9999；其他端口须先把该网段写入 HUIYING_FETCH_ALLOW",
            "Allowed are 80, 443 and 8000-9999; for others list the network in HUIYING_FETCH_ALLOW",
        ),
    ),
    "dns.failed": Said(
        Text("找不到这个域名", "The host name cannot be found"),
        Text(
            "请核对域名；若都打不开，请检查本机网络",
            "Check the name; if no source answers, check the network",
        ),
    ),
    "connect.failed": Said(
        Text("连不上对方服务器", "The server cannot be reached"),
        Text(
            "稍后会自动再试；长期如此请核对地址",
            "It is tried again by itself; if it lasts, check the address",
        ),
    ),
    "tls.failed": Said(
        Text("对方的安全证书有问题", "The server's security certificate is not in order"),
        Text(
            "请对方更新证书，或核对域名是否写对",
            "Ask the site to renew its certificate, or check the host name",
        ),
    ),
    "timeout": Said(
        Text("对方太慢，已停止等待", "The server was too slow, so waiting was ended"),
        Text(
            "稍后会自动再试；长期如此请换一个地址",
            "It is tried again by itself; if it lasts, use another address",
        ),
    ),
    "too.large": Said(
        Text("内容太大，已停止读取", "The content is too large, so reading was ended"),
        Text(
            "请换用条目更少的地址（如加 limit 参数）",
            "Use an address with fewer entries, for example with a limit",
        ),
    ),
    "packing.broken": Said(
        Text("对方的压缩内容无法解开", "The compressed content cannot be unpacked"),
        Text(
            "稍后会自动再试；长期如此请告知对方网站",
            "It is tried again by itself; if it lasts, tell the site",
        ),
    ),
    "cut.short": Said(
        Text("内容没有收完就断了", "The answer broke off before its end"),
        Text("本次内容不采用，稍后会自动再试", "Nothing of it was used; it is tried again by itself"),
    ),
    "answer.broken": Said(
        Text("对方的应答不合 HTTP 规范", "The answer is not proper HTTP"),
        Text("请核对地址和端口", "Check the address and the port"),
    ),
    "redirect.loop": Said(
        Text("网址来回跳转，到不了内容", "The address redirects in a circle"),
        Text("请在浏览器中打开，改用最后的地址", "Open it in a browser and use the final address"),
    ),
    "http.denied": Said(
        Text("对方不允许访问", "The site refuses access"),
        Text("请核对令牌或账号，或与对方网站联系", "Check the token or account, or ask the site"),
    ),
    "http.gone": Said(
        Text("地址上没有内容了", "There is nothing at this address any more"),
        Text("请到对方网站找到新的地址", "Find the new address on the site"),
    ),
    "http.busy": Said(
        Text("对方要求慢一些", "The site asks us to slow down"),
        Text(
            "会按对方要求的时间再试；可把间隔调大",
            "It is tried again when the site allows; a longer interval helps",
        ),
    ),
    "http.server": Said(
        Text("对方服务器出错", "The site's server has an error"),
        Text("稍后会自动再试", "It is tried again by itself"),
    ),
    "http.other": Said(
        Text("对方给出了意外的应答", "The site gave an unexpected answer"),
        Text("请在浏览器中打开该地址看一看", "Open the address in a browser and look"),
    ),
}


class Trouble(Exception):
    """A failure told to people where it happened: on a source's page, beside a notice. `code` is a key of WHAT; `detail` carries no secret."""

    def __init__(
        self,
        code: str,
        detail: Text | str = "",
        *,
        retry_after: timedelta | None = None,
        evidence: bytes = b"",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = Text(detail, detail) if isinstance(detail, str) else detail
        self.retry_after = retry_after  # how long the site asks us to stay away
        self.uncertain = False  # a sent request whose effect on the other side is not known
        self.evidence = evidence  # the payload that could not be read, kept for whoever mends it

    @property
    def message(self) -> Text:
        """What happened, with the detail behind it."""
        what = WHAT[self.code].what
        if not self.detail.zh:
            return what
        return Text(f"{what.zh}：{self.detail.zh}", f"{what.en}: {self.detail.en}")

    @property
    def mend(self) -> Text:
        """What to do about it."""
        return WHAT[self.code].mend
