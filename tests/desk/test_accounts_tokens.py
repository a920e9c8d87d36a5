"""Keys for programs."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.models import ApiToken, AuditLog
from tests.desk.world import World


def make(world: World, now: datetime, **more: object) -> tuple[ApiToken, str]:
    asked = {"name": "热线", "person": world["office"], "scopes": ["owed:read", "mentions:write"]} | more
    return actions.make_token(by=world["admin"], now=now, **asked)  # type: ignore[arg-type]


def test_a_key_opens_and_only_its_hash_is_kept(world: World, now: datetime) -> None:
    token, key = make(world, now)
    assert queries.token_for(key, now) == token
    assert token.scopes == ["mentions:write", "owed:read"]
    assert key not in str(list(ApiToken.objects.values()))
    assert key not in str(list(AuditLog.objects.values()))


def test_a_key_ends_at_its_instant(world: World, now: datetime) -> None:
    token, key = make(world, now, lasts=timedelta(days=30))
    end = now + timedelta(days=30)
    assert queries.token_for(key, end - timedelta(seconds=1)) == token
    assert queries.token_for(key, end) is None


def test_a_revoked_key_opens_nothing_and_keeps_its_first_instant(world: World, now: datetime) -> None:
    token, key = make(world, now)
    actions.revoke_token(by=world["admin"], now=now, token=token)
    actions.revoke_token(by=world["admin"], now=now + timedelta(days=1), token=token)
    assert queries.token_for(key, now) is None
    assert ApiToken.objects.get().revoked_at == now


def test_a_key_goes_with_its_person(world: World, now: datetime) -> None:
    _token, key = make(world, now)
    actions.let_go(by=world["admin"], now=now, person=world["office"])
    assert queries.token_for(key, now) is None


@pytest.mark.parametrize(
    ("wrong", "field"), [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes")]
)
def test_a_key_without_name_or_scope_is_refused(
    world: World, now: datetime, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make(world, now, **wrong)
    assert field in refused.value.message_dict


def test_use_is_noted_once_a_minute(world: World, now: datetime) -> None:
    make(world, now)
    for seconds in (0, 30, 61):
        actions.touch_token(token=ApiToken.objects.get(), now=now + timedelta(seconds=seconds))
        if seconds == 30:
            assert ApiToken.objects.get().last_used_at == now
    assert ApiToken.objects.get().last_used_at == now + timedelta(seconds=61)
