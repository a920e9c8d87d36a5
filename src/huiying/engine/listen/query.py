"""Boolean queries over texts: what a watch listens for.

The text form, as typed in a search box:

    停水 小区                 both (a space, AND, 与, + or &)
    停水 OR 停电              either (OR, 或, |, a comma or 、)
    停水 NOT 通知             the first without the second (NOT, 非, - or ! before a word)
    "物业 收费"               exactly these characters, spaces and operators included (also “” 「」)
    物业 NEAR/8 涨价          at most 8 characters between them, in either order (also 近/8; NEAR alone is 10)
    (停水 OR 停电) A7县        parentheses group; full-width ones too

Tightest first: NEAR, NOT, AND, OR. Words are compared in one spelling (see `normalise`): width, case and script make
no difference. A Chinese word is found anywhere; a word that begins or ends in a Latin letter or digit must begin
or end there in the text too (`ai` is not in `said`), unless a star opens that side: `ai*`, `*ai*`.
"""

import re
from dataclasses import dataclass

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.listen.query_parts import (
    NEAR_DEFAULT,
    NEAR_MOST,
    All,
    Any,
    Form,
    Near,
    Not,
    Query,
    Term,
    all_of,
    any_of,
    compose,
    phrase,
    term,
    terms_of,
)
from huiying.engine.text import Text

