"""Wrong characters: those that no correct text holds, from a small list, and those that are very likely written for
others; and marks that are doubled or left open."""

import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from huiying.engine.findings import Finding
from huiying.engine.reply.days import impossible_days
from huiying.engine.reply.found import finding
from huiying.engine.reply.miswritten import Correction, corrections
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.reader import shipped
from huiying.engine.reply.spans import Span, every, sentences
from huiying.engine.text import Text

_PAIRS = {"（": "）", "《": "》", "“": "”", "「": "」", "〔": "〕", "【": "】"}
_DOUBLED = re.compile(r"([，、；：])[，、；：。]+|(。)[。，、；：]+|(？)？+(?=\s|$|[^？])")
_TWICE = re.compile(
    r"((?<!目)的的|了了(?![解之])|(?<![不就正真])是是(?![否非])|(?<![现存实正所内])在在|和和(?![美气])|对对(?!方)|为为|将将(?!士)|已已|您您|们们|于于)"
)
_NARROW = re.compile(r"(?<=[\u4e00-\u9fff”》）])([,;?!])(?=[\u4e00-\u9fff“《（]|$)")
_WIDE = {",": "，", ";": "；", "?": "？", "!": "！"}


@dataclass(frozen=True, slots=True)
class Confusion:
    """A wrong form with its right one, and where it counts."""

    wrong: str
    right: str
    context: re.Pattern[str]  # matched at the place of the wrong form


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong form in a text."""

    span: Span
    right: str


def _behind(cell: str) -> str:
    words = [re.escape(word) for word in cell.split("|") if word]
    forbids = "".join(
        f"(?<!{word[len(re.escape('!')) :]})" for word in words if word.startswith(re.escape("!"))
    )
    wants = [f"(?<={word})" for word in words if not word.startswith(re.escape("!"))]
    return forbids + (f"(?:{'|'.join(wants)})" if wants else "")


def _ahead(cell: str) -> str:
    words = [word for word in cell.split("|") if word]
    forbids = "|".join(re.escape(word[1:]) for word in words if word.startswith("!"))
    wants = "|".join(re.escape(word) for word in words if not word.startswith("!"))
    return (f"(?!{forbids})" if forbids else "") + (f"(?={wants})" if wants else "")


def _confusion(line: str) -> Confusion:
    cells = [*line.split("\t"), "", "", ""]
    pattern = _behind(cells[2]) + re.escape(cells[0]) + _ahead(cells[3])
    return Confusion(cells[0], cells[1], re.compile(pattern))


@cache
def confusions() -> tuple[Confusion, ...]:
    """The shipped list, longest forms first."""
    data = pkgutil.get_data("huiying.engine.reply", "confusions.tsv") or b""
    lines = (line for line in data.decode().splitlines() if line and not line.startswith("#"))
    return tuple(sorted(map(_confusion, lines), key=lambda one: -len(one.wrong)))


def slips(text: str) -> list[Slip]:
    """Every wrong form of the list in `text`, in order, none overlapping another."""
    found: list[Slip] = []
    for one in confusions():
        for at in every(one.wrong, text):
            end = at + len(one.wrong)
            taken = any(at < slip.span.end and slip.span.start < end for slip in found)
            if not taken and one.context.match(text, at):
                found.append(Slip(Span(at, end, one.wrong), one.right))
    return sorted(found, key=lambda slip: slip.span.start)


def check(draft: DraftText, context: Context) -> Iterator[Finding]:
    """Wrong characters, words written twice, doubled or open marks, days that no calendar has."""
    certain = slips(draft.text)
    yield from map(_typo, certain)
    yield from (_likely(one) for one in _miswritten(draft.text, certain, context))
    yield from _repeats(draft.text)
    yield from _marks(draft.text)
    for span in impossible_days(draft.text):
        yield finding(
            "typo.day",
            "error",
            Text(f"日历上没有 {span.text}", f"No calendar has {span.text}"),
            at=span,
            mend=Text("核对日期。", "Check the date."),
        )


#: From this sure a correction is a warning; from the lower a hint.
_LOUD, _WORTH = 0.97, 0.9
#: What gains less than this is hardly ever so sure.
_GAINS = 1.5
#: Longer sentences are no sentences.
_LONGEST = 400


def _miswritten(text: str, certain: Sequence[Slip], context: Context) -> Iterator[Correction]:
    """What is likely miswritten. A form that is written so again, or stands so in the message, is meant."""
    reader = context.reader or shipped()
    for sentence in sentences(text):
        for one in corrections(sentence.text[:_LONGEST], reader, _WORTH, _GAINS):
            at = one.span.within(sentence.start)
            forms = (text[max(at.start - 1, 0) : at.end], text[at.start : at.end + 1])
            again = any(text.count(form) > 1 or form in context.message for form in forms)
            if not again and not any(
                slip.span.start < at.end and at.start < slip.span.end for slip in certain
            ):
                yield Correction(at, one.right, one.sure)


def _likely(one: Correction) -> Finding:
    return finding(
        "typo.likely",
        "warning" if one.sure >= _LOUD else "hint",
        Text(
            f"“{one.span.text}”可能是“{one.right}”之误",
            f"“{one.span.text}” may be miswritten for “{one.right}”",
        ),
        at=one.span,
        mend=Text(f"是，就改为“{one.right}”；是专名，不必改。", f"If so write “{one.right}”; a name stays."),
        replacement=one.right,
    )


def _typo(slip: Slip) -> Finding:
    return finding(
        "typo.word",
        "warning",
        Text(f"“{slip.span.text}”应为“{slip.right}”", f"“{slip.span.text}” should be “{slip.right}”"),
        at=slip.span,
        mend=Text(f"改为“{slip.right}”。", f"Write “{slip.right}”."),
        replacement=slip.right,
    )


def _repeats(text: str) -> Iterator[Finding]:
    for match in _TWICE.finditer(text):
        once = match[1][0]
        yield finding(
            "typo.twice",
            "warning",
            Text(f"“{match[1]}”多写了一个字", f"“{match[1]}” is written twice"),
            at=Span(match.start(1), match.end(1), match[1]),
            replacement=once,
        )


def _marks(text: str) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(text):
        mark = match[1] or match[2] or match[3]
        yield finding(
            "typo.marks",
            "hint",
            Text(f"标点重复：{match.group()}", f"Marks doubled: {match.group()}"),
            at=Span(match.start(), match.end(), match.group()),
            replacement=mark,
        )
    for match in _NARROW.finditer(text):
        yield finding(
            "typo.narrow",
            "hint",
            Text("中文里用了半角标点", "A half-width mark between Chinese characters"),
            at=Span(match.start(), match.end(), match.group()),
            replacement=_WIDE[match[1]],
        )
    yield from _open(text)


def _open(text: str) -> Iterator[Finding]:
    """Brackets and quotation marks that are opened and not closed, or the other way round."""
    for left, right in _PAIRS.items():
        opened: list[int] = []
        for at, char in enumerate(text):
            if char == left:
                opened.append(at)
            elif char == right:
                if opened:
                    opened.pop()
                else:
                    yield _unpaired(at, char)
        yield from (_unpaired(at, left) for at in opened)


def _unpaired(at: int, char: str) -> Finding:
    return finding(
        "typo.unpaired",
        "hint",
        Text(f"“{char}”没有配对", f"“{char}” has no partner"),
        at=Span(at, at + 1, char),
    )
