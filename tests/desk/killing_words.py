"""A worker that purges words and is killed again and again: run by `test_listen_forgetting.py` in a process of its own.

After each kill it is looked whether anything was done by halves. Prints, as JSON, what it found.
"""

# ruff: noqa: E402 - models are there only after Django is set up

import json
import os
import random
import select
import signal
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import connections
from django.db.models import Sum

from huiying.desk.accounts.models import AuditLog
from huiying.desk.collect.models import Mention
from huiying.desk.listen.actions import purge_texts
from huiying.desk.listen.models import Hearing, SearchDoc, Story
from tests.desk.listen_world import hear_all, post, watch
from tests.desk.world import NOW, found_school

OLD = NOW - timedelta(days=400)


def kill_one(after: float) -> bool:
    """A worker that purges two at a time until it is killed; whether it had something left to do."""
    connections.close_all()
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        Mention.objects.count()
        os.write(tells, b"!")
        while purge_texts(now=NOW, most=2):
            pass
        os._exit(0)
    os.read(hears, 1)
    select.select([], [], [], after)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    os.close(hears)
    os.close(tells)
    return os.WIFSIGNALED(status)


def torn(total: int) -> list[str]:
    """What does not agree with what."""
    purged = Mention.every.exclude(purged_at=None).count()
    told = sum(line.data["count"] for line in AuditLog.objects.filter(verb="mention.purge"))
    rest = {
        "blank": Mention.every.filter(title="").count() - purged,
        "told": told - purged,
        "hearings": Hearing.objects.count() + purged - total,
        "found": SearchDoc.objects.filter(kind="mention").count() + purged - total,
        "stories": (Story.objects.aggregate(n=Sum("purged_count"))["n"] or 0) - purged,
    }
    return [f"{name}: {by}" for name, by in rest.items() if by]


def main(total: int, kills: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    found_school()
    watch("食堂", "食堂")
    for number in range(total):
        post(f"二食堂的饭菜有异味 {number}", "中午在二食堂打的饭菜有一股异味", at=OLD, voice=f"v{number}")
    hear_all()
    dice, broken, at_work = random.Random(5), list[str](), 0
    for _ in range(kills):
        at_work += kill_one(dice.uniform(0.0, 0.12))
        broken += torn(total)
    while purge_texts(now=NOW):
        pass
    broken += torn(total)
    counts = Story.objects.aggregate(all=Sum("mentions_count"), purged=Sum("purged_count"))
    print(
        json.dumps(
            {
                "torn": broken,
                "purged": Mention.every.exclude(purged_at=None).count(),
                "told": sum(line.data["count"] for line in AuditLog.objects.filter(verb="mention.purge")),
                "counted": [counts["all"], counts["purged"]],
                "killed_at_work": at_work,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
