"""A gazetteer such as a city office could have: places and things mined from what it was asked and answered before.

Source: titles, texts and replies of replies.tsv, a file by itself with neither groups nor departments. A name is what stands
behind a district (`A7县`, `A市A3区`) up to a word that names end with (小区, 学校, 大道, 镇 ...), three to ten characters, no
single word of the segmenter's dictionary, without words of talk. A name that ends in 小区, 社区, 楼盘 or 项目 is known
without that ending too. Nobody looked through the list: part of it is wrong, as lists are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import rjieba

from benchmarks.common import need, tsv
from huiying.engine.listen.gazetteer import Gazetteer, Known

#: Endings of names, and the kind that they tell.
ENDINGS = {
    "estate": "小区|花园|家园|花苑|嘉园|公寓|名邸|公馆|山庄|学府|楼盘|新城|国际城|苑|府|湾|庭|郡|园|城",
    "school": "学校|中学|小学|幼儿园|大学|学院",
    "road": "大道|路|街",
    "village": "村|社区|镇|乡|街道",
    "station": "地铁站|车站|收费站|号线",
    "unit": "医院|公司|酒店|商城|市场|大厦|广场",
    "project": "项目|工业园|安置区|安置房|公园|水库|桥",
}
_SHORT, _LONG = 3, 10
_DROPPED = ("小区", "社区", "楼盘", "项目")
_ALL = sorted((end for ends in ENDINGS.values() for end in ends.split("|")), key=len, reverse=True)
_NAME = re.compile(
    rf"(?P<districts>(?:[A-Z]\d{{0,2}}[市区县州])+)(?P<name>[一-龥A-Za-z0-9·]{{1,9}}?(?:{'|'.join(_ALL)}))"
)
DISTRICT = re.compile(r"A\d{1,2}[区县]")
_AGREED = 0.8  # share of the times that a place was named with one district
_TALK = re.compile(
    r"[的是在了我你他她有这那和与及或请求某该本全各哪]|反映|业主|关于|咨询|投诉|建议|举报|多个|什么|怎么|附近|旁边|所有"
    r"|新建|农村|城乡|公立|私立|民办|人民|政府"
)


@cache
def gazetteer() -> Gazetteer:
    """The places, in order of their names. Raises Absent."""
    names = {name for _districts, name in _named()}
    taken = set(names)
    places = []
    for name in sorted(names):
        end = next((e for e in _DROPPED if name.endswith(e)), "")
        short = name.removesuffix(end)
        aliases = (short,) if end and len(short) >= _SHORT and short not in taken else ()
        taken.update(aliases)
        places.append(Known(name=name, kind=kind_of(name), aliases=aliases))
    return Gazetteer(places=tuple(places))


@cache
def districts() -> dict[str, str]:
    """In which district of the city a place lies, where those who wrote agreed. Raises Absent."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for before, name in _named():
        said[name].update(DISTRICT.findall(before)[-1:])
    most = {name: counts.most_common(1)[0] for name, counts in said.items() if counts}
    return {name: where for name, (where, n) in most.items() if n >= _AGREED * said[name].total()}


def _named() -> Iterator[tuple[str, str]]:
    """Every naming of a place: the districts before it, and its name."""
    for text in _texts():
        for found in _NAME.finditer(text):
            if _is_name(found["name"]):
                yield found["districts"], found["name"]


def kind_of(name: str) -> str:
    """The kind that the longest ending tells."""
    end = next(end for end in _ALL if name.endswith(end))
    return next(kind for kind, ends in ENDINGS.items() if end in ends.split("|"))


def _is_name(word: str) -> bool:
    return _SHORT <= len(word) <= _LONG and not _TALK.search(word) and len(rjieba.cut(word, False)) > 1


def _texts() -> Iterator[str]:
    for row in tsv(need("replies", "replies.tsv")):
        yield from (row["title"], row["text"], row["reply"])