__all__ = [
    "All", "Any", "Form", "Near", "Not", "Query", "Term",
    "all_of", "any_of", "compose", "parse", "phrase", "term", "terms_of", "unparse",
]  # fmt: skip

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<phrase>\*?(?:"[^"]*" | “[^”]*” | 「[^」]*」 | 『[^』]*』)\*?)
    | (?P<stray>["“”「」『』])
    | (?P<open>[(（]) | (?P<close>[)）])
    | (?P<or>\|\|?|｜|[,，、;；]) | (?P<and>[&＆]{1,2}|[+＋])
    | (?P<not>[-!！－](?=\S))
    | (?P<word>[^\s"“”「」『』()（）|｜,，、;；&＆]+)
    """,
    re.VERBOSE,
)
_NEAR = re.compile(r"(?:NEAR|near|近)(?:[/／](?P<n>\d{1,6}))?$")
_WORDS = {"AND": "and", "and": "and", "与": "and", "且": "and", "OR": "or", "or": "or", "或": "or",
          "NOT": "not", "not": "not", "非": "not"}  # fmt: skip
_PLAIN = re.compile(r"[^\s\"“”「」『』()（）|｜,，、;；&＆+＋*!！-][^\s\"“”「」『』()（）|｜,，、;；&＆*]*")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word, phrase, open, close, or, and, not, near, stray, end
    text: str
    start: int
    end: int
    number: int = 0


class _Fault(Exception):
    def __init__(self, code: str, token: _Token, said: Text, mend: Text) -> None:
        place = Place(start=token.start, end=token.end)
        self.finding = Finding(code=code, level="error", message=said, place=place, mend=mend)


def parse(text: str) -> tuple[Query | None, list[Finding]]:
    """The query that `text` writes, or None, with what was found: places are characters of `text`."""
    try:
        query = _Parser(_tokens(text)).whole()
    except _Fault as fault:
        return None, [fault.finding]
    except RecursionError:
        said = Text("括号嵌套太深", "The parentheses are nested too deep")
        return None, [_on_all("query.deep", "error", text, said)]
    if not _anchored(query):
        said = Text(
            "查询里没有一定要出现的词：几乎每条都会命中",
            "Nothing has to be present: almost every text would match",
        )
        return None, [_on_all("query.only-not", "error", text, said)]
    return query, _hints(query, text)


def _hints(query: Query, text: str) -> list[Finding]:
    short = [t.text for t in terms_of(query) if len(t.text) == 1]
    if not short:
        return []
    said = Text(
        f"只有一个字的词命中面很宽：{'、'.join(short)}",
        f"Words of one character match very widely: {', '.join(short)}",
    )
    return [_on_all("query.short-word", "hint", text, said)]


def unparse(query: Query) -> str:
    """The text form of a query; reading it again gives the same query."""
    return _write(query, 0)


def _on_all(code: str, level: Severity, text: str, said: Text) -> Finding:
    return Finding(code=code, level=level, message=said, place=Place(start=0, end=len(text)))


def _anchored(query: Query) -> bool:
    """Whether a text without any of the query's words can never match."""
    match query:
        case Term() | Near():
            return True
        case All(parts):
            return any(map(_anchored, parts))
        case Any(parts):
            return all(map(_anchored, parts))
        case Not():
            return False


def _tokens(text: str) -> list[_Token]:
    found = [t for m in _TOKEN.finditer(text) for t in _token(m)]
    return [*found, _Token("end", "", len(text), len(text))]


def _token(match: re.Match[str]) -> list[_Token]:
    kind = match.lastgroup or ""
    start, end = match.span()
    if kind == "space":
        return []
    if kind != "word":
        return [_Token(kind, match[0], start, end)]
    near = _NEAR.match(match[0])
    if near:
        return [_Token("near", match[0], start, end, int(near["n"] or NEAR_DEFAULT))]
    return [_Token(_WORDS.get(match[0], "word"), match[0], start, end)]


class _Parser:
    """Recursive descent, one method a tightness."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    def whole(self) -> Query:
        query = self._either()
        token = self._peek()
        if token.kind == "close":
            raise _Fault(
                "query.parenthesis",
                token,
                Text("多了一个右括号", "A closing parenthesis too many"),
                Text("删去它，或补上左括号", "Remove it, or add the opening one"),
            )
        if token.kind != "end":
            raise self._unexpected(token)
        return query

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Query:
        parts = [self._both()]
        while self._peek().kind == "or":
            self._take()
            parts.append(self._both())
        return any_of(parts) or parts[0]

    def _both(self) -> Query:
        parts = [self._refused()]
        while self._peek().kind in ("and", "word", "phrase", "open", "not", "stray"):
            if self._peek().kind == "and":
                self._take()
            parts.append(self._refused())
        return all_of(parts) or parts[0]

    def _refused(self) -> Query:
        if self._peek().kind != "not":
            return self._close_by()
        self._take()
        part = self._refused()
        return part.part if isinstance(part, Not) else Not(part)

    def _close_by(self) -> Query:
        left = self._single()
        while self._peek().kind == "near":
            token = self._take()
            right = self._single()
            left = Near(self._near_side(left, token), self._near_side(right, token), self._distance(token))
        return left

    def _near_side(self, side: Query, token: _Token) -> tuple[Term, ...]:
        parts = side.parts if isinstance(side, Any) else (side,)
        terms = tuple(p for p in parts if isinstance(p, Term))
        if len(terms) == len(parts):
            return terms
        raise _Fault(
            "query.near",
            token,
            Text(
                "NEAR 两边只能是词，或用“或”连起来的词",
                "Both sides of NEAR must be words, or words joined by OR",
            ),
            Text("例如：(物业 OR 开发商) NEAR/8 涨价", "For example: (物业 OR 开发商) NEAR/8 涨价"),
        )

    def _distance(self, token: _Token) -> int:
        if 0 <= token.number <= NEAR_MOST:
            return token.number
        raise _Fault(
            "query.near-far",
            token,
            Text(f"NEAR 的距离最多 {NEAR_MOST} 个字", f"NEAR reaches at most {NEAR_MOST} characters"),
            Text(
                "改小距离，或改用空格（两个词都要有）",
                "Choose a smaller distance, or a space (both anywhere)",
            ),
        )

    def _single(self) -> Query:
        token = self._take()
        if token.kind == "open":
            return self._group(token)
        if token.kind in ("word", "phrase"):
            found = term(token.text) if token.kind == "word" else _phrase(token.text)
            if found:
                return found
        if token.kind == "stray":
            raise _Fault(
                "query.quote",
                token,
                Text("引号没有配对", "A quotation mark has no partner"),
                Text("补上另一半引号，或删去它", "Add the other mark, or remove this one"),
            )
        raise self._unexpected(token)

    def _group(self, opening: _Token) -> Query:
        inner = self._either()
        if self._peek().kind != "close":
            raise _Fault(
                "query.parenthesis",
                opening,
                Text("左括号没有配对", "An opening parenthesis has no partner"),
                Text("补上右括号，或删去它", "Add the closing one, or remove it"),
            )
        self._take()
        return inner

    def _unexpected(self, token: _Token) -> _Fault:
        if token.kind == "end":
            return _Fault(
                "query.incomplete",
                token,
                Text("查询没有写完：这里还缺一个词", "The query is not finished: a word is missing here"),
                Text("补上要找的词", "Add the word to look for"),
            )
        return _Fault(
            "query.word-missing",
            token,
            Text(f"“{token.text}”前面缺一个词", f"A word is missing before “{token.text}”"),
            Text("补上词，或删去它", "Add a word, or remove it"),
        )


def _phrase(quoted: str) -> Term | None:
    bare = quoted.strip("*")[1:-1]
    return phrase(bare, open_left=quoted.startswith("*"), open_right=quoted.endswith("*"))


def _write(query: Query, tight: int) -> str:
    """`tight`: 0 inside OR, 1 inside AND, 2 after NOT."""
    match query:
        case Term():
            return _write_term(query)
        case Near(left, right, distance):
            text = f"{_write_side(left)} NEAR/{distance} {_write_side(right)}"
            return f"({text})" if tight >= 2 else text
        case Not(part):
            return f"NOT {_write(part, 2)}"
        case All(parts):
            text = " ".join(_write(p, 1) for p in parts)
            return f"({text})" if tight >= 2 else text
        case Any(parts):
            text = " OR ".join(_write(p, 0) for p in parts)
            return f"({text})" if tight >= 1 else text


def _write_side(terms: tuple[Term, ...]) -> str:
    text = " OR ".join(map(_write_term, terms))
    return f"({text})" if len(terms) > 1 else text


def _write_term(term: Term) -> str:
    text = term.text
    plain = _PLAIN.fullmatch(text) and not _NEAR.match(text) and text not in _WORDS
    body = text if plain else '"' + text.replace('"', "”") + '"'
    return f"{'*' if term.open_left else ''}{body}{'*' if term.open_right else ''}"
