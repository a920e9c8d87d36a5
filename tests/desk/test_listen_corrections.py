"""What an officer puts right is shown at once, taught within a turn of the worker, and remembered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import AuditLog
from huiying.desk.cases import actions as cases
from huiying.desk.collect.models import Mention
from huiying.desk.listen import actions, ledger
from huiying.desk.listen.models import Correction, Hearing, Story
from huiying.desk.listen.rehear import Rebuilt, rebuild
from tests.desk.handling import with_plan
from tests.desk.listen_world import CANTEEN, WATER, hear_all, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def heard(world: World) -> World:
    """Two stories: the canteen of three posts, the hot water of two."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    watch("热水", "热水")
    posts([*CANTEEN, *WATER])
    hear_all()
    return world


def canteen() -> Story:
    return Story.objects.order_by("-mentions_count")[0]


def water() -> Story:
    return Story.objects.order_by("-mentions_count")[1]


def test_merged_stories_are_one_at_once_and_measured_within_a_turn(heard: World) -> None:
    into, other = canteen(), water()
    actions.merge(by=heard["duty"], now=LATER, into=into, others=[other])
    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("merged", into)
    assert into.hearings.count() == 5
    assert hear_all(LATER) == 1
    into.refresh_from_db()
    assert into.mentions_count == 5
    assert Correction.objects.get().batch is not None


def test_merging_is_remembered_by_a_rebuild(heard: World) -> None:
    actions.merge(by=heard["duty"], now=LATER, into=canteen(), others=[water()])
    hear_all(LATER)
    assert rebuild(now=LATER) == Rebuilt(5, 0, 0)


def test_a_story_is_not_merged_into_itself(heard: World) -> None:
    with pytest.raises(ValidationError):
        actions.merge(by=heard["duty"], now=LATER, into=canteen(), others=[canteen()])


def test_split_off_posts_are_a_story_of_their_own(heard: World) -> None:
    story = canteen()
    last = story.hearings.order_by("-pk")[0].mention
    actions.split(by=heard["duty"], now=LATER, story=story, mentions=[last])
    hear_all(LATER)
    story.refresh_from_db()
    assert story.mentions_count == 2
    moved = Hearing.objects.get(mention=last)
    assert moved.story is not None and moved.story != story
    assert moved.story.mentions_count == 1
    assert rebuild(now=LATER) == Rebuilt(5, 0, 0)


def test_a_story_keeps_at_least_one_post(heard: World) -> None:
    everything = list(Mention.objects.filter(hearing__story=canteen()))
    with pytest.raises(ValidationError, match="至少一条"):
        actions.split(by=heard["duty"], now=LATER, story=canteen(), mentions=everything)


def test_a_moved_post_stands_in_the_other_story_at_once(heard: World) -> None:
    mention, to = canteen().hearings.order_by("pk")[1].mention, water()
    actions.move(by=heard["duty"], now=LATER, mention=mention, to=to)
    assert Hearing.objects.get(mention=mention).story == to
    hear_all(LATER)
    to.refresh_from_db()
    assert to.mentions_count == 3
    with pytest.raises(ValidationError, match="已经在"):
        actions.move(by=heard["duty"], now=LATER, mention=mention, to=to)


def test_a_post_that_was_not_heard_yet_cannot_be_moved(heard: World) -> None:
    fresh = posts(WATER[:1], at=LATER)[0]
    with pytest.raises(ValidationError, match="还没有听过"):
        actions.move(by=heard["duty"], now=LATER, mention=fresh, to=water())


def test_what_is_not_ours_leaves_the_list_and_what_resembles_it_follows_quietly(heard: World) -> None:
    story = water()
    actions.not_ours(by=heard["duty"], now=LATER, story=story)
    hear_all(LATER)
    posts([("三号楼热水还停着", "三号宿舍楼热水停供第三天")], at=LATER)
    hear_all(LATER)
    story.refresh_from_db()
    assert (story.status, story.mentions_count) == ("dismissed", 3)
    actions.ours_again(by=heard["duty"], now=LATER, story=story)
    hear_all(LATER)
    story.refresh_from_db()
    assert story.status == "open"


