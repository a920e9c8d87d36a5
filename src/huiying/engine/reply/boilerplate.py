"""Does the text say anything? Acts, who is in charge, places, dates, rules: counted after the courtesies are taken off."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiying.engine.findings import Finding
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText, Earlier
from huiying.engine.reply.spans import Span, grams, sentences, share
from huiying.engine.text import Text

#: Sentences of courtesy only: greeting, receipt, thanks, closing.
_COURTESY = re.compile(
    r"^(?:尊敬的)?[^，。]{0,20}(?:您好|你好)[！，。]?$|收悉|已获悉|(?:现|特此|特)(?:将[^。]{0,20})?(?:回复|答复)(?:如下)?|(?:再次)?感谢(?:您|你|网友|市民)?|"
    r"祝(?:您|你)|谢谢|特此(?:回复|答复)|欢迎(?:您)?(?:继续)?(?:监督|关注|批评)|此复|专此|敬请(?:谅解|理解|关注|期待)|请(?:予)?谅解|^[\u4e00-\u9fffA-Z0-9（）()·]{0,40}\s*\d{4}年\d{1,2}月\d{1,2}日$|^网友|^尊敬的"
)
_ACT = re.compile(
    r"核实到|经核|经查|经调查|据查|勘查|走访|约谈|立案|处罚|罚款|拆除|清理|清运|清扫|维修|更换|安装|修复|改造|检测|下达|下发|责令|停业|停工|补发|补交|"
    r"退还|退款|支付|召开|制定|出台|公示|移交|开通|增设|增加|调整|暂停|恢复|抽检|检查|拘留|调解|协商|注销|吊销|登记|审批|批复|招标|施工|"
    r"征收|拨付|发放|减免|补贴|安置|规划|设计|完成|整治|取缔|劝导|巡查|值守|封闭|封停|消毒|培训|编制|列入|纳入|启动|办结|解释|已换|(?:换|修|装|拆|清|补|退|查|治)(?:好|完|上|掉|除|走|清|毕|通)"
)
_OWNER = re.compile(
    r"(?:责任人|负责人|牵头|联系人|承办人|主任|局长|处长|科长|校长|书记|队长|老师|工程师)|"
    r"[\u4e00-\u9fff]{1,8}(?:局|处|科|办公室|管委会|街道办?|镇政府|乡政府|村委会|居委会|社区|公司|派出所|大队|支队|中队|中心|学校|医院|后勤|集团|法院|站|所|委员会|物业|院)"
)
_NAMELESS = re.compile(r"(?:相关|有关)(?:部门|单位|职能部门|人员|科室)")
_PLACE = re.compile(
    r"[\u4e00-\u9fff0-9]{1,8}(?:路|街|巷|桥|小区|栋|幢|楼|村|组|校区|宿舍|食堂|广场|车站|大道|工地|园|河|湖|隧道|窗口|大厅)"
)
_WHEN = re.compile(
    r"\d{4}年|\d{1,2}月\d{0,2}|\d{1,2}日|工作日|小时|\d{1,2}[:：时点]|今年|明年|去年|上午|下午|当天|当日|目前|年底|月底"
)
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s*(?:元|万|亿|米|公里|平方|人|户|栋|台|套|个|次|秒|%|吨|亩|条|件|家|年|岁|层|间|辆|份|名|℃|分贝)"
)
_RULE = re.compile(r"《[^》]{2,}》|第[一二三四五六七八九十百\d]+条|文件|规定|政策|标准|条件|办法")
_CONTACT = re.compile(r"电话|热线|\d{3,4}[-—]\d{3,}|联系方式|地址|网址|网站|公众号|窗口")
_EXPLAINS = re.compile(
    r"因为|由于|因此|所以|属于|不属于|需要|可以|不能|无法|应当|须|必须|符合|不符合|按照|根据|依据|建议"
)
_PASSED_ON = re.compile(
    r"(?:转|交|转交|转至|移交|交由|交办|转给|批转|转达|反馈给)[^。]{0,25}(?:处理|办理|办复|核处|核查|调查|研究|落实|回复|答复|核实|查处|参考|部门|单位)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """What a text holds once the courtesies are taken off."""

    acts: int
    owner: bool
    place: bool
    when: bool
    figure: bool
    rule: bool
    contact: bool
    explains: bool
    passed_on: bool
    length: int  # characters of the sentences that say something

    @property
    def kinds(self) -> int:
        """How many kinds of substance there are."""
        return sum(
            (
                self.acts > 0,
                self.owner,
                self.place,
                self.when,
                self.figure,
                self.rule,
                self.contact,
                self.explains,
            )
        )

    @property
    def empty(self) -> bool:
        """True when the text says nothing, or only that somebody else was told."""
        if self.length == 0:
            return True
        firm = self.figure or self.rule or self.contact or self.explains
        if self.passed_on and self.acts <= 1 and not firm:
            return self.length < 90
        return not firm and self.kinds <= 1 and self.length < 120


def body(text: str) -> list[Span]:
    """The sentences that are more than courtesy."""
    return [one for one in _after_heads(text) if not _courtesy(one.text)]


def _after_heads(text: str) -> Iterator[Span]:
    """Sentences, those that begin with "现回复如下：" cut behind it."""
    for sentence in sentences(text):
        cut = sentence.text.find("如下：") + 3
        if 3 <= cut < len(sentence.text):
            yield Span(sentence.start, sentence.start + cut, sentence.text[:cut])
            yield Span(sentence.start + cut, sentence.end, sentence.text[cut:])
        else:
            yield sentence


def _courtesy(sentence: str) -> bool:
    bare = re.sub(r"[\s，。！；：,.!;:“”\"]", "", sentence)
    match = _COURTESY.search(sentence.strip("。！!；; "))
    dated = re.search(r"\d{1,2}月\d{1,2}日[^年]{6,}", sentence)
    return bool(match) and len(bare) <= 45 and not dated and not _PASSED_ON.search(sentence)


def substance(text: str) -> Substance:
    """What `text` holds, sentence by sentence."""
    says = "".join(one.text for one in body(text))
    named = _NAMELESS.sub("", says)
    return Substance(
        acts=len(_ACT.findall(says)),
        owner=bool(_OWNER.search(named)),
        place=bool(_PLACE.search(says)),
        when=bool(_WHEN.search(says)),
        figure=bool(_FIGURE.search(says)),
        rule=bool(_RULE.search(says)),
        contact=bool(_CONTACT.search(says)),
        explains=bool(_EXPLAINS.search(says)),
        passed_on=bool(_PASSED_ON.search(says)),
        length=len(says),
    )


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Empty answers, answers that were given to something else before, and what a full one still lacks."""
    if not draft.text.strip():
        return
    held = substance(draft.text)
    if held.empty:
        yield finding(
            "empty-words",
            "warning",
            Text(
                "通篇没有具体内容：谁、做了什么、在哪里、什么时候", "Nothing concrete: who, what, where, when"
            ),
            mend=Text(
                "写出做了哪一件事、谁负责、结果或下一步的日期。",
                "Say what was done, who is in charge, and the result or the day of the next step.",
            ),
        )
    else:
        yield from _lacks(held)
    yield from _same(draft, context.earlier)


