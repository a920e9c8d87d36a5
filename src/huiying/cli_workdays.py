"""`huiying workdays`: counting working days and hours."""

import argparse
from datetime import date

from huiying.cli_files import (
    WEEK,
    Refused,
    clock_words,
    guarded,
    language,
    local,
    output_options,
    print_json,
    the_calendar,
    the_instant,
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `workdays`."""
    parser = commands.add_parser("workdays", help="count working days and hours 工作日推算")
    kinds = parser.add_subparsers(dest="workdays_command", metavar="COMMAND", required=True)
    add = kinds.add_parser("add", help="when a span that begins at an instant ends")
    add.add_argument("at", metavar="AT", help="2026-09-30T16:00; without zone the calendar's")
    add.add_argument(
        "span", nargs="+", metavar="SPAN", help='5 (working days), or "8 working hours", 24小时, 当日'
    )
    add.add_argument(
        "--until", choices=("midnight", "office_close"), default="midnight", help="when a day ends"
    )
    add.add_argument(
        "--roll", action="store_true", help="days that end on a day of rest go on to a working day"
    )
    add.set_defaults(run=guarded(workdays_add))
    between = kinds.add_parser("between", help="working days and office hours from one instant to another")
    between.add_argument("a", metavar="FROM")
    between.add_argument("b", metavar="TO")
    between.set_defaults(run=guarded(workdays_between))
    listed = kinds.add_parser("list", help="a year's holidays and make-up days")
    listed.add_argument("year", type=int, metavar="YEAR")
    listed.set_defaults(run=guarded(workdays_list))
    for one in (add, between, listed):
        one.add_argument(
            "--calendar", default="CN", metavar="NAME", help="a shipped calendar, or a TOML file"
        )
        output_options(one)


def workdays_add(args: argparse.Namespace) -> int:
    """0 and the instant; 2 when the input or a missing year forbids it."""
    from huiying.engine.calendar import UnknownYear
    from huiying.engine.spans import SPAN_HELP, Counting, read_span

    calendar = the_calendar(args.calendar, args.language)
    at = the_instant(args.at, "AT", calendar)
    words = " ".join(args.span)
    counting = Counting(until=args.until, roll=args.roll)
    within = read_span(f"{words} working days" if words.isdigit() else words, counting)
    if within is None:
        raise Refused(f"{words}: {SPAN_HELP.zh} {SPAN_HELP.en}")
    try:
        due = within.due(at, calendar)
    except UnknownYear as unknown:
        raise Refused(f"{unknown.text.zh} {unknown.text.en}") from unknown
    except OverflowError as far:
        raise Refused(f"{words}: too far") from far
    if args.json:
        print_json({"from": local(at, calendar), "within": words, "due_at": local(due, calendar)})
    else:
        print(f"{local(due, calendar)}  {clock_words(due, calendar)}")
    return 0


def workdays_between(args: argparse.Namespace) -> int:
    """0 and the counts; 2 when the input or a missing year forbids it."""
    from huiying.engine.calendar import UnknownYear

    calendar = the_calendar(args.calendar, args.language)
    a, b = the_instant(args.a, "FROM", calendar), the_instant(args.b, "TO", calendar)
    try:
        days, hours = calendar.working_days_between(a, b), calendar.working_time_between(a, b)
    except UnknownYear as unknown:
        raise Refused(f"{unknown.text.zh} {unknown.text.en}") from unknown
    minutes = int(hours.total_seconds()) // 60
    if args.json:
        print_json(
            {"working_days": days, "working_minutes": minutes, "elapsed_seconds": (b - a).total_seconds()}
        )
    elif language(args) == "en":
        print(f"{days} working days, {minutes // 60} h {minutes % 60} min of office hours")
    else:
        print(f"{days} 个工作日，办公时间 {minutes // 60} 小时 {minutes % 60} 分")
    return 0


def workdays_list(args: argparse.Namespace) -> int:
    """0 and the year's exceptions; 2 when the calendar lacks the year."""
    from huiying.engine.calendar import UnknownYear

    calendar = the_calendar(args.calendar, args.language)
    try:
        table = calendar.table(args.year)
    except UnknownYear as unknown:
        raise Refused(f"{unknown.text.zh} {unknown.text.en}") from unknown
    days = sorted(table.holidays | table.workdays)
    rows = [{"date": d.isoformat(), "name": table.names.get(d, ""), "off": d in table.holidays} for d in days]
    total = sum(calendar.is_working_day(date.fromordinal(n)) for n in _ordinals(args.year))
    if args.json:
        print_json({"year": args.year, "working_days": total, "days": rows})
        return 0
    english = language(args) == "en"
    for day, row in zip(days, rows, strict=True):
        kind = ("off" if row["off"] else "worked") if english else ("休" if row["off"] else "班")
        print(f"{day.isoformat()} 周{WEEK[day.weekday()]} {kind} {row['name']}")
    print(f"{total} working days in {args.year}" if english else f"{args.year} 年共 {total} 个工作日")
    return 0


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
