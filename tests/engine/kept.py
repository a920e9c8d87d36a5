"""A small listening state as each version wrote it, and what is in it.

`python -m tests.engine.kept` writes the one of the present version into tests/engine/states, with the stories that it
holds. It is run once for each VERSION of `engine.listen.keeping`, when that version is born, and never again: what an old
version wrote cannot be written by a new one.
"""

import json
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huiying.engine.listen.corrections import Merge, NotOurs
from huiying.engine.listen.fold import Config, Mention, State, correct, hear
from huiying.engine.listen.keeping import VERSION

STATES = Path(__file__).with_name("states")
BEGAN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CONFIG = Config(group_unmatched=True)
TEXTS = (
    ("二食堂的饭菜有异味", "今天中午在二食堂打的饭菜有一股异味，好几个同学都说闻到了，希望后勤处查一查"),
    ("二食堂饭菜异味有人管吗", "中午二食堂的饭菜有异味，窗口师傅说是新换的油，后勤处能不能查一查"),
    ("操场晚霞很好看", "今天傍晚在操场拍到了很漂亮的晚霞"),
    ("宿舍热水又停了", "三号宿舍楼热水停供两天了，大冷天没法洗澡"),
    ("三号楼热水停供", "三号宿舍楼的热水停供到现在，没有人说什么时候恢复"),
    ("转：宿舍热水又停了", "转：三号宿舍楼热水停供两天了，大冷天没法洗澡"),
    ("还是二食堂", "二食堂的饭菜又有异味，饭都倒了，后勤处查一查吧"),
    ("图书馆门口的招聘", "图书馆门口有人发招聘传单，说是高薪兼职"),
)


def mentions() -> list[Mention]:
    """What was heard before the state was written. All invented."""
    return [
        Mention(
            id=number, at=BEGAN + timedelta(minutes=number), title=title, text=text, voice=f"v{number}", site="校园论坛"
        )
        for number, (title, text) in enumerate(TEXTS, 1)
    ]  # fmt: skip


def kept(version: int) -> bytes:
    """The state that a version wrote."""
    return zlib.decompress((STATES / f"{version}.z").read_bytes())


def stories_of(version: int) -> dict[str, list[object]]:
    """What that version knew of each story, by key: title, mentions, copies, whether it was said not to be ours."""
    told: dict[str, list[object]] = json.loads((STATES / f"{version}.json").read_text(encoding="utf-8"))
    return told


def stories_in(state: State) -> dict[str, list[object]]:
    """The same of a state at hand."""
    found: dict[str, list[object]] = {}
    for mention in mentions():
        shot = state.shot(f"s{mention.id}", CONFIG)
        if shot:
            found[shot.key] = [shot.title, shot.mentions, shot.copies, shot.not_ours]
    return found


def versions() -> list[int]:
    """The versions of which a state is kept."""
    return sorted(int(path.stem) for path in STATES.glob("*.z"))


def write() -> None:
    """Write what the present version keeps."""
    state, _heard = hear(State(), mentions(), CONFIG)
    state, _merged = correct(state, Merge("s3", "s1"))
    state, _dismissed = correct(state, NotOurs("s8"))
    STATES.mkdir(exist_ok=True)
    (STATES / f"{VERSION}.z").write_bytes(zlib.compress(state.to_bytes(), 9))
    told = json.dumps(stories_in(state), ensure_ascii=False, indent=1)
    (STATES / f"{VERSION}.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    if VERSION in versions():
        sys.exit(f"the state of version {VERSION} is kept already")
    write()
