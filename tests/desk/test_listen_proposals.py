"""A story that crosses into a graver level is put before the duty, once, with its reasons and by when."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from huiying.desk.collect.models import Heightened, Tier
from huiying.desk.listen import actions, judge, ledger
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.listen.propose import propose, remind_due
from huiying.desk.listen.queries import awaiting, level_of
from huiying.desk.notify.models import Message
from tests.desk.handling import with_plan
from tests.desk.listen_world import CANTEEN, hear_all, post, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def listening(world: World) -> World:
    """A school with a plan in force and one watch."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    Message.objects.all().delete()
    return world


def lightest() -> int:
    plan = judge.active_plan()
    assert plan is not None
    return max(level.number for level in plan.levels)


def test_a_first_complaint_is_proposed_as_ordinary_with_the_reason_measured(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    assert story.level == story.proposed_level == lightest()
    assert story.proposed_at == NOW
    assert story.awaits
    assert story.level_reasons
    assert all(reason[4] for reason in story.level_reasons)
    assert list(awaiting(NOW)) == [story]


def test_the_duty_is_told_once_with_a_link(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    posts(CANTEEN[1:], at=NOW + timedelta(minutes=5))
    hear_all(NOW + timedelta(minutes=5))
    told = Message.objects.get()
    assert told.person == listening["duty"]
    assert "食堂" in told.subject
    assert told.link.endswith(f"/listen/stories/{Story.objects.get().pk}/")


def test_the_instant_by_which_it_is_assessed_comes_from_the_plan(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    plan = judge.active_plan()
    assert plan is not None and plan.assess_within is not None
    story = Story.objects.get()
    on = judge.ground([story], NOW)
    assert on is not None and on.calendar is not None
    assert story.assess_due_at == plan.assess_within.due(NOW, on.calendar)


def test_many_at_once_are_told_in_one_notice(listening: World) -> None:
    watch("其他", "路灯 OR 集市 OR 漏水 OR 噪音 OR 停电")
    for number, word in enumerate(
        ("南门路灯不亮", "操场边集市太吵", "图书馆漏水", "工地夜里噪音", "实验楼停电")
    ):
        post(f"{word}，请处理", f"{word}已经三天了，请学校尽快处理", at=NOW + timedelta(minutes=number))
    hear_all()
    assert Story.objects.filter(proposed_at__isnull=False).count() == 5
    told = Message.objects.get()
    assert told.subject.startswith("5 ")
    assert "awaits=1" in told.link


def test_a_graver_level_is_proposed_anew_after_it_was_decided_to_keep_listening(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    actions.watch_on(by=listening["duty"], now=NOW, story=story, note="只有一条，先看")
    story.refresh_from_db()
    assert not story.awaits
    later = NOW + timedelta(minutes=10)
    post(*CANTEEN[1], at=later, site="中央网", tier=Tier.NATIONAL)
    hear_all(later)
    story.refresh_from_db()
    assert story.proposed_level == 1
    assert story.awaits
    assert story.assessed_by is None
    assert Message.objects.count() == 2
    assert Message.objects.order_by("pk").last().urgent  # type: ignore[union-attr]


def test_the_same_level_again_is_not_put_before_anybody_again(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    actions.watch_on(by=listening["duty"], now=NOW, story=Story.objects.get(), note="先看")
    posts(CANTEEN[1:], at=NOW + timedelta(minutes=10))
    hear_all(NOW + timedelta(minutes=10))
    assert not Story.objects.get().awaits


def test_an_imported_archive_is_graded_but_put_before_nobody(listening: World) -> None:
    posts(CANTEEN, at=NOW - timedelta(days=400))
    hear_all()
    story = Story.objects.get()
    assert story.level is not None
    assert story.proposed_at is None
    assert not Message.objects.exists()


def test_praise_is_put_before_nobody(listening: World) -> None:
    post("谢谢食堂的阿姨", "食堂阿姨今天多打了一勺菜，谢谢，点赞")
    hear_all()
    Hearing.objects.update(tone="praise")
    story = Story.objects.get()
    Story.objects.update(proposed_level=None, proposed_at=None)
    story.refresh_from_db()
    assert propose([story], NOW, "again") == []
    assert not story.awaits


def test_a_message_to_us_wants_an_answer_even_in_plain_words(listening: World) -> None:
    post("校车时刻", "新学期校车时刻表", kind="message")
    post("食堂晚霞", "食堂门口的晚霞", kind="post")
    hear_all()
    Hearing.objects.update(tone="neutral")
    rows = {row.mention.kind: row.story for row in Hearing.objects.select_related("story", "mention")}
    on = judge.ground([story for story in rows.values() if story], NOW)
    assert on is not None
    assert judge.concern(rows["message"], on) == 1.0  # type: ignore[arg-type]
    assert judge.concern(rows["post"], on) == 0.0  # type: ignore[arg-type]


def test_concern_is_full_while_no_tone_was_heard(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    Hearing.objects.update(tone="")
    on = judge.ground(list(Story.objects.all()), NOW)
    assert on is not None
    assert judge.concern(Story.objects.get(), on) == 1.0


def test_what_is_not_ours_is_not_proposed(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    actions.not_ours(by=listening["duty"], now=NOW, story=Story.objects.get())
    later = NOW + timedelta(minutes=10)
    post(*CANTEEN[1], at=later, site="中央网", tier=Tier.NATIONAL)
    hear_all(later)
    story = Story.objects.get()
    assert (story.status, story.level, story.proposed_level) == ("dismissed", 1, lightest())


def test_heightened_watch_counts_as_a_key_period(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    on = judge.ground([story], NOW)
    assert on is not None and not on.key_period
    Heightened.objects.create(name="高考", created_at=NOW, starts_at=NOW, ends_at=NOW + timedelta(days=2))
    on = judge.ground([story], NOW)
    assert on is not None and judge.evidence(story, on).key_period


@pytest.fixture
def judged_badly() -> Iterator[None]:
    kept = list(judge._mishandled)
    judge.register_mishandled(bad)
    yield
    judge._mishandled[:] = kept


def bad(story: Story) -> bool:
    return True


def test_bad_handling_is_told_by_the_room_that_knows(listening: World, judged_badly: None) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    on = judge.ground([story], NOW)
    assert on is not None
    assert not judge.evidence(story, on).mishandled  # nothing was handled yet
    story.status = Story.Status.CASED
    assert judge.evidence(story, on).mishandled


def test_without_a_plan_stories_are_heard_and_nothing_is_proposed(world: World) -> None:
    watch("食堂", "食堂")
    posts(CANTEEN)
    hear_all()
    story = Story.objects.get()
    assert (story.level, story.proposed_at) == (None, None)
    assert level_of(story) is None


def test_what_nobody_assessed_in_time_goes_to_office_and_deputy_once(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    assert story.assess_due_at is not None
    assert remind_due(now=story.assess_due_at - timedelta(seconds=1)) == 0
    assert remind_due(now=story.assess_due_at) == 1
    assert remind_due(now=story.assess_due_at + timedelta(hours=1)) == 0
    late = Message.objects.filter(stage="assess_late")
    assert {message.person for message in late} == {listening["office"], listening["deputy"]}
    assert all(message.urgent for message in late)


def test_an_assessed_story_is_not_reminded_of(listening: World) -> None:
    posts(CANTEEN[:1])
    hear_all()
    story = Story.objects.get()
    actions.watch_on(by=listening["duty"], now=NOW, story=story, note="先看")
    assert remind_due(now=NOW + timedelta(days=1)) == 0


def test_notices_hold_no_personal_data(listening: World) -> None:
    post("食堂异味，电话13812345678", "食堂的饭菜有异味，联系我 13812345678，请后勤处查一查")
    hear_all()
    told = Message.objects.get()
    assert "13812345678" not in told.subject + told.body
