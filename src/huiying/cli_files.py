"""What the commands on plain files share: reading them, naming what is wrong with them, and JSON."""

import argparse
import difflib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar
    from huiying.engine.findings import Finding
    from huiying.engine.journal import Entry
    from huiying.engine.obligations import BadEntry, OtherPlan
    from huiying.engine.plan import Plan

MARKS = {"error": "✗", "warning": "!", "hint": "·"}
LARGEST = 64 * 1024 * 1024
WEEK = "一二三四五六日"
#: By which a word is taken for a file even where there is none.
SUFFIXES = (".toml", ".jsonl", ".json", ".txt")


class Refused(Exception):
    """A file or an option that cannot be used; the message says which and why."""


def guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The command, answering exit code 2 and a clear line where a file or option cannot be used."""

    def guard(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except Refused as refused:
            print(refused, file=sys.stderr)
            return 2

    return guard


def output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="machine-readable")
    language_options(parser)


def language_options(parser: argparse.ArgumentParser) -> None:
    """`--language zh` or `en`, and `--english` for short."""
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="zh (default) or en")
    parser.add_argument(
        "--english", action="store_const", dest="language", const="en", help="the same as --language en"
    )


def language(args: argparse.Namespace) -> str:
    """The language that the command answers in."""
    return str(args.language)


# Files


def read(path: str) -> str:
    """The text of a file, UTF-8. Raises Refused."""
    try:
        file = Path(path)
        if file.stat().st_size > LARGEST:
            raise Refused(f"{path}: larger than {LARGEST // 1024 // 1024} MB")
        return file.read_text(encoding="utf-8-sig")
    except OSError as missing:
        raise Refused(f"{path}: {missing.strerror}") from missing
    except UnicodeDecodeError as wrong:
        raise Refused(f"{path}: not UTF-8 (byte {wrong.start})") from wrong


def write(path: str, text: str) -> None:
    """Write a file and say so. Raises Refused."""
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as wrong:
        raise Refused(f"{path}: {wrong.strerror}") from wrong
    print(f"✓ {path}")


def library(plan_file: Path | None = None) -> dict[str, str]:
    """The plans that others may extend: the shipped ones, and those beside the file."""
    from huiying import plans

    found = dict(plans.shipped())
    for beside in sorted(plan_file.parent.glob("*.toml")) if plan_file else ():
        if beside.stem not in found and beside.stat().st_size < 1024 * 1024:
            found[beside.stem] = beside.read_text(encoding="utf-8-sig", errors="replace")
    return found


def plan_text(name: str) -> tuple[str, str, dict[str, str]]:
    """The text of a shipped plan or of a file, how findings name it, and what it may extend. Raises Refused."""
    shipped = library()
    if name in shipped:
        return shipped[name], f"{name}.toml", shipped
    return read(known(name, shipped)), name, library(Path(name))


def known(name: str, shipped: Iterable[str]) -> str:
    """The name of a file; raises Refused for a bare word that is none, saying which words would have been understood."""
    if not name.endswith(SUFFIXES) and Path(name).name == name and not Path(name).exists():
        near = difflib.get_close_matches(name, list(shipped), 1)
        meant = f'; did you mean "{near[0]}"?' if near else ""
        raise Refused(f"{name}: neither a file nor one of {', '.join(shipped)}{meant}")
    return name


def the_plan(name: str, spoken: str = "zh") -> "Plan":
    """A plan that can be used. Raises Refused with its findings."""
    from huiying.engine.plan import read_plan

    text, file, others = plan_text(name)
    plan, findings = read_plan(text, file=file, library=others)
    if plan is None:
        raise Refused("\n".join(finding_lines(findings, spoken)))
    return plan


def the_calendar(name: str, spoken: str = "zh") -> "Calendar":
    """A shipped calendar, or one from a file. Raises Refused with its findings."""
    from huiying import calendars
    from huiying.engine.calendar import read_calendar

    shipped = calendars.shipped()
    text = shipped[name] if name in shipped else read(known(name, shipped))
    calendar, findings = read_calendar(text, name)
    if calendar is None:
        raise Refused("\n".join(finding_lines(findings, spoken)))
    return calendar


def the_journal(path: str, spoken: str = "zh") -> "list[Entry]":
    """The entries of a case's journal. Raises Refused with its findings, and for one in which no case was opened."""
    from huiying.engine.journal import Kind
    from huiying.engine.journal_file import read_lines

    entries, findings = read_lines(read(path), path)
    if findings:
        raise Refused("\n".join(finding_lines(findings, spoken)))
    openings = sum(entry.kind == Kind.OPENED for entry in entries)
    if openings != 1:
        raise Refused(
            f'{path}: a journal is that of one case and opens it once: {openings} entries of the kind "opened"'
            if spoken == "en"
            else f"{path}：一份记录只记一件，应恰有一条“opened”，现有 {openings} 条"
        )
    return entries


