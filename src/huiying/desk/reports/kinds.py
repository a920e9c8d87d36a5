"""The kinds of papers: how each is laid out, of which sections it consists, and what it needs before it may go out.

Papers speak Chinese whoever writes them; only labels and helps on the screen are translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.cases.queries.sentences import MEANS_OF_LETTERS
from huiying.desk.reports.models import Kind

Words = str | Promise
#: How long a phone text may be: what one long text message carries (four parts of 67 characters).
PHONE_MOST = 268
#: The most characters in one section.
SECTION_MOST = 20_000


class Shape(StrEnum):
    """How a paper is laid out."""

    DOCUMENT = "document"  # an official document: red head, number, rule
    BULLETIN = "bulletin"  # an issue of a series: red name, issue, editor and date
    LETTER = "letter"  # to an equal: red head, double rules
    SLIP = "slip"  # a form in a frame
    PLAIN = "plain"  # text for the press


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a paper."""

    key: str
    heading: Words  # as it is printed, in Chinese
    help: Words = ""
    rows: int = 4
    printed: bool = True
    fixed: bool = False  # its words come from elsewhere and are not changed here
    must: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of paper."""

    kind: Kind
    shape: Shape
    word: str  # in its number: 九中舆快〔2026〕3号
    head: str  # what the head says; "" is the institution's name
    sections: tuple[Section, ...]
    title: str = ""  # pattern with {title}
    upward: bool = False  # it is a report in the sense of the plan
    sign: bool = False  # a leader signs before it may go out
    case: bool = True
    span: timedelta | None = None  # of a periodical
    source: str = ""  # what its fixed words rest on: draft, correction, referral, lines
    instruct: bool = False  # it has a place for a leader's instruction
    due: bool = False  # it names a date by which it is answered
    frame: bool = True  # head and foot of an official document
    numbered: bool = True  # sections are headed 一、二、三
    icon: str = "plan"

    @property
    def label(self) -> Words:
        """Its name on the screen."""
        return self.kind.label

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its sections."""
        return tuple(section.key for section in self.sections)


def _section(key: str, heading: Words, help: Words = "", rows: int = 4, must: bool = False) -> Section:
    return Section(key=key, heading=heading, help=help, rows=rows, must=must)


_PHONE = Section(
    key="phone",
    heading=_("电话（短信）稿"),
    help=_("一条长短信的篇幅：谁、何时何地、何事、现状、在做什么。"),
    rows=4,
    printed=False,
)
_WHAT = _section(
    "event", _("基本情况"), _("时间、地点、人、事。只写核实过的，没核实的写明“正在核实”。"), 5, True
)
_SPREAD = _section("spread", _("传播情况"), _("哪些站点、多少声音、走势。"), 4)
_DONE = _section("done", _("已采取的措施"), _("线下的处置和线上的回应都写。"), 4)
_NEXT = _section("next", _("下一步打算"), _("谁、在什么时限前、做什么。"), 3)
_PERIOD = (
    _section("overview", _("总体情况"), "", 5, True),
    _section("hot", _("热点话题"), "", 8),
    _section("cases", _("办理情况"), "", 6),
    _section("outlook", _("研判与提示"), _("后面可能怎样，要提前做什么。"), 3),
)
_FIXED_LETTER = (
    Section(key="matter", heading=_("事由"), rows=4, fixed=True),
    Section(key="claim", heading=_("所涉内容及地址"), rows=4, fixed=True),
    Section(key="fact", heading=_("核实的事实"), rows=4, fixed=True),
    Section(key="evidence", heading=_("证据"), rows=4, fixed=True),
    _section("request", _("请求事项"), _("只就这一处提出请求。"), 3, True),
)


def _period(kind: Kind, word: str, head: str, span: timedelta) -> Form:
    return Form(
        kind=kind,
        shape=Shape.BULLETIN,
        word=word,
        head=head,
        sections=_PERIOD,
        case=False,
        span=span,
        instruct=False,
        icon="calendar",
    )


