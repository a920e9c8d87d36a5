"""The commands of collecting: source list, add, test, fetch; and replay."""

import argparse
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiying.cli_ground import Refused, command, database, say, set_up

if TYPE_CHECKING:
    from huiying.desk.collect.models import Source
    from huiying.desk.collect.preview import Preview
    from huiying.desk.collect.sources.forms import Values
    from huiying.desk.collect.sources.kinds import Kind
    from huiying.desk.collect.work.visits import Outcome

PAIRS = "name=value; a value of - is asked for, so that no secret stands in the shell's history"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    group = commands.add_parser("source", help="where mentions come from 信源").add_subparsers(
        dest="what", metavar="WHAT", required=True
    )
    listing = command(group, "list", list_sources, "every source and how it is 信源与健康")
    listing.add_argument("--json", action="store_true", help="machine-readable")
    adding = command(group, "add", add, "add a source, or change the one of that name 加信源")
    adding.add_argument("kind", help="feed, page, rsshub, newsnow, api, mailbox, upload, inbound")
    adding.add_argument("name", help="what it is called")
    adding.add_argument("pairs", nargs="*", metavar="NAME=VALUE", help=PAIRS)
    testing = command(group, "test", test, "read it once and store nothing 试读")
    testing.add_argument("source", help="number or name of a source, or a kind")
    testing.add_argument("pairs", nargs="*", metavar="NAME=VALUE", help=PAIRS)
    fetching = command(group, "fetch", fetch, "read now: those named, else those that are due 现在采")
    fetching.add_argument("sources", nargs="*", metavar="SOURCE", help="numbers or names")
    replaying = command(commands, "replay", replay, "feed a recorded file of mentions into the desk 重放")
    replaying.add_argument("file", type=Path, help="CSV, TSV, XLSX, or JSON lines")
    replaying.add_argument("--source", help="name of the source (default: the file's name)")
    replaying.add_argument(
        "--speed",
        type=float,
        default=0,
        help="1 is the recorded pace, 3600 an hour a second (default: at once)",
    )
    replaying.add_argument("--as-now", action="store_true", help="with --speed: as if each were posted now")


