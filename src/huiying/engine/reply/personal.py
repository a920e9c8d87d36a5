"""Personal data in a text: what would expose a private person once it is published."""

import re
from collections.abc import Iterator
from datetime import date

from huiying.engine.findings import Finding, Severity
from huiying.engine.reply.found import finding
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.numbers import plain
from huiying.engine.reply.spans import Span
from huiying.engine.text import Text

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z.-])(?:\d[ -]?){15,18}\d(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z.-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_MAIL = re.compile(r"(?<![\w.])[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?(?=[A-Z0-9]*\d)[A-Z0-9]{5,6}(?![A-Z0-9])"
)
_HOME = re.compile(
    r"(?:\d+|[一二三四五六七八九十]+)(?:栋|幢|号楼|座)(?:[^，。；、]{0,4}?(?:\d+|[一二三四五六七八九十]+)单元)?[^，。；、]{0,3}?\d{3,4}(?:室|房|号房)"
)
_BORN = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?(?:出生|生(?=[，,。；]))|出生(?:日期|年月)?[为是：:]?\d{4}[年.-]\d{1,2}"
)
_OFFICE = re.compile(
    r"(?:热线|值班|服务|咨询|监督|举报|办公|客服|报修|受理|反映)[^，。；]{0,8}$|联系(?:电话|方式)[^，。；]{0,4}$|[科处局室站所办队班部厅心委会镇区]电话[^，。；]{0,4}$"
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
#: A private person named by role, followed by what makes it a name (a mark, a sex, a verb) and not "某".
_PRIVATE = re.compile(
    rf"(?:信访人|投诉人|举报人|反映人|来信人|患者|死者|伤者|家长|业主|当事人|受害人|嫌疑人|其子|其女|其父|其母|其妻子?|儿子|女儿|孙子|孙女|儿媳)[：:]?(?P<name>{_NAME})"
    r"(?=[，,、（(。；：]|男|女|系|为|于|因|在|家|一家|称|反映|住)"
)
_CHILD = re.compile(
    rf"(?:学生|同学|小学生|初中生|高中生|幼儿|孩子|男孩|女孩|男童|女童|儿童|婴儿|未成年人)[：:]?(?P<name>{_NAME})(?=[，,、（(。；：]|男|女|系|为|于|因|在|被|受|就|家|等|和|与)"
    rf"|(?P<name2>{_NAME})(?=同学|小朋友)"
)
_NOT_NAMES = re.compile(
    r"某|家长|代表|投诉|反映|方便|方面|方式|高度|高中|高考|任何|任课|周边|周围|周末|文件|文化|文明|常见|常年|于是|于今|万元|金额|江边|白天|石材|"
    r"余款|余额|何时|何种|程序|田地|陆续|毛病|武装|康复|史料|金融|龙头|林地|林业|马路|马上|白血|血病|方的|方要|方案|方未|方已|方不|方案|高速|常委|常务|易地|汤药|钱款|程度|钟内|段时|于本|"
    r"田间|方可|许可|许多|孔洞|白色|黄色|金属|曾向|曾在|曾多|曾于|曾经|曾因|曾被|常在|任职|张贴|安全|叶片|江水|何处|余名|余人|余户|石头|夏季|夏天|马某"
)


def identity_holds(number: str) -> bool:
    """True for an 18-character identity number whose region, birthday and check character are right (GB 11643)."""
    if not re.fullmatch(r"\d{17}[\dXx]", number) or number[:2] not in _PROVINCES:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def luhn_holds(number: str) -> bool:
    """True when the digits carry a right check digit (ISO/IEC 7812)."""
    digits = [int(char) for char in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def covered(text: str, head: int, tail: int) -> str:
    """`text` with everything but its first `head` and last `tail` characters starred."""
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def check(draft: DraftText, context: Context | None = None) -> Iterator[Finding]:
    """Everything that points to a private person, each with its cover."""
    text = plain(draft.text)
    taken: list[Span] = []
    for search in (_identities, _cards, _mobiles, _mails, _plates, _homes, _births, _people):
        for found, span in search(text):
            if not any(one.start < span.end and span.start < one.end for one in taken):
                taken.append(span)
                yield found


def exposes(text: str) -> bool:
    """True when `text` holds something that points to a private person and is no office's."""
    draft = DraftText(text=text)
    return any(one.level != "hint" for one in check(draft))


_Hits = Iterator[tuple[Finding, Span]]


def _hit(
    code: str, level: Severity, what: Text, span: Span, *, cover: str | None = None, mend: Text | None = None
) -> tuple[Finding, Span]:
    advice = mend or Text("公开前遮住或删去。", "Cover or remove it before publishing.")
    return finding(f"personal.{code}", level, what, at=span, mend=advice, replacement=cover), span


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(one.start(), one.end(), one.group()) for one in pattern.finditer(text))


def _identities(text: str) -> _Hits:
    for span in _spans(_IDENTITY, text):
        named = "身份证" in text[max(0, span.start - 8) : span.start]
        if identity_holds(span.text) or named:
            words = Text("身份证号", "An identity number")
            yield _hit("identity", "error", words, span, cover=covered(span.text, 3, 2))


def _cards(text: str) -> _Hits:
    for span in _spans(_CARD, text):
        digits = re.sub(r"\D", "", span.text)
        near = re.search(r"卡号|账号|帐号|账户|银行|开户", text[max(0, span.start - 20) : span.start])
        if 16 <= len(digits) <= 19 and luhn_holds(digits) and (near or digits.startswith("62")):
            words = Text("银行卡号", "A bank card number")
            yield _hit("card", "error", words, span, cover=covered(span.text, 4, 4))


def _mobiles(text: str) -> _Hits:
    for span in _spans(_MOBILE, text):
        office = _OFFICE.search(text[max(0, span.start - 16) : span.start])
        words = Text("手机号码", "A mobile number")
        if office:
            advice = Text(
                "确认是对外公布的办公号码，不是个人号码。", "Make sure that it is an office's number."
            )
            yield _hit("mobile", "hint", words, span, mend=advice)
        else:
            yield _hit("mobile", "error", words, span, cover=covered(span.text, 3, 4))


def _mails(text: str) -> _Hits:
    for span in _spans(_MAIL, text):
        words = Text("邮箱地址", "A mail address")
        advice = Text("确认是对外公布的办公邮箱。", "Make sure that it is an office's address.")
        yield _hit("mail", "hint", words, span, mend=advice)


def _plates(text: str) -> _Hits:
    for span in _spans(_PLATE, text):
        words = Text("车牌号", "A number plate")
        yield _hit("plate", "warning", words, span, cover=covered(span.text, 2, 1))


def _homes(text: str) -> _Hits:
    for span in _spans(_HOME, text):
        words = Text("具体到户的住址", "An address down to the door")
        advice = Text("写到小区或楼栋为止。", "Stop at the estate or the building.")
        yield _hit("address", "warning", words, span, mend=advice)


def _births(text: str) -> _Hits:
    for span in _spans(_BORN, text):
        yield _hit("birthday", "warning", Text("个人出生日期", "A person's birthday"), span)


def _people(text: str) -> _Hits:
    kinds: tuple[tuple[str, re.Pattern[str], Severity, Text], ...] = (
        ("minor", _CHILD, "error", Text("未成年人或学生的姓名", "The name of a minor or a pupil")),
        ("name", _PRIVATE, "warning", Text("私人的姓名", "A private person's name")),
    )
    for code, pattern, level, words in kinds:
        for match in pattern.finditer(text):
            group = next(key for key, value in match.groupdict().items() if value)
            name = match[group]
            if not _NOT_NAMES.search(name):
                span = Span(match.start(group), match.end(group), name)
                yield _hit(code, level, words, span, cover=name[0] + "某")
