"""`huiying plan` and `huiying obligations`: plans, and what is owed, on plain files."""

import argparse
from typing import TYPE_CHECKING, Any

from huiying import cli_plan_check, cli_plan_tools, cli_workdays
from huiying.cli_files import (
    Refused,
    about,
    guarded,
    language,
    language_options,
    local,
    print_json,
    the_calendar,
    the_instant,
    the_journal,
    the_plan,
)

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar
    from huiying.engine.obligations import Obligation


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    plan = commands.add_parser(
        "plan", help="response plans: check 查错, explain 说明, flow 流程图, diff 比较"
    )
    plans = plan.add_subparsers(dest="plan_command", metavar="COMMAND", required=True)
    cli_plan_check.register(plans)
    cli_plan_tools.register(plans)
    _obligations(commands)
    cli_workdays.register(commands)


# obligations


def _obligations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("obligations", help="what a case owes, from its plan and journal 应办事项")
    parser.add_argument(
        "--plan", required=True, metavar="PLAN", help="a plan file, or the name of a shipped plan"
    )
    parser.add_argument(
        "--journal", required=True, metavar="FILE.jsonl", help="the journal, one JSON object a line"
    )
    parser.add_argument(
        "--now", required=True, metavar="INSTANT", help="ISO 8601; without zone the calendar's"
    )
    parser.add_argument(
        "--calendar", metavar="NAME", help="a shipped calendar or a TOML file; default: the plan's"
    )
    language_options(parser)
    parser.set_defaults(run=guarded(owed))


def owed(args: argparse.Namespace) -> int:
    """0 and a JSON object; 2 when plan, journal, calendar or instant cannot be used."""
    from huiying.engine.obligations import (
        BadEntry,
        OtherPlan,
        next_wake,
        notices,
        obligations,
        owed_now,
        pinned,
    )

    spoken = language(args)
    plan = the_plan(args.plan, spoken)
    calendar = the_calendar(args.calendar or plan.calendar, spoken)
    now = the_instant(args.now, "--now", calendar)
    journal = the_journal(args.journal, spoken)
    try:
        found = obligations(plan, journal, calendar, now)
    except (BadEntry, OtherPlan) as wrong:
        raise Refused(f"{args.journal}: {about(wrong, spoken)}") from wrong
    ref, wake = pinned(journal), next_wake(plan, found, now)
    print_json(
        {
            "now": local(now, calendar),
            "plan": {"id": plan.id, "sha256": plan.sha256, "pinned": ref.sha256 if ref else None},
            "calendar": calendar.name,
            "obligations": [owed_json(one, calendar) for one in found],
            "owed_now": [one.key for one in owed_now(found)],
            "notices": [
                {"obligation": one.obligation.key, "stage": one.stage, "role": one.role, "unit": one.unit}
                | {"at": local(one.at, calendar), "urgent": one.urgent}
                for one in notices(plan, found, now)
            ],
            "next_wake": local(wake, calendar) if wake else None,
        }
    )
    return 0


def owed_json(one: "Obligation", calendar: "Calendar") -> dict[str, Any]:
    """An obligation as JSON; its instants on the calendar's clock."""
    return {
        "key": one.key,
        "rule": one.rule,
        "what": {"zh": one.what.zh, "en": one.what.en},
        "why": {"zh": one.why.zh, "en": one.why.en},
        "act": one.act,
        "role": one.role,
        "unit": one.unit,
        "to": one.to,
        "means": one.means,
        "stage": one.stage,
        "form": one.form,
        "step": one.step,
        "ref": one.ref,
        "started_at": local(one.started_at, calendar),
        "started_by": one.started_by,
        "due_at": local(one.due_at, calendar),
        "state": one.state,
        "met_at": local(one.met_at, calendar) if one.met_at else None,
        "met_by": one.met_by,
        "void_by": one.void_by,
        "lapsed": one.lapsed,
        "closing": one.closing,
        "unknown_year": one.unknown_year,
    }
