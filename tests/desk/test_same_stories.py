"""The same file gives the same stories on the command line and at the desk."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from huiying.cli import main
from huiying.desk.collect import actions
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.work import read_in_next
from huiying.desk.listen.actions import save_watch
from huiying.desk.listen.models import Story
from huiying.desk.listen.work import hear_next
from huiying.desk.sample.posts import posts
from tests.desk.handling import with_plan
from tests.desk.world import World

WATCH = "(九中 OR 第九中学) AND (食堂 OR 热水 OR 校车)"


def table(now: datetime) -> str:
    """The sample's posts as a table."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter="\t", lineterminator="\n")
    rows.writerow(["id", "time", "title", "text"])
    for post in posts():
        at = now - timedelta(hours=72 - post.hour)
        rows.writerow([post.id, at.isoformat(timespec="seconds"), post.title, post.text])
    return out.getvalue()


def by_command(path: Path, watches: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int]]:
    """Title and size of each story that the command prints."""
    assert main(["hear", str(path), "--watches", str(watches), "--most", "0", "--json"]) == 0
    return sorted((story["title"], story["mentions"]) for story in json.loads(capsys.readouterr().out))


def at_the_desk(world: World, now: datetime, body: bytes) -> list[tuple[str, int]]:
    """Title and size of each story after the file was uploaded and heard."""
    with_plan(world, now)
    save_watch(by=world["office"], now=now, name="学校", query=WATCH, matter="食堂、热水、校车")
    source = actions.add_source(by=world["admin"], now=now, kind="upload", values=Values(name="上传"))
    upload = actions.look_at(by=world["admin"], now=now, source=source, name="posts.tsv", body=body)
    actions.read_in(by=world["admin"], now=now, upload=upload)
    while read_in_next(now=now, worker="w"):
        pass
    while hear_next(now=now, worker="w"):
        pass
    there = Story.objects.exclude(status=Story.Status.MERGED)
    return sorted(there.values_list("title", "mentions_count"))


def test_a_file_heard_by_command_and_uploaded_gives_the_same_stories(
    world: World, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, watches = tmp_path / "posts.tsv", tmp_path / "watches.toml"
    path.write_text(table(now), encoding="utf-8")
    watches.write_text(f'[[watch]]\nname = "学校"\nquery = "{WATCH}"\n', encoding="utf-8")
    told = by_command(path, watches, capsys)
    assert len(told) > 3 and sum(size for _title, size in told) > 200
    assert at_the_desk(world, now, path.read_bytes()) == told
