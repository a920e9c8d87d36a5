"""The kinds of source there are, in the words in which a person chooses one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.api.fetch import fetch as fetch_api
from huiying.desk.collect.sources.api.form import Form as ApiForm
from huiying.desk.collect.sources.base import Harvest, Visit
from huiying.desk.collect.sources.feed.fetch import fetch as fetch_feed
from huiying.desk.collect.sources.feed.form import Form as FeedForm
from huiying.desk.collect.sources.forms import KindForm
from huiying.desk.collect.sources.inbound.form import Form as InboundForm
from huiying.desk.collect.sources.mailbox.fetch import fetch as fetch_mailbox
from huiying.desk.collect.sources.mailbox.form import Form as MailboxForm
from huiying.desk.collect.sources.newsnow.fetch import fetch as fetch_newsnow
from huiying.desk.collect.sources.newsnow.form import Form as NewsnowForm
from huiying.desk.collect.sources.page.fetch import fetch as fetch_page
from huiying.desk.collect.sources.page.form import Form as PageForm
from huiying.desk.collect.sources.rsshub.fetch import fetch as fetch_rsshub
from huiying.desk.collect.sources.rsshub.form import Form as RsshubForm
from huiying.desk.collect.sources.upload.form import Form as UploadForm

HAND = "hand"  # what people enter: one source, made by the desk itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of source."""

    name: str
    label: str | Promise
    what: str | Promise  # when to choose it
    example: str
    icon: str
    form: type[KindForm] = KindForm
    fetch: Callable[[Visit], Harvest] | None = None  # None: it is brought to us
    asks_known: bool = False  # whether its fetch asks which items are stored already

    @property
    def fetched(self) -> bool:
        """Whether the worker goes and reads it."""
        return self.fetch is not None


_ALL = (
    Kind(
        name="feed",
        label=_("订阅源"),
        what=_("网站提供 RSS、Atom 或 JSON Feed 地址时用它，最省事也最稳。"),
        example="https://www.example.cn/rss.xml",
        icon="source",
        form=FeedForm,
        fetch=fetch_feed,
    ),
    Kind(
        name="page",
        label=_("网页列表"),
        what=_("没有订阅的网站：读列表页，逐条打开，提取正文。"),
        example="https://bbs.example.cn/list/1.html",
        icon="globe",
        form=PageForm,
        fetch=fetch_page,
        asks_known=True,
    ),
    Kind(
        name="rsshub",
        label=_("RSSHub 路由"),
        what=_("由 RSSHub 为没有订阅的平台生成的订阅，留言板也在其中。"),
        example="https://rsshub.example.cn · /people/liuyan/539",
        icon="merge",
        form=RsshubForm,
        fetch=fetch_rsshub,
    ),
    Kind(
        name="newsnow",
        label=_("newsnow 热榜"),
        what=_("各平台的热榜，连同名次一起读进来。"),
        example="https://newsnow.example.cn · weibo",
        icon="up",
        form=NewsnowForm,
        fetch=fetch_newsnow,
    ),
    Kind(
        name="api",
        label=_("JSON 接口"),
        what=_("别的系统有接口时，按字段对应读取。"),
        example="https://hotline.example.cn/api/orders · data.list",
        icon="link",
        form=ApiForm,
        fetch=fetch_api,
    ),
    Kind(
        name="mailbox",
        label=_("邮箱"),
        what=_("意见信箱、转办邮箱：只读收信，不改不删。"),
        example="imap.example.cn · INBOX",
        icon="mention",
        form=MailboxForm,
        fetch=fetch_mailbox,
    ),
    Kind(
        name="upload",
        label=_("文件上传"),
        what=_("热线、留言板导出的 CSV 或 XLSX，先看清再读入。"),
        example="2026-11-24-留言.xlsx",
        icon="upload",
        form=UploadForm,
    ),
    Kind(
        name="inbound",
        label=_("推送接口"),
        what=_("别的系统主动把帖文推来，每次都带签名。"),
        example="POST /sources/inbound/7/",
        icon="key",
        form=InboundForm,
    ),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
_HAND = Kind(name=HAND, label=_("人工录入"), what=_("信息员上报、来电、上级转交。"), example="", icon="phone")
SCHEDULED = tuple(kind.name for kind in _ALL if kind.fetch is not None)


def kind_of(name: str) -> Kind:
    """The kind of a source, the desk's own included. Raises KeyError for a name that is none."""
    return _HAND if name == HAND else KINDS[name]
