"""New posts of a story join its case; after closing they may be a relapse, which a person judges."""

from datetime import datetime, timedelta

import pytest

from huiying.desk.cases import actions, queries
from huiying.desk.cases.feed import EVERY, feed_due
from huiying.desk.cases.models import Case
from huiying.desk.cases.stories import marks, mishandled
from huiying.desk.collect.models import Mention, Source
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.notify.models import Message
from tests.desk.handling import HOUR, published, with_plan
from tests.desk.world import World


@pytest.fixture
def story(world: World, now: datetime) -> Story:
    """A story that two people talk about."""
    story = Story.objects.create(key="s1", title="三食堂异味", first_at=now, last_at=now, topic="logistics")
    for number in range(2):
        heard(story, now, number)
    return story


def heard(story: Story, at: datetime, number: int) -> Mention:
    """One more post of the story."""
    source, _made = Source.objects.get_or_create(
        name="市民论坛", defaults={"kind": "feed", "created_at": at, "tier": "local", "site": "论坛"}
    )
    mention = Mention.objects.create(
        source=source,
        key=f"m{number}",
        title=f"三食堂异味 {number}",
        captured_at=at,
        posted_at=at - timedelta(minutes=5),
        site=f"站点{number}",
        voice=f"v{number}",
        tier="local",
        text_sha256="0" * 64,
    )
    Hearing.objects.create(mention=mention, story=story, batch=mention.pk)
    return mention


def cased(world: World, now: datetime, story: Story, level: int = 1) -> Case:
    with_plan(world, now)
    case = actions.open_case(by=world["duty"], now=now, title=story.title, story=story, how="story")
    actions.confirm_level(by=world["head"], now=now, case=case, level=level, reason="照预案")
    return case


def over(world: World, now: datetime, case: Case) -> None:
    for row in case.owed.filter(state__in=["open", "missed"], closing=False):
        actions.waive(by=world["head"], now=now, case=case, obligation=row.key, reason="x")
    actions.close(by=world["office"], now=now, case=case, summary="好了")


def test_a_case_opened_from_a_story_takes_its_posts_and_marks_it(
    world: World, now: datetime, story: Story
) -> None:
    case = cased(world, now, story)
    assert (case.mentions.count(), case.story) == (2, story)
    story.refresh_from_db()
    assert story.status == Story.Status.CASED


def test_new_posts_join_the_case_by_themselves(world: World, now: datetime, story: Story) -> None:
    case = cased(world, now, story)
    feed_due(now=now)
    new = heard(story, now + HOUR, 7)
    assert feed_due(now=now + HOUR) == 1
    case.refresh_from_db()
    assert new in case.mentions.all()
    assert case.entries.filter(kind="mentions_added").last().actor == "system"


def test_posts_join_at_most_every_few_minutes(world: World, now: datetime, story: Story) -> None:
    cased(world, now, story)
    feed_due(now=now)
    heard(story, now, 7)
    assert feed_due(now=now + EVERY - timedelta(seconds=1)) == 0
    assert feed_due(now=now + EVERY) == 1


def test_a_post_joins_once(world: World, now: datetime, story: Story) -> None:
    case = cased(world, now, story)
    entries = case.entries.count()
    feed_due(now=now)
    feed_due(now=now + HOUR)
    assert case.entries.count() == entries, "its posts came with the opening"


def test_posts_after_closing_are_put_before_duty_and_office_as_a_possible_relapse(
    world: World, now: datetime, story: Story
) -> None:
    case = cased(world, now, story)
    over(world, now + HOUR, case)
    feed_due(now=now + HOUR)
    heard(story, now + 2 * HOUR, 7)
    feed_due(now=now + 2 * HOUR)
    case.refresh_from_db()
    assert case.back == 1
    told = Message.objects.filter(case_number=case.number, stage="relapse")
    assert {message.person for message in told} == {world["duty"], world["office"]}
    (decision,) = [d for d in queries.decisions_for(world["duty"], now + 2 * HOUR) if d.kind == "relapse"]
    assert decision.button.address == f"/cases/{case.number}/reopen/"


def test_the_duty_says_why_it_is_none_and_the_proposal_goes(
    world: World, now: datetime, story: Story
) -> None:
    case = cased(world, now, story)
    over(world, now, case)
    heard(story, now + HOUR, 7)
    feed_due(now=now + HOUR)
    case.refresh_from_db()
    actions.no_relapse(by=world["duty"], now=now + HOUR, case=case, reason="转发旧帖")
    assert case.back == 0
    assert case.step == "closed"


def test_after_the_watch_has_ended_nothing_joins(world: World, now: datetime, story: Story) -> None:
    case = cased(world, now, story)
    over(world, now, case)
    feed_due(now=now)
    heard(story, now + timedelta(days=9), 7)
    feed_due(now=now + timedelta(days=9))
    case.refresh_from_db()
    assert case.back == 0


def test_a_case_without_a_watch_takes_no_posts_after_closing(
    world: World, now: datetime, story: Story
) -> None:
    case = cased(world, now, story, level=3)
    over(world, now, case)
    heard(story, now + HOUR, 7)
    feed_due(now=now + HOUR)
    case.refresh_from_db()
    assert case.back == 0


def test_what_we_did_stands_on_the_storys_curve(world: World, now: datetime, story: Story) -> None:
    case = cased(world, now, story)
    published(case, world, now + HOUR, "first")
    assert [mark.label.zh for mark in marks(story)] == ["立件", "定级", "首次回应"]
    assert marks(story)[0].url == f"/cases/{case.number}/#e1"


def test_a_story_that_came_back_was_handled_badly(world: World, now: datetime, story: Story) -> None:
    case = cased(world, now, story)
    assert mishandled(story) is False
    over(world, now, case)
    actions.reopen(by=world["duty"], now=now, case=case, reason="又起", relapse=True)
    assert mishandled(story) is True
