"""The standing channel: who answers for each unit, notices to them, and who has read them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client

from huiying.desk.accounts.models import Contact, Person
from huiying.desk.accounts.queries.posts import posts_needed, posts_of_units
from huiying.desk.notify import actions
from huiying.desk.notify.actions import circulars
from huiying.desk.notify.models import Circular, Message
from huiying.desk.notify.receipts import counted, receipts_of, unread, waiting_for
from huiying.desk.plans.actions import install_shipped
from tests.desk.handling import somebody
from tests.desk.world import World

MINUTE = timedelta(minutes=1)
BOTH = ["spokesperson", "handler"]


@pytest.fixture
def jwc(world: World) -> Person:
    """The administrator of the academic unit, whom nothing reaches."""
    return somebody("jwc", "handler", world.units["jwc"])


def sent(world: World, now: datetime, **more: object) -> Circular:
    values = {"subject": "元旦值守", "body": "请核对值班表，今天下班前回。", "roles": BOTH, **more}
    return actions.send_circular(by=world["office"], now=now, **values)  # type: ignore[arg-type]


def names(it: Circular) -> set[str]:
    return {row.person.username for row in it.receipts.all()}


# Who answers for each unit


def test_a_vacant_post_is_a_gap_where_the_plan_asks_for_it(world: World, now: datetime) -> None:
    rows = {row.unit.code: row for row in posts_of_units(now)}
    assert posts_needed() == {"handler"}
    assert (rows["hqc"].gaps, rows["jwc"].gaps) == (0, 1)
    post = {one.role: one for one in rows["hqc"].posts}
    assert [holder.person for holder in post["handler"].holders] == [world["handler"]]
    assert not post["spokesperson"].holders and not post["spokesperson"].gap


def test_with_the_road_branchs_plan_every_unit_has_all_three(world: World, now: datetime) -> None:
    world.institution.founded_at = None
    world.institution.save()
    install_shipped(by=world["admin"], now=now, plan_id="road")
    assert posts_needed() == {"head", "spokesperson", "handler"}
    assert {row.unit.code: row.gaps for row in posts_of_units(now)} == {"hqc": 2, "jwc": 3, "xgc": 3}


def test_a_spokesperson_of_the_whole_house_is_no_units_own(world: World, now: datetime) -> None:
    held = {one.role: one.holders for row in posts_of_units(now) for one in row.posts if one.holders}
    assert set(held) == {"handler"}


def test_whoever_cannot_be_reached_or_is_away_is_marked(
    world: World, now: datetime, jwc: Person, as_role: Callable[[str], Client]
) -> None:
    jwc.away_until = now + MINUTE
    jwc.save()
    rows = {row.unit.code: row for row in posts_of_units(now)}
    (holder,) = rows["jwc"].posts[2].holders
    assert (holder.reachable, holder.away, rows["jwc"].posts[2].deaf) == (False, True, True)
    assert not {row.unit.code: row for row in posts_of_units(now + MINUTE)}["jwc"].posts[2].holders[0].away
    page = as_role("handler").get("/settings/posts/").content.decode()
    assert "联系不上" in page and "空缺" in page


# Notices


def test_it_goes_to_everybody_in_these_posts_once_and_not_to_the_sender(
    world: World, now: datetime, jwc: Person
) -> None:
    world["handler"].appointments.create(role="spokesperson", unit=world.units["hqc"])
    world["office"].appointments.create(role="spokesperson")
    it = sent(world, now)
    assert names(it) == {"handler", "jwc", "spokesperson"}
    assert names(sent(world, now, units=[world.units["jwc"]])) == {"jwc"}
    told = Message.objects.filter(key__startswith=f"circular|{it.pk}|")
    assert {row.person.username: row.state for row in told if row.person} == {
        "handler": "waiting",
        "spokesperson": "waiting",
        "jwc": "failed",
    }


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("subject", {"subject": " "}),
        ("subject", {"subject": "长" * 121}),
        ("body", {"body": ""}),
        ("roles", {"roles": []}),
        ("roles", {"roles": ["admin"]}),
        ("within_min", {"within_min": 4}),
        ("within_min", {"within_min": 4321}),
    ],
)
def test_what_makes_no_notice_is_named(
    world: World, now: datetime, field: str, values: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        sent(world, now, **values)
    assert list(refused.value.message_dict) == [field]
    assert not Circular.objects.exists() and not Message.objects.exists()


def test_a_unit_without_anybody_is_said(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError, match="补上"):
        sent(world, now, units=[world.units["xgc"]])


@pytest.mark.parametrize("role", ["handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_leaders_and_the_desk_send(world: World, now: datetime, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.send_circular(by=world[role], now=now, subject="题", body="文", roles=BOTH)


def test_read_on_its_page_or_by_the_link_in_the_message(world: World, now: datetime, jwc: Person) -> None:
    it = sent(world, now)
    assert {row.person.username for row in unread(it)} == {"handler", "jwc", "spokesperson"}
    actions.read_circular(by=jwc, now=now + MINUTE, circular=it, reply="已核对")
    message = Message.objects.get(key__startswith=f"circular|{it.pk}|", person=world["handler"])
    message.acknowledged_at = now + 31 * MINUTE
    message.save()
    found = {row.person.username: row for row in receipts_of(it, now + 40 * MINUTE)}
    assert (found["jwc"].read_at, found["jwc"].late, found["jwc"].receipt.reply) == (
        now + MINUTE,
        False,
        "已核对",
    )
    assert (found["handler"].read_at, found["handler"].late) == (now + 31 * MINUTE, True)
    assert found["spokesperson"].read_at is None
    assert next(row.person.username for row in receipts_of(it, now)) == "spokesperson"
    assert waiting_for(world["handler"]) == [] and len(waiting_for(world["spokesperson"])) == 1


def test_the_first_reading_counts(world: World, now: datetime) -> None:
    it = sent(world, now)
    actions.read_circular(by=world["handler"], now=now + MINUTE, circular=it)
    row = actions.read_circular(by=world["handler"], now=now + 9 * MINUTE, circular=it, reply="补一句")
    assert (row.read_at, row.replied_at) == (now + MINUTE, now + 9 * MINUTE)


def test_nobody_else_reads_for_one(world: World, now: datetime, jwc: Person) -> None:
    it = sent(world, now, units=[world.units["hqc"]])
    with pytest.raises(PermissionDenied):
        actions.read_circular(by=jwc, now=now, circular=it)


def test_at_its_instant_those_who_have_not_read_are_told_again_once_and_the_sender_how_many(
    world: World, now: datetime
) -> None:
    it = sent(world, now)
    actions.read_circular(by=world["handler"], now=now, circular=it)
    assert circulars.remind_due(now=now + 30 * MINUTE - timedelta(microseconds=1)) == 0
    assert circulars.remind_due(now=now + 30 * MINUTE) == 1
    assert circulars.remind_due(now=now + 99 * MINUTE) == 0
    again = Message.objects.filter(key__startswith=f"circular|{it.pk}|again1")
    assert [row.person for row in again] == [world["spokesperson"]]
    assert again[0].subject.startswith("【再次通知】")
    word = Message.objects.get(key__startswith=f"circular|{it.pk}|sender")
    assert word.person == world["office"] and "1 人" in word.subject


def test_a_notice_that_all_have_read_reminds_nobody(world: World, now: datetime) -> None:
    it = sent(world, now, units=[world.units["hqc"]])
    actions.read_circular(by=world["handler"], now=now, circular=it)
    assert circulars.remind_due(now=now + 30 * MINUTE) == 1
    assert not Message.objects.filter(key__contains="|again").exists()
    with pytest.raises(ValidationError, match="都已签收"):
        actions.resend_circular(by=world["office"], now=now, circular=it)


def test_a_reminder_that_fails_half_way_is_made_whole_the_next_time(
    world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = sent(world, now)

    def dies(**_told: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as killed, pytest.raises(RuntimeError):
        killed.setattr(circulars, "tell", dies)
        circulars.remind_due(now=now + 30 * MINUTE)
    it.refresh_from_db()
    assert it.reminded_at is None and it.resent == 0
    assert circulars.remind_due(now=now + 31 * MINUTE) == 1


def test_sent_again_by_hand_it_goes_to_the_rest_only(world: World, now: datetime) -> None:
    it = sent(world, now)
    actions.read_circular(by=world["handler"], now=now, circular=it)
    assert actions.resend_circular(by=world["duty"], now=now + MINUTE, circular=it) == 1
    assert actions.resend_circular(by=world["duty"], now=now + 2 * MINUTE, circular=it) == 1
    assert Message.objects.filter(key__contains="|again").count() == 2


def test_the_list_counts_who_has_read(world: World, now: datetime) -> None:
    it = sent(world, now)
    actions.read_circular(by=world["handler"], now=now, circular=it)
    (row,) = counted([it], now + 29 * MINUTE)
    assert (row.people, row.read, row.missing, row.late) == (2, 1, 1, False)
    assert counted([it], now + 30 * MINUTE)[0].late


def test_written_read_and_answered_in_the_browser(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    office, reader = as_role("office"), as_role("handler")
    asked = {"subject": "核对通讯录", "body": "请核对", "roles": ["handler"], "within_min": "15"}
    answer = office.post("/notices/circulars/new/", asked)
    it = Circular.objects.get()
    assert answer.url == it.get_absolute_url() and it.within_min == 15
    assert "1 人还没签收" in office.get(it.get_absolute_url()).content.decode()
    assert office.get(it.read_path).status_code == 404
    assert "核对通讯录" in reader.get(it.read_path).content.decode()
    assert reader.get(it.get_absolute_url()).status_code == 403
    reader.post(it.read_path, {"reply": "无变化"})
    page = office.get(it.get_absolute_url()).content.decode()
    assert "所有人都已签收" in page and "无变化" in page
    assert "都已签收" in office.get("/notices/circulars/").content.decode()
    assert office.post("/notices/circulars/new/", {**asked, "roles": []}).status_code == 422


def test_somebody_who_left_is_not_waited_for(world: World, now: datetime) -> None:
    it = sent(world, now)
    Contact.objects.all().delete()
    Person.objects.filter(pk=world["spokesperson"].pk).update(is_active=False)
    assert [row.person for row in unread(it)] == [world["handler"]]
