"""Knowledge is written by one, approved by another, found while drafting, and checked again by its date."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from huiying.desk.library import actions, queries, reminding
from huiying.desk.library.models import Knowledge, MediaContact
from huiying.desk.notify.models import Message
from huiying.desk.replies.hints import hints
from tests.desk import letters
from tests.desk.world import World

SAID = {
    "title": "热水停了去哪里洗澡？",
    "text": "停水期间可凭学生卡到北区浴室免费洗澡。",
    "basis": "后勤处通知第3号",
}
SOON = date(2026, 12, 24)
DAY = timedelta(days=1)


def kept(world: World, now: datetime, **more: object) -> Knowledge:
    values = {**SAID, "check_on": SOON, **more}
    it = actions.put_knowledge(by=world["spokesperson"], now=now, **values)  # type: ignore[arg-type]
    return actions.approve_knowledge(by=world["head"], now=now, it=it)


def test_nobody_finds_an_entry_before_a_second_person_approved_it(world: World, now: datetime) -> None:
    it = actions.put_knowledge(by=world["office"], now=now, check_on=SOON, **SAID)
    assert queries.near(letters.QUESTION, now) == []
    assert it not in queries.knowledge(world["handler"])
    with pytest.raises(PermissionDenied):
        actions.approve_knowledge(by=world["office"], now=now, it=it)
    actions.approve_knowledge(by=world["deputy"], now=now, it=it)
    assert [one.it for one in queries.near(letters.QUESTION, now)] == [it]
    assert it in queries.knowledge(world["handler"])


def test_writing_it_again_asks_for_approval_again(world: World, now: datetime) -> None:
    it = kept(world, now)
    actions.put_knowledge(by=world["office"], now=now, check_on=SOON, it=it, title=SAID["title"], text="改了")
    assert queries.near(letters.QUESTION, now) == []
    assert list(queries.to_approve(world["head"])) == [it]


def test_the_drafter_sees_it_beside_the_text(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    it = kept(world, now)
    draft = letters.written(world, letters.matter(world, now), now=now)
    assert [(one.title, one.stale) for one in hints(draft, now)] == [(it.title, False)]
    assert hints(draft, now + 31 * DAY)[0].stale
    assert SAID["text"] in as_role("spokesperson").get(draft.get_absolute_url()).content.decode()


def test_the_office_is_told_once_when_the_check_is_due(world: World, now: datetime) -> None:
    it = kept(world, now)
    assert reminding.remind_due(now=now) == 0
    due = datetime(2026, 12, 24, 1, 0, tzinfo=now.tzinfo)
    assert [reminding.remind_due(now=due) for _twice in range(2)] == [1, 0]
    assert Message.objects.filter(key__startswith=f"knowledge|{it.pk}", person=world["office"]).count() == 1
    actions.confirm_knowledge(by=world["office"], now=due, it=it, check_on=date(2027, 6, 1))
    assert not queries.to_check(due.date()).exists()


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2020, 1, 1), date(2040, 1, 1)])
def test_the_next_check_lies_ahead_and_not_too_far(world: World, now: datetime, day: date) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.put_knowledge(by=world["office"], now=now, check_on=day, **SAID)
    assert list(refused.value.message_dict) == ["check_on"]


@pytest.mark.parametrize(
    ("field", "words"), [("title", "  "), ("text", "\x00\x07"), ("text", "长" * 1_000_000)]
)
def test_empty_and_endless_entries_are_refused_by_field(
    world: World, now: datetime, field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.put_knowledge(by=world["office"], now=now, check_on=SOON, **{**SAID, field: words})
    assert list(refused.value.message_dict) == [field]
    assert not Knowledge.objects.exists()


def test_a_withdrawn_entry_is_found_no_more_and_says_why(world: World, now: datetime) -> None:
    it = actions.withdraw_knowledge(by=world["office"], now=now, it=kept(world, now), why="政策已改")
    assert queries.near(letters.QUESTION, now) == [] and it.why == "政策已改"
    assert it not in queries.knowledge(world["office"])


def test_only_a_published_answer_becomes_knowledge(world: World, now: datetime) -> None:
    case = letters.matter(world, now)
    draft = letters.written(world, case, now=now)
    with pytest.raises(ValidationError):
        actions.put_knowledge(by=world["office"], now=now, check_on=SOON, draft=draft, **SAID)


def test_the_pages_of_the_knowledge_base(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    office, head = as_role("office"), as_role("head")
    far = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert office.post("/library/knowledge/new/", {"title": "问"}).status_code == 422
    assert office.post("/library/knowledge/new/", {**SAID, "check_on": far}).status_code == 302
    it = Knowledge.objects.get()
    assert head.post(f"/library/knowledge/{it.pk}/approve/").status_code == 302
    assert SAID["title"] in as_role("handler").get("/library/knowledge/?q=洗澡").content.decode()
    assert office.post(f"/library/knowledge/{it.pk}/confirm/", {"check_on": "昨天"}).status_code == 422
    assert office.post(f"/library/knowledge/{it.pk}/withdraw/", {"why": "变了"}).status_code == 302
    assert as_role("handler").get(f"/library/knowledge/{it.pk}/").status_code == 404


def contact(world: World, now: datetime, **more: str) -> MediaContact:
    values = {
        "outlet": "青禾晚报",
        "name": "记者甲",
        "role": "教育",
        "reach": "0700-6100999",
        "tier": "city",
        **more,
    }
    return actions.put_contact(by=world["office"], now=now, **values)


def test_when_a_contact_was_last_spoken_to(world: World, now: datetime) -> None:
    it = contact(world, now)
    for day in (3, 1):
        actions.note_talk(by=world["spokesperson"], now=now, contact=it, about="热水", at=now - day * DAY)
    assert [(one.name, one.last_at) for one in queries.contacts("晚报")] == [("记者甲", now - DAY)]  # type: ignore[attr-defined]


def test_one_contact_at_one_outlet_once(world: World, now: datetime) -> None:
    it = contact(world, now)
    with pytest.raises(ValidationError):
        contact(world, now)
    with pytest.raises(ValidationError):
        contact(world, now, name=" ")
    assert (
        actions.put_contact(
            by=world["office"], now=now, it=it, outlet="青禾晚报", name="记者甲", role="民生"
        ).role
        == "民生"
    )


def test_a_talk_of_tomorrow_is_refused(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.note_talk(by=world["office"], now=now, contact=contact(world, now), about="谈", at=now + DAY)


def test_a_retired_contact_leaves_its_talks_and_no_number(world: World, now: datetime) -> None:
    it = contact(world, now)
    actions.note_talk(by=world["office"], now=now, contact=it, about="热水")
    actions.retire_contact(by=world["office"], now=now, it=it)
    it.refresh_from_db()
    assert (it.active, it.reach, it.talks.count()) == (False, "", 1)


def test_the_pages_of_media_contacts(world: World, now: datetime, as_role: Callable[[str], Client]) -> None:
    office = as_role("office")
    assert office.post("/library/media/new/", {"outlet": "青禾晚报"}).status_code == 422
    assert (
        office.post(
            "/library/media/new/", {"outlet": "晚报", "name": "甲", "tier": "city", "reach": "0700-1"}
        ).status_code
        == 302
    )
    it = MediaContact.objects.get()
    assert (
        office.post(f"/library/media/{it.pk}/talk/", {"about": "谈了热水", "case": "2026-9999"}).status_code
        == 422
    )
    assert office.post(f"/library/media/{it.pk}/talk/", {"about": "谈了热水"}).status_code == 302
    page = as_role("reviewer").get(f"/library/media/{it.pk}/").content.decode()
    assert "谈了热水" in page and "0700-1" not in page
