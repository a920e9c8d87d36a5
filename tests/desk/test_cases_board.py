"""Messages of leaders' message boards: read, routed by the road branch's plan, told to the leader, or decided otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.cases import actions
from huiying.desk.cases.actions import dispatching
from huiying.desk.cases.board import Board, waiting
from huiying.desk.cases.models import Case, Dispatch
from huiying.desk.collect.models import Mention, Source
from huiying.desk.collect.storing import text_hash
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import install_shipped
from huiying.engine.journal import Kind
from tests.desk.world import World

HOUR = timedelta(hours=1)
TO_THE_MAYOR = ("路面塌陷", "尊敬的市长：G312 线 12 公里处路面坑洼，请问什么时候能修好？")
TO_THE_SECRETARY = ("桥面裂缝", "请市委书记过问一下桥面裂缝，护栏也坏了。")


@pytest.fixture
def road(world: World, now: datetime) -> World:
    """The same people under the road branch's plan, with its two supervision offices."""
    world.institution.founded_at = None
    world.institution.save()
    install_shipped(by=world["admin"], now=now - 24 * HOUR, plan_id="road")
    world.institution.refresh_from_db()
    world.institution.founded_at = now
    world.institution.save()
    for code, name in (("dangwei", "党委督查室"), ("xingzheng", "行政督查室")):
        world.units[code] = Unit.objects.create(code=code, name=name)
    return world


def message(now: datetime, words: tuple[str, str] = TO_THE_MAYOR, key: str = "1", **more: object) -> Mention:
    source, _made = Source.objects.get_or_create(
        name="领导留言板", defaults={"kind": "upload", "created_at": now, "tier": "board"}
    )
    title, text = words
    values = {"kind": "message", "tier": "board", "posted_at": now - HOUR, "captured_at": now, **more}
    return Mention.objects.create(
        source=source, key=key, title=title, text=text, text_sha256=text_hash(title, text), **values
    )


def routed(world: World, now: datetime, mention: Mention, **chosen: object) -> Case:
    return actions.route_message(by=world["duty"], now=now, mention=mention, **chosen)  # type: ignore[arg-type]


# What the plan makes of it


@pytest.mark.parametrize(
    ("words", "office", "unit"),
    [(TO_THE_MAYOR, "市长", "行政督查室"), (TO_THE_SECRETARY, "市委书记", "党委督查室")],
)
def test_the_addressee_decides_which_office_it_goes_to(
    road: World, now: datetime, words: tuple[str, str], office: str, unit: str
) -> None:
    found = Board(now).proposal(message(now, words))
    assert found.addressed is not None and found.addressed.office == office == found.addressee
    assert str(found.unit) == unit
    assert [(named.id, people) for named, people in found.tells] == [("leader", (road["head"],))]


def test_the_kind_of_matter_sets_the_clock_of_the_answer(road: World, now: datetime) -> None:
    on = Board(now)
    enquiry = on.proposal(message(now))
    assert (enquiry.subject, enquiry.matter) == ("surface", "enquiry")
    assert enquiry.due is not None and enquiry.due.due_at == datetime.fromisoformat("2026-11-27T00:00+08:00")
    complaint = on.proposal(message(now, TO_THE_SECRETARY, "2"))
    assert complaint.matter == "complaint" and complaint.due is not None
    assert complaint.due.due_at == datetime.fromisoformat("2026-12-02T00:00+08:00")
    emergency = on.proposal(message(now, ("边坡塌方", "市长您好，塌方了，中断交通"), "3"))
    assert emergency.matter == "emergency" and emergency.due is not None
    assert emergency.due.due_at == datetime.fromisoformat("2026-11-25T00:00+08:00")


def test_without_an_addressee_the_subject_decides_and_where_nothing_does_it_is_said(
    road: World, now: datetime
) -> None:
    found = Board(now).proposal(message(now, ("收费站拥堵", "每天堵车")))
    assert (found.addressed, found.subject, found.unit) == (None, "toll", None)
    with pytest.raises(ValidationError, match="没有写它的去向"):
        routed(road, now, found.mention)


