"""Two listening workers that are killed again and again: run by `test_listen_killed.py` in a process of its own.

Prints, as JSON, what the database holds at the end.
"""

# ruff: noqa: E402 - models are there only after Django is set up

import itertools
import json
import os
import random
import select
import signal
import sys
from datetime import datetime, timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import connections
from django.db.models import Count

from huiying.desk.collect.models import Mention
from huiying.desk.listen import actions, ledger, search
from huiying.desk.listen.models import Correction, Fold, Hearing, Match, Rehearing, SearchDoc, Story
from huiying.desk.listen.rehear import rebuild, rehear_next
from huiying.desk.listen.work import hear_next
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import install_shipped
from tests.desk.listen_world import post, watch
from tests.desk.world import NOW, World, found_school

MATTERS = (
    ("二食堂的{}有异味", "中午在二食堂打的{}有一股异味，窗口说是新换的油，请后勤处查一查"),
    ("三号宿舍楼热水停了，{}", "三号宿舍楼的热水停供两天了，{}都没法洗澡，什么时候修好锅炉"),
    ("校车 5 号线又晚点，{}", "校车 5 号线今早晚点四十分钟，{}在站台上冻着，请学校给个说法"),
)
WHO = ("红烧鸡块", "番茄炒蛋", "土豆烧肉", "冬瓜汤", "高一的同学", "初三的同学", "低年级的孩子", "我家孩子")


def fill(posts: int) -> World:
    call_command("migrate", verbosity=0, interactive=False)
    world = found_school()
    install_shipped(by=world["admin"], now=NOW, plan_id="school")
    for word in ("食堂", "热水", "校车"):
        watch(word, word)
    dice = random.Random(3)
    for number in range(posts):
        title, text = dice.choice(MATTERS)
        who = dice.choice(WHO)
        post(
            title.format(who),
            text.format(who),
            at=NOW + timedelta(seconds=40 * number),
            voice=f"v{number % 90}",
        )
    return world


def listen(worker: str, now: datetime) -> None:
    """What a worker does until it is killed."""
    while True:
        hear_next(now=now, worker=worker, most=7)
        rehear_next(now=now, worker=worker, most=40)


def kill_two(now: datetime, after: float, dice: random.Random) -> None:
    """Two workers at once; one is killed, and a little later the other."""
    connections.close_all()
    ledger.forget()
    hears, tells = os.pipe()
    children = []
    for number in range(2):
        child = os.fork()
        if child == 0:
            Mention.objects.count()
            os.write(tells, b"!")
            listen(f"w{number}-{os.getpid()}", now)
        children.append(child)
    os.read(hears, 1)
    for child in dice.sample(children, 2):
        select.select([], [], [], after / 2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    os.close(hears)
    os.close(tells)


def report() -> dict[str, object]:
    rebuilt = rebuild(now=NOW + timedelta(days=100))
    order = list(Hearing.objects.order_by("pk").values_list("mention_id", flat=True))
    fold = Fold.objects.get()
    return {
        "mentions": Mention.objects.count(),
        "heard": Hearing.objects.count(),
        "in_order": order == sorted(order),
        "watermark": fold.watermark == max(order),
        "twice": list(Hearing.objects.values("mention").annotate(n=Count("pk")).filter(n__gt=1)),
        "matches": Match.objects.count(),
        "stories": Story.objects.exclude(status="merged").count(),
        "counts_true": all(
            story.mentions_count == story.hearings.count()
            for story in Story.objects.exclude(status="merged")
        ),
        "rebuilt": [rebuilt.hearings, rebuilt.stories],
        "indexed": SearchDoc.objects.filter(kind="mention").count(),
        "found": [one.count for one in search.search("热水", kinds=("mention",))],
        "hot_water": Mention.objects.filter(text__contains="热水").count(),
        "taught": Correction.objects.filter(batch__isnull=False).count(),
        "reheard": Rehearing.objects.filter(phase="done").count(),
        "told_twice": list(Message.objects.values("key").annotate(n=Count("pk")).filter(n__gt=1)),
        "told": Message.objects.count(),
    }  # fmt: skip


def main(posts: int, kills: int) -> None:
    world = fill(posts)
    hear_next(now=NOW, worker="first", most=7)  # reads its tables once; the children begin at once
    dice, now = random.Random(11), NOW
    for number in itertools.count():
        if number >= kills and Hearing.objects.count() > posts // 4:
            break  # on a busy machine they live too short to do much: until they did, more are killed
        now += timedelta(minutes=6)  # leases of the dead have run out
        kill_two(now, dice.uniform(0.05, 0.8), dice)
        if number == kills // 3:
            watch("冬瓜", "冬瓜汤")  # everything has to be heard again, by workers that are killed too
        if number == kills // 2:
            ours = Story.objects.filter(status="open").order_by("-mentions_count").last()
            if ours:
                actions.not_ours(by=world["duty"], now=now, story=ours)
    while_killed = Hearing.objects.count()
    now += timedelta(days=1)
    while hear_next(now=now, worker="last") or rehear_next(now=now, worker="last"):
        pass
    print(json.dumps(report() | {"while_killed": while_killed}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