def _lacks(held: Substance) -> Iterator[Finding]:
    if not held.acts and not held.rule and not held.explains:
        yield finding(
            "no-act",
            "hint",
            Text("没有写做了什么", "It does not say what was done"),
            mend=Text("写出已做的或要做的一件事。", "Name one thing that was done or will be."),
        )
    if not held.owner and not held.contact:
        yield finding(
            "no-owner",
            "hint",
            Text("没有写谁负责、找谁问", "It does not say who is in charge"),
            mend=Text("写出承办单位和电话。", "Name who handles it, and a telephone."),
        )
    if not held.when and not held.rule:
        yield finding(
            "no-when",
            "hint",
            Text("没有写时间", "It gives no time"),
            mend=Text("写出哪一天做的，哪一天有结果。", "Say on which day it was done or will be settled."),
        )


def _same(draft: DraftText, earlier: Sequence[Earlier]) -> Iterator[Finding]:
    said = grams("".join(one.text for one in body(draft.text)), 4)
    if len(said) < 30:
        return
    for other in earlier:
        if other.same_matter:
            continue
        before = grams("".join(one.text for one in body(other.text)), 4)
        if share(said, before) >= 0.8:
            yield finding(
                "same-as-before",
                "warning",
                Text(
                    f"与另一件事的答复几乎相同（{other.ref}）",
                    f"Nearly the answer to another matter ({other.ref})",
                ),
                mend=Text("按这一件的事实重写。", "Write it from the facts of this matter."),
            )
            return
