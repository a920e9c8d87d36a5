"""Which private networks may be reached: what the operator lists, and this machine only while the desk is the sample."""

from pathlib import Path
from typing import Any

import pytest

from huiying.desk.net.guard import read_networks
from huiying.desk.net.listed import listed

SITES = "http://127.0.0.1:8610"


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HUIYING_SAMPLE", raising=False)
    settings.HOME, settings.HUIYING_FETCH_ALLOW = tmp_path, []
    return tmp_path


def test_nothing_is_listed_by_itself(home: Path) -> None:
    assert listed() == ()


def test_the_operators_networks_are_listed(home: Path, settings: Any) -> None:
    settings.HUIYING_FETCH_ALLOW = ["10.1.0.0/16", "fd00::/8"]
    assert listed() == read_networks("10.1.0.0/16,fd00::/8")


def test_the_sample_reaches_its_own_sites(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYING_SAMPLE", SITES)
    (home / "sample.json").touch()
    assert listed() == read_networks("127.0.0.1/32")


@pytest.mark.parametrize(("served", "marked"), [(True, False), (False, True)])
def test_a_real_desk_never_reaches_its_own_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch, served: bool, marked: bool
) -> None:
    if served:
        monkeypatch.setenv("HUIYING_SAMPLE", SITES)
    if marked:
        (home / "sample.json").touch()
    assert listed() == ()