def test_only_what_was_dismissed_is_taken_back(heard: World) -> None:
    with pytest.raises(ValidationError):
        actions.ours_again(by=heard["duty"], now=LATER, story=water())


def test_a_story_with_a_case_is_not_dismissed(heard: World) -> None:
    story = water()
    cases.open_case(by=heard["duty"], now=NOW, title="热水", story=story, how="story")
    with pytest.raises(ValidationError, match="已经立件"):
        actions.not_ours(by=heard["duty"], now=LATER, story=story)


def test_a_named_unit_stays_after_the_next_posts(heard: World) -> None:
    actions.route(by=heard["office"], now=LATER, story=water(), unit=heard.units["jwc"])
    hear_all(LATER)
    posts([("三号楼热水还停着", "三号宿舍楼热水停供第三天")], at=LATER)
    hear_all(LATER)
    assert Story.objects.get(mentions_count=3, title__contains="热水").unit == heard.units["jwc"]


def test_a_subject_must_be_one_of_the_plan(heard: World) -> None:
    with pytest.raises(ValidationError, match="没有这个主题"):
        actions.tell_topic(by=heard["office"], now=LATER, story=water(), topic="no-such")


def test_a_merged_story_is_put_right_where_it_went(heard: World) -> None:
    other = water()
    actions.merge(by=heard["duty"], now=LATER, into=canteen(), others=[other])
    for act in (
        lambda: actions.not_ours(by=heard["duty"], now=LATER, story=other),
        lambda: actions.route(by=heard["duty"], now=LATER, story=other, unit=None),
        lambda: actions.split(by=heard["duty"], now=LATER, story=other, mentions=[]),
    ):
        with pytest.raises(ValidationError, match="已并入"):
            act()


def test_a_correction_that_names_what_is_forgotten_is_kept_and_marked(heard: World) -> None:
    Correction.objects.create(at=LATER, verb="merge", data={"story": "s9999", "into": "s8888"})
    assert hear_all(LATER) == 1
    row = Correction.objects.get()
    assert row.batch is not None
    assert row.refused


def test_to_keep_listening_wants_a_reason_and_a_proposal(heard: World) -> None:
    story = canteen()
    with pytest.raises(ValidationError):
        actions.watch_on(by=heard["duty"], now=LATER, story=story, note=" ")
    actions.watch_on(by=heard["duty"], now=LATER, story=story, note="先看今晚")
    story.refresh_from_db()
    assert (story.assessed_by, story.assessed_note) == (heard["duty"], "先看今晚")
    with pytest.raises(ValidationError, match="没有等待"):
        actions.watch_on(by=heard["duty"], now=LATER, story=story, note="再看")


def test_opening_a_case_answers_the_proposal(heard: World) -> None:
    story = canteen()
    cases.open_case(by=heard["duty"], now=LATER, title="食堂", story=story, how="story")
    story.refresh_from_db()
    assert (story.status, story.assessed_by) == ("cased", heard["duty"])


@pytest.mark.parametrize(
    "role", ["head", "deputy", "handler", "reviewer", "spokesperson", "auditor", "admin"]
)
def test_only_office_and_duty_put_stories_right(heard: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.not_ours(by=heard[role], now=LATER, story=water())
    with pytest.raises(PermissionDenied):
        actions.merge(by=heard[role], now=LATER, into=canteen(), others=[water()])
    assert not Correction.objects.exists()


def test_who_put_what_right_is_in_the_audit(heard: World) -> None:
    actions.not_ours(by=heard["duty"], now=LATER, story=water())
    line = AuditLog.objects.get(verb="story.not_ours")
    assert line.actor == heard["duty"].actor