def test_a_unit_that_the_desk_does_not_have_is_named(road: World, now: datetime) -> None:
    Unit.objects.filter(code="xingzheng").update(active=False)
    found = Board(now).proposal(message(now))
    assert (found.unit, found.nowhere) == (None, "行政督查室")
    with pytest.raises(ValidationError, match="行政督查室"):
        routed(road, now, found.mention)
    Unit.objects.filter(code="hqc").update(aliases=["行政督查室"])
    assert Board(now).proposal(found.mention).unit == road.units["hqc"]


def test_what_the_source_says_goes_before_what_is_read(road: World, now: datetime) -> None:
    found = Board(now).proposal(message(now, extra={"addressee": "市委书记"}))
    assert found.addressee == "市委书记" and str(found.unit) == "党委督查室"


# One click


def test_one_click_opens_hands_over_tells_the_leader_and_reports(road: World, now: datetime) -> None:
    case = routed(road, now, message(now))
    assert (case.addressee, str(case.lead), case.subject, case.how) == (
        "市长",
        "行政督查室",
        "surface",
        "mention",
    )
    told = Message.objects.get(key__startswith=f"{case.number}|board|leader")
    assert told.person == road["head"] and told.state == "waiting"
    report = case.entries.get(kind=Kind.REPORTED).data
    assert (report["to"], report["means"]) == ("leader", "system")
    assert case.owed.get(key="tell-leader").state == "met"
    assert "留言由行政督查室分办" in case.entries.get(kind=Kind.ASSIGNED).data["text"]
    row = Dispatch.objects.get()
    assert (row.verdict, row.case, row.proposed, row.reason) == ("routed", case, "行政督查室", "")
    assert not waiting(now).exists()


def test_another_way_wants_a_reason_and_keeps_it(road: World, now: datetime) -> None:
    mention, unit = message(now), road.units["hqc"]
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        routed(road, now, mention, unit=unit)
    assert list(refused.value.message_dict) == ["reason"] and not Case.objects.exists()
    with pytest.raises(ValidationError):
        routed(road, now, mention, addressee="市委书记")
    case = routed(road, now, mention, unit=unit, reason="该路段已移交")
    assert str(case.lead) == "后勤处"
    assert Dispatch.objects.get().reason == "该路段已移交"
    assert "该路段已移交" in case.entries.get(kind=Kind.ASSIGNED).data["text"]


def test_an_addressee_that_nothing_told_may_be_filled_in_without_a_reason(road: World, now: datetime) -> None:
    case = routed(road, now, message(now, ("收费站拥堵", "每天堵车")), addressee="市长")
    assert str(case.lead) == "行政督查室"


def test_two_officers_do_not_open_it_twice(road: World, now: datetime) -> None:
    mention = message(now)
    routed(road, now, mention)
    for act in (
        lambda: routed(road, now, mention),
        lambda: actions.put_aside(by=road["office"], now=now, mention=mention, reason="x"),
    ):
        with pytest.raises(ValidationError, match="刚刚已经有人"):
            act()
    assert Case.objects.count() == 1


