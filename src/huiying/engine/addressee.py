"""To whom a message on a leaders' message board is addressed: the office that is meant, never the person's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from huiying.engine.text import Text

#: Offices that are written to, whatever the plan names.
USUAL = ("书记", "省长", "市长", "县长", "区长", "州长", "镇长", "乡长", "厅长", "局长", "校长", "主任")
#: Before 书记 these make somebody else than the leader of a place: a village's or a branch's secretary.
_OTHER = r"(?<!支部)(?<!村)(?<!总支)(?<!支)"
#: How far into a text a salutation or a request to somebody is looked for, in characters.
HEAD, REACH = 40, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Whom a message is for, and how that is known."""

    office: str  # 市委书记, 市长: without names
    why: Text
    said: bool  # the source itself says it


def _office(offices: Iterable[str]) -> str:
    words = sorted({*offices, *USUAL}, key=lambda word: (-len(word), word))
    alone = "|".join(re.escape(word) for word in words)
    return rf"(?P<office>(?:[省市县区州旗镇乡]委)?副?{_OTHER}(?:{alone}))"


def read(
    title: str, text: str, *, said: str = "", board: str = "", offices: Iterable[str] = ()
) -> Addressed | None:
    """Whom a message is for: what the source says, else a salutation, else the board's name, else whom it asks; None where nothing tells.

    `said` is a field of the source, `board` the name of the site; `offices` are words of the plan's routes.
    """
    office = _office(offices)
    if said.strip():
        found = re.search(office, said)
        name = found.group("office") if found else said.strip()[:40]
        return Addressed(office=name, why=Text("来源写明了留言对象", "The source names it"), said=True)
    return (
        _in(rf"^\W*(?:尊敬的|敬爱的|您好|你好)?[^\s，,。！!？?：:]{{0,10}}?{office}[^，,。！!？?：:]{{0,3}}(?:您好|你好|[：:，,！!])",
            (text[:HEAD], title[:HEAD]), Text("开头的称呼", "The salutation"))
        or _in(office, (board,), Text("留言板的名称", "The name of the board"))
        or _in(rf"(?:写?给|致|求助|恳请|请求|请|呼吁|向)[^，,。！!？?\s]{{0,8}}?{office}",
               (title, text[:REACH]), Text("文中向谁提出", "Whom it asks"))
    )  # fmt: skip


def _in(pattern: str, places: Iterable[str], why: Text) -> Addressed | None:
    for place in places:
        found = re.search(pattern, place)
        if found:
            return Addressed(office=found.group("office"), why=why, said=False)
    return None
