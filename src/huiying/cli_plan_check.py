"""`huiying plan check`: what is wrong with a plan, and what can be proved of it and of the people who carry it out."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from huiying.cli_files import (
    Refused,
    finding_json,
    finding_lines,
    guarded,
    known,
    language,
    output_options,
    plan_text,
    print_json,
    read,
    the_calendar,
    the_instant,
)

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar
    from huiying.engine.plan.check import Report, Roster


def register(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-command."""
    parser = plans.add_parser(
        "check", help="read plans and say what is wrong with them, with file, line and mend"
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="plan files, or names of shipped plans")
    parser.add_argument(
        "--roster",
        metavar="ROSTER",
        help="who is there when: a TOML file, or the name of a shipped plan's sample roster",
    )
    parser.add_argument(
        "--from", dest="start", metavar="INSTANT", help="with --roster: from when on; default: now"
    )
    parser.add_argument("--days", type=_days, default=30, help="with --roster: for how long; default: 30")
    parser.add_argument(
        "--calendar", metavar="NAME", help="a shipped calendar or a TOML file; default: the plan's"
    )
    parser.add_argument("--proofs", action="store_true", help="also say what could be proved, and how")
    output_options(parser)
    parser.set_defaults(run=guarded(check))


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 400:
        raise argparse.ArgumentTypeError("a number of days, 1 to 400")
    return int(text)


def check(args: argparse.Namespace) -> int:
    """0 when nothing is an error, 1 when something is, 2 when a file or option cannot be used."""
    results = [(name, _report(name, args)) for name in args.files]
    if args.json:
        print_json([_json(file, report) for _name, (file, report) in results])
    for _name, (file, report) in () if args.json else results:
        _tell(file, report, args)
    wrong = any(one.level == "error" for _name, (_file, report) in results for one in report.findings)
    return int(wrong)


def _report(name: str, args: argparse.Namespace) -> "tuple[str, Report]":
    from huiying.engine.plan import read_plan
    from huiying.engine.plan.check import Report, check_plan

    text, file, others = plan_text(name)
    plan, findings = read_plan(text, file=file, library=others)
    if plan is None:
        return file, Report(plan=None, findings=tuple(findings))
    calendar = the_calendar(args.calendar or plan.calendar, args.language)
    start = the_instant(args.start, "--from", calendar) if args.start else None
    roster = the_roster(args.roster, calendar, args.language) if args.roster else None
    if roster is not None and start is None:
        start = datetime.now(UTC).replace(second=0, microsecond=0)
    report = check_plan(
        text,
        file=file,
        library=others,
        calendar=calendar,
        start=start,
        days=args.days,
        roster=roster,
    )
    return file, report


def the_roster(name: str, calendar: "Calendar", spoken: str = "zh") -> "Roster":
    """A sample roster, or one from a file. Raises Refused with its findings."""
    from huiying import plans
    from huiying.engine.plan.check import read_roster

    shipped = plans.rosters()
    sample = name in shipped
    text, file = (shipped[name], f"rosters/{name}.toml") if sample else (read(known(name, shipped)), name)
    roster, findings = read_roster(text, file=file, zone=calendar.zone)
    if roster is None:
        raise Refused("\n".join(finding_lines(findings, spoken)))
    return roster


def _tell(file: str, report: "Report", args: argparse.Namespace) -> None:
    spoken = language(args)
    print("\n".join(finding_lines(report.findings, spoken) or [f"✓ {file}"]))
    if report.findings and report.plan is not None:
        print(f"✓ {file}: {'可以使用' if spoken == 'zh' else 'usable'}")
    for proof in report.proofs if args.proofs else ():
        print(f"  ∎ {proof.claim.say(spoken)}: {proof.how.say(spoken)}")


def _json(file: str, report: "Report") -> dict[str, Any]:
    return {
        "file": file,
        "usable": report.plan is not None,
        "findings": [finding_json(one) for one in report.findings],
        "proofs": [
            {
                "claim": {"zh": proof.claim.zh, "en": proof.claim.en},
                "how": {"zh": proof.how.zh, "en": proof.how.en},
            }
            for proof in report.proofs
        ],
    }
