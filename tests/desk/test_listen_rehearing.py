"""What is stored is heard again when what we listen for changes; where nothing changed, nothing is rewritten."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import actions as cases
from huiying.desk.listen import actions, ledger, rehear
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import (
    Correction,
    Fold,
    Hearing,
    Match,
    Reheard,
    ReheardStory,
    Rehearing,
    Story,
)
from huiying.desk.listen.queries import new_for_cased
from huiying.desk.listen.rehear import Rebuilt, rebuild, rehear_next
from huiying.desk.listen.search import search
from huiying.desk.listen.work import hear_next
from huiying.engine.listen.fold import State
from huiying.engine.listen.keeping import VERSION
from tests.desk.handling import with_plan
from tests.desk.listen_world import CANTEEN, OTHER, WATER, hear_all, posts, rehear_all, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()
    rehear.forget()


@pytest.fixture
def heard(world: World) -> World:
    """Six posts heard with one watch, on the canteen, in batches of two."""
    watch("食堂", "食堂")
    posts([*CANTEEN, *WATER, *OTHER])
    hear_all(most=2)
    return world


def test_a_rebuild_of_what_was_heard_changes_nothing(heard: World) -> None:
    before = list(Story.objects.order_by("key").values())
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)
    assert list(Story.objects.order_by("key").values()) == before


def test_a_rebuild_mends_rows_that_are_not_true(heard: World) -> None:
    story = Story.objects.get()
    Story.objects.update(mentions_count=99, title="错的")
    Hearing.objects.filter(story=story).update(tone="praise", tone_score=1)
    Match.objects.all().delete()
    assert rebuild(now=LATER) == Rebuilt(6, 3, 1)
    story.refresh_from_db()
    assert story.mentions_count == 3
    assert Match.objects.count() == 3
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)


def test_a_rebuild_of_nothing_does_nothing(world: World) -> None:
    assert rebuild(now=NOW) == Rebuilt(0, 0, 0)


def test_a_new_watch_finds_what_was_stored_before_it(heard: World) -> None:
    actions.save_watch(by=heard["duty"], now=LATER, name="热水", query="热水", matter="宿舍热水")
    assert rehear_all(LATER) > 0
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [2, 3]
    done = Rehearing.objects.get(phase="done")
    assert (done.heard, done.changed, done.asked_by) == (6, 2, heard["duty"])
    assert [one.count for one in search("热水停供", kinds=("story",))] == [1]


def test_until_a_rehearing_has_caught_up_everybody_sees_the_stories_as_they_were(heard: World) -> None:
    watch("热水", "热水")
    assert rehear_next(now=LATER, worker="w1", most=2) == 2
    running = Rehearing.objects.get()
    assert (running.phase, running.heard, running.total) == ("running", 2, 6)
    assert running.percent == 33
    assert Story.objects.count() == 1


def test_a_rehearing_that_lost_its_state_goes_on_from_the_last_one_written(heard: World) -> None:
    watch("热水", "热水")
    rehear_next(now=LATER, worker="w1", most=2)
    rehear_next(now=LATER, worker="w1", most=2)
    rehear.forget()  # the worker died; the next one has only what was written
    Rehearing.objects.update(state=b"", state_batch=0, state_corrected=0, leased_until=None)
    rehear_all(LATER, worker="w2")
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [2, 3]
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)


def test_posts_that_arrive_while_the_past_is_heard_again_are_heard_too(heard: World) -> None:
    watch("热水", "热水")
    rehear_next(now=LATER, worker="w1", most=2)
    posts([("三号楼热水还是停的", "三号宿舍楼热水停供第三天了")], at=LATER)
    assert hear_next(now=LATER, worker="w1") == 1
    rehear_all(LATER)
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [3, 3]


def test_a_second_change_replaces_the_rehearing_of_the_first(heard: World) -> None:
    actions.save_watch(by=heard["duty"], now=LATER, name="热水", query="热水", matter="宿舍热水")
    rehear_next(now=LATER, worker="w1", most=2)
    actions.save_watch(by=heard["duty"], now=LATER, name="晚霞", query="晚霞", matter="校园")
    rehear_all(LATER)
    assert sorted(Rehearing.objects.values_list("phase", flat=True)) == ["done", "replaced"]
    assert Story.objects.count() == 3
    assert not Reheard.objects.exists()
    assert not ReheardStory.objects.exists()


def test_what_an_officer_puts_right_meanwhile_is_not_lost(heard: World) -> None:
    watch("热水", "热水")
    rehear_next(now=LATER, worker="w1", most=2)
    odd = Hearing.objects.filter(story__isnull=False).order_by("pk").last()
    assert odd is not None
    actions.move(by=heard["duty"], now=LATER, mention=odd.mention, to=None)
    hear_all(LATER)
    rehear_all(LATER)
    odd.refresh_from_db()
    assert odd.story is not None
    assert odd.story.mentions_count == 1
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)


def test_a_rehearing_waits_until_corrections_are_taught(heard: World) -> None:
    watch("热水", "热水")
    actions.not_ours(by=heard["duty"], now=LATER, story=Story.objects.get())
    rehear_next(now=LATER, worker="w1", most=100)
    assert Rehearing.objects.get().phase == "running"
    hear_all(LATER)
    rehear_all(LATER)
    assert Story.objects.get(mentions_count=3).status == "dismissed"


def test_a_deleted_watch_takes_the_stories_that_only_it_had_found(heard: World) -> None:
    from_watch = Story.objects.get()
    actions.drop_watch(by=heard["duty"], now=LATER, watch=from_watch.watches.get())
    rehear_all(LATER)
    assert not Story.objects.exists()
    assert Hearing.objects.count() == 6
    assert search("食堂", kinds=("story",)) == []


def test_a_story_with_a_case_is_never_deleted(heard: World) -> None:
    with_plan(heard, NOW)
    story = Story.objects.get()
    case = cases.open_case(by=heard["duty"], now=NOW, title="食堂异味", story=story, how="story")
    actions.drop_watch(by=heard["duty"], now=LATER, watch=story.watches.get())
    rehear_all(LATER)
    case.refresh_from_db()
    assert case.story == story
    assert Story.objects.filter(pk=story.pk).exists()


def test_a_changed_unit_is_noticed_by_itself(heard: World) -> None:
    Unit.objects.filter(code="hqc").update(duties="食堂 宿舍 热水")
    rehear_all(LATER)
    done = Rehearing.objects.get()
    assert (done.phase, done.reason, done.asked_by) == ("done", "config", None)
    assert rehear_next(now=LATER, worker="w1") == 0


def test_a_broken_state_is_made_again_from_what_is_stored(heard: World) -> None:
    Fold.objects.update(state=b"HUIYING-EARS %d damaged\nnothing" % VERSION)
    posts(CANTEEN[:1], at=LATER)
    assert hear_next(now=LATER, worker="w1") == 0
    assert Fold.objects.get().trouble.startswith("broken")
    rehear_all(LATER)
    assert Fold.objects.get().trouble == ""
    assert hear_all(LATER) == 1
    assert Story.objects.get().mentions_count == 4


def test_two_workers_never_hear_the_past_again_at_once(heard: World) -> None:
    watch("热水", "热水")
    rehear_next(now=LATER, worker="w1", most=2)
    Rehearing.objects.update(leased_by="w1", leased_until=LATER + timedelta(minutes=1))
    assert rehear_next(now=LATER, worker="w2") == 0
    assert rehear_next(now=LATER + timedelta(minutes=1), worker="w2") > 0


def test_new_posts_of_a_story_with_a_case_are_handed_on_in_order(heard: World) -> None:
    with_plan(heard, NOW)
    story = Story.objects.get()
    assert new_for_cased(0) == []
    cases.open_case(by=heard["duty"], now=NOW, title="食堂异味", story=story, how="story")
    known = new_for_cased(0)
    assert len(known) == 3
    posts([("二食堂又有异味", "二食堂的饭菜还是有异味，后勤处查一查")], at=LATER)
    hear_all(LATER)
    new = new_for_cased(known[-1].id)
    assert [(one.story_id, one.cased_ids) for one in new] == [(story.pk, (story.pk,))]


def test_a_case_follows_its_story_into_the_one_it_was_merged_into(heard: World) -> None:
    with_plan(heard, NOW)
    watch("热水", "热水")
    rehear_all(LATER)
    canteen, water = Story.objects.order_by("-mentions_count")
    cases.open_case(by=heard["duty"], now=NOW, title="热水", story=water, how="story")
    actions.merge(by=heard["duty"], now=LATER, into=canteen, others=[water])
    hear_all(LATER)
    canteen.refresh_from_db()
    assert canteen.status == "cased"
    assert {one.cased_ids for one in new_for_cased(0)} == {(canteen.pk, water.pk)}


def age(version: int = 0) -> None:
    """The worker starts again with a version for which the written state is of another time."""
    row = Fold.objects.get()
    ledger.write(row, ledger.caught_up(row, listening()[0]))
    head, _, body = bytes(row.state).partition(b"\n")
    magic, _version, digest = head.split(b" ")
    row.state = b"%s %d %s\n%s" % (magic, version, digest, body)
    row.save()
    ledger.forget()
    rehear.forget()


def turns(now: datetime = LATER, most: int = 20) -> int:
    """As the worker goes: hear, and if there is nothing, hear again; until all is done. At most so many turns."""
    for turn in range(most):
        if not (hear_next(now=now, worker="w2") or rehear_next(now=now, worker="w2", most=2)):
            return turn
    raise AssertionError("it never ends")


def first_heard() -> int:
    """The mention that was heard first, whatever number the database gave it."""
    return Hearing.objects.order_by("pk")[0].mention_id


def grouped() -> set[tuple[str, tuple[int, ...]]]:
    """The stories as people see them."""
    found: dict[str, list[int]] = {}
    for key, mention in Hearing.objects.filter(story__isnull=False).values_list("story__key", "mention_id"):
        found.setdefault(key, []).append(mention)
    return {(key, tuple(sorted(mentions))) for key, mentions in found.items()}


def test_a_state_of_an_older_version_is_made_again_from_what_is_stored(
    heard: World, as_role: Callable[[str], Client]
) -> None:
    before = grouped()
    age()
    posts(CANTEEN[:1], at=LATER)
    assert hear_next(now=LATER, worker="w2") == 0
    assert Fold.objects.get().trouble.startswith("too-old: ")
    assert "这个版本的听法改进了" in as_role("duty").get("/listen/").content.decode()
    turns()
    fold = Fold.objects.get()
    assert fold.trouble == ""
    assert State.from_bytes(bytes(fold.state)).knows(first_heard())
    assert {(key, mentions[:3]) for key, mentions in grouped()} == before
    assert Story.objects.get().mentions_count == 4
    assert rebuild(now=LATER) == Rebuilt(7, 0, 0)


def test_what_officers_said_outlives_an_upgrade(heard: World) -> None:
    watch("热水", "热水")
    watch("晚霞", "晚霞")
    rehear_all()
    canteen, water, sunset = Story.objects.order_by("first_at", "pk")
    actions.merge(by=heard["duty"], now=LATER, into=canteen, others=[water])
    actions.not_ours(by=heard["duty"], now=LATER, story=sunset)
    turns()
    odd = Hearing.objects.filter(story=canteen).order_by("pk")[1].mention
    actions.move(by=heard["duty"], now=LATER, mention=odd, to=None)
    turns()
    before, rows = grouped(), list(Story.objects.order_by("key").values())
    age()
    (again,) = posts(OTHER, at=LATER)
    turns()
    alone = (sunset.key, (again.pk - 1,))
    assert grouped() == before - {alone} | {(sunset.key, (again.pk - 1, again.pk))}
    sunset.refresh_from_db()
    assert (sunset.status, sunset.mentions_count) == ("dismissed", 2)
    others = Story.objects.exclude(pk=sunset.pk).order_by("key")
    assert list(others.values()) == [row for row in rows if row["id"] != sunset.pk]
    assert rebuild(now=LATER) == Rebuilt(7, 0, 0)


def test_what_is_put_right_between_the_upgrade_and_the_hearing_again_is_taught_after_it(heard: World) -> None:
    """Hearing stands still until the past is heard again; that must not wait for what only hearing can teach."""
    age()
    story = Story.objects.get()
    last = story.hearings.order_by("-pk")[0].mention
    actions.split(by=heard["duty"], now=LATER, story=story, mentions=[last])
    turns()
    assert not Correction.objects.filter(batch__isnull=True).exists()
    assert Correction.objects.get().refused == ""
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [1, 2]
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)


def test_a_version_that_hears_otherwise_hears_the_past_again_before_anything_new_comes(heard: World) -> None:
    """Its fingerprint is another one, as this one is of the version that wrote the fold."""
    assert rehear_next(now=LATER, worker="w1") == 0
    Fold.objects.update(config="of the version before")
    age()
    turns()
    done = Rehearing.objects.get()
    assert (done.phase, done.reason, done.changed, done.changed_stories) == ("done", "config", 0, 0)
    assert State.from_bytes(bytes(Fold.objects.get().state)).knows(first_heard())


def test_a_rehearing_whose_state_cannot_be_read_begins_anew(heard: World) -> None:
    watch("热水", "热水")
    rehear_next(now=LATER, worker="w1", most=2)
    rehear_next(now=LATER, worker="w1", most=2)
    rehear.forget()
    row = Rehearing.objects.get()
    row.state, row.state_batch, row.leased_until = b"HUIYING-EARS 0 old\nnothing", 1, None
    row.save()
    turns()
    assert Rehearing.objects.get().phase == "done"
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [2, 3]


def test_what_a_newer_version_heard_is_let_be(heard: World) -> None:
    age(version=VERSION + 1)
    Fold.objects.update(config="of the newer version")
    kept = bytes(Fold.objects.get().state)
    turns()
    assert Fold.objects.get().trouble.startswith("too-new: ")
    posts(CANTEEN[:1], at=LATER)
    turns()
    assert bytes(Fold.objects.get().state) == kept
    assert not Rehearing.objects.exists()


def test_a_rebuild_teaches_first_what_officers_put_right(heard: World) -> None:
    """The command runs without a worker that would."""
    story = Story.objects.get()
    last = story.hearings.order_by("-pk")[0].mention
    actions.split(by=heard["duty"], now=LATER, story=story, mentions=[last])
    assert rebuild(now=LATER) == Rebuilt(6, 0, 0)
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [1, 2]
