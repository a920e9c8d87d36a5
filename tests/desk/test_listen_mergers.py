"""Stories that become part of others while posts are heard: posts, cases, officers' words and addresses go along."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiying.desk.cases import actions as handling
from huiying.desk.cases import journal
from huiying.desk.cases.feed import EVERY, feed_due
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.growth import grown
from huiying.desk.cases.queries.names import Names
from huiying.desk.cases.queries.sentences import said
from huiying.desk.cases.stories import marks, story_of
from huiying.desk.listen import actions, rows
from huiying.desk.listen.mergers import absorbed, end_of
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.listen.queries import level_of, new_for_cased
from huiying.engine.listen.results import StoryShot
from tests.desk.handling import with_plan
from tests.desk.listen_world import post
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
Status = Story.Status


def shot(key: str, into: str | None = None, **fields: object) -> rows.Said:
    """A story as the fold tells it; `into`: it became part of that one."""
    told = StoryShot(
        key=key, title=f"话题 {key}", first_at=NOW, last_at=NOW, mentions=0 if into else 2, copies=0, voices=1, sites={},
        tiers={}, heat=1.0, growth=1.0, forecast=None, negative_share=0.0, tones={}, merged_into=into,
    )  # fmt: skip
    return rows.shot_fields(replace(told, **fields))  # type: ignore[arg-type]


def write(*saids: tuple[str, str | None]) -> None:
    rows.write_stories({key: shot(key, into) for key, into in saids})


@pytest.fixture
def stories(world: World) -> dict[str, Story]:
    """Three stories of one post each."""
    write(("a", None), ("b", None), ("c", None))
    found = {story.key: story for story in Story.objects.all()}
    for key, story in found.items():
        Hearing.objects.create(mention=post(f"帖文 {key}"), story=story, batch=1)
    return found


def moved(stories: dict[str, Story], *keys: str, to: str) -> None:
    rows.move_hearings({hearing.mention_id: to for key in keys for hearing in stories[key].hearings.all()})


def cased(world: World, story: Story) -> Case:
    with_plan(world, NOW)
    return handling.open_case(by=world["duty"], now=NOW, title=story.title, story=story, how="story")


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_case_goes_through_a_chain_of_mergers_whatever_comes_first(
    world: World, stories: dict[str, Story], order: tuple[str, ...]
) -> None:
    cased(world, stories["a"])
    into = {"a": "b", "b": "c"}
    write(*[(key, into[key]) for key in order], ("c", None))
    assert [fresh(stories[key]).status for key in "abc"] == [Status.MERGED, Status.MERGED, Status.CASED]


def test_a_chain_that_grew_over_several_batches_is_followed_as_well(
    world: World, stories: dict[str, Story]
) -> None:
    write(("b", "c"), ("c", None))
    cased(world, stories["a"])
    write(("a", "b"))  # neither b nor c changed in this batch
    assert fresh(stories["c"]).status == Status.CASED
    assert end_of(fresh(stories["a"])).key == "c"
    assert absorbed([stories["c"].pk]) == {stories["c"].pk: [stories["b"].pk, stories["a"].pk]}


def test_new_posts_of_the_last_story_feed_the_case_of_the_first(
    world: World, stories: dict[str, Story]
) -> None:
    case = cased(world, stories["a"])
    feed_due(now=NOW)
    write(("a", "b"), ("b", "c"), ("c", None))
    moved(stories, "a", "b", to="c")
    new = post("又一条")
    Hearing.objects.create(mention=new, story=stories["c"], batch=2)
    assert stories["a"].pk in new_for_cased(0)[-1].cased_ids
    feed_due(now=NOW + EVERY)
    case.refresh_from_db()
    assert case.mentions.count() == 4
    assert case.story == stories["c"]


def test_a_merger_is_told_on_the_case_once(world: World, stories: dict[str, Story]) -> None:
    case = cased(world, stories["a"])
    feed_due(now=NOW)
    write(("a", "b"), ("b", "c"), ("c", None))
    moved(stories, "a", "b", to="c")
    for number in (1, 2, 3):
        feed_due(now=NOW + number * EVERY)
    entries = journal.entries(case)
    told = [entry for entry in entries if entry.data.get("joined")]
    assert len(told) == 1
    sentence = said(told[0], Names(case, entries, None))
    assert sentence.sentence == "话题“话题 a”、“话题 b”并入“话题 c”"
    assert sentence.text == "新增 2 条帖文"
    assert grown(entries, 1).posts_now == 3


def test_what_joins_the_story_of_a_case_joins_the_case(world: World, stories: dict[str, Story]) -> None:
    case = cased(world, stories["c"])
    feed_due(now=NOW)
    write(("a", "b"), ("b", "c"))
    moved(stories, "a", "b", to="c")
    feed_due(now=NOW + EVERY)
    assert case.mentions.count() == 3


def test_only_what_was_said_since_closing_may_be_a_relapse(world: World, stories: dict[str, Story]) -> None:
    case = cased(world, stories["c"])
    handling.confirm_level(by=world["head"], now=NOW, case=case, level=1, reason="照预案")
    feed_due(now=NOW)
    for row in case.owed.filter(state__in=["open", "missed"], closing=False):
        handling.waive(by=world["head"], now=NOW, case=case, obligation=row.key, reason="x")
    handling.close(by=world["office"], now=NOW + timedelta(minutes=1), case=case, summary="好了")
    write(("a", "c"))
    moved(stories, "a", to="c")
    feed_due(now=NOW + timedelta(hours=2))
    case.refresh_from_db()
    assert case.back == 0
    assert [entry for entry in case.entries.all() if entry.data.get("joined")]


def test_a_story_said_to_be_not_ours_is_ours_when_a_case_joins_it(
    world: World, stories: dict[str, Story]
) -> None:
    actions.not_ours(by=world["duty"], now=NOW, story=stories["b"])
    cased(world, stories["a"])
    write(("a", "b"))
    assert fresh(stories["b"]).status == Status.CASED


def put_before(story: Story, level: int, at: datetime, due: datetime | None = None, **fields: object) -> None:
    Story.objects.filter(pk=story.pk).update(
        proposed_level=level, proposed_at=at, assess_due_at=due or at + timedelta(hours=2), **fields
    )


def test_a_proposal_that_waits_waits_with_the_heir_until_the_same_instant(
    world: World, stories: dict[str, Story]
) -> None:
    put_before(stories["a"], 2, NOW)
    write(("a", "b"), ("b", "c"), ("c", None))
    heir = fresh(stories["c"])
    assert heir.awaits
    assert (heir.proposed_level, heir.assess_due_at) == (2, NOW + timedelta(hours=2))
    assert not fresh(stories["a"]).awaits


def test_an_officers_decision_counts_for_the_heir_too(world: World, stories: dict[str, Story]) -> None:
    put_before(stories["a"], 3, NOW)
    actions.watch_on(by=world["duty"], now=NOW, story=stories["a"], note="再看看")
    write(("a", "c"))
    heir = fresh(stories["c"])
    assert not heir.awaits
    assert (heir.assessed_by, heir.assessed_note) == (world["duty"], "再看看")


def test_of_two_that_wait_for_the_same_level_the_earlier_deadline_stays(
    world: World, stories: dict[str, Story]
) -> None:
    put_before(stories["a"], 3, NOW, due=NOW + timedelta(hours=1))
    put_before(stories["c"], 3, NOW, due=NOW + timedelta(hours=2))
    write(("a", "c"))
    assert fresh(stories["c"]).assess_due_at == NOW + timedelta(hours=1)


def test_a_decision_on_a_graver_level_is_not_overwritten_by_a_lesser_proposal(
    world: World, stories: dict[str, Story]
) -> None:
    put_before(stories["c"], 2, NOW, assessed_at=NOW)
    put_before(stories["a"], 3, NOW)
    actions.merge(by=world["duty"], now=NOW, into=stories["c"], others=[stories["a"]])
    heir = fresh(stories["c"])
    assert (heir.proposed_level, heir.awaits) == (2, False)


def test_the_old_address_leads_to_the_last_story_at_once(
    world: World, stories: dict[str, Story], client: Client
) -> None:
    write(("a", "b"), ("b", "c"), ("c", None))
    client.force_login(world["duty"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/listen/stories/{stories['a'].pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/listen/stories/{stories['c'].pk}/")
    assert "“话题 a”已并入这个话题" in client.get(answer["Location"]).content.decode()


def test_what_was_done_is_marked_on_the_heirs_curve(world: World, stories: dict[str, Story]) -> None:
    case = cased(world, stories["a"])
    write(("a", "b"), ("b", "c"), ("c", None))
    heir = fresh(stories["c"])
    assert [mark.label.zh for mark in marks(heir)] == ["立件"]
    case.refresh_from_db()
    assert story_of(case) == heir
    Story.objects.filter(pk=heir.pk).update(level=3)
    assert level_of(fresh(stories["a"])) == 3


def test_a_ring_of_mergers_ends(stories: dict[str, Story]) -> None:
    """Nothing makes one; nothing hangs on one."""
    for key, into in (("a", "b"), ("b", "a")):
        Story.objects.filter(key=key).update(status=Status.MERGED, merged_into=stories[into])
    assert end_of(fresh(stories["a"])).key == "b"
    assert absorbed([stories["a"].pk]) == {stories["a"].pk: [stories["b"].pk]}