def list_sources(args: argparse.Namespace) -> int:
    """A line for each source, those that need a person first."""
    set_up()
    from django.utils import timezone

    from huiying.desk.collect.queries import listed

    with database():
        rows = listed(timezone.now())
    if args.json:
        print(json.dumps([_as_json(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        mark = {"bad": "✗", "warn": "!", "ok": "✓"}.get(row.health.mark, "·")
        print(f"{mark} {row.source.pk:>4}  {row.source.kind:<8} {row.source.name}  {say(row.health.what)}")
        for more in (row.health.why, row.health.mend):
            if more is not None and more.zh:
                print(f"{'':16} {say(more)}")
    return 0


def _as_json(row: Any) -> Mapping[str, Any]:
    health, source = row.health, row.source
    return {
        "id": source.pk,
        "kind": source.kind,
        "name": source.name,
        "state": str(health.state),
        "what": say(health.what),
        "why": say(health.why) if health.why else "",
        "since": health.since.isoformat() if health.since else None,
        "next": source.next_fetch_at.isoformat() if source.next_fetch_at else None,
        "new_24h": row.day,
    }


def _kind(name: str) -> "Kind":
    from huiying.desk.collect.sources.kinds import KINDS

    if name not in KINDS:
        known = ", ".join(KINDS)
        raise Refused(f"没有信源种类 {name}。可用：{known}", f"There is no kind {name}. There are: {known}")
    return KINDS[name]


def _values(kind: "Kind", name: str, pairs: Sequence[str], source: "Source | None" = None) -> "Values":
    """The pairs, checked by the kind's form. Raises Refused naming each field that must be mended."""
    form = kind.form({**_initial(kind, source), "name": name, **_pairs(pairs)}, source=source)
    if form.is_valid():
        return form.values
    lines = [f"{field}: {' '.join(map(str, errors))}" for field, errors in form.errors.items()]
    fields = ", ".join(form.fields)
    raise Refused(
        "设置不对：\n  " + "\n  ".join(lines) + f"\n可用的字段：{fields}",
        f"Mend the fields above; the fields are: {fields}",
    )


def _initial(kind: "Kind", source: "Source | None") -> dict[str, Any]:
    fields = kind.form.base_fields
    said = {name: field.initial for name, field in fields.items() if field.initial is not None}
    if source is not None:
        said |= {"tier": source.tier, "site": source.site, "interval_s": source.interval_s, **source.settings}
    return {name: value for name, value in said.items() if value not in (None, False)}


def _pairs(pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark:
            raise Refused(f"“{pair}”不是 字段=值", f'"{pair}" is no NAME=VALUE')
        found[name] = getpass.getpass(f"{name}: ") if value == "-" else value
    return {name: value for name, value in found.items() if value.lower() not in {"no", "false"}}


def add(args: argparse.Namespace) -> int:
    """Add a source, for whoever runs this machine."""
    set_up()
    from django.utils import timezone

    from huiying.desk.collect.actions import install_source
    from huiying.desk.collect.models import Source

    kind = _kind(args.kind)
    with database():
        there = Source.objects.filter(name=args.name, kind=kind.name).first()
        values = _values(kind, args.name, args.pairs, there)
        made = install_source(now=timezone.now(), kind=kind.name, values=values)
    print(made.pk)
    return 0


def _source(named: str) -> "Source | None":
    from huiying.desk.collect.models import Source

    by_number = Source.objects.filter(pk=int(named)).first() if named.isdecimal() else None
    return by_number or Source.objects.filter(name=named).first()


def test(args: argparse.Namespace) -> int:
    """Read once, store nothing; exit code 1 when it cannot be read."""
    set_up()
    from django.utils import timezone

    from huiying.desk.collect.preview import preview

    with database():
        source = _source(args.source)
        kind = _kind(source.kind if source else args.source)
        if not kind.fetched:
            raise Refused(
                "这种信源由别人送来，没有可读的", "Others bring to such a source: there is nothing to read"
            )
        name = source.name if source else "test"
        values = _values(kind, name, args.pairs, source)
        found = preview(kind, values, timezone.now(), sealed=source.secret if source else "")
    return _show(found)


def _show(found: "Preview") -> int:
    if found.trouble is not None:
        print(f"✗ {say(found.trouble.message)}\n  {say(found.trouble.mend)}")
        for address in found.feeds:
            print(f"  → {address}")
        for one in found.lists:
            print(
                f"  → item={one.item} date={one.date}  ({one.count}) {one.samples[0] if one.samples else ''}"
            )
        return 1
    print(f"✓ {len(found.harvest.items)} ({found.dated} ⏱)  {found.seconds:.1f} s")
    for item in found.shown:
        at = item.posted_at.isoformat() if item.posted_at else "-"
        print(f"  {at:<26} {item.title or item.text[:60]}")
    for remark in found.harvest.rejected[:20]:
        print(f"  ! {say(remark.where)}: {say(remark.message)}")
    return 0


def fetch(args: argparse.Namespace) -> int:
    """Read now; exit code 1 when a source could not be read."""
    set_up()
    from django.utils import timezone

    from huiying.desk.collect.sources.kinds import kind_of
    from huiying.desk.collect.work import fetch_due, fetch_one

    with database():
        if not args.sources:
            print(fetch_due(now=timezone.now(), worker="command", most=1000))
            return 0
        wrong = 0
        for named in args.sources:
            source = _source(named)
            if source is None:
                raise Refused(f"没有信源 {named}", f"There is no source {named}")
            if source.paused or not kind_of(source.kind).fetched:
                raise Refused(
                    f"{source.name} 已停采，或由别人送来", f"{source.name} is paused, or others bring to it"
                )
            wrong += _told(source, fetch_one(source, now=timezone.now(), worker="command"))
    return 1 if wrong else 0


def _told(source: "Source", outcome: "Outcome | None") -> int:
    if outcome is None:
        print(
            f"· {source.name}: 正有人在读，或刚读过同一网站 / being read, or its site was read a moment ago"
        )
        return 1
    if outcome.trouble is not None:
        print(f"✗ {source.name}: {say(outcome.trouble.message)}")
        return 1
    count = len(outcome.harvest.items) if outcome.harvest else 0
    print(f"✓ {source.name}: {count}")
    return 0


def replay(args: argparse.Namespace) -> int:
    """Feed a recorded file into the desk. Interrupted and begun again, it stores nothing twice."""
    set_up()
    from django.utils import timezone

    from huiying.desk.collect import replay as playing
    from huiying.desk.collect.trouble import Trouble

    clock = playing.Clock(now=timezone.now)
    try:
        with database():
            whole = playing.recorded(args.file, timezone.now())
            source = _recording(args.source or args.file.name)
            steps = playing.at_once(source, whole, clock)
            if args.speed > 0:
                steps = playing.at_pace(source, whole, clock, args.speed, as_now=args.as_now)
            new = known = 0
            for stored in steps:
                new, known = new + stored.new, known + stored.known
                print(f"\r{new + known}/{len(whole.items)}", end="", file=sys.stderr)
    except OSError as error:
        raise Refused(f"{args.file}：{error.strerror}", f"{args.file}: {error.strerror}") from error
    except Trouble as trouble:
        raise Refused(
            f"{args.file}：{trouble.message.zh}。{trouble.mend.zh}", f"{trouble.message.en}"
        ) from trouble
    print(file=sys.stderr)
    print(f"{new} new, {known} known, {sum(1 for one in whole.rejected if not one.taken)} rejected")
    return 0


def _recording(name: str) -> "Source":
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from huiying.desk.collect.actions import install_source
    from huiying.desk.collect.sources.forms import Values

    found = _source(name)
    if found is not None:
        return found
    try:
        return install_source(now=timezone.now(), kind="upload", values=Values(name=name[:120]))
    except ValidationError as error:
        raise Refused(" ".join(error.messages), " ".join(error.messages)) from error
