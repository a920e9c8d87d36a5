"""What can go wrong while collecting, besides what can go wrong on any network."""

from huiying.desk.net.trouble import WHAT, Said, Trouble
from huiying.engine.text import Text

__all__ = ["WHAT", "Said", "Trouble"]

_COLLECTING: dict[str, Said] = {
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
WHAT.update(_COLLECTING)
