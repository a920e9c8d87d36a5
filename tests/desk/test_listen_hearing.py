"""From stored mentions to stories: in order, once, whole, whoever listens and whatever kills them."""

from datetime import timedelta

import pytest

from huiying.desk.listen import actions, ledger
from huiying.desk.listen.models import Fold, Hearing, Match, Story
from huiying.desk.listen.work import hear_next
from tests.desk.listen_world import CANTEEN, OTHER, WATER, hear_all, post, posts, rehear_all, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def watches(world: World) -> None:
    watch("食堂", "食堂")
    watch("热水", "热水 (停 OR 停供)")


def test_posts_about_one_matter_become_one_story(watches: None) -> None:
    posts([*CANTEEN, *WATER, *OTHER])
    assert hear_all() == 6
    stories = Story.objects.order_by("-mentions_count")
    assert [story.mentions_count for story in stories] == [3, 2]
    assert stories[0].voices_count == 3
    assert stories[0].sites == {"校园论坛": 3}
    assert [watch.name for watch in stories[0].watches.all()] == ["食堂"]


def test_every_post_is_heard_once_and_found_words_are_kept_with_their_places(watches: None) -> None:
    posts([*CANTEEN, *OTHER])
    hear_all()
    assert Hearing.objects.count() == 4
    match = Match.objects.order_by("mention_id").first()
    assert match is not None
    whole = f"{match.mention.title}\n{match.mention.text}"
    assert {whole[start:end] for start, end in match.spans} == {"食堂"}


def test_hearing_again_with_nothing_new_writes_nothing(watches: None) -> None:
    posts(CANTEEN)
    hear_all()
    before = Fold.objects.values_list("batch", "watermark", "heard_at").get()
    assert hear_next(now=NOW + timedelta(hours=1), worker="w1") == 0
    assert Fold.objects.values_list("batch", "watermark", "heard_at").get() == before


def test_stories_do_not_depend_on_the_size_of_batches(watches: None) -> None:
    posts([*CANTEEN, *WATER, *OTHER])
    hear_all(most=1)
    assert Fold.objects.get().batch == 6
    assert sorted(Story.objects.values_list("mentions_count", flat=True)) == [2, 3]


def test_a_second_worker_waits_for_the_first_ones_lease(watches: None) -> None:
    posts(CANTEEN)
    Fold.objects.create(leased_by="other", leased_until=NOW + timedelta(minutes=1))
    assert hear_next(now=NOW, worker="w1") == 0
    assert hear_next(now=NOW + timedelta(minutes=1), worker="w1") == 3


def test_a_worker_that_was_overtaken_writes_nothing(watches: None, monkeypatch: pytest.MonkeyPatch) -> None:
    posts(CANTEEN)
    overtaken = False

    def overtake(batch: object) -> None:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            Fold.objects.update(leased_by="other")

    monkeypatch.setattr(ledger, "heard_as", _then(overtake, ledger.heard_as))
    assert hear_next(now=NOW, worker="w1") == 0
    assert not Hearing.objects.exists()
    assert not Story.objects.exists()


def test_a_watch_saved_while_the_first_batch_is_heard_has_it_heard_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts(CANTEEN)
    saved: list[object] = []

    def save(row: object) -> None:
        if not saved:
            saved.append(row)
            actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="食堂", matter="饭菜")

    monkeypatch.setattr(ledger, "heard_as", _then(save, ledger.heard_as))
    hear_next(now=NOW, worker="w1")
    monkeypatch.undo()
    assert not Story.objects.exists()
    rehear_all()
    assert Story.objects.get().mentions_count == 3


def _then(first, then):  # type: ignore[no-untyped-def]
    def both(row):  # type: ignore[no-untyped-def]
        first(row)
        return then(row)

    return both


def test_the_state_is_caught_up_from_the_past_when_it_was_not_written(watches: None) -> None:
    posts(CANTEEN[:2])
    hear_all()
    Fold.objects.update(state=b"", state_batch=0, state_corrected=0)
    ledger.forget()
    posts(CANTEEN[2:], at=NOW + timedelta(minutes=5))
    hear_all()
    assert Story.objects.get().mentions_count == 3


def test_a_mention_that_appears_late_with_a_lower_number_is_heard_too(watches: None) -> None:
    late = post(*CANTEEN[0])
    kept = (late.pk, late.key)
    late.delete()
    posts(CANTEEN[1:])
    hear_all()
    again = post(*CANTEEN[0])
    type(again).objects.filter(pk=again.pk).update(id=kept[0])
    assert hear_all() == 1
    assert Hearing.objects.filter(mention_id=kept[0]).exists()


def test_the_board_of_messages_is_heard_without_any_watch(world: World) -> None:
    post("请问校车几点发车", "想问新学期校车的时刻表", kind="message")
    hear_all()
    assert Story.objects.get().mentions_count == 1


def test_a_state_of_a_newer_version_stops_listening_and_says_so(watches: None) -> None:
    posts(CANTEEN)
    Fold.objects.create(batch=1, state_batch=1, state=b"HUIYING-EARS 999 abc\n{}", version=1)
    assert hear_next(now=NOW, worker="w1") == 0
    assert "999" in Fold.objects.get().trouble
