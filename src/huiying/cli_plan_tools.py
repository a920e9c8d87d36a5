"""`huiying plan explain`, `flow` and `diff`: a plan told, drawn, and told apart from another. `drill` has a file of its own."""

import argparse
from typing import TYPE_CHECKING

from huiying import cli_plan_drill
from huiying.cli_files import (
    Refused,
    about,
    guarded,
    language_options,
    print_json,
    the_calendar,
    the_instant,
    the_journal,
    the_plan,
    write,
)

if TYPE_CHECKING:
    from huiying.engine.plan import Plan
    from huiying.engine.plan.flow import Flow, Way

PLAN_HELP = "a plan file, or the name of a shipped plan"


def register(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-commands of `huiying plan`."""
    _explain(plans)
    _flow(plans)
    _diff(plans)
    cli_plan_drill.register(plans)


# explain


def _explain(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = plans.add_parser("explain", help="a plan in plain Chinese or English 读预案")
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    language_options(parser)
    parser.add_argument("--json", action="store_true", help="sections and sentences as JSON")
    parser.set_defaults(run=guarded(explain))


def explain(args: argparse.Namespace) -> int:
    """0 and the plan as Markdown; 2 when it cannot be used."""
    from huiying.engine.plan.explain import as_text, told

    plan = the_plan(args.plan, args.language)
    if not args.json:
        print(as_text(plan, args.language), end="")
        return 0
    say = args.language
    print_json(
        [
            {
                "id": section.id,
                "title": section.title.say(say),
                "lines": [
                    {"text": line.text.say(say), "below": [text.say(say) for text in line.below]}
                    for line in section.lines
                ],
            }
            for section in told(plan)
        ]
    )
    return 0


# flow


def _flow(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = plans.add_parser("flow", help="a plan as a flow chart (SVG) 流程图")
    parser.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    parser.add_argument(
        "-o", "--output", metavar="FILE.svg", help="where to write it; default: standard output"
    )
    parser.add_argument("--journal", metavar="FILE.jsonl", help="mark the way that this case took")
    parser.add_argument(
        "--now", metavar="INSTANT", help="with --journal: ISO 8601; without zone the calendar's"
    )
    language_options(parser)
    parser.add_argument("--text", action="store_true", help="in words instead of a picture")
    parser.set_defaults(run=guarded(flow))


def flow(args: argparse.Namespace) -> int:
    """0 and the chart; 2 when plan, journal or file cannot be used."""
    from huiying.engine.plan.flow import chart, in_words, svg

    plan = the_plan(args.plan, args.language)
    drawn = chart(plan, args.language)
    taken = _way(args, plan, drawn.flow) if args.journal else None
    if args.text:
        for title, lines in in_words(plan, drawn, taken):
            print(f"\n{title.say(args.language)}\n")
            print("\n".join(f"- {line.say(args.language)}" for line in lines))
        return 0
    picture = svg(plan, drawn, args.language, taken, alone=True)
    if args.output:
        write(args.output, picture)
    else:
        print(picture)
    return 0


def _way(args: argparse.Namespace, plan: "Plan", drawn: "Flow") -> "Way":
    from huiying.engine.obligations import BadEntry, OtherPlan, obligations
    from huiying.engine.plan.flow import way

    if not args.now:
        raise Refused("--now: say for which instant, as in --now 2026-11-24T20:00")
    calendar = the_calendar(plan.calendar, args.language)
    journal = the_journal(args.journal, args.language)
    try:
        owed = obligations(plan, journal, calendar, the_instant(args.now, "--now", calendar))
    except (BadEntry, OtherPlan) as wrong:
        raise Refused(f"{args.journal}: {about(wrong, args.language)}") from wrong
    return way(drawn, journal, owed)


# diff


def _diff(plans: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = plans.add_parser("diff", help="what a new version of a plan says differently 比较两版")
    parser.add_argument("old", metavar="OLD", help=PLAN_HELP)
    parser.add_argument("new", metavar="NEW", help=PLAN_HELP)
    language_options(parser)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.set_defaults(run=guarded(diff))


def diff(args: argparse.Namespace) -> int:
    """0 when both say the same, 1 when they differ, 2 when one cannot be used."""
    from huiying.engine.plan.diff import as_lines, differences

    found = differences(the_plan(args.old, args.language), the_plan(args.new, args.language))
    if args.json:
        print_json(
            [
                {
                    "kind": one.kind,
                    "area": one.area.say(args.language),
                    "path": one.path,
                    "text": one.text.say(args.language),
                    "stricter": one.stricter,
                }
                for one in found
            ]
        )
    else:
        same = "两版说的一样。" if args.language == "zh" else "Both say the same."
        print("\n".join(as_lines(found, args.language)) or same)
    return int(bool(found))
