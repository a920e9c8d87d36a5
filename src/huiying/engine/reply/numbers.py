"""Numbers as people write them: 3, 三, 两, 1,200, 1.5万, 十五, 半."""

import re
from dataclasses import dataclass
from decimal import Decimal

from huiying.engine.reply.spans import Span

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
#: A number in Arabic or Chinese digits.
NUMBER = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[〇零一二三四五六七八九十百千两]+)"
_FULL = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")

#: Units that mean the same, by their plain form.
UNITS: dict[str, str] = {
    "人次": "人次",
    "人": "人",
    "名": "人",
    "位": "人",
    "户": "户",
    "栋": "栋",
    "幢": "栋",
    "座": "座",
    "间": "间",
    "套": "套",
    "只": "只",
    "头": "头",
    "羽": "羽",
    "km": "公里",
    "倍": "倍",
    "台": "台",
    "辆": "辆",
    "件": "件",
    "起": "起",
    "家": "家",
    "所": "所",
    "处": "处",
    "个": "个",
    "条": "条",
    "份": "份",
    "次": "次",
    "盏": "盏",
    "棵": "棵",
    "吨": "吨",
    "公斤": "公斤",
    "千克": "公斤",
    "公里": "公里",
    "千米": "公里",
    "米": "米",
    "亩": "亩",
    "平方米": "平方米",
    "㎡": "平方米",
    "平米": "平方米",
    "平方公里": "平方公里",
    "立方米": "立方米",
    "元": "元",
    "块钱": "元",
    "%": "%",
    "个百分点": "个百分点",
    "小时": "小时",
    "分钟": "分钟",
    "天": "天",
    "个月": "个月",
    "年": "年",
    "个工作日": "个工作日",
    "学生": "人",
    "层": "层",
    "级": "级",
    "岁": "岁",
    "度": "度",
}
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<number>{NUMBER})(?P<myriad>[万亿]?)余?多?(?P<unit>{_UNIT})|百分之(?P<share>{NUMBER})"
)
#: Characters after which a number is no count: the third building, number 3, year, month.
_ORDINAL = re.compile(r"第$|[〔\[（(]\d{4}[〕\]）)]$")
#: After which 年 is no length of time: a class of pupils, a budget, a decade; a date goes on.
_NO_YEARS = re.compile(r"级|度|代|底|初|末|\s*[\d一二三四五六七八九十]{1,3}月")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A counted thing with its place."""

    span: Span
    value: Decimal
    unit: str  # in its plain form


def plain(text: str) -> str:
    """The text with full-width digits made narrow; every character keeps its place."""
    return text.translate(_FULL)


def value_of(written: str) -> Decimal | None:
    """The number that `written` means; None when it means none."""
    bare = plain(written).replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return Decimal(bare)
    if bare == "半":
        return Decimal("0.5")
    return _chinese(bare)


def _chinese(written: str) -> Decimal | None:
    total, section, digit = 0, 0, 0
    if not written:
        return None
    if len(written) > 1 and all(char in _DIGITS for char in written):
        return Decimal("".join(str(_DIGITS[char]) for char in written))
    for char in written:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section, digit = section + (digit or 1) * _TENS[char], 0
        elif char in _MYRIADS:
            total, section, digit = total + (section + digit) * _MYRIADS[char], 0, 0
        else:
            return None
    return Decimal(total + section + digit)


def quantities(text: str) -> list[Quantity]:
    """Every counted thing in `text`: people, houses, money, lengths, shares."""
    found = []
    narrow = plain(text)
    for match in _QUANTITY.finditer(narrow):
        if _ORDINAL.search(narrow[: match.start()]):
            continue
        one = _quantity(match, text)
        if one:
            found.append(one)
    return found


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    span = Span(match.start(), match.end(), text[match.start() : match.end()])
    if match["share"]:
        value = value_of(match["share"])
        return Quantity(span, value, "%") if value is not None else None
    value = value_of(match["number"])
    if value is None or (match["unit"] == "年" and (value >= 100 or _NO_YEARS.match(text, match.end()))):
        return None
    factor = _MYRIADS.get(match["myriad"], 1)
    return Quantity(span, value * factor, UNITS[match["unit"]])
