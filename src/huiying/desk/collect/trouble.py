"""What can go wrong while collecting, in words that tell a person what to do."""

from dataclasses import dataclass
from datetime import timedelta

from huiying.engine.text import Text


@dataclass(frozen=True, slots=True)
class Said:
    """A kind of failure: what happened and what to do about it."""

    what: Text
    mend: Text


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
    "body.empty": Said(
        Text("对方返回了空白内容", "The answer is empty"),
        Text("请核对地址；这不等于没有人发言", "Check the address; this does not mean that nobody spoke"),
    ),
    "feed.html": Said(
        Text("这个地址是网页，不是订阅源", "This address is a web page, not a feed"),
        Text(
            "请改用页面里的订阅地址，或把信源种类换成“网页列表”",
            'Use the feed address given on the page, or choose the kind "web page list"',
        ),
    ),
    "feed.unreadable": Said(
        Text("内容不是可读的订阅源", "The content is not a readable feed"),
        Text(
            "请核对地址；支持 RSS、Atom、JSON Feed", "Check the address; RSS, Atom and JSON Feed can be read"
        ),
    ),
    "json.unreadable": Said(
        Text("内容不是可读的 JSON", "The content is not readable JSON"),
        Text("请核对接口地址和令牌", "Check the interface's address and token"),
    ),
    "api.path": Said(
        Text("按字段对应找不到条目", "The field mapping finds no entries"),
        Text("请对照接口应答修改“条目位置”", 'Compare with the answer and mend the "place of entries"'),
    ),
    "newsnow.error": Said(
        Text("newsnow 返回了错误", "newsnow answered with an error"),
        Text("请核对 id 是否存在", "Check that the id exists"),
    ),
    "rsshub.error": Said(
        Text("RSSHub 报告该路由出错或为空", "RSSHub says that the route failed or is empty"),
        Text(
            "请核对路由参数；空路由在 RSSHub 中是错误，不等于没有人发言",
            "Check the route; in RSSHub an empty route is an error and does not mean that nobody spoke",
        ),
    ),
    "page.selector": Said(
        Text("网页上按选择器找不到条目", "The selectors find nothing on the page"),
        Text(
            "网页可能改版了，请用“试一试”修改选择器",
            'The page may have changed; mend the selectors with "Test"',
        ),
    ),
    "mail.login": Said(
        Text("邮箱登录失败", "The mailbox refused the sign-in"),
        Text("请核对账号和授权码", "Check the account and the password for programs"),
    ),
    "mail.folder": Said(
        Text("邮箱里没有这个文件夹", "The mailbox has no such folder"),
        Text("请核对文件夹名，收件箱为 INBOX", "Check the folder's name; the inbox is INBOX"),
    ),
    "mail.broken": Said(
        Text("邮箱服务器的应答读不懂", "The mail server's answer cannot be understood"),
        Text(
            "请核对服务器地址和端口（IMAP SSL 一般为 993）",
            "Check server and port (IMAP over TLS is usually 993)",
        ),
    ),
    "upload.kind": Said(
        Text("文件不是可读的 CSV 或 XLSX", "The file is not a readable CSV or XLSX"),
        Text(
            "请在表格软件中另存为 XLSX 或 CSV 后再上传",
            "Save it as XLSX or CSV in a spreadsheet and upload again",
        ),
    ),
    "upload.columns": Said(
        Text("没有指明哪一列是标题或正文", "No column is named as title or text"),
        Text("请在列对应中至少选定标题或正文", "Choose a column for the title or the text"),
    ),
    "settings.missing": Said(
        Text("信源设置不完整", "The source's settings are incomplete"),
        Text("请打开“修改”补全", 'Open "Edit" and complete them'),
    ),
    "secret.lost": Said(
        Text("保存的口令读不出来", "The stored password cannot be read"),
        Text(
            "多半是 SECRET_KEY 换过了，请重新填写口令",
            "SECRET_KEY has probably changed; enter the password again",
        ),
    ),
    "internal": Said(
        Text("采集程序自身出错", "The collector itself has a fault"),
        Text(
            "请把日志发给管理员；其他信源不受影响", "Send the log to the administrator; other sources go on"
        ),
    ),
}


class Trouble(Exception):
    """A failure that is shown on the source's page. `code` is a key of WHAT; `detail` carries no secret."""

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