def test_killed_half_way_nothing_of_it_is_left(
    road: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mention = message(now)

    def dies(*_given: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as killed, pytest.raises(RuntimeError), transaction.atomic():
        killed.setattr(dispatching, "_tell_leaders", dies)
        routed(road, now, mention)
    assert not Case.objects.exists() and not Message.objects.exists()
    assert list(waiting(now)) == [mention]


def test_a_leader_outside_the_house_is_left_to_people(road: World, now: datetime) -> None:
    for person in (road["head"], road["deputy"], road["office"]):
        Person.objects.filter(pk=person.pk).update(is_active=False)
    case = routed(road, now, message(now))
    assert case.owed.get(key="tell-leader").state == "open"


def test_the_same_matter_joins_its_case(road: World, now: datetime) -> None:
    case = routed(road, now, message(now))
    again = message(now, key="2")
    assert Board(now).proposal(again).same == case
    actions.join_message(by=road["duty"], now=now, mention=again, case=case)
    assert case.mentions.count() == 2 and Dispatch.objects.get(mention=again).verdict == "joined"
    assert Board(now).proposal(message(now, TO_THE_SECRETARY, "3")).same is None


def test_nothing_to_do_wants_a_reason(road: World, now: datetime) -> None:
    mention = message(now)
    with pytest.raises(ValidationError, match="不用办"):
        actions.put_aside(by=road["duty"], now=now, mention=mention, reason=" ")
    actions.put_aside(by=road["duty"], now=now, mention=mention, reason="致谢")
    assert not waiting(now).exists()


@pytest.mark.parametrize("role", ["handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_leaders_and_the_desk_hand_on(road: World, now: datetime, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.route_message(by=road[role], now=now, mention=message(now))


def test_what_waits_are_messages_that_nobody_took_up(road: World, now: datetime) -> None:
    message(now, key="old", captured_at=now - timedelta(days=91))
    message(now, key="post", kind="post", tier="city")
    plain = message(now, key="board", kind="post")
    cased = message(now, key="cased")
    actions.open_case(by=road["duty"], now=now, title="已立件", mentions=[cased])
    assert list(waiting(now)) == [plain]


# The screen


def test_the_screen_says_to_whom_where_why_and_by_when(
    road: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    mention = message(datetime.now(tz=now.tzinfo), (TO_THE_MAYOR[0], TO_THE_MAYOR[1] + "电话13912345678"))
    page = as_role("duty").get("/cases/board/").content.decode()
    for words in (
        "市长",
        "开头的称呼",
        "行政督查室",
        "给省长、市长的留言",
        "被留言的领导",
        road["head"].name,
    ):
        assert words in page
    assert "13912345678" not in page
    assert "按预案分办" not in as_role("auditor").get("/cases/board/").content.decode()
    answer = as_role("duty").post(f"/cases/board/{mention.pk}/route/")
    case = Case.objects.get()
    assert answer.url == "/cases/board/" and str(case.lead) == "行政督查室"
    assert case.number in as_role("duty").get("/cases/board/?tab=done").content.decode()


def test_the_form_refuses_with_the_reason_missing_and_keeps_what_was_chosen(
    road: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    mention = message(datetime.now(tz=now.tzinfo))
    asked = {
        "addressee": "市长",
        "unit": road.units["hqc"].pk,
        "subject": "surface",
        "matter": "complaint",
        "reason": "",
    }
    answer = as_role("duty").post(f"/cases/board/{mention.pk}/route/", asked)
    assert answer.status_code == 422 and "请写明理由" in answer.content.decode()
    as_role("duty").post(f"/cases/board/{mention.pk}/route/", {**asked, "reason": "已移交"})
    assert Case.objects.get().entries.get(kind=Kind.OPENED).data["matter"] == "complaint"


def test_many_at_once_each_on_its_own(road: World, now: datetime, as_role: Callable[[str], Client]) -> None:
    at = datetime.now(tz=now.tzinfo)
    good, bad = message(at), message(at, ("收费站拥堵", "每天堵车"), "2")
    as_role("office").post("/cases/board/accept/", {"mention": [good.pk, bad.pk, "x", "9" * 40]})
    assert Case.objects.count() == 1 and list(waiting(at)) == [bad]
    as_role("office").post(f"/cases/board/{bad.pk}/aside/", {"reason": "重复"})
    assert not waiting(at).exists()


def test_opening_by_hand_fills_the_addressee_in(
    road: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    page = as_role("duty").get(f"/cases/open/?mention={message(now).pk}").content.decode()
    assert 'value="市长"' in page
