"""The interface for programs: keys, scopes, and the same gates that pages pass."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from huiying.desk.accounts.actions import make_token, revoke_token
from huiying.desk.accounts.scopes import Scope
from huiying.desk.cases.actions import assign, open_case
from huiying.desk.collect.models import Mention
from huiying.desk.plans.actions import install_shipped
from huiying.engine.journal import Entry, Kind, verify
from tests.desk.world import World

Call = Callable[..., Any]


@pytest.fixture
def key(world: World) -> Callable[..., str]:
    """Makes a key for a role with scopes; all scopes when none is named."""

    def make(role: str, *scopes: str, lasts: timedelta | None = None) -> str:
        now = datetime.fromisoformat("2026-01-01T00:00:00+00:00") if lasts else world.institution.founded_at
        assert now is not None
        wanted = scopes or tuple(Scope.values)
        return make_token(
            by=world["admin"], now=now, name="测试程序", person=world[role], scopes=wanted, lasts=lasts
        )[1]

    return make


@pytest.fixture
def call() -> Call:
    """One call; `key` empty is a stranger."""

    def ask(method: str, path: str, key: str = "", body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        data = json.dumps(body) if body is not None else None
        return Client().generic(
            method, f"/api{path}", data or "", content_type="application/json", headers=headers
        )

    return ask


READS = (
    "/mentions",
    "/mentions/1",
    "/stories",
    "/stories/s1",
    "/cases",
    "/cases/2026-0001",
    "/cases/2026-0001/journal",
    "/owed",
)
SAID = {"key": "a1", "title": "食堂午餐有异味", "text": "二楼三号窗口", "posted_at": "2025年11月23日 08:00"}


@pytest.mark.parametrize("path", READS)
def test_a_stranger_gets_nothing(world: World, call: Call, path: str) -> None:
    assert call("GET", path).status_code == 401
    assert call("GET", path, "hy_not-a-key").status_code == 401


def test_a_stranger_hands_over_nothing(world: World, call: Call) -> None:
    assert call("POST", "/mentions", body=SAID).status_code == 401
    assert not Mention.objects.exists()


@pytest.mark.parametrize("path", READS)
def test_a_key_opens_only_its_scopes(call: Call, key: Callable[..., str], path: str) -> None:
    assert call("GET", path, key("office", Scope.MENTIONS_WRITE)).status_code == 403


def test_a_key_cannot_do_what_its_person_may_not(call: Call, key: Callable[..., str]) -> None:
    answer = call("POST", "/mentions", key("auditor"), SAID)
    assert answer.status_code == 403
    assert not Mention.objects.exists()


def test_a_key_that_was_revoked_or_has_expired_opens_nothing(
    world: World, call: Call, key: Callable[..., str], now: datetime
) -> None:
    gone, old = key("office"), key("office", lasts=timedelta(days=1))
    revoke_token(by=world["admin"], now=now, token=world["office"].tokens.order_by("pk")[0])
    assert call("GET", "/cases", gone).status_code == 401
    assert call("GET", "/cases", old).status_code == 401


def test_the_key_of_somebody_who_left_opens_nothing(
    world: World, call: Call, key: Callable[..., str]
) -> None:
    theirs = key("office")
    world["office"].is_active = False
    world["office"].save()
    assert call("GET", "/cases", theirs).status_code == 401


def test_a_mention_is_stored_once_for_each_key(call: Call, key: Callable[..., str]) -> None:
    mine = key("duty")
    first, again = call("POST", "/mentions", mine, SAID), call("POST", "/mentions", mine, SAID)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {"id": again.json()["id"], "new": True}
    stored = Mention.objects.get()
    assert stored.posted_at is not None and stored.posted_at.isoformat() == "2025-11-23T00:00:00+00:00"


def test_two_programs_may_use_the_same_id(call: Call, key: Callable[..., str]) -> None:
    assert call("POST", "/mentions", key("duty"), SAID).status_code == 201
    assert call("POST", "/mentions", key("office"), SAID).status_code == 201


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"posted_at": "那天晚上"}, "posted_at"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"title": " ", "text": ""}, "title"),
        ({"key": ""}, "key"),
        ({"athor": "错字"}, "athor"),
        ({"kind": "transfer"}, "kind"),
    ],
)
def test_a_bad_mention_is_refused_with_the_field_that_is_wrong(
    call: Call, key: Callable[..., str], change: dict[str, str], word: str
) -> None:
    answer = call("POST", "/mentions", key("duty"), SAID | change)
    assert answer.status_code == 422 and word in answer.content.decode()
    assert not Mention.objects.exists()


def test_bytes_that_are_no_json_are_refused(call: Call, key: Callable[..., str]) -> None:
    headers = {"authorization": f"Bearer {key('duty')}"}
    answer = Client().post("/api/mentions", "\xff{", content_type="application/json", headers=headers)
    assert answer.status_code == 400


def test_mentions_are_read_page_by_page_and_masked(call: Call, key: Callable[..., str]) -> None:
    mine = key("office")
    for number in range(3):
        call("POST", "/mentions", mine, SAID | {"key": f"k{number}", "text": "请打 13800138000"})
    first = call("GET", "/mentions?limit=2", mine).json()
    rest = call("GET", f"/mentions?limit=2&after={first['next']}", mine).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert "13800138000" not in json.dumps(first) and "138****8000" in first["items"][0]["text"]


@pytest.fixture
def two_cases(world: World, now: datetime) -> list[str]:
    """One case of the handler's unit, one that is not."""
    install_shipped(by=world["admin"], now=now, plan_id="school")
    theirs = open_case(by=world["office"], now=now, title="宿舍没有热水")
    assign(by=world["office"], now=now, case=theirs, unit=world.units["hqc"], part="lead")
    other = open_case(by=world["office"], now=now, title="校车改线没有通知")
    return [theirs.number, other.number]


