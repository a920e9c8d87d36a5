"""`huiying doctor`: what is not in order is said with its mend, and a healthy desk is left in peace."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiying.desk.accounts.models import Person
from huiying.desk.collect.models import Source
from huiying.desk.notify import actions, pulse
from huiying.desk.notify.models import Message, Outlet
from huiying.desk.plans.actions import install_shipped
from huiying.desk.worker.doctor import examine
from tests.desk.world import NOW, World


@pytest.fixture
def healthy(world: World) -> World:
    """A school with a plan, whose worker lives and whose people can sign in."""
    install_shipped(by=world["admin"], now=NOW, plan_id="school")
    pulse.begin(worker="one", now=NOW)
    return world


def codes(home: Path, *, level: str = "") -> set[str]:
    return {finding.code for finding in examine(home, NOW) if level in {"", finding.level}}


def test_a_healthy_desk_has_no_errors(healthy: World, tmp_path: Path) -> None:
    assert codes(tmp_path, level="error") == set()


def test_the_year_that_the_calendar_lacks_is_said_before_it_comes(healthy: World, tmp_path: Path) -> None:
    (found,) = [finding for finding in examine(tmp_path, NOW) if finding.code == "doctor.year"]
    assert (found.level, found.message.zh) == ("warning", "工作日历里没有 2027 年")


def test_a_year_that_is_here_and_missing_is_an_error(healthy: World, tmp_path: Path) -> None:
    found = [f for f in examine(tmp_path, NOW + timedelta(days=60)) if f.code == "doctor.year"]
    assert [finding.level for finding in found] == ["error", "warning"]


def test_every_finding_says_what_to_do(world: World, tmp_path: Path) -> None:
    assert all(finding.mend for finding in examine(tmp_path, NOW))


def test_a_worker_that_does_not_run_is_said_with_its_last_sign(healthy: World, tmp_path: Path) -> None:
    found = [f for f in examine(tmp_path, NOW + timedelta(hours=1)) if f.code == "doctor.worker"]
    assert ["2026-11-24 01:00 UTC" in finding.message.zh for finding in found] == [True]


def test_a_job_that_fails_is_said(healthy: World, tmp_path: Path) -> None:
    pulse.job_failed(name="hear", now=NOW, error="StateBroken: cut short")
    assert "doctor.job" in codes(tmp_path, level="error")


def test_a_secret_that_others_can_read_is_an_error(healthy: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    assert "doctor.secret" in codes(tmp_path, level="error")
    secret.chmod(0o600)
    assert "doctor.secret" not in codes(tmp_path)


def test_a_clock_from_before_the_program_is_an_error(healthy: World, tmp_path: Path) -> None:
    then = NOW - timedelta(days=400)
    assert "doctor.clock" in {finding.code for finding in examine(tmp_path, then)}


def test_mail_without_a_server_is_an_error(healthy: World, tmp_path: Path, settings: Any) -> None:
    settings.HUIYING_MAIL_READY = False
    assert "doctor.mail" in codes(tmp_path, level="error")


def test_a_mail_server_that_is_away_is_an_error(healthy: World, tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "doctor.mail-server" in codes(tmp_path, level="error")


def test_what_was_not_delivered_is_an_error(healthy: World, tmp_path: Path) -> None:
    actions.tell(now=NOW, people=[healthy["duty"]], key="k", subject="s", body="b", link="/")
    Message.objects.update(state=Message.State.FAILED)
    assert "doctor.failed" in codes(tmp_path, level="error")


def test_an_outlet_that_fails_is_said(healthy: World, tmp_path: Path) -> None:
    Outlet.objects.create(
        name="社区", channel="webhook", address="https://x.example", created_at=NOW, failing_since=NOW
    )
    assert "doctor.outlet" in codes(tmp_path, level="warning")


def test_a_source_that_fails_for_long_is_said(healthy: World, tmp_path: Path) -> None:
    Source.objects.create(
        name="论坛", kind="feed", created_at=NOW, failing_since=NOW - timedelta(hours=2), error_zh="对方太慢"
    )
    (found,) = [finding for finding in examine(tmp_path, NOW) if finding.code == "doctor.source"]
    assert "对方太慢" in found.message.zh


def test_nobody_in_a_role_that_the_plan_needs_is_an_error(healthy: World, tmp_path: Path) -> None:
    Person.objects.filter(username="spokesperson").update(is_active=False)
    assert "ready.no-spokesperson" in codes(tmp_path, level="error")


def test_debug_and_plain_http_are_said(healthy: World, tmp_path: Path, settings: Any) -> None:
    settings.DEBUG, settings.BASE_URL = True, "http://desk.example.gov.cn"
    assert {"doctor.debug", "doctor.plain"} <= codes(tmp_path)
