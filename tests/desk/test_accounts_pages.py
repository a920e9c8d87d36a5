"""The settings' pages: what they show, to whom, and that nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiying.desk.accounts import actions
from huiying.desk.accounts.models import ApiToken, AuditLog, Contact, Institution, Person, Shift, Unit
from huiying.desk.accounts.rights import LABELS, TABLE, Right
from tests.desk.world import World

SignIn = Callable[[str], Client]
PAGES = (
    "/settings/",
    "/settings/institution/",
    "/settings/rights/",
    "/settings/rights/?role=handler",
    "/settings/audit/",
    "/settings/units/",
    "/settings/units/new/",
    "/settings/people/",
    "/settings/people/new/",
    "/settings/contacts/",
    "/settings/roster/",
    "/settings/tokens/",
    "/settings/tokens/new/",
    "/settings/readiness/",
    "/profile/",
)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.fixture
def admin(world: World, as_role: SignIn) -> Client:
    return as_role("admin")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_english_too(world: World, admin: Client, path: str) -> None:
    admin.cookies["django_language"] = "en"
    page = re.sub(r"<title>.*?</title>|<svg.*?</svg>", "", text(admin, path), flags=re.S)
    own = "|".join(
        [*(person.name for person in world.people.values()), *(unit.name for unit in Unit.objects.all())]
    )
    for known in (
        own,
        world.institution.name,
        world.institution.short_name,
        world.institution.higher_body,
        "中文",
    ):
        page = re.sub(known, "", page)
    page = re.sub(r'aria-hidden="true">[^<]{1,2}<', "<", page)
    assert re.findall(r"[\u3400-\u9fff]+", re.sub(r"<[^>]*>", "", page)) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_database_little(
    world: World, admin: Client, path: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        assert admin.get(path).status_code == 200


def test_more_people_are_not_more_reads(
    world: World, admin: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        posts = [("handler", world.units["jwc"])]
        actions.add_person(by=world["admin"], now=timezone.now(), name=f"某{number}", posts=posts)
    for path in ("/settings/people/", "/settings/contacts/"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            admin.get(path)


def test_the_side_navigation_shows_only_what_one_may_open(world: World, as_role: SignIn) -> None:
    assert "/settings/tokens/" in text(as_role("admin"), "/settings/")
    assert "/settings/tokens/" not in text(as_role("reviewer"), "/settings/")
    assert "/settings/audit/" in text(as_role("auditor"), "/settings/")


def test_the_table_of_rights_is_the_one_that_is_asked(world: World, admin: Client) -> None:
    page = text(admin, "/settings/rights/")
    assert all(str(label) in page for label in LABELS.values())
    assert page.count("#check") == sum(len(roles) for roles in TABLE.values()) + page.count('"side"')
    of_handler = text(admin, "/settings/rights/?role=handler")
    assert str(LABELS[Right.ACCEPT_ASSIGNMENT]) in of_handler
    assert str(LABELS[Right.CONFIRM_LEVEL]) not in of_handler


def test_the_institution_is_renamed_on_record(world: World, admin: Client) -> None:
    data = {"name": "青禾市第十中学", "short_name": "十中", "zone": "Asia/Shanghai"}
    assert admin.post("/settings/institution/", data).status_code == 302
    assert Institution.objects.get().name == "青禾市第十中学"
    assert "改单位信息" in text(admin, "/settings/audit/")


def test_a_wrong_zone_keeps_what_was_typed(world: World, admin: Client) -> None:
    page = admin.post("/settings/institution/", {"name": "新名字", "zone": "Mars/Olympus"})
    assert page.status_code == 422
    assert 'value="新名字"' in page.content.decode()
    assert "没有这个时区" in page.content.decode()


def test_a_unit_is_added_with_the_names_people_use(world: World, admin: Client) -> None:
    admin.post("/settings/units/new/", {"name": "保卫处", "aliases": "门卫、保安，校门"})
    assert Unit.objects.get(name="保卫处").aliases == ["门卫", "保安", "校门"]
    taken = admin.post("/settings/units/new/", {"name": "保卫处"})
    assert taken.status_code == 422


def test_a_unit_is_retired_not_deleted(world: World, admin: Client) -> None:
    unit = world.units["xgc"]
    admin.post(f"/settings/units/{unit.pk}/", {"name": unit.name})
    assert not Unit.objects.get(pk=unit.pk).active
    assert "已撤销" in text(admin, "/settings/units/")


def test_a_person_is_added_with_a_role_and_an_invitation_shown_once(world: World, admin: Client) -> None:
    made = admin.post("/settings/people/new/", {"name": "林某", "role": "reviewer"})
    person = Person.objects.get(name="林某")
    assert made["Location"] == f"/settings/people/{person.pk}/"
    shown = admin.post(f"/settings/people/{person.pk}/invite/").content.decode()
    link = re.search(r"/invited/[\w-]+/", shown)
    assert link is not None
    assert link.group() not in text(admin, f"/settings/people/{person.pk}/")
    assert "林某" in text(Client(), link.group())


def test_a_handler_needs_a_unit(world: World, admin: Client) -> None:
    answer = admin.post(f"/settings/people/{world['reviewer'].pk}/appoint/", {"role": "handler"})
    assert answer.status_code == 422
    assert "在哪个部门承办" in answer.content.decode()


def test_the_last_administrator_cannot_be_let_go_on_the_page(world: World, admin: Client) -> None:
    answer = admin.post(f"/settings/people/{world['admin'].pk}/leave/", follow=True)
    assert "最后一位管理员" in answer.content.decode()
    assert Person.objects.get(pk=world["admin"].pk).is_active


def test_others_ways_are_the_administrators_and_ones_own(world: World, as_role: SignIn) -> None:
    mine, other = world["duty"].contacts.get(), world["head"].contacts.get()
    client = as_role("duty")
    assert client.get(f"/settings/contacts/{mine.pk}/").status_code == 200
    assert client.get(f"/settings/contacts/{other.pk}/").status_code == 404
    assert client.post(f"/settings/contacts/{other.pk}/drop/").status_code == 404
    assert client.get(f"/settings/people/{world['head'].pk}/contacts/new/").status_code == 404
    assert as_role("admin").get(f"/settings/contacts/{other.pk}/").status_code == 200
    assert Contact.objects.filter(pk=other.pk).exists()


def test_pages_show_addresses_only_in_part(world: World, admin: Client) -> None:
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret-key-0001"
    actions.add_contact(
        by=world["admin"], now=timezone.now(), person=world["duty"], channel="wecom", address=address
    )
    contact = Contact.objects.get(channel="wecom")
    pages = (
        "/settings/contacts/",
        f"/settings/people/{world['duty'].pk}/",
        f"/settings/contacts/{contact.pk}/",
    )
    for path in (*pages, "/settings/audit/"):
        assert "very-secret" not in text(admin, path)
        assert "…0001" in text(admin, path)


def test_who_is_not_the_administrator_sees_no_ways_of_others(world: World, as_role: SignIn) -> None:
    assert "school.example" not in text(as_role("reviewer"), f"/settings/people/{world['duty'].pk}/")


def test_a_key_is_shown_once(world: World, admin: Client) -> None:
    data = {"name": "热线", "person": world["office"].pk, "scopes": ["mentions:write"], "days": 90}
    page = admin.post("/settings/tokens/new/", data).content.decode()
    key = re.search(r"hy_[\w-]{20,}", page)
    assert key is not None
    assert key.group() not in text(admin, "/settings/tokens/")
    assert "热线" in text(admin, "/settings/tokens/")
    token = ApiToken.objects.get()
    admin.post(f"/settings/tokens/{token.pk}/revoke/")
    assert "已吊销" in text(admin, "/settings/tokens/")


def test_the_roster_is_filled_on_the_page(world: World, as_role: SignIn) -> None:
    Shift.objects.all().delete()
    client, today = as_role("office"), timezone.localdate()
    assert "无人" in text(client, "/settings/roster/")
    ids = [world["duty"].pk, world["office"].pk]
    data = {"people": ids, "pattern": "day", "first": ids[1], "first_day": today, "days": 7}
    assert client.post("/settings/roster/fill/", data).status_code == 302
    assert Shift.objects.order_by("starts_at").first().person == world["office"]  # type: ignore[union-attr]
    wrong = client.post("/settings/roster/fill/", data | {"people": []})
    assert wrong.status_code == 422
    assert "请至少选一位值班的人" in wrong.content.decode()


def test_a_shift_is_moved_exchanged_and_dropped_on_its_page(world: World, as_role: SignIn) -> None:
    Shift.objects.all().delete()
    client, now = as_role("office"), timezone.now()
    start = now + timedelta(days=2)
    shifts = [
        actions.add_shift(
            by=world["office"],
            now=now,
            person=world[who],
            starts_at=start + timedelta(days=number),
            ends_at=start + timedelta(days=number + 1),
        )
        for number, who in enumerate(("duty", "reviewer"))
    ]
    page = f"/settings/roster/{shifts[0].pk}/"
    client.post(f"{page}swap/", {"other": shifts[1].pk})
    assert Shift.objects.get(pk=shifts[0].pk).person == world["reviewer"]
    wrong = client.post(
        page, {"person": world["reviewer"].pk, "starts_at": "2027-01-02T08:00", "ends_at": "2027-01-01T08:00"}
    )
    assert wrong.status_code == 422
    client.post(f"{page}drop/")
    assert not Shift.objects.filter(pk=shifts[0].pk).exists()


@pytest.mark.parametrize("month", ["2026-02", "2027-12", "1999-01", "nonsense", "2026-13", ""])
def test_any_month_can_be_asked_for(world: World, admin: Client, month: str) -> None:
    assert admin.get(f"/settings/roster/?month={month}").status_code == 200


def test_clock_times_are_those_of_the_institution(world: World, as_role: SignIn) -> None:
    Shift.objects.all().delete()
    Institution.objects.update(zone="Asia/Urumqi")
    data = {"person": world["duty"].pk, "starts_at": "2027-01-04T08:00", "ends_at": "2027-01-05T08:00"}
    as_role("office").post("/settings/roster/new/", data)
    assert Shift.objects.get().starts_at.isoformat() == "2027-01-04T02:00:00+00:00"


def test_the_audit_log_is_searched_by_act_person_and_target(world: World, admin: Client) -> None:
    actions.add_unit(by=world["admin"], now=timezone.now(), name="保卫处")
    actions.set_away(by=world["duty"], now=timezone.now(), person=world["duty"], until=None)
    assert "保卫处" in text(admin, "/settings/audit/?verb=unit.add")
    assert "保卫处" not in text(admin, f"/settings/audit/?actor={world['duty'].actor}")
    assert "没有符合条件的记录" in text(admin, "/settings/audit/?words=查无此人")
    assert AuditLog.objects.count() == 2


def test_one_chooses_ones_language_for_every_device(world: World, as_role: SignIn) -> None:
    client = as_role("duty")
    client.cookies["django_language"] = "zh-hans"
    answer = client.post("/profile/language/", {"language": "en"})
    assert answer.cookies["django_language"].value == ""
    assert "My profile" in text(client, "/profile/")
    assert "My profile" in text(as_role("duty"), "/profile/")


def test_one_says_when_one_is_away_and_back(world: World, as_role: SignIn) -> None:
    client = as_role("head")
    assert client.post("/profile/away/", {"until": "2020-01-01T08:00"}).status_code == 422
    client.post("/profile/away/", {"until": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")})
    assert Person.objects.get(pk=world["head"].pk).away_until is not None
    assert "我回来了" in text(client, "/profile/")
    client.post("/profile/away/", {"until": ""})
    assert Person.objects.get(pk=world["head"].pk).away_until is None


def test_names_cannot_smuggle_markup(world: World, admin: Client) -> None:
    actions.add_person(
        by=world["admin"], now=timezone.now(), name="<script>alert(1)</script>", username="x", title="<b>"
    )
    for path in ("/settings/people/", "/settings/audit/", "/settings/contacts/", "/settings/roster/"):
        assert "<script>alert" not in text(admin, path)


def test_readiness_shows_who_would_be_told(world: World, admin: Client) -> None:
    assert "此刻出了事，会通知到" in text(admin, "/settings/readiness/")
    Contact.objects.all().delete()
    assert "谁也不会知道" in text(admin, "/settings/readiness/")