def test_a_handlers_key_sees_only_the_cases_of_the_unit(
    two_cases: list[str], call: Call, key: Callable[..., str]
) -> None:
    theirs, other = two_cases
    mine = key("handler")
    assert [row["number"] for row in call("GET", "/cases", mine).json()["items"]] == [theirs]
    assert call("GET", f"/cases/{other}", mine).status_code == 404
    assert call("GET", f"/cases/{other}/journal", mine).status_code == 404
    assert {row["case"] for row in call("GET", "/owed", mine).json()} == {theirs}
    everything = call("GET", "/cases?open=true", key("auditor")).json()["items"]
    assert [row["number"] for row in everything] == [other, theirs]


def entry(row: dict[str, Any]) -> Entry:
    """An entry as a program would build it from what it read."""
    at, recorded_at = (datetime.fromisoformat(row[name]) for name in ("at", "recorded_at"))
    case_free = {name: row[name] for name in ("seq", "role", "data", "prev", "hash", "actor")}
    return Entry(at=at, recorded_at=recorded_at, kind=Kind(row["kind"]), **case_free)


def test_a_journal_that_was_read_can_be_checked(
    two_cases: list[str], call: Call, key: Callable[..., str]
) -> None:
    rows = call("GET", f"/cases/{two_cases[0]}/journal", key("auditor")).json()
    assert [row["kind"] for row in rows] == ["opened", "assigned"]
    assert verify([entry(row) for row in rows]) == []
    rows[0]["data"]["title"] = "别的"
    assert [found.why for found in verify([entry(row) for row in rows])] == ["hash"]


def test_what_is_owed_says_by_when_and_by_which_rule(
    two_cases: list[str], call: Call, key: Callable[..., str]
) -> None:
    rows = call("GET", "/owed", key("head")).json()
    assert rows and [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
    assert all(row["what_zh"] and row["why_zh"] and row["what_en"] and row["why_en"] for row in rows)


def test_the_schema_is_open_and_names_every_operation(client: Client, world: World) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {f"{method} {path}" for path, methods in paths.items() for method in methods} == {
        "post /api/mentions",
        "get /api/mentions",
        "get /api/mentions/{id}",
        "get /api/stories",
        "get /api/stories/{key}",
        "get /api/cases",
        "get /api/cases/{number}",
        "get /api/cases/{number}/journal",
        "get /api/owed",
    }
