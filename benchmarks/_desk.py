"""A desk of its own for `hearing.py`, which runs this in a process of its own, on a database that is thrown away.

    python -m benchmarks._desk desk|plain MENTIONS

`desk` hears as the worker does; `plain` writes the same rows one by one with Django's `save`. Prints, as JSON, the seconds of
processor and of the clock that hearing took, those of the engine in it, and how many rows there are of each kind.
"""

# ruff: noqa: E402 - models are there only after Django is set up

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from benchmarks import stream
from huiying.desk.accounts.models import Appointment, Institution, Person, Role, Unit
from huiying.desk.collect.models import Mention, MentionKind, Source
from huiying.desk.collect.storing import text_hash
from huiying.desk.listen import ledger, rows, search, work
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import Hearing, Match, SearchDoc, Story, Watch
from huiying.desk.listen.propose import propose
from huiying.desk.plans.actions import install_shipped
from huiying.engine.listen import fold as engine
from huiying.engine.listen.results import Results

WATCHES = 50
NOW = datetime(2026, 1, 2, tzinfo=UTC)
BATCH = 500


def found(mentions: int) -> None:
    """A school with a plan in force and watches; on its board of messages `mentions` wait to be heard."""
    call_command("migrate", verbosity=0, interactive=False)
    Institution.objects.create(pk=1, name="测试学校", short_name="测试", plan_name="school", founded_at=NOW)
    Unit.objects.bulk_create(
        Unit(code=code, name=name) for code, name in (("hqc", "后勤处"), ("jwc", "教务处"), ("xgc", "学工处"))
    )
    admin = Person.objects.create(username="admin", name="管理员", date_joined=NOW)
    Appointment.objects.create(person=admin, role=Role.ADMIN)
    install_shipped(by=admin, now=NOW, plan_id="school")
    Watch.objects.bulk_create(
        Watch(name=f"watch {number}", query=text, matter="-", created_at=NOW)
        for number, text in enumerate(stream.query_texts(WATCHES))
    )
    board = Source.objects.create(name="留言板", kind="feed", site="留言板", tier="board", created_at=NOW)
    Mention.objects.bulk_create([_stored(board, post) for post in stream.posts(mentions)], batch_size=500)


def _stored(board: Source, post: engine.Mention) -> Mention:
    """As a message to the institution: every one of them belongs to a story."""
    return Mention(
        source=board,
        key=str(post.id),
        kind=MentionKind.MESSAGE,
        title=post.title,
        text=post.text,
        site=post.site,
        tier=post.tier,
        voice=post.voice,
        posted_at=post.at,
        captured_at=post.at,
        reach=post.reach,
        text_sha256=text_hash(post.title, post.text),
    )


@dataclass(slots=True)
class Clock:
    """Processor seconds and seconds by the clock."""

    cpu: float = 0.0
    wall: float = 0.0

    def timed(self, do: Callable[..., Any]) -> Callable[..., Any]:
        """`do`, its time added here."""

        def done(*args: Any, **kwargs: Any) -> Any:
            cpu, wall = time.process_time(), time.perf_counter()
            try:
                return do(*args, **kwargs)
            finally:
                self.cpu += time.process_time() - cpu
                self.wall += time.perf_counter() - wall

        return done


def as_the_worker_does() -> None:
    """Everything that waits, turn by turn."""
    while work.hear_next(now=NOW, worker="benchmark"):
        pass


def one_by_one() -> None:
    """The same rows by `create`, `update_or_create` and `set`, one transaction for each batch."""
    config, _fingerprint = listening()
    state, waiting = engine.State(), list(Mention.objects.order_by("pk"))
    for start in range(0, len(waiting), BATCH):
        mentions = waiting[start : start + BATCH]
        state, results = engine.hear(state, [ledger.heard_as(row) for row in mentions], config)
        _write(results, {row.pk: row for row in mentions}, start // BATCH + 1)


@transaction.atomic
def _write(results: Results, mentions: dict[int, Mention], batch: int) -> None:
    units = dict(Unit.objects.values_list("code", "pk"))
    stories = [_story(shot.key, rows.shot_fields(shot), units) for shot in results.stories]
    by_key = {story.key: story for story in stories}
    for heard in results.heard:
        said, row = rows.said_of(heard), mentions[int(heard.mention_id)]
        fields = {name: said[name] for name in ("tone", "tone_score", "tone_evidence", "evidence")}
        Hearing.objects.create(
            mention=row, batch=batch, story=by_key.get(said["story"]), copy_of_id=said["copy_of"], **fields
        )
        for watch, spans in said["hits"].items():
            Match.objects.create(watch_id=int(watch), mention=row, spans=spans)
        search.put("mention", row.pk, row.title, row.text, row.posted_at or row.captured_at)
    propose(stories, NOW, str(batch))


def _story(key: str, said: rows.Said, units: dict[str, int]) -> Story:
    values = {name: said[name] for name in rows.MEASURED if name != "unit"}
    values |= {name: datetime.fromisoformat(said[name]) for name in ("first_at", "last_at")}
    story, _made = Story.objects.update_or_create(
        key=key, defaults={**values, "unit_id": units.get(said["unit"])}
    )
    story.watches.set([int(watch) for watch in said["watches"]])
    search.put("story", story.pk, story.title, " ".join(story.terms), story.last_at)
    return story


def main(way: str, mentions: int) -> None:
    """Hear, and print what it took."""
    found(mentions)
    reverse("listen:stories")  # reads the addresses of all pages, once in a process
    whole, inside = Clock(), Clock()
    engine.hear = inside.timed(engine.hear)
    whole.timed(as_the_worker_does if way == "desk" else one_by_one)()
    kinds = {model.__name__: model.objects.count() for model in (Hearing, Match, Story, SearchDoc)}
    print(json.dumps({"cpu": whole.cpu, "wall": whole.wall, "engine": inside.cpu, "rows": kinds}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
