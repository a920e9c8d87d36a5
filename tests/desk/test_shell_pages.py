"""The page around every page: language, light, what went wrong, and how it is reached without a mouse."""

from collections.abc import Callable

import pytest
from django.test import Client

from huiying.desk.accounts import actions
from huiying.desk.accounts.models import Institution, Person, Shift
from tests.desk.world import World

SignIn = Callable[[str], Client]


def text(client: Client, path: str = "/profile/") -> str:
    return client.get(path).content.decode()


def test_chinese_unless_the_reader_chose_otherwise(world: World, client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "en-US"})
    assert page.headers["Content-Language"] == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"


def test_a_person_is_spoken_to_in_ones_own_language(world: World, as_role: SignIn) -> None:
    Person.objects.filter(pk=world["head"].pk).update(language="en")
    assert 'lang="en"' in text(as_role("head"))
    assert 'lang="zh-Hans"' in text(as_role("duty"))


def test_the_switch_of_this_device_goes_before_ones_own_language(world: World, as_role: SignIn) -> None:
    Person.objects.filter(pk=world["head"].pk).update(language="en")
    client = as_role("head")
    client.post("/language/", {"language": "zh-hans"})
    assert 'lang="zh-Hans"' in text(client)


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
@pytest.mark.parametrize("switch", ["/language/", "/theme/"])
def test_a_switch_leads_back_never_elsewhere(world: World, client: Client, there: str, switch: str) -> None:
    answer = client.post(switch, {"language": "en", "theme": "dark", "next": there})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("wrong", ["purple", "", "<script>"])
def test_only_known_lights_and_languages_are_kept(world: World, client: Client, wrong: str) -> None:
    client.post("/theme/", {"theme": wrong})
    client.post("/language/", {"language": wrong})
    assert "theme" not in client.cookies
    assert "django_language" not in client.cookies


def test_the_light_is_remembered(world: World, client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in text(client, "/accounts/login/")


def test_times_are_those_of_the_institution(world: World, as_role: SignIn) -> None:
    Institution.objects.update(zone="Asia/Urumqi")
    assert 'data-zone="Asia/Urumqi"' in text(as_role("duty"))


def test_a_zone_that_is_none_does_not_close_the_desk(world: World, as_role: SignIn) -> None:
    Institution.objects.update(zone="Mars/Olympus")
    assert 'data-zone="Asia/Shanghai"' in text(as_role("duty"))


def test_every_page_says_who_is_on_duty(world: World, as_role: SignIn) -> None:
    Shift.objects.update(starts_at="2020-01-01T00:00Z", ends_at="2120-01-01T00:00Z")
    assert "丁值班" in text(as_role("head"))
    Shift.objects.all().delete()
    assert "此刻无人值班" in text(as_role("head"))


def test_the_keyboard_finds_skip_link_search_places_and_main(world: World, as_role: SignIn) -> None:
    page = text(as_role("duty"))
    assert page.index('class="skip"') < page.index('class="rail"') < page.index('id="main"')
    assert "data-search" in page
    assert page.count('aria-current="page"') == 2  # in the rail and in the settings' side navigation
    places = [
        place
        for place in ("/", "/listen/", "/cases/", "/reports/", "/library/", "/settings/")
        if f'href="{place}"' in page
    ]
    assert len(places) == 6


def test_what_is_not_there_is_said_with_a_way_back(world: World, as_role: SignIn) -> None:
    page = as_role("duty").get("/no/such/page/")
    assert page.status_code == 404
    assert "没有这一页" in page.content.decode()
    assert "<pre>" not in page.content.decode()


def test_a_refusal_names_who_may(world: World, as_role: SignIn) -> None:
    page = as_role("duty").get("/settings/tokens/")
    assert page.status_code == 403
    assert "管理员" in page.content.decode()


def test_a_stale_form_says_that_nothing_was_done(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["duty"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post("/profile/away/", {"until": ""})
    assert page.status_code == 403
    assert "页面放得太久了" in page.content.decode()


def test_an_unknown_host_gets_a_page_not_a_trace(world: World) -> None:
    page = Client().get("/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "读不懂" in page.content.decode()


def test_pages_load_nothing_from_elsewhere(world: World, as_role: SignIn) -> None:
    page = as_role("duty").get("/profile/")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_the_style_guide_shows_every_part(world: World, as_role: SignIn) -> None:
    page = text(as_role("duty"), "/styleguide/?errors=1")
    parts = (
        "page-head",
        "tabs",
        "toolbar",
        "ruler",
        "stepper",
        "timeline",
        "notice",
        "stats",
        "empty",
        "error-summary",
    )
    assert [part for part in parts if f'"{part}' not in page and f" {part}" not in page] == []


def test_a_page_around_costs_few_reads(
    world: World, as_role: SignIn, django_assert_max_num_queries: object
) -> None:
    """Session, person, institution, appointments with units, who is on duty."""
    client = as_role("auditor")
    actions.choose_language(by=world["auditor"], now=world.institution.founded_at, language="en")  # type: ignore[arg-type]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/settings/rights/")