def the_instant(text: str, option: str, calendar: "Calendar") -> datetime:
    """An instant; without a zone it is the calendar's. Raises Refused."""
    whole = text.replace("T24:00", "T00:00")
    try:
        at = datetime.fromisoformat(whole) + timedelta(days=whole != text)
    except (ValueError, OverflowError) as wrong:
        raise Refused(
            f"{option}: {text} is no instant; write 2026-11-24T09:00 or 2026-11-24T09:00+08:00"
        ) from wrong
    if not 1970 <= at.year <= 2200:
        raise Refused(f"{option}: {text} lies in a year that cannot be meant")
    return (at if at.tzinfo else at.replace(tzinfo=calendar.zone)).astimezone(UTC)


def the_zone(name: str) -> ZoneInfo:
    """A time zone by its name. Raises Refused."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as wrong:
        raise Refused(f"--zone {name}: 没有这个时区\n--zone {name}: there is no such zone") from wrong


def about(wrong: "BadEntry | OtherPlan", spoken: str) -> str:
    """Why a journal cannot be worked out by a plan, with the entry where it is one."""
    seq = getattr(wrong, "seq", None)
    where = "" if seq is None else f"entry {seq}: " if spoken == "en" else f"第 {seq} 条："
    return where + wrong.text.say(spoken)


# Findings


def finding_lines(findings: "Sequence[Finding]", spoken: str) -> list[str]:
    """Findings as people read them: file, line, what, mend, code."""
    lines = []
    for one in findings:
        where = f"{one.place.file}:{one.place.line}" if one.place.line else one.place.file
        path = f" {one.place.path}" if one.place.path else ""
        lines.append(f"{MARKS[one.level]} {where}{path}: {one.message.say(spoken)} [{one.code}]")
        if one.because:
            lines.append(f"    {'因为' if spoken == 'zh' else 'because'} {one.because.say(spoken)}")
        if one.mend:
            lines.append(f"    → {one.mend.say(spoken)}")
    return lines


def finding_json(one: "Finding") -> dict[str, Any]:
    """A finding as JSON."""
    return {
        "code": one.code,
        "level": one.level,
        "message": {"zh": one.message.zh, "en": one.message.en},
        "file": one.place.file,
        "line": one.place.line,
        "path": one.place.path,
        "because": {"zh": one.because.zh, "en": one.because.en} if one.because else None,
        "mend": {"zh": one.mend.zh, "en": one.mend.en} if one.mend else None,
    }


def print_json(value: object) -> None:
    """JSON on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def local(at: datetime, calendar: "Calendar") -> str:
    """The instant on the calendar's clock, ISO 8601."""
    return at.astimezone(calendar.zone).isoformat()


def clock_words(at: datetime, calendar: "Calendar") -> str:
    """An instant as people write deadlines: midnight is 24:00 of the day before."""
    local = at.astimezone(calendar.zone)
    if local.hour == local.minute == local.second == 0:
        day = local.date() - timedelta(days=1)
        return f"{day.isoformat()}（周{WEEK[day.weekday()]}）24:00"
    return f"{local.date().isoformat()}（周{WEEK[local.weekday()]}）{local:%H:%M}"
