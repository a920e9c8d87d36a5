"""Sources, files and mentions for tests of the collecting room's pages."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone

from huiying.desk.collect import actions
from huiying.desk.collect.models import Heightened, Mention, Source, Upload
from huiying.desk.collect.sources.base import Harvest, Item, Payload
from huiying.desk.collect.sources.forms import Values
from tests.desk.world import World

TABLE = "编号,标题,详情,时间\n1,停水,三天了,2026-11-23 08:00\n2,,,\n3,停电,电话 13812345678,某日\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def a_source(world: World, kind: str = "feed", name: str = "青禾论坛", **settings: object) -> Source:
    """A source of that kind, added by the office."""
    own = settings or ({"address": "https://bbs.example.cn/rss"} if kind == "feed" else {})
    values = Values(name=name, settings=own, host="bbs.example.cn" if kind == "feed" else "")
    return actions.add_source(by=world["office"], now=timezone.now(), kind=kind, values=values)


def a_mention(world: World, **fields: object) -> Mention:
    """A post of a feed, with its evidence."""
    source = Source.objects.filter(kind="feed").first() or a_source(world)
    said = {"key": "1", "title": "宿舍停水", "text": "三天了，电话 13812345678", "author": "某网友", **fields}
    payload = Payload(
        address="https://bbs.example.cn/rss", content_type="application/rss+xml", body=b"<rss/>"
    )
    actions.store(source, Harvest(items=[Item(**said)], payloads=[payload]), timezone.now())  # type: ignore[arg-type]
    return Mention.objects.get(source=source, key=said["key"])


def an_upload(world: World) -> Upload:
    """A file that waits to be confirmed."""
    source = Source.objects.filter(kind="upload").first() or a_source(world, "upload", "热线")
    body = TABLE.encode("gb18030")
    return actions.look_at(by=world["office"], now=timezone.now(), source=source, name="留言.csv", body=body)


def an_entry(world: World) -> Mention:
    """A tip with a photo."""
    photo = actions.Attached(name="现场.png", content_type="image/png", body=PNG)
    item = Item(key="hand:walk", title="门口积水", text="水深及膝", kind="tip")
    return actions.enter(by=world["duty"], now=timezone.now(), item=item, files=[photo])


def a_period(world: World) -> Heightened:
    """A heightened watch that has begun."""
    now = timezone.now()
    return actions.heighten(
        by=world["office"], now=now, name="应急", starts_at=now, ends_at=now + timedelta(days=1)
    )


def _source(world: World) -> Mapping[str, object]:
    return {"pk": a_source(world).pk}


def _upload(world: World) -> Mapping[str, object]:
    return {"pk": an_upload(world).pk}


#: Arguments for the walk over all routes.
SAMPLES: dict[str, Callable[[World], Mapping[str, object]]] = {
    **{
        f"collect:{name}": _source
        for name in ("source", "health", "edit", "try_saved", "pause", "resume", "fetch", "delete", "key")
    },
    **{
        f"collect:{name}": _upload
        for name in ("upload", "upload_columns", "upload_take", "upload_drop", "upload_progress")
    },
    "collect:add": lambda world: {"kind": "feed"},
    "collect:try_new": lambda world: {"kind": "feed"},
    "collect:bring": lambda world: {"pk": a_source(world, "upload", "热线").pk},
    "collect:enter_form": lambda world: {"form": "transfer"},
    "collect:mention": lambda world: {"pk": a_mention(world).pk},
    "collect:reveal": lambda world: {"pk": a_mention(world).pk},
    "collect:capture": lambda world: {"pk": a_mention(world).capture_id},
    "collect:attachment": lambda world: {"pk": an_entry(world).attachments.get().pk},
    **{
        f"collect:{verb}_heightened": lambda world: {"pk": a_period(world).pk}
        for verb in ("end", "approve", "refuse")
    },
    "collect:inbound": lambda world: {"pk": a_source(world, "inbound", "网格平台").pk},
}
