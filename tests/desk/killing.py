"""A collector that is killed again and again: run by `test_collect_killed.py` in a process and a home of its own.

Prints, as JSON, what the database holds at the end.
"""

# ruff: noqa: E402 - models are there only after Django is set up

import hashlib
import json
import os
import random
import select
import signal
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import connections
from django.db.models import Count, Sum

from huiying.desk.collect.actions import install_source
from huiying.desk.collect.models import Capture, Fetch, Mention, Source, Upload
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.sources.upload.parse import guess_columns, read_table
from huiying.desk.collect.work import fetch_due, read_in_next
from huiying.desk.net.client import Limits
from tests.desk.servers.sites import visitor

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ROWS = 6_000
LIMITS = Limits(total=5, visit=5)


def fill(url: str) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    for number in range(3):
        values = Values(name=f"论坛 {number}", settings={"address": f"{url}/{number}"}, host=f"site{number}")
        install_source(now=START, kind="feed", values=values)
    source = install_source(now=START, kind="upload", values=Values(name="热线"))
    rows = [f"{n},留言 {n},内容 {n},2026-11-{1 + n % 20:02} 08:00" for n in range(ROWS)]
    body = "\n".join(["编号,标题,正文,时间", *rows]).encode()
    table = read_table(body)
    Upload.objects.create(
        source=source, name="留言.csv", sha256=hashlib.sha256(body).hexdigest(), size=len(body),
        payload=zlib.compress(body), columns=guess_columns(table.headings), rows=ROWS,
        state=Upload.State.READING, created_at=START,
    )  # fmt: skip


def visit(now: datetime) -> None:
    fetch_due(now=now, worker="killed", most=10, open_client=lambda: visitor(limits=LIMITS))


def read(now: datetime) -> None:
    read_in_next(now=now, worker="killed", most=2)


def kill(work: Callable[[datetime], None], now: datetime, after: float) -> None:
    """Lets a child work, and kills it so many seconds after it began to."""
    connections.close_all()
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        Source.objects.count()
        os.write(tells, b"!")
        for step in range(10_000):
            work(now + step * timedelta(minutes=20))
        os._exit(0)
    os.read(hears, 1)
    select.select([], [], [], after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(hears)
    os.close(tells)


def report() -> dict[str, object]:
    wrong = [
        one.pk
        for one in Capture.objects.all()
        if hashlib.sha256(zlib.decompress(one.payload)).hexdigest() != one.sha256
    ]
    feeds = Mention.objects.filter(source__kind="feed")
    upload = Upload.objects.get()
    return {
        "keys": {str(s.pk): sorted(int(key) for key in s.mentions.values_list("key", flat=True)) for s in Source.objects.filter(kind="feed")},
        "without_evidence": Mention.objects.filter(capture=None).count(),
        "captures_wrong": wrong,
        "told_new": Fetch.objects.filter(source__kind="feed").aggregate(n=Sum("new"))["n"],
        "feed_mentions": feeds.count(),
        "uploaded": Mention.objects.filter(source=upload.source).count(),
        "upload": [upload.state, upload.new, upload.known, upload.done_rows],
        "twice": list(Mention.objects.values("source", "key").annotate(n=Count("pk")).filter(n__gt=1)),
    }  # fmt: skip


def main(url: str, kills: int) -> None:
    fill(url)
    dice, now = random.Random(7), START
    for number in range(kills):
        reading = number % 4 == 3
        kill(read if reading else visit, now, dice.uniform(0.01, 0.9 if reading else 0.5))
        now += timedelta(days=2)  # leases of the dead have run out
    while Upload.objects.get().state == Upload.State.READING:
        now += timedelta(minutes=10)
        read(now)
    for _ in range(3):
        now += timedelta(days=2)
        visit(now)
    print(json.dumps(report()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
