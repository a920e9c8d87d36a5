"""Retention of words: what goes for good, what is spared, what stays counted, and that nothing trips over the gap."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from huiying.desk.accounts.models import AuditLog
from huiying.desk.api import reads
from huiying.desk.cases import actions as handling
from huiying.desk.collect.models import Attachment, Capture, Mention
from huiying.desk.collect.storing import known_keys
from huiying.desk.listen import actions, ledger, rehear, search
from huiying.desk.listen.actions import forgetting, purge_texts
from huiying.desk.listen.models import Correction, Fold, Hearing, Match, Story
from huiying.desk.listen.search.narrow import preview
from huiying.desk.worker.doctor import examine
from huiying.desk.worker.jobs import forget
from huiying.engine.listen.query import parse
from tests.desk.handling import with_plan
from tests.desk.listen_world import CANTEEN, WATER, hear_all, post, posts, rehear_all, watch
from tests.desk.test_kill import own_database
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD = NOW - 400 * DAY


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()
    rehear.forget()


@pytest.fixture
def watches(world: World) -> None:
    watch("食堂", "食堂")
    watch("热水", "热水 (停 OR 停供)")


@pytest.fixture
def heard(watches: None) -> list[Mention]:
    """Three old posts about the canteen, so alike that any two of them are one story; heard."""
    made = posts(
        [(f"{CANTEEN[0][0]}{more}", CANTEEN[0][1]) for more in ("", "，谁来管", "，又是一天")], at=OLD
    )
    hear_all()
    return made


def fresh(mention: Mention) -> Mention:
    return Mention.every.get(pk=mention.pk)


def test_words_go_and_what_counts_stays(heard: list[Mention]) -> None:
    before = fresh(heard[0])
    assert purge_texts(now=NOW) == 3
    after = fresh(heard[0])
    assert (after.title, after.text, after.address, after.voice, after.extra) == ("", "", "", "", {})
    assert after.purged_at == NOW
    for name in ("key", "source", "site", "tier", "kind", "posted_at", "captured_at", "reach", "text_sha256"):
        assert getattr(after, name) == getattr(before, name)
    assert known_keys(after.source, [after.key]) == {after.key}
    assert not Hearing.objects.exists()
    assert not Match.objects.exists()
    assert search.search("食堂", kinds=("mention",)) == []
    assert Story.objects.values_list("mentions_count", "purged_count").get() == (3, 3)
    assert purge_texts(now=NOW) == 0


def test_a_post_goes_after_its_time_and_not_at_the_instant_itself(heard: list[Mention]) -> None:
    limit = NOW - 365 * DAY
    Mention.objects.filter(pk=heard[0].pk).update(captured_at=limit)
    Mention.objects.filter(pk=heard[1].pk).update(captured_at=limit - timedelta(microseconds=1))
    Mention.objects.filter(pk=heard[2].pk).update(captured_at=NOW)
    assert purge_texts(now=NOW) == 1
    assert [bool(fresh(one).purged_at) for one in heard] == [False, True, False]


def test_without_a_term_everything_is_kept_and_the_doctor_says_so(
    heard: list[Mention], settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings.HUIYING_KEEP_TEXTS_DAYS = 0  # type: ignore[attr-defined]
    assert purge_texts(now=NOW) == 0
    assert "doctor.retention" in {finding.code for finding in examine(tmp_path, NOW)}


def test_each_round_is_one_line_of_the_audit_log_with_its_number(heard: list[Mention]) -> None:
    assert [purge_texts(now=NOW, most=2) for _ in range(3)] == [2, 1, 0]
    lines = AuditLog.objects.filter(verb="mention.purge").order_by("pk")
    assert [line.data["count"] for line in lines] == [2, 1]
    assert {line.actor for line in lines} == {"system"}


@pytest.mark.parametrize("closed", [False, True])
def test_posts_of_a_case_are_kept_whether_it_is_open_or_closed(
    world: World, heard: list[Mention], closed: bool
) -> None:
    with_plan(world, NOW)
    case = handling.open_case(by=world["duty"], now=NOW, title="异味", mentions=heard[:1], how="mention")
    if closed:
        type(case).objects.filter(pk=case.pk).update(closed_at=NOW)
    assert forget(NOW, "w1") == 2
    assert [bool(fresh(one).purged_at) for one in heard] == [False, True, True]


def test_posts_that_corrections_name_are_kept(world: World, heard: list[Mention]) -> None:
    story = Story.objects.get()
    actions.move(by=world["duty"], now=NOW, mention=heard[1], to=None)
    actions.not_ours(by=world["duty"], now=NOW, story=story)
    assert purge_texts(now=NOW) == 1
    named = [fresh(one) for one in heard]
    assert f"s{heard[0].pk}" == story.key
    assert [bool(one.purged_at) for one in named] == [False, False, True]


def test_what_the_written_state_does_not_hold_yet_is_kept(heard: list[Mention]) -> None:
    Fold.objects.update(state_batch=0)
    assert purge_texts(now=NOW) == 0


def test_a_post_that_waits_to_be_heard_is_kept(watches: None) -> None:
    posts(CANTEEN, at=OLD)
    assert purge_texts(now=NOW) == 0
    hear_all()
    assert purge_texts(now=NOW) == 3


def test_nothing_goes_while_everything_is_heard_again(heard: list[Mention]) -> None:
    assert rehear.ask(by=None, now=NOW, reason="test") is not None
    assert purge_texts(now=NOW) == 0
    rehear_all()
    assert purge_texts(now=NOW) == 3


def test_a_purged_post_is_not_heard_again_when_its_number_is_looked_at_anew(heard: list[Mention]) -> None:
    purge_texts(now=NOW)
    Fold.objects.update(settled=0)
    assert hear_all() == 0


def test_a_story_goes_on_counting_what_was_purged_before_and_after_a_rebuild(heard: list[Mention]) -> None:
    assert purge_texts(now=NOW, most=1) == 1  # the one that the story is named by
    old = Story.objects.get()
    rehear.rebuild(now=NOW)
    heir = Story.objects.exclude(status="merged").get()
    assert heir.mentions_count == 3
    assert heir.hearings.count() == 2
    old.refresh_from_db()
    assert (old.status, old.merged_into) == ("merged", heir)
    post(*CANTEEN[0], at=NOW)
    hear_all()
    heir.refresh_from_db()
    assert heir.mentions_count == 4
    again = rehear.rebuild(now=NOW)
    assert (again.hearings, again.stories) == (0, 0)


def test_a_story_that_keeps_its_name_counts_the_purged_ones_of_its_middle(
    heard: list[Mention], world: World
) -> None:
    Mention.objects.filter(pk=heard[0].pk).update(captured_at=NOW)
    assert purge_texts(now=NOW) == 2
    rehear.rebuild(now=NOW)
    assert Story.objects.values_list("mentions_count", "forgotten_count").get() == (3, 2)
    again = rehear.rebuild(now=NOW)
    assert (again.hearings, again.stories) == (0, 0)


def test_a_story_of_which_no_post_is_left_stays_as_it_was_counted(heard: list[Mention]) -> None:
    posts(WATER, at=NOW)
    hear_all()
    assert purge_texts(now=NOW) == 3
    for _ in range(2):
        rebuilt = rehear.rebuild(now=NOW)
        assert (rebuilt.hearings, rebuilt.stories) == (0, 0)
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [2, 3]


def test_a_merged_storys_purged_posts_are_counted_by_its_heir(world: World, heard: list[Mention]) -> None:
    purge_texts(now=NOW, most=1)
    rehear.rebuild(now=NOW)
    posts(WATER, at=NOW)
    hear_all()
    canteen = Story.objects.exclude(status="merged").get(forgotten_count=1)
    water = Story.objects.get(mentions_count=2)
    actions.merge(by=world["duty"], now=NOW, into=water, others=[canteen])
    hear_all()
    water.refresh_from_db()
    assert (water.mentions_count, water.purged_count) == (5, 1)
    again = rehear.rebuild(now=NOW)
    assert (again.hearings, again.stories) == (0, 0)


def test_copies_of_a_purged_post_are_listed_under_the_first_of_them(watches: None) -> None:
    title, text = CANTEEN[0]
    made = [post(title, text, at=OLD), *(post(title, text, at=NOW) for _ in range(3))]
    hear_all()
    assert purge_texts(now=NOW) == 1
    led = dict(Hearing.objects.values_list("mention_id", "copy_of_id"))
    assert led == {made[1].pk: None, made[2].pk: made[1].pk, made[3].pk: made[1].pk}


def test_a_payload_goes_when_nothing_rests_on_it_any_more(heard: list[Mention]) -> None:
    source = heard[0].source
    alone, shared = (
        Capture.objects.create(source=source, captured_at=OLD, sha256=name * 64, size=1, payload=b"x")
        for name in "ab"
    )
    Mention.objects.filter(pk=heard[0].pk).update(capture=alone)
    Mention.objects.filter(pk__in=[heard[1].pk, heard[2].pk]).update(capture=shared)
    Attachment.objects.create(mention=heard[0], capture=alone, name="某某的照片.jpg")
    Mention.objects.filter(pk=heard[2].pk).update(captured_at=NOW)
    assert purge_texts(now=NOW) == 2
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert (bytes(alone.payload), alone.sha256, alone.purged_at) == (b"", "a" * 64, NOW)
    assert (bytes(shared.payload), shared.purged_at) == (b"x", None)
    assert Attachment.objects.get().name == ""


def test_pages_say_that_words_were_purged_and_nothing_trips(
    heard: list[Mention], as_role: Callable[[str], Client]
) -> None:
    young = post(*CANTEEN[0], at=NOW)
    hear_all()
    assert purge_texts(now=NOW) == 3
    client, story = as_role("duty"), Story.objects.get()
    page = client.get(f"/listen/stories/{story.pk}/").content.decode()
    assert "另有 3 条帖文的内容已按期清除" in page
    assert "已按期清除" in client.get("/listen/mentions/?span=").content.decode()
    mention = client.get(f"/sources/mentions/{heard[0].pk}/").content.decode()
    assert "内容已于 2026-11-24 按期清除" in mention
    assert "二食堂" not in mention
    exported = b"".join(client.get("/listen/mentions/?export=csv&span="))  # type: ignore[call-overload]
    assert "已按期清除" in exported.decode("utf-8-sig")
    assert "365 天" in as_role("admin").get("/sources/").content.decode()
    assert reads.mention_out(fresh(heard[0])).purged_at == NOW
    query, _findings = parse("食堂")
    assert query is not None
    assert [mention.pk for mention, _spans in preview(query).newest] == [young.pk]


def test_a_round_that_breaks_off_changes_nothing(
    heard: list[Mention], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(forgetting, "blank", broken)
    with pytest.raises(OSError, match="full"):
        purge_texts(now=NOW)
    assert Hearing.objects.count() == Match.objects.count() == 3
    assert Story.objects.get().purged_count == 0
    assert search.search("食堂", kinds=("mention",))[0].count == 3
    assert not AuditLog.objects.filter(verb="mention.purge").exists()
    assert not Correction.objects.exists()


@pytest.mark.slow
def test_killed_in_the_middle_it_has_done_a_round_whole_or_not_at_all(tmp_path: Path) -> None:
    with own_database(f"forget_{os.getpid()}") as url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "huiying.desk.settings",
            "HUIYING_HOME": str(tmp_path),
            "DATABASE_URL": url or f"sqlite:///{tmp_path / 'huiying.sqlite3'}",
            "PYTHONPATH": "src:.",
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.desk.killing_words", "300", "25"],
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["torn"] == []
    assert found["purged"] == found["told"] == 300
    assert found["counted"] == [300, 300]
    assert found["killed_at_work"] > 0
