"""The journal as people read it: a line for each entry, deadlines that passed among them, notices folded together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiying.desk.cases.facts import corrected
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.cases.queries.names import Names, say
from huiying.desk.cases.queries.sentences import said
from huiying.engine.journal import Entry, Kind
from huiying.engine.text import Text

TELLING = frozenset({Kind.TOLD, Kind.TELLING_FAILED, Kind.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """That an entry settled something, in time or late."""

    what: str
    due_at: datetime
    met_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the timeline."""

    seq: int  # 0 for a deadline that passed: no entry, computed
    at: datetime
    kind: str
    sentence: str
    text: str = ""
    who: str = ""
    role: str = ""
    icon: str = "info"
    key: bool = False
    late: bool = False
    address: str = ""
    recorded_at: datetime | None = None  # only when it was written down noticeably later
    files: tuple[dict[str, Any], ...] = ()
    links: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    in_time: int = 0  # how many of the verdicts are so
    wrong: bool = False  # a later entry corrected it
    folded: tuple["Line", ...] = ()  # notices that belong together


def timeline(case: Case) -> list[Line]:
    """The lines, oldest first."""
    entries = entries_of(case)
    names = Names(case, entries, engine_plan(project(entries)))
    return lines(entries, names)


def lines(entries: Sequence[Entry], names: Names) -> list[Line]:
    """Every entry as a line, with the deadlines that passed where they passed; oldest first."""
    wrong = corrected(entries)
    found = [_line(entry, names, entry.seq in wrong) for entry in entries]
    found += [_passed(row) for row in names.lapsed()]
    found.sort(key=lambda line: (line.at, line.seq == 0, line.seq))
    return fold(found)


def _line(entry: Entry, names: Names, wrong: bool) -> Line:
    words = said(entry, names)
    settled = names.settled_by(entry.seq)
    verdicts = tuple(_verdict(row) for row in settled if row.met_at)
    late = (entry.recorded_at - entry.at).total_seconds() > 60
    return Line(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        sentence=words.sentence,
        text=words.text,
        who=names.actor(entry.actor),
        role=names.role(entry.role) if entry.role else "",
        icon=words.icon,
        key=words.key,
        late=entry.kind is Kind.TELLING_FAILED,
        address=words.address,
        recorded_at=entry.recorded_at if late else None,
        files=tuple(item for item in entry.data.get("evidence") or () if item.get("sha256")),
        links=tuple(str(item["address"]) for item in entry.data.get("evidence") or () if item.get("address")),
        verdicts=verdicts,
        in_time=sum(not verdict.late for verdict in verdicts),
        wrong=wrong,
    )


def _verdict(row: Owed) -> Verdict:
    met_at = row.met_at or row.due_at
    what = say(Text(row.what_zh, row.what_en))
    return Verdict(what=what, due_at=row.due_at, met_at=met_at, late=row.state == Owed.State.LATE)


def _passed(row: Owed) -> Line:
    what = say(Text(row.what_zh, row.what_en))
    words = _("时限已过，未办：%(what)s") % {"what": what}
    return Line(seq=0, at=row.due_at, kind="lapsed", sentence=words, icon="late", late=True)


def fold(found: Iterable[Line]) -> list[Line]:
    """Notices that follow one another become one line that counts them."""
    out: list[Line] = []
    for line in found:
        last = out[-1] if out else None
        if line.kind not in TELLING:
            out.append(line)
        elif last is not None and last.kind == "telling":
            out[-1] = _telling((*last.folded, line))
        else:
            out.append(_telling((line,)))
    return out


def _telling(group: tuple[Line, ...]) -> Line:
    told = sum(line.kind == Kind.TOLD for line in group)
    failed = sum(line.kind == Kind.TELLING_FAILED for line in group)
    seen = sum(line.kind == Kind.ACKNOWLEDGED for line in group)
    parts = [
        _("送达 %(n)s") % {"n": told} if told else "",
        _("未送达 %(n)s") % {"n": failed} if failed else "",
        _("签收 %(n)s") % {"n": seen} if seen else "",
    ]
    words = _("通知：%(parts)s") % {"parts": _("，").join(part for part in parts if part)}
    first = replace(
        group[-1], kind="telling", sentence=words, text="", folded=group, verdicts=(), icon="bell"
    )
    return replace(first, late=failed > 0, key=False, who="", role="")
