"""`huiying check-reply` and `huiying proofread`: the checks on plain files."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiying.cli_model import model_options, stronger_of, with_model

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar
    from huiying.engine.findings import Finding
    from huiying.engine.reply.model import Context, Earlier, Lines, Rule
    from huiying.engine.reply.points import Answer
    from huiying.engine.reply.promises import Promise
    from huiying.engine.reply.reader import Reader

MARKS = {"error": "✗", "warning": "!", "hint": "·"}
STATES = {"answered": ("已答", "answered"), "promised": ("已承诺", "promised"), "open": ("未答", "open")}
#: So many characters of a stretch are shown.
SHOWN = 36
LARGEST = 4 * 1024 * 1024


class Refused(Exception):
    """A file that cannot be used; the message says which and why."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    _check_reply(commands)
    _proofread(commands)


def _check_reply(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "check-reply", help="check a draft answer: 查错字、套话、漏答、口径、承诺、个人信息"
    )
    parser.add_argument("--message", required=True, metavar="FILE", help="what was asked")
    parser.add_argument("--reply", required=True, metavar="FILE", help="the draft")
    parser.add_argument("--lines", metavar="FILE", help="lines to take, TOML")
    parser.add_argument("--archive", metavar="DIR", help="earlier answers, one .txt each")
    parser.add_argument("--wording", metavar="FILE", help="the institution's own list of words, TOML")
    parser.add_argument("--institution", default="", metavar="NAME", help="who answers")
    parser.add_argument(
        "--form",
        default="reply",
        metavar="FORM",
        help="reply, comment, article, statement, release, correction",
    )
    parser.add_argument(
        "--stage", default="first", metavar="STAGE", help="first, progress, formal, final, correction"
    )
    parser.add_argument(
        "--promise-max", type=int, metavar="DAYS", help="the longest promise, in working days"
    )
    parser.add_argument("--calendar", default="CN", metavar="ID", help="a shipped calendar, or a TOML file")
    parser.add_argument("--now", metavar="INSTANT", help="when the answer is given, ISO 8601 with zone")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--english", action="store_true", help="say it in English")
    parser.set_defaults(run=check_reply)


def _proofread(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "proofread", help="put miswritten characters right, line by line: 逐行改错别字"
    )
    parser.add_argument("input", metavar="INPUT.txt")
    parser.add_argument("-o", "--output", metavar="OUT.txt", help="default: standard output")
    parser.add_argument(
        "--corpus", nargs="+", default=[], metavar="FILE", help="clean texts of your own to learn from"
    )
    parser.add_argument(
        "--words", nargs="+", default=[], metavar="FILE", help="names and words of your own, one a line"
    )
    parser.add_argument(
        "--sure", type=float, metavar="SHARE", help="how sure a correction must be, 0 to 1; default 0.6"
    )
    model_options(parser)
    parser.set_defaults(run=with_model(proofread))


