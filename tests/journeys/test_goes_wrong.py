"""A case that goes wrong: nobody answers in time, the heads are told, the level is raised, the matter comes back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from huiying.desk.cases.feed import feed_due
from huiying.desk.cases.models import Case
from huiying.desk.cases.verify import verify_all
from huiying.desk.collect.models import Mention, Source
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.worker.jobs import Roads, remind
from huiying.engine.journal import Kind
from tests.desk.handling import with_plan
from tests.desk.world import PASSWORD, World
from tests.journeys.people import Somebody
from tests.journeys.test_main_job import acts, opens

HOUR = timedelta(hours=1)


class Clock:
    """The time of the desk, moved by the test; the worker does its rounds whenever it has moved."""

    def __init__(self, travel: time_machine.Traveller, now: datetime) -> None:
        self._travel, self.now = travel, now

    def goes_on(self, span: timedelta) -> None:
        """Later; then what is due is told and sent."""
        self.now += span
        self._travel.move_to(self.now)
        while remind(self.now, "journey") + Roads().deliver(self.now, "journey"):
            pass


@pytest.fixture
def clock(now: datetime) -> Iterator[Clock]:
    """The clock of this journey."""
    with time_machine.travel(now, tick=False) as travel:
        yield Clock(travel, now)


@pytest.fixture
def desk(clock: Clock, settings: Settings, world: World, live_server: LiveServer) -> LiveServer:
    """A desk whose sign-ins do not end while the clock is moved."""
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    settings.CSRF_COOKIE_AGE = None
    settings.HUIYING_MAIL_SET = True
    with_plan(world, clock.now)
    return live_server


def heard(story: Story, at: datetime, number: int) -> Mention:
    """One more post of the story."""
    made = {"kind": "feed", "created_at": at, "tier": "local", "site": "论坛"}
    source, _made = Source.objects.get_or_create(name="市民论坛", defaults=made)
    mention = Mention.objects.create(
        source=source, key=f"m{number}", title=f"宿舍没有热水 {number}", captured_at=at, posted_at=at,
        voice=f"v{number}", tier="local", text_sha256="0" * 64,
    )  # fmt: skip
    Hearing.objects.create(mention=mention, story=story, batch=mention.pk)
    return mention


def signs_in(browser: Browser, desk: LiveServer, username: str) -> Somebody:
    """By name and password, as every morning."""
    person = Somebody.sits_down(browser, desk.url)
    person.goes("/accounts/login/")
    person.fills(login=username, password=PASSWORD)
    person.presses("登录")
    return person


def told(role: str) -> list[str]:
    """Subjects of what was mailed to the holder of a role, oldest first."""
    return [message.subject for message in mail.outbox if f"{role}@school.example" in message.to]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_late_escalated_raised_and_back_again(
    browser: Browser, desk: LiveServer, world: World, clock: Clock
) -> None:
    story = Story.objects.create(key="s1", title="宿舍没有热水", first_at=clock.now, last_at=clock.now)
    heard(story, clock.now, 0)
    duty, head, office = (signs_in(browser, desk, name) for name in ("duty", "head", "office"))

    duty.goes(f"/listen/stories/{story.pk}/")
    number = opens(duty, "宿舍没有热水")
    acts(duty, number, "verify", choose_outcome="true", facts="锅炉的循环泵坏了，两栋楼没有热水。")
    acts(head, number, "confirm", choose_level="3", reason="照预案")
    case = Case.objects.get(number=number)
    first = case.owed.filter(act="published", state="open").order_by("due_at")[0]

    clock.goes_on(first.due_at - clock.now - timedelta(minutes=10))
    assert any(number in words for words in told("spokesperson")), "who owes the answer is reminded before"
    before = len(told("head"))
    clock.goes_on(timedelta(minutes=10))
    first.refresh_from_db()
    assert first.state == "missed"
    clock.goes_on(6 * HOUR)
    assert len(told("head")) > before, "a missed deadline is told to the head"

    office.goes("/")
    office.sees("已超时")
    duty.goes(f"/cases/{number}/")
    duty.sees("已超时")

    acts(head, number, "confirm", choose_level="1", reason="两栋楼，学生多，已上同城热榜")
    head.sees("重大")
    case.refresh_from_db()
    assert case.level == 1
    missed = case.owed.filter(act="published", state="missed")
    assert missed.exists(), "raising the level does not unmiss what was missed"

    while row := case.owed.filter(state__in=["open", "missed"], closing=False).order_by("due_at").first():
        acts(head, number, "waive", choose_obligation=row.key, reason="已当面答复并恢复热水，留此说明")
    acts(office, number, "close", summary="换泵，热水恢复。")
    case.refresh_from_db()
    assert case.closed_at is not None and case.watch_until is not None

    clock.goes_on(24 * HOUR)
    heard(story, clock.now, 1)
    feed_due(now=clock.now)
    clock.goes_on(timedelta(minutes=1))
    office.goes(f"/cases/{number}/reopen/")
    office.fills(reason="又停了热水")
    office.page.locator("main input[name='relapse']").check()
    with office.page.expect_navigation():
        office.page.locator("main form button.primary").last.click()
    case.refresh_from_db()
    assert case.closed_at is None and case.relapses == 1
    kinds = list(case.entries.values_list("kind", flat=True))
    assert kinds[-1] == Kind.REOPENED and Kind.TOLD in kinds
    assert verify_all() == []
    assert [complaint for person in (duty, head, office) for complaint in person.complaints] == []
