"""What an operator should know before something goes wrong: read by `huiying doctor`."""

import shutil
import smtplib
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from huiying.desk.accounts import queries as accounts
from huiying.desk.accounts.models import Contact, Institution
from huiying.desk.collect.models import Source
from huiying.desk.notify import queries as notify
from huiying.desk.plans import queries as plans
from huiying.engine.calendar import UnknownYear
from huiying.engine.findings import Finding, Severity
from huiying.engine.text import Text

GIB = 2**30
BUILT = datetime(2026, 11, 1)  # noqa: DTZ001 - compared by its date only


def _found(code: str, level: Severity, message: Text, mend: Text) -> Finding:
    return Finding(code=f"doctor.{code}", level=level, message=message, mend=mend)


def examine(home: Path, now: datetime) -> Iterator[Finding]:
    """Everything that is not in order, room by room; a database that is away ends the examination."""
    yield from _home(home)
    yield from _disk(home)
    yield from _clock(now)
    try:
        connection.ensure_connection()
        pending = _pending()
    except DatabaseError as error:
        yield _unreachable(error)
        return
    if pending:
        yield _unmigrated(pending)
        return
    for check in (_readiness, _calendar, _worker, _telling, _mail, _sources):
        yield from check(now)


def _home(home: Path) -> Iterator[Finding]:
    secret = home / "secret"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield _found(
            "secret",
            "error",
            Text(f"密钥文件 {secret} 别人也能读", f"Others can read the secret {secret}"),
            Text(f"运行 chmod 600 {secret}", f"Run chmod 600 {secret}"),
        )
    if settings.DEBUG:
        yield _found(
            "debug",
            "error",
            Text("HUIYING_DEBUG 开着", "HUIYING_DEBUG is on"),
            Text("正式使用时关掉：出错页会泄露内部信息", "Switch it off: error pages would tell internals"),
        )
    if settings.HUIYING_KEEP_TEXTS_DAYS <= 0:
        yield _found(
            "retention",
            "warning",
            Text(
                "HUIYING_KEEP_TEXTS_DAYS 是 0：帖文的文字永远保留",
                "HUIYING_KEEP_TEXTS_DAYS is 0: the words of posts are kept for ever",
            ),
            Text("写明保留几天", "Say for how many days they are kept"),
        )
    if not settings.SECURE and not settings.BASE_URL.startswith(("http://127.", "http://localhost")):
        yield _found(
            "plain",
            "warning",
            Text(f"{settings.BASE_URL} 没有加密", f"{settings.BASE_URL} is not encrypted"),
            Text(
                "在前面放一台 HTTPS 代理，见 docs/operations.md",
                "Put an HTTPS proxy before it: see docs/operations.md",
            ),
        )


