"""Signing in: by password, by a second step, never by guessing; nobody signs up."""

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from huiying.desk.accounts import actions
from huiying.desk.accounts.models import AuditLog
from tests.desk.world import PASSWORD, World

SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_memory_of_other_tests() -> None:
    """allauth counts attempts in the cache."""
    cache.clear()


def sign_in(client: Client, name: str = "duty", password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"login": name, "password": password} | more)


def prove(client: Client) -> None:
    """Give the password once more, as delicate pages ask."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_of(secret: str) -> str:
    """What an authenticator shows for this key now."""
    before, counter, after = totp.yield_hotp_counters_from_time()
    assert before < counter < after
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_a_password_opens_the_page_that_was_asked_for(world: World, client: Client) -> None:
    asked = client.get("/settings/people/")
    assert asked["Location"] == f"{SIGN_IN}?next=/settings/people/"
    answer = client.post(SIGN_IN, {"login": "duty", "password": PASSWORD, "next": "/settings/people/"})
    assert answer["Location"] == "/settings/people/"
    assert client.get("/settings/people/").status_code == 200


def test_nobody_is_led_to_another_host(world: World, client: Client) -> None:
    answer = client.post(SIGN_IN, {"login": "duty", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_wrong_password_says_the_same_as_a_wrong_name(world: World, client: Client) -> None:
    pages = [client.post(SIGN_IN, {"login": name, "password": "no"}) for name in ("duty", "nobody")]
    assert all("登录名或密码不对" in page.content.decode() for page in pages)


def test_whoever_left_cannot_sign_in(world: World, client: Client) -> None:
    actions.let_go(by=world["admin"], now=timezone.now(), person=world["duty"])
    sign_in(client)
    assert client.get("/settings/").status_code == 302


def test_a_session_ends_with_the_person(world: World, as_role: Callable[[str], Client]) -> None:
    client = as_role("duty")
    actions.let_go(by=world["admin"], now=timezone.now(), person=world["duty"])
    assert client.get("/settings/").status_code == 302


def test_the_device_forgets_unless_told_to_remember(world: World, client: Client) -> None:
    sign_in(client)
    assert client.session.get_expire_at_browser_close()
    other = Client()
    sign_in(other, remember="on")
    assert not other.session.get_expire_at_browser_close()


def test_guessing_is_stopped_for_a_while(world: World, settings: Settings, client: Client) -> None:
    settings.AXES_ENABLED = True
    codes = [client.post(SIGN_IN, {"login": "duty", "password": f"guess-{n}"}).status_code for n in range(9)]
    assert codes[:7] == [200] * 7
    assert codes[-1] == 429
    assert client.post(SIGN_IN, {"login": "DUTY", "password": PASSWORD}).status_code == 429
    assert client.post(SIGN_IN, {"login": "office", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "account_set_password"]
)
def test_nobody_signs_up_and_no_password_is_mailed(world: World, client: Client, name: str) -> None:
    page = client.get(reverse(name))
    assert page.status_code == 403
    assert "壬管理" in page.content.decode()
    assert client.post(reverse(name), {"username": "me", "password1": PASSWORD}).status_code == 403


def test_an_invitation_sets_a_password_and_signs_in(world: World, client: Client) -> None:
    token = actions.invite(by=world["admin"], now=timezone.now(), person=world["handler"])
    page = client.get(f"/invited/{token}/")
    assert "戊承办" in page.content.decode()
    differs = client.post(f"/invited/{token}/", {"password": "long-enough-words", "again": "other"})
    assert differs.status_code == 422
    new = {"password": "long-enough-words", "again": "long-enough-words"}
    assert client.post(f"/invited/{token}/", new)["Location"] == "/"
    assert client.get("/profile/").status_code == 200
    assert Client().get(f"/invited/{token}/").status_code == 410


def test_a_changed_password_is_on_record_and_ends_other_sessions(
    world: World, as_role: Callable[[str], Client]
) -> None:
    client, elsewhere = as_role("duty"), as_role("duty")
    new = "another-long-password"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert AuditLog.objects.filter(verb="person.password", actor=world["duty"].actor).exists()
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302


def test_a_weak_new_password_is_refused_in_words(world: World, as_role: Callable[[str], Client]) -> None:
    page = as_role("duty").post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    assert "10" in page.content.decode()
    assert world["duty"].check_password(PASSWORD)


def test_the_second_step_is_asked_once_it_is_on(world: World, client: Client) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(world["duty"], secret)
    first = client.post(SIGN_IN, {"login": "duty", "password": PASSWORD})
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/profile/").status_code == 302
    assert "六位数" in client.get(first["Location"]).content.decode()
    wrong = client.post(first["Location"], {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert client.post(first["Location"], {"code": code_of(secret)})["Location"] == "/"
    assert client.get("/profile/").status_code == 200


def test_the_authenticator_is_switched_on_with_a_fresh_password_and_gives_spare_codes(
    world: World, client: Client
) -> None:
    sign_in(client)
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(codes) == 10
    other = Client()
    sign_in(other)
    assert other.post("/accounts/2fa/authenticate/", {"code": codes[0]})["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/password/change/",
        "/accounts/logout/",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_the_account_are_the_desks_own(
    world: World, client: Client, path: str, language: str
) -> None:
    sign_in(client)
    prove(client)
    client.cookies["django_language"] = language
    text = client.get(path).content.decode()
    assert "css/shell.css" in text
    assert "allauth/" not in text


def test_signing_out_ends_the_session(world: World, as_role: Callable[[str], Client]) -> None:
    client = as_role("duty")
    assert client.post("/accounts/logout/")["Location"] == SIGN_IN
    assert client.get("/profile/").status_code == 302