FORMS: Mapping[str, Form] = {
    form.kind.value: form
    for form in (
        Form(
            kind=Kind.FLASH,
            shape=Shape.BULLETIN,
            word="舆快",
            head="网上舆情快报",
            title="关于{title}的快报",
            upward=True,
            sections=(_PHONE, _WHAT, _SPREAD, _DONE, _NEXT),
            instruct=True,
            icon="up",
        ),
        Form(
            kind=Kind.BRIEF,
            shape=Shape.BULLETIN,
            word="舆专",
            head="网上舆情",
            title="关于{title}的舆情专报",
            upward=True,
            instruct=True,
            sections=(
                _section("event", _("舆情概况"), _WHAT.help, 5, True),
                _SPREAD,
                _section("assess", _("分析研判"), _("性质、走势、风险，依据是什么。"), 4),
                _DONE,
                _section("advice", _("工作建议"), _("请领导定的事，一条一条写。"), 3),
            ),
            icon="reports",
        ),
        _period(Kind.DAILY, "舆日", "网上舆情日报", timedelta(days=1)),
        _period(Kind.WEEKLY, "舆周", "网上舆情周报", timedelta(days=7)),
        _period(Kind.MONTHLY, "舆月", "网上舆情月报", timedelta(days=30)),
        Form(
            kind=Kind.HANDLING,
            shape=Shape.DOCUMENT,
            word="舆报",
            head="",
            title="关于{title}办理情况的报告",
            upward=True,
            instruct=True,
            sections=(
                _section("event", _("事项由来"), "", 4, True),
                _section("verify", _("核实情况"), "", 4),
                _section("done", _("办理情况"), "", 5, True),
                _section("reply", _("答复与反馈"), "", 4),
                _section("problems", _("发现的问题"), _("这一件暴露出什么。"), 3),
                _NEXT,
            ),
            icon="reports",
        ),
        Form(
            kind=Kind.TRANSFER,
            shape=Shape.SLIP,
            word="舆转",
            head="网上舆情转办单",
            title="{title}",
            sections=(
                _section("origin", _("来源"), "", 2),
                _section("event", _("内容摘要"), "", 6, True),
                _section("opinion", _("拟办意见"), _("请谁牵头、谁配合，办到什么程度。"), 4, True),
                _section("request", _("办理要求"), "", 4),
            ),
            numbered=False,
            instruct=True,
            due=True,
            icon="right",
        ),
        Form(
            kind=Kind.SUPERVISION,
            shape=Shape.SLIP,
            word="舆督",
            head="网上舆情督办单",
            title="{title}",
            sign=True,
            sections=(
                _section("event", _("督办事项"), "", 5, True),
                _section("reason", _("督办原因"), _("哪一项、应在何时、现在怎样。"), 4, True),
                _section("request", _("督办要求"), "", 4, True),
            ),
            numbered=False,
            due=True,
            icon="bell",
        ),
        Form(
            kind=Kind.COORDINATION,
            shape=Shape.LETTER,
            word="舆函",
            head="",
            title="关于商请协调处理{title}的函",
            sign=True,
            sections=(
                _section("event", _("事由"), "", 5, True),
                _DONE,
                _section("request", _("商请事项"), _("请对方做什么、希望何时回复。"), 4, True),
            ),
            due=True,
            icon="send",
        ),
        Form(
            kind=Kind.PLACEMENT,
            shape=Shape.SLIP,
            word="舆刊",
            head="向媒体提供情况说明申请单",
            title="{title}",
            sign=True,
            sections=(
                _section("media", _("提供媒体"), _("一行一家，写全称。批准后只能提供给这几家。"), 3, True),
                _section("reason", _("申请理由"), _("为什么要请媒体刊发，由谁联系。"), 3, True),
                Section(key="text", heading=_("刊发文稿"), rows=10, fixed=True, must=True),
            ),
            numbered=False,
            source="draft",
            icon="edit",
        ),
        Form(
            kind=Kind.STATEMENT,
            shape=Shape.PLAIN,
            word="舆发",
            head="",
            title="{title}",
            sections=(Section(key="text", heading="", rows=14, fixed=True, must=True),),
            numbered=False,
            source="draft",
            icon="globe",
        ),
        Form(
            kind=Kind.KIT,
            shape=Shape.DOCUMENT,
            word="舆备",
            head="",
            title="{title}新闻发布会材料",
            sections=(
                _section("arrangement", _("发布安排"), _("时间、地点、发布人、邀请的媒体、主持。"), 3),
                Section(key="facts", heading=_("事实与口径"), rows=6, fixed=True, must=True),
                _section(
                    "questions", _("预计提问与答问"), _("一问一答：“问：”起一行，“答：”起一行。"), 12, True
                ),
                Section(key="not_yet", heading=_("暂不对外的内容"), rows=3, fixed=True),
            ),
            source="lines",
            icon="people",
        ),
        Form(
            kind=Kind.MINUTES,
            shape=Shape.BULLETIN,
            word="舆纪",
            head="会商会议纪要",
            title="关于{title}的会议纪要",
            sections=(
                _section("meeting", _("会议情况"), _("何时、何地、谁主持，通报和讨论了什么。"), 6, True),
                _section("assess", _("研判意见"), _("性质、走势、风险，依据是什么。"), 3),
                _section("decisions", _("议定事项"), _("一事一条，写明责任部门和时限。"), 6, True),
                _section("plan", _("处置方案"), _("线下处置、口径与发布、监测与信息报送。"), 5),
                _section("roll", "", _("一行一类：出席、请假、列席。"), 3, True),
            ),
            icon="people",
        ),
        Form(
            kind=Kind.CORRECTION,
            shape=Shape.LETTER,
            word="舆正",
            head="",
            title="关于请求更正一处不实信息的函",
            sign=True,
            sections=_FIXED_LETTER,
            source="correction",
            icon="edit",
        ),
        Form(
            kind=Kind.REFERRAL,
            shape=Shape.LETTER,
            word="舆移",
            head="",
            title="关于移送一条网络信息的函",
            sign=True,
            sections=_FIXED_LETTER,
            source="referral",
            icon="flag",
        ),
        Form(
            kind=Kind.REVIEW,
            shape=Shape.DOCUMENT,
            word="舆评",
            head="",
            title="关于{title}处置工作的复盘报告",
            instruct=True,
            sections=(
                _section("event", _("经过"), "", 6, True),
                _section("worked", _("做对的"), "", 3),
                _section("failed", _("没做好的"), "", 3),
                _section("lessons", _("经验与教训"), "", 4, True),
                _section("next", _("后续研判与建议"), "", 3),
            ),
            icon="library",
        ),
    )
}


#: Kinds in the papers' own language.
KIND_NAMES = {
    "flash": "快报",
    "brief": "专报《网上舆情》",
    "daily": "日报",
    "weekly": "周报",
    "monthly": "月报",
    "handling": "办理情况报告",
    "transfer": "转办单",
    "supervision": "督办单",
    "coordination": "协调函",
    "placement": "刊发申请",
    "statement": "新闻通稿",
    "kit": "发布会材料",
    "minutes": "会议纪要",
    "correction": "更正请求函",
    "referral": "移送函",
    "review": "复盘报告",
}


#: How a report or a slip goes out, and how a letter to another body does.
HOW: Mapping[str, Words] = {"paper": _("纸质"), "system": _("系统")}


def ways_out(form: Form) -> Mapping[str, Words]:
    """The ways in which a paper of this form may go out, by their key."""
    return MEANS_OF_LETTERS if form.shape is Shape.LETTER else HOW


def form_of(kind: str) -> Form:
    """The form of a kind. Raises KeyError for a word that is no kind."""
    return FORMS[kind]
