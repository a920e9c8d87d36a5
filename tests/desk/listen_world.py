"""Posts for tests of listening: a canteen, a cut of water, and other talk. All invented."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from huiying.desk.collect.models import Mention, Source, Tier
from huiying.desk.listen.models import Watch
from huiying.desk.listen.rehear import rehear_next
from huiying.desk.listen.work import hear_next
from tests.desk.world import NOW

CANTEEN = (
    ("二食堂的饭菜有异味", "今天中午在二食堂打的饭菜有一股异味，好几个同学都说闻到了，希望后勤处查一查"),
    ("二食堂饭菜异味有人管吗", "中午二食堂的饭菜有异味，窗口师傅说是新换的油，后勤处能不能查一查"),
    ("还是二食堂", "二食堂的饭菜又有异味，饭都倒了，后勤处查一查吧"),
)
WATER = (
    ("宿舍热水又停了", "三号宿舍楼热水停供两天了，大冷天没法洗澡"),
    ("三号楼热水停供", "三号宿舍楼的热水停供到现在，没有人说什么时候恢复"),
)
OTHER = (("操场晚霞很好看", "今天傍晚在操场拍到了很漂亮的晚霞"),)


def source(name: str = "校园论坛", tier: str = Tier.LOCAL) -> Source:
    """A source by its name, made when it is missing."""
    found, _made = Source.objects.get_or_create(
        name=name, defaults={"kind": "feed", "site": name, "tier": tier, "created_at": NOW}
    )
    return found


def post(
    title: str,
    text: str = "",
    *,
    at: datetime = NOW,
    site: str = "校园论坛",
    tier: str = Tier.LOCAL,
    voice: str = "",
    kind: str = "post",
) -> Mention:
    """One stored post, posted and captured at `at`."""
    it = source(site, tier)
    number = Mention.objects.count() + 1
    return Mention.objects.create(
        source=it,
        key=f"{number}",
        kind=kind,
        title=title,
        text=text,
        address=f"https://forum.example/{number}",
        site=it.site,
        tier=tier,
        voice=voice or f"v{number}",
        posted_at=at,
        captured_at=at,
        text_sha256=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
    )


def posts(
    rows: Sequence[tuple[str, str]], at: datetime = NOW, gap: timedelta = timedelta(minutes=1)
) -> list[Mention]:
    """Several posts, one after the other."""
    return [post(title, text, at=at + gap * number) for number, (title, text) in enumerate(rows)]


def watch(name: str, query: str, **fields: object) -> Watch:
    """A watch, as it stands after it was saved and everything was heard again."""
    return Watch.objects.create(name=name, query=query, matter=name, created_at=NOW, **fields)


def hear_all(now: datetime = NOW, worker: str = "w1", most: int = 500) -> int:
    """Hear until nothing is left; returns how much was done."""
    done = 0
    while heard := hear_next(now=now, worker=worker, most=most):
        done += heard
    return done


def rehear_all(now: datetime = NOW, worker: str = "w1", most: int = 2000) -> int:
    """Hear the past again until nothing is left to do."""
    done = 0
    while heard := rehear_next(now=now, worker=worker, most=most):
        done += heard
    return done