def _read(path: str) -> str:
    """The text of a file, UTF-8 or GB18030. Raises Refused."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise Refused(f"{path}: larger than {LARGEST // 1024 // 1024} MB")
        data = file.read_bytes()
    except OSError as missing:
        raise Refused(f"{path}: {missing.strerror}") from missing
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"{path}: neither UTF-8 nor GB18030")


def check_reply(args: argparse.Namespace) -> int:
    """0 when nothing is above a hint, 1 when something is, 2 when a file or option cannot be used."""
    from huiying.engine.reply.check import check
    from huiying.engine.reply.model import DraftText
    from huiying.engine.reply.points import answers
    from huiying.engine.reply.promises import find

    try:
        draft = DraftText(text=_read(args.reply), form=args.form, stage=args.stage)
        context = _context(args)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    findings = check(draft, context)
    promises = find(draft.text, context.now, context.calendar) if context.calendar else []
    points = answers(context.message, draft.text, promises)
    if args.json:
        told = {
            "findings": [_as_json(one) for one in findings],
            "points": [_point(one) for one in points],
            "promises": [_promise(one) for one in promises],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        english = args.english
        _tell(findings, draft.text, english)
        _tell_points(points, english)
        _tell_promises(promises, draft.text, context, english)
    return int(any(one.level != "hint" for one in findings))


def _context(args: argparse.Namespace) -> "Context":
    from huiying.engine.calendar import Within
    from huiying.engine.reply.model import Context
    from huiying.engine.reply.wording import merged

    calendar = _calendar(args.calendar)
    longest = Within(amount=args.promise_max, unit="working_days") if args.promise_max else None
    return Context(
        now=_instant(args.now, calendar),
        message=_read(args.message),
        lines=_lines(args.lines) if args.lines else None,
        earlier=tuple(_archive(args.archive)) if args.archive else (),
        promise_max=longest,
        calendar=calendar,
        institution=args.institution,
        rules=merged(_rules(args.wording) if args.wording else ()),
    )


def _instant(text: str | None, calendar: "Calendar") -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Refused(f"--now: {text} is no instant, write 2026-11-24T09:00+08:00") from wrong
    return at if at.tzinfo else at.replace(tzinfo=calendar.zone)


def _calendar(name: str) -> "Calendar":
    from huiying import calendars
    from huiying.engine.calendar import read_calendar

    shipped = calendars.shipped()
    calendar, findings = read_calendar(shipped[name] if name in shipped else _read(name), name)
    if calendar is None:
        raise Refused("\n".join(f"{name}: {one.message.zh}" for one in findings))
    return calendar


def _lines(path: str) -> "Lines":
    from huiying.engine.reply.lines import read_lines

    lines, findings = read_lines(_read(path), path)
    for one in findings:
        print(f"{path} {one.place.path}: {one.message.zh}", file=sys.stderr)
    if lines is None:
        raise Refused(f"{path}: the lines cannot be used")
    return lines


def _rules(path: str) -> "tuple[Rule, ...]":
    from huiying.engine.reply.wording import read_rules

    rules, findings = read_rules(_read(path), path)
    if findings:
        raise Refused("\n".join(f"{path} {one.place.path}: {one.message.zh}" for one in findings))
    return rules


def _archive(folder: str) -> "Iterable[Earlier]":
    from huiying.engine.reply.model import Earlier

    if not Path(folder).is_dir():
        raise Refused(f"{folder}: no such folder")
    return [Earlier(path.name, _read(str(path))) for path in sorted(Path(folder).glob("*.txt"))]


def _as_json(one: "Finding") -> dict[str, Any]:
    return {
        "code": one.code,
        "level": one.level,
        "message": {"zh": one.message.zh, "en": one.message.en},
        "start": one.place.start,
        "end": one.place.end,
        "mend": {"zh": one.mend.zh, "en": one.mend.en} if one.mend else None,
        "replacement": one.replacement,
    }


def _point(answer: Any) -> dict[str, Any]:
    return {
        "start": answer.point.span.start,
        "end": answer.point.span.end,
        "text": answer.point.span.text,
        "kind": answer.point.kind,
        "state": answer.state,
        "share": answer.share,
    }


def _promise(promise: Any) -> dict[str, Any]:
    due = promise.due_at.isoformat() if promise.due_at else None
    return {"start": promise.start, "end": promise.end, "text": promise.text, "due_at": due}


def _tell(findings: "list[Finding]", text: str, english: bool) -> None:
    """One line a finding: mark, place, what it is, the words there, what to do; then how many there are."""
    language = "en" if english else "zh"
    for one in findings:
        start, end = one.place.start, one.place.end
        line = text.count("\n", 0, start) + 1 if start is not None else 0
        place = f"{line}:{(start or 0) - text.rfind(chr(10), 0, start)}" if line else "-"
        words = text[start:end] if start is not None else ""
        message = one.message.say(language)
        shown = f" 「{words[:SHOWN]}」" if words.strip() and words not in message else ""
        mend = f"  {one.mend.say(language)}" if one.mend else ""
        print(f"{MARKS[one.level]} {place:>7}  {message}{shown}{mend}")
    if not findings:
        print("Nothing found" if english else "没有发现问题")
        return
    many = [sum(one.level == level for one in findings) for level in MARKS]
    counts = ("{} to mend, {} to look at, {} hints" if english else "{} 处要改，{} 处要看，{} 处提示").format(
        *many
    )
    print(counts)


def _tell_points(points: "Sequence[Answer]", english: bool) -> None:
    """What the message asks, and what the draft does with it."""
    if points:
        print("What was asked:" if english else "来信要点：")
    for one in points:
        state = STATES[one.state][english]
        print(f"  {state}  {one.point.span.text.splitlines()[0][:SHOWN]}")


def _tell_promises(promises: "Sequence[Promise]", text: str, context: "Context", english: bool) -> None:
    """What the draft promises, and until when."""
    if promises:
        print("Promised:" if english else "承诺：")
    for one in promises:
        if one.due_at and context.calendar:
            last = context.calendar.local(one.due_at - timedelta(microseconds=1))
            due = f"{last:%Y-%m-%d %H:%M}"
        else:
            due = "the calendar lacks the year" if english else "日历没有这一年"
        around = text[max(0, one.start - SHOWN // 2) : one.end + SHOWN // 2]
        print(f"  {due}  {' '.join(around.split())}")


def proofread(args: argparse.Namespace) -> int:
    """Write one corrected line for each line of the input; 2 when a file or option cannot be used."""
    from huiying.engine.reply.proofread import SURE
    from huiying.engine.reply.proofread import proofread as mended

    try:
        lines = _lines_of(_read(args.input))
        sure = _share(args.sure, SURE)
        reader = _reader(args)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    stronger = stronger_of(args)
    ours = (mended(line, reader, sure) for line in lines)
    out = "".join(f"{line}\n" for line in (stronger.corrected(lines) if stronger else ours))
    if args.output:
        try:
            Path(args.output).write_text(out, encoding="utf-8", newline="\n")
        except OSError as unwritable:
            print(f"{args.output}: {unwritable.strerror}", file=sys.stderr)
            return 2
    else:
        sys.stdout.write(out)
    return 0


def _lines_of(text: str) -> list[str]:
    """The lines as editors and scorers count them: a line ends with LF, or CR LF, and with nothing else."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _share(given: float | None, default: float) -> float:
    if given is None:
        return default
    if not 0 < given < 1:
        raise Refused(f"--sure: {given} is not between 0 and 1")
    return given


def _reader(args: argparse.Namespace) -> "Reader | None":
    """What the files of the institution add; None where there are none."""
    from huiying.engine.reply.reader import taught

    if not args.corpus and not args.words:
        return None
    texts = [line for path in args.corpus for line in _lines_of(_read(path))]
    return taught(texts, [word for path in args.words for word in _read(path).split()])