def _disk(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    if free < 2 * GIB:
        yield _found(
            "disk",
            "error" if free < GIB // 2 else "warning",
            Text(f"磁盘只剩 {free / GIB:.1f} GB", f"Only {free / GIB:.1f} GB of disk are free"),
            Text(
                "清理磁盘，或缩短原文、帖文的保留期",
                "Free some, or keep payloads and words for a shorter time",
            ),
        )


def _clock(now: datetime) -> Iterator[Finding]:
    if now.date() < BUILT.date():
        yield _found(
            "clock",
            "error",
            Text(
                f"本机时钟是 {now:%Y-%m-%d}，早于本程序",
                f"This clock says {now:%Y-%m-%d}, before this program",
            ),
            Text("校准时钟（NTP），时限都靠它", "Set the clock (NTP): every deadline depends on it"),
        )


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _unreachable(error: DatabaseError) -> Finding:
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return _found(
        "database",
        "error",
        Text(f"连不上数据库：{said}", f"The database cannot be reached: {said}"),
        Text("核对 DATABASE_URL，看数据库是否在运行", "Check DATABASE_URL and whether the database runs"),
    )


def _unmigrated(pending: list[str]) -> Finding:
    return _found(
        "migrations",
        "error",
        Text(f"数据表还差 {len(pending)} 步更新", f"{len(pending)} migrations are not applied"),
        Text("运行 huiying up，或 huiying migrate", "Run huiying up, or huiying migrate"),
    )


def _readiness(now: datetime) -> Iterator[Finding]:
    version = plans.active()
    roles = plans.engine_plan(version).roles if version else ()
    yield from accounts.readiness(now, roles)


def _calendar(now: datetime) -> Iterator[Finding]:
    body = Institution.objects.filter(pk=1).first()
    if body is None:
        return
    today = now.astimezone(ZoneInfo(body.zone)).date()
    for year in (today.year, today.year + 1):
        try:
            plans.calendar_for(body).is_working_day(today.replace(year=year, month=1, day=1))
        except UnknownYear:
            yield _year_missing(year, today.year)
        except (KeyError, ValueError) as error:
            yield _found(
                "calendar",
                "error",
                Text(f"工作日历读不出来：{error}", f"The calendar cannot be read: {error}"),
                Text("在设置里换一张日历", "Choose another calendar in the settings"),
            )
            return


def _year_missing(year: int, this: int) -> Finding:
    return _found(
        "year",
        "error" if year == this else "warning",
        Text(f"工作日历里没有 {year} 年", f"The calendar does not know {year}"),
        Text(
            "国务院办公厅公布放假安排后，在“预案 → 工作日历”里补上；在此之前跨年的工作日时限不作推算",
            "Add it under plans, calendar, once it is published; until then no working-day deadline is computed into it",
        ),
    )


def _worker(now: datetime) -> Iterator[Finding]:
    if not notify.worker_alive(now):
        last = notify.last_beat()
        zh, en = (
            (f"，最后一次是 {last:%Y-%m-%d %H:%M} UTC", f"; the last sign was at {last:%Y-%m-%d %H:%M} UTC")
            if last
            else ("", "")
        )
        yield _found(
            "worker",
            "error",
            Text(f"后台程序没有在运行{zh}", f"No worker is running{en}"),
            Text("运行 huiying up，或 huiying worker", "Run huiying up, or huiying worker"),
        )
    for job in notify.job_troubles():
        yield _found(
            "job",
            "error",
            Text(f"后台的 {job.name} 一直出错：{job.error}", f"The job {job.name} fails: {job.error}"),
            Text("详情在日志里；其他工作不受影响", "The log says more; the other jobs go on"),
        )


def _telling(now: datetime) -> Iterator[Finding]:
    troubles = notify.outbox_troubles(now)
    if troubles.failed:
        yield _found(
            "failed",
            "error",
            Text(
                f"七天内有 {troubles.failed} 条没有送达",
                f"{troubles.failed} messages of seven days were not delivered",
            ),
            Text("在“发件箱”里看原因并重发", "See why in the outbox and try again"),
        )
    for outlet in troubles.outlets:
        yield _found(
            "outlet",
            "warning",
            Text(
                f"发布渠道“{outlet}”发不通：{outlet.last_error}",
                f"The outlet {outlet} fails: {outlet.last_error}",
            ),
            Text("核对地址和令牌", "Check its address and token"),
        )


def _mail(now: datetime) -> Iterator[Finding]:
    needed = Contact.objects.filter(active=True, channel="mail").exists()
    if needed and not settings.HUIYING_MAIL_READY:
        yield _found(
            "mail",
            "error",
            Text(
                "有人用邮件联系，但没有设置发信服务器",
                "Some people are reached by mail, but no mail server is set up",
            ),
            Text(
                "写明 HUIYING_MAIL_URL，见 docs/operations.md",
                "Name one in HUIYING_MAIL_URL: see docs/operations.md",
            ),
        )
    elif needed:
        yield from _mail_server()


def _mail_server() -> Iterator[Finding]:
    server = get_connection(timeout=8)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        said = type(error).__name__ if isinstance(error, smtplib.SMTPException) else str(error)
        yield _found(
            "mail-server",
            "error",
            Text(f"连不上发信服务器：{said}", f"The mail server cannot be reached: {said}"),
            Text(
                "核对 HUIYING_MAIL_URL 的服务器、端口、账号和口令",
                "Check server, port, account and password in HUIYING_MAIL_URL",
            ),
        )
    else:
        server.close()


def _sources(now: datetime) -> Iterator[Finding]:
    failing = Source.objects.filter(failing_since__lt=now - timedelta(hours=1), paused=False)
    for source in failing.order_by("failing_since")[:20]:
        yield _found(
            "source",
            "warning",
            Text(f"信源“{source}”读不成：{source.error_zh}", f"The source {source} fails: {source.error_en}"),
            Text(
                "在“信源”里看原因；这不等于没有人说话",
                "See why under sources; it does not mean that nobody spoke",
            ),
        )
