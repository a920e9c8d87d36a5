"""The commands that look after the desk: verify, rebuild, doctor, backup, restore, move, invite."""

import argparse
import time
from pathlib import Path

from huiying.cli_ground import Refused, command, database, make_home, say, set_up


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    command(commands, "verify", verify, "check the hash chain of every journal 校验办理记录")
    command(commands, "rebuild", rebuild, "recompute every projection; nothing may change 重算")
    command(commands, "doctor", doctor, "what is not in order 体检")
    keep = command(commands, "backup", backup, "everything in one archive 备份")
    keep.add_argument("file", nargs="?", default="", help="default: huiying-DATE.tar.gz here")
    command(commands, "restore", restore, "put a backup into an empty home 恢复").add_argument("file")
    words = "copy everything from SQLite into an empty PostgreSQL database 迁移"
    command(commands, "move", move, words).add_argument(
        "address", help="postgres://user:password@host:5432/name"
    )
    words = "a one-time link with which a person sets a new password 邀请链接"
    command(commands, "invite", invite, words).add_argument("username")


def verify(args: argparse.Namespace) -> int:
    """Every journal's chain; 1 when one is broken."""
    set_up()
    from huiying.desk.cases.models import Case, JournalEntry
    from huiying.desk.cases.verify import verify_all

    with database():
        troubles = verify_all()
        cases, entries = Case.objects.count(), JournalEntry.objects.count()
    for trouble in troubles:
        print(f"✗ {trouble.number} #{trouble.seq}: {trouble.why}")
    print(
        f"{cases} 件、{entries} 条记录，{len(troubles)} 处断裂 · {cases} cases, {entries} entries, {len(troubles)} breaks"
    )
    return 1 if troubles else 0


def rebuild(args: argparse.Namespace) -> int:
    """Every projection anew from journals and mentions; 1 when something had to be changed."""
    set_up()
    from django.utils import timezone

    from huiying.desk.cases.rebuild import rebuild_all
    from huiying.desk.listen.rehear import rebuild as rehear_all

    begun = time.monotonic()
    with database():
        report = rebuild_all(timezone.now())
        heard = rehear_all(now=timezone.now())
    for change in report.changes:
        print(f"≠ {change.number} {change.what}: {change.was!r} → {change.now!r}")
    changed = len(report.changes) + heard.hearings + heard.stories
    print(
        f"{report.cases} 件、{report.entries} 条记录、{heard.mentions} 条帖文，改动 {changed} 处"
        f" · {report.cases} cases, {report.entries} entries, {heard.mentions} mentions, {changed} changes"
        f" ({time.monotonic() - begun:.1f} s)"
    )
    return 1 if changed else 0


def doctor(args: argparse.Namespace) -> int:
    """Everything that is not in order; 1 when something of it is an error."""
    home = set_up()
    from django.utils import timezone

    from huiying.desk.worker.doctor import examine

    marks = {"error": "✗", "warning": "!", "hint": "·"}
    findings = list(examine(home, timezone.now()))
    for finding in findings:
        print(f"{marks[finding.level]} {say(finding.message)}")
        if finding.mend:
            print(f"    {say(finding.mend)}")
    if not findings:
        print("一切就绪 · all is in order")
    return 1 if any(finding.level == "error" for finding in findings) else 0


def backup(args: argparse.Namespace) -> int:
    """One archive of database and home. PostgreSQL is left to pg_dump."""
    home = set_up()
    from django.utils import timezone

    from huiying.desk.worker.backup import BadArchive, NotSqlite, back_up

    target = Path(args.file or f"huiying-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz").resolve()
    try:
        with database():
            size = back_up(home, target, timezone.now())
    except NotSqlite:
        raise Refused(*_postgres(home)) from None
    except (OSError, BadArchive) as error:
        raise Refused(f"备份没有做成：{error}", f"No backup was made: {error}") from error
    print(f"{target} ({size / 2**20:.1f} MB)")
    return 0


def _postgres(home: Path) -> tuple[str, str]:
    from django.db import connection

    named = connection.settings_dict
    command = f"pg_dump -Fc -h {named['HOST']} -p {named['PORT'] or 5432} -U {named['USER']} {named['NAME']} > huiying.dump"
    return (
        f"数据库是 PostgreSQL，用它自己的工具备份，另外保存 {home}：\n    {command}",
        f"The database is PostgreSQL: back it up with its own tool, and keep {home} as well:\n    {command}",
    )


def restore(args: argparse.Namespace) -> int:
    """A backup into an empty home."""
    home = make_home()
    from huiying.desk.worker.backup import BadArchive
    from huiying.desk.worker.backup import restore as put_back

    try:
        made_at = put_back(Path(args.file), home)
    except FileExistsError as error:
        raise Refused(
            f"{error} 已经存在。先停下来，把 {home} 移走，或用 HUIYING_HOME 指定一个空目录。",
            f"{error} is already there. Stop the desk and move {home} away, or name an empty directory in HUIYING_HOME.",
        ) from error
    except (BadArchive, OSError) as error:
        raise Refused(f"恢复没有做成：{error}", f"Nothing was restored: {error}") from error
    print(f"已恢复 {made_at} 的备份到 {home} · restored the backup of {made_at}. huiying doctor, huiying up")
    return 0


def move(args: argparse.Namespace) -> int:
    """From SQLite to PostgreSQL; what is here stays as it is."""
    set_up()
    from django.utils import timezone

    from huiying.desk.notify.queries import worker_alive
    from huiying.desk.worker.moving import NotEmpty, NotPostgres
    from huiying.desk.worker.moving import move as copy

    with database():
        if worker_alive(timezone.now()):
            raise Refused("还在运行。先停下来再迁移。", "The desk is running. Stop it first.")
        try:
            moved = copy(args.address)
        except NotPostgres:
            raise Refused(
                "只从 SQLite 迁到 PostgreSQL。地址形如 postgres://user:password@host:5432/name。",
                "This goes from SQLite to PostgreSQL only, to an address like postgres://user:password@host:5432/name.",
            ) from None
        except NotEmpty:
            raise Refused("那个数据库里已经有一套。", "There is a desk in that database already.") from None
    print(
        f"{moved.tables} 张表、{moved.rows} 行已复制。从此以 DATABASE_URL 指向它，再运行 huiying verify 和 huiying rebuild。"
        f"\n{moved.tables} tables, {moved.rows} rows copied. Name it in DATABASE_URL from now on; then huiying verify, huiying rebuild."
    )
    return 0


def invite(args: argparse.Namespace) -> int:
    """A one-time link with which a person sets a new password: the way back in when nobody can."""
    set_up()
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone

    from huiying.desk.accounts.actions import invite_from_console
    from huiying.desk.accounts.models import Person

    with database():
        person = Person.objects.filter(username=args.username, is_active=True).first()
        if person is None:
            known = ", ".join(Person.objects.filter(is_active=True).values_list("username", flat=True)[:20])
            raise Refused(
                f"没有登录名 {args.username}。现有：{known}", f"There is no {args.username}. Known: {known}"
            )
        token = invite_from_console(now=timezone.now(), person=person)
    print(settings.BASE_URL + reverse("accounts:invited", args=[token]))
    return 0
