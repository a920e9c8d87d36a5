"""What a watch may not listen for: a private person. A watch is on a matter, and says which."""

import re
from collections.abc import Callable
from functools import lru_cache

import rjieba

from huiying.engine.listen.query import All, Any, Near, Not, Query, Term, terms_of
from huiying.engine.text import Text

#: Marks of one person, whatever else stands in the query.
_MARKS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (re.compile(r"^[1-9]\d{16}[\dxX]$"), Text("身份证号", "an identity number")),
    (re.compile(r"^(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$"), Text("手机号", "a phone number")),
    (re.compile(r"^\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?$"), Text("银行卡号", "a bank card number")),
    (re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), Text("邮箱地址", "a mail address")),
    (re.compile(r"^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·. ]?[a-z0-9]{5,6}$", re.I),
     Text("车牌号", "a number plate")),
)  # fmt: skip
_ACCOUNT = re.compile(r"^(?:@|/?u/)\S+$|^(?:微信|微博|抖音|qq)号?[:：]?\s*[\w-]{5,}$", re.I)
REFUSED = Text(
    "监测的对象是事情，不是个人：“{term}”是{what}。请写要关注的事情，例如“食堂 异味”。",
    "A watch is on a matter, not on a person: “{term}” is {what}. Write the matter, for example “食堂 异味”.",
)
ALONE = Text(
    "只凭“{term}”这个账号或人名就会命中。请加上事情的词（用空格隔开），例如“{term} 停水通知”。",
    "“{term}”, an account or a person's name, would match alone. Add words of the matter, such as “{term} 停水通知”.",
)


def _say(text: Text, term: str, what: Text | None = None) -> Text:
    return Text(
        text.zh.format(term=term, what=what.zh if what else ""),
        text.en.format(term=term, what=what.en if what else ""),
    )


def refusal(query: Query) -> Text | None:
    """Why this query may not be a watch: it carries the mark of a person. None for one that may."""
    for term in terms_of(query):
        for pattern, what in _MARKS:
            if pattern.match(term.text):
                return _say(REFUSED, term.text, what)
    return _enough(query, _is_account)


def doubt(query: Query) -> Text | None:
    """Why a person has to confirm that this query is on a matter: what looks like a name would match alone."""
    return _enough(query, _is_name)


def _enough(query: Query, personal: Callable[[Term], bool]) -> Text | None:
    """The refusal when personal terms are enough for the query to match."""
    terms = [term for term in terms_of(query) if personal(term)]
    return _say(ALONE, terms[0].text) if terms and _matches(query, set(terms)) else None


def _matches(query: Query, there: set[Term]) -> bool:
    """Whether a text that holds exactly the terms `there` answers to the query."""
    match query:
        case Term():
            return query in there
        case Near(left, right):
            return any(a in there for a in left) and any(b in there for b in right)
        case All(parts):
            return all(_matches(part, there) for part in parts)
        case Any(parts):
            return any(_matches(part, there) for part in parts)
        case Not(part):
            return not _matches(part, there)


def _is_account(term: Term) -> bool:
    return bool(_ACCOUNT.match(term.text))


@lru_cache(maxsize=4096)
def _is_name(term: Term) -> bool:
    """Whether a word reads as a person's name: two to four characters that word segmentation takes for one."""
    if not 2 <= len(term.text) <= 4:
        return False
    tagged = rjieba.tag(term.text)
    return len(tagged) == 1 and tagged[0][1] in {"nr", "nrfg", "nrt"}
