"""What may be asked of others about somebody's content: one untrue claim put right, or one ground of four referred.

Criticism, opinion and complaint can be neither corrected nor referred. The check refuses; two people then judge.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from huiying.engine.findings import Finding, Place
from huiying.engine.reply import personal
from huiying.engine.reply.spans import sentences
from huiying.engine.text import Text

GROUNDS = ("safety", "fraud", "impersonation", "personal")
_OPINION = re.compile(
    r"我?(?:觉得|认为|感觉|估计|希望|建议|呼吁|要求|质疑|怀疑)|太(?:差|烂|慢|黑|贵|难)|不作为|乱作为|懒政|推诿|踢皮球|失望|寒心|气愤|垃圾|差劲|恶劣|不负责|态度|无能|"
    r"形象工程|面子工程|官僚|糊弄|敷衍|不满意|不公平|不合理|坑人|黑心|没良心|无良|吃相|难看|离谱|荒唐|可笑|丢人|辣鸡|呵呵"
)
_QUESTION = re.compile(r"[？?]|吗[。，！]?$|是不是|为什么|为何|难道|怎么")
#: What makes a sentence a claim of fact: a number, a day, a named act or state that evidence can show or refute.
_CHECKABLE = re.compile(
    r"\d|[一二三四五六七八九十百千万]+[人名位户栋台辆次起元天年月日个所家]|死|伤|亡|中毒|爆炸|起火|坍塌|打人|殴打|收费|罚款|收取|停课|停水|停电|停运|封校|封路|拆除|"
    r"使用了|购买了|采购|检出|超标|过期|霉变|隐瞒|开除|辞退|拒绝|没有.{1,12}|不是.{1,12}|已经|发布|通知|规定|批准|来自|位于|由.{1,14}(?:承建|供应|负责)"
)
_PROFILE = re.compile(r"^/(?:u|user|users|people|profile|space|member|author|@[^/]+)(?:/[^/]+)?/?$", re.I)
_PROFILE_HOST = re.compile(r"^(?:space|i|home|user)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A correction asked for, or a referral, before two people have judged it."""

    kind: str  # correction, referral
    ground: str  # untrue for corrections; one of GROUNDS for referrals
    address: str  # of the content, not of its author
    claim: str  # the words in question as they stand there
    fact: str  # what was found
    evidence: Sequence[str]
    verified: str = ""  # the case's verification: true, partly, untrue, unclear, or none yet


def check(request: Request) -> list[Finding]:
    """Why the request cannot be made; an empty list where nothing stands against it."""
    return [*_ground(request), *_address(request), *_claim(request), *_evidence(request), *_dossier(request)]


def _refusal(field: str, code: str, message: Text, mend: Text | None = None) -> Finding:
    return Finding(
        code=f"referral.{code}", level="error", message=message, place=Place(path=field), mend=mend
    )


def _ground(request: Request) -> Iterator[Finding]:
    wanted = ("untrue",) if request.kind == "correction" else GROUNDS
    if request.ground not in wanted:
        yield _refusal(
            "ground",
            "ground",
            Text(
                "请选一个理由；批评、意见、投诉不能请求更正，也不能移送",
                "Name one ground; criticism, opinion and complaint are none",
            ),
        )
    if request.kind == "correction" and request.verified not in ("untrue", "partly"):
        yield _refusal(
            "ground",
            "unverified",
            Text(
                "这一件还没有“不实”或“部分属实”的核实结论",
                "The case has no finding of untrue or partly true yet",
            ),
            Text("先在舆情件里核实，并附证据。", "Verify first, with evidence."),
        )


def _address(request: Request) -> Iterator[Finding]:
    parts = urlsplit(request.address.strip())
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "." not in parts.hostname
        or _private(parts.hostname)
    ):
        yield _refusal(
            "address", "address", Text("要填该内容公开可见的网址", "Give the public address of the content")
        )
    elif _is_profile(parts.hostname, parts.path, parts.query):
        yield _refusal(
            "address",
            "profile",
            Text(
                "这是个人主页或整个网站；只能针对一条内容",
                "This is a person's page or a whole site; name one piece of content",
            ),
        )


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost"))


def _is_profile(host: str, path: str, query: str) -> bool:
    if path in ("", "/") and not query:
        return True
    person = _PROFILE.match(path) or (_PROFILE_HOST.match(host) and path.count("/") <= 1)
    return bool(person) and not query


def _claim(request: Request) -> Iterator[Finding]:
    claim = request.claim.strip()
    if not claim:
        yield _refusal("claim", "no-claim", Text("请摘录该内容的原话", "Quote the words in question"))
        return
    if len(sentences(claim)) > 2:
        yield _refusal(
            "claim", "many", Text("一份只针对一处；另一处另提一份", "One request concerns one claim")
        )
    if request.kind != "correction":
        return
    if _OPINION.search(claim) or _QUESTION.search(claim):
        yield _refusal(
            "claim",
            "opinion",
            Text(
                "这是评价、意见或提问，不是可核实的事实；请公开回应，不能请求更正",
                "This is an opinion or a question, not a claim of fact: answer it in public",
            ),
        )
    elif not _CHECKABLE.search(claim):
        yield _refusal(
            "claim",
            "uncheckable",
            Text(
                "看不出其中哪一点可以核实（数字、时间、地点、做了什么）",
                "Nothing in it can be checked: no number, day, place or act",
            ),
        )


def _evidence(request: Request) -> Iterator[Finding]:
    if len(request.fact.strip()) < 10:
        yield _refusal("fact", "no-fact", Text("请写明核实到的事实", "Say what was found"))
    if not any(len(item.strip()) >= 4 for item in request.evidence):
        yield _refusal(
            "evidence", "no-evidence", Text("请列出证据，一行一项", "List the evidence, one item a line")
        )


def _dossier(request: Request) -> Iterator[Finding]:
    """The content is the matter, never its author: no personal data in what is sent."""
    for field, text in (("fact", request.fact), ("evidence", "\n".join(request.evidence))):
        if personal.exposes(text):
            yield _refusal(
                field,
                "personal",
                Text(
                    "不要写作者的姓名、电话、证件号；只谈这条内容",
                    "No names, numbers or papers of the author: keep to the content",
                ),
            )
