"""`huiying plan drill`: a plan rehearsed with its people against a recorded stream, alone or beside another."""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huiying.cli_files import (
    Refused,
    finding_lines,
    guarded,
    print_json,
    read,
    the_calendar,
    the_instant,
    the_plan,
    write,
)
from huiying.cli_plan_check import the_roster

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar
    from huiying.engine.findings import Finding
    from huiying.engine.listen.gazetteer import Gazetteer
    from huiying.engine.listen.mention import Config, Mention
    from huiying.engine.listen.watches import NamedQuery
    from huiying.engine.plan import Plan
    from huiying.engine.plan.check import Roster
    from huiying.engine.plan.drill import Matter, Pace, Rehearsal, Scene
    from huiying.engine.plan.drill.against import Comparison

#: Keys by which a line of JSON is a matter with its evidence, and no mention.
_MATTER = frozenset({"level", "tiers", "sites", "voices", "mentions", "growth", "negative_share", "subjects"})


def register(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-command."""
    parser = plans.add_parser("drill", help="rehearse a plan with its people against a recorded stream 推演")
    parser.add_argument("plan", metavar="PLAN", help="a plan file, or the name of a shipped plan")
    parser.add_argument(
        "--roster", required=True, metavar="ROSTER", help="a TOML file, or the name of a sample roster"
    )
    parser.add_argument(
        "--stream",
        required=True,
        metavar="FILE",
        help="mentions (TSV, CSV, JSONL or XLSX with id, time, title, text), or matters (JSONL: at, and level or evidence)",
    )
    parser.add_argument(
        "--watches",
        metavar="FILE",
        help="with mentions: .txt in TrendRadar's form, or our .toml; without it everything counts",
    )
    parser.add_argument("--gazetteer", metavar="FILE.toml", help="with mentions: places that you know")
    parser.add_argument(
        "--from",
        dest="start",
        metavar="INSTANT",
        help="as if the stream began then: last year's posts with this month's people",
    )
    parser.add_argument("--pace", metavar="FILE.toml", help="how fast people react and work; default: usual")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same result; default: 1")
    parser.add_argument("--runs", type=_runs, default=100, help="how often; default: 100")
    parser.add_argument("--calendar", metavar="NAME", help="default: the plan's")
    parser.add_argument("--against", metavar="PLAN2", help="compare with this plan (same stream, same luck)")
    parser.add_argument("--against-roster", metavar="ROSTER2", help="compare with these people")
    parser.add_argument("--against-pace", metavar="FILE.toml", help="compare with this reaction model")
    parser.add_argument("-o", "--output", metavar="REPORT.html", help="the report as one page, with charts")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="zh (default) or en")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.set_defaults(run=guarded(drill))


def _runs(text: str) -> int:
    runs = int(text)
    if not 1 <= runs <= 10_000:
        raise argparse.ArgumentTypeError("1 to 10000")
    return runs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One plan with its people."""

    plan: "Plan"
    calendar: "Calendar"
    roster: "Roster"
    pace: "Pace | None"

    def ready(self, matters: "Sequence[Matter]", args: argparse.Namespace) -> "Scene":
        """Everything made ready. Raises Refused where the calendar does not reach."""
        from huiying.engine.calendar import UnknownYear
        from huiying.engine.plan.drill import scene

        try:
            return scene(self.plan, self.roster, matters, self.calendar, seed=args.seed, pace=self.pace)
        except UnknownYear as unknown:
            raise Refused(f"{args.stream}: {unknown.text.say(args.language)}") from unknown


def drill(args: argparse.Namespace) -> int:
    """0 and the report; 2 when a file cannot be used."""
    from huiying.engine.plan.drill.against import compare

    side = _side(args.plan, args.roster, args.pace, args)
    matters = _matters(side, args)
    ready = side.ready(matters, args)
    found = _played(ready, args)
    other, compared = _other(args), None
    if other is not None:
        again = _matters(other, args) if other.plan.sha256 != side.plan.sha256 else matters
        compared = compare(found, _played(other.ready(again, args), args))
    _tell(args, ready, found, compared)
    return 0


def _side(plan: str, roster: str, pace: str | None, args: argparse.Namespace) -> _Side:
    found = the_plan(plan)
    calendar = the_calendar(args.calendar or found.calendar)
    return _Side(
        plan=found,
        calendar=calendar,
        roster=the_roster(roster, calendar),
        pace=the_pace(pace) if pace else None,
    )


def _other(args: argparse.Namespace) -> _Side | None:
    """The other side, where the command names one; what it does not name is the same on both."""
    if not (args.against or args.against_roster or args.against_pace):
        return None
    return _side(
        args.against or args.plan, args.against_roster or args.roster, args.against_pace or args.pace, args
    )


def the_pace(name: str) -> "Pace":
    """A reaction model from a file. Raises Refused with its findings."""
    from huiying.engine.plan.drill import read_pace

    pace, findings = read_pace(read(name), file=name)
    if pace is None:
        raise Refused("\n".join(finding_lines(findings, "zh")))
    return pace


def _played(ready: "Scene", args: argparse.Namespace) -> "Rehearsal":
    """Every run, with a count of them where somebody looks on. Raises Refused for a year without table."""
    from huiying.engine.calendar import UnknownYear

    shown = sys.stderr.isatty()
    runs = []
    try:
        for number in range(args.runs):
            runs.append(ready.play(number))
            if shown:
                print(f"\r推演 {number + 1}/{args.runs}", end="", file=sys.stderr)
    except UnknownYear as unknown:
        raise Refused(f"{args.stream}: {unknown.text.say(args.language)}") from unknown
    if shown:
        print("\r" + " " * 30 + "\r", end="", file=sys.stderr)
    return ready.put_together(runs)


# The stream


def _matters(side: _Side, args: argparse.Namespace) -> "Sequence[Matter]":
    """What comes in. Raises Refused."""
    found = _told(side, args) if _holds_matters(args) else _heard(side, args)
    if not found:
        raise Refused(f"{args.stream}: 没有一件达到预案的等级 no matter in it reaches a level")
    return found


def _holds_matters(args: argparse.Namespace) -> bool:
    """Whether the file's lines are matters; what cannot be read is told of as such a file too."""
    if args.watches or Path(args.stream).suffix not in {".jsonl", ".ndjson"}:
        return False
    first = next((line for line in read(args.stream).splitlines() if line.strip()), "")
    try:
        data = json.loads(first)
    except ValueError:
        return True
    return not isinstance(data, dict) or bool(_MATTER & set(data)) or not {"title", "text"} & set(data)


def _told(side: _Side, args: argparse.Namespace) -> "Sequence[Matter]":
    from huiying.engine.plan.drill import read_stream
    from huiying.engine.plan.drill.matters import moved

    zone = side.calendar.zone
    matters, wrong = read_stream(read(args.stream), file=args.stream, plan=side.plan, zone=zone)
    if wrong:
        raise Refused("\n".join(finding_lines(wrong, args.language)))
    start = _start(side, args)
    return moved(matters, start) if start else matters


def _heard(side: _Side, args: argparse.Namespace) -> "Sequence[Matter]":
    """The mentions of the file, heard as the desk hears them."""
    from huiying.engine.plan.drill.listening import matters_in, moved

    mentions, start = _mentions(side, args), _start(side, args)
    if start:
        mentions, _came = moved(mentions, start)

    def told(done: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == len(mentions) else ""
            print(f"\r听帖 {done}/{len(mentions)}", end=end, file=sys.stderr)

    return matters_in(side.plan, mentions, _config(side, args), side.calendar, told=told)


def _start(side: _Side, args: argparse.Namespace) -> datetime | None:
    """As if when the stream began. Raises Refused."""
    return the_instant(args.start, "--from", side.calendar) if args.start else None


def _mentions(side: _Side, args: argparse.Namespace) -> "list[Mention]":
    from huiying.rows import Unreadable
    from huiying.rows_mentions import in_order, read_mentions

    try:
        return in_order(read_mentions(Path(args.stream), now=datetime.now(UTC), zone=side.calendar.zone))
    except Unreadable as wrong:
        raise Refused(wrong.say("zh")) from wrong


def _config(side: _Side, args: argparse.Namespace) -> "Config":
    from huiying.engine.listen.mention import Config, Unit
    from huiying.engine.listen.watches import read_toml, read_trendradar

    watches: list[NamedQuery] = []
    if args.watches:
        reader = read_toml if args.watches.endswith(".toml") else read_trendradar
        watches, findings = reader(read(args.watches), args.watches)
        _refuse(findings)
    return Config(
        watches=tuple((watch.name, watch.query) for watch in watches),
        gazetteer=_gazetteer(args.gazetteer),
        subjects=side.plan.subjects,
        units=tuple(Unit(code=one.code, name=one.name, aliases=one.aliases) for one in side.roster.units),
        zone=side.calendar.zone,
        group_unmatched=not args.watches,
    )


def _gazetteer(name: str | None) -> "Gazetteer":
    from huiying.engine.listen.gazetteer import Gazetteer, read_gazetteer

    if name is None:
        return Gazetteer()
    found, findings = read_gazetteer(read(name), name)
    _refuse(findings)
    return found


def _refuse(findings: "Sequence[Finding]") -> None:
    """Raises Refused where something is an error."""
    if any(one.level == "error" for one in findings):
        raise Refused("\n".join(finding_lines(findings, "zh")))


# What is told


def _tell(
    args: argparse.Namespace, ready: "Scene", found: "Rehearsal", compared: "Comparison | None"
) -> None:
    from huiying.engine.plan.drill.against import as_json as comparison_json
    from huiying.engine.plan.drill.against import in_words
    from huiying.engine.plan.drill.page import page
    from huiying.engine.plan.drill.telling import as_json, as_text

    if args.output:
        told = page(ready, found, args.language, given=_given(args, ready), against=compared)
        write(args.output, told)
    if args.json:
        print_json(as_json(found) | ({"against": comparison_json(compared)} if compared else {}))
        return
    if args.output:
        return
    print(as_text(ready.plan, found, args.language), end="")
    if compared:
        print()
        print("\n".join(line.say(args.language) for line in in_words(ready.plan, compared)))


def _given(args: argparse.Namespace, ready: "Scene") -> dict[str, str]:
    """What was put in, so that the report can be made again."""
    from huiying.engine.text import Text

    say = args.language
    named: list[tuple[Text, str]] = [
        (Text("预案", "Plan"), f"{args.plan} · sha256 {ready.plan.sha256[:16]}"),
        (Text("值班表", "Roster"), _named(args.roster)),
        (
            Text("反应模型", "Reaction model"),
            _named(args.pace) if args.pace else Text("通常", "usual").say(say),
        ),
        (Text("来件", "Stream"), _named(args.stream)),
        (Text("当作开始于", "As if it began"), args.start or "—"),
        (Text("监测主题", "Watches"), _named(args.watches) if args.watches else "—"),
        (Text("件数", "Matters"), str(len(ready.matters))),
        (Text("推演次数", "Runs"), str(args.runs)),
        (Text("种子", "Seed"), str(args.seed)),
        (
            Text("乙方", "B"),
            " · ".join(filter(None, (args.against, args.against_roster, args.against_pace))) or "—",
        ),
    ]
    return {name.say(say): value for name, value in named}


def _named(name: str) -> str:
    """A file with its hash; a shipped one by its name."""
    path = Path(name)
    if not path.is_file():
        return name
    return f"{path.name} · sha256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
