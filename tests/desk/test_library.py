"""What was learnt is filed and found again; a closed case becomes a package that anybody can check."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from pytest_django import Settings

from huiying.desk.cases.models import Case
from huiying.desk.cases.verify import verify_all
from huiying.desk.library import bag, queries
from huiying.desk.library.actions import archive, place_of, review, review_owed
from huiying.desk.library.models import Review
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk.world import World

SAID = {"summary": "汤桶未洗净，午餐有酸味", "lessons": "每餐留样，先告诉家长在查什么"}
LATER = timedelta(hours=2)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def filed(world: World, now: datetime) -> Case:
    """A closed case with its review."""
    case = handling.closed(world, now)
    review(by=world["office"], now=now, case=case, **SAID)
    return case


def test_a_review_stands_in_the_journal_and_in_the_library(world: World, now: datetime) -> None:
    case = filed(world, now)
    assert Review.objects.get(case=case).lessons == SAID["lessons"]
    assert case.entries.filter(kind=Kind.REVIEWED).get().data["lessons"] == SAID["lessons"]
    assert list(queries.filed(world["office"], "留样")) == [case]


def test_writing_a_review_again_keeps_both_in_the_journal(world: World, now: datetime) -> None:
    case = filed(world, now)
    review(by=world["office"], now=now + LATER, case=case, summary="又想了想", lessons="换供货方")
    assert Review.objects.get(case=case).lessons == "换供货方"
    assert case.entries.filter(kind=Kind.REVIEWED).count() == 2


@pytest.mark.parametrize("field", ["summary", "lessons"])
def test_a_review_says_which_answer_is_missing(world: World, now: datetime, field: str) -> None:
    case = handling.closed(world, now)
    with pytest.raises(ValidationError) as refused:
        review(by=world["office"], now=now, case=case, **{**SAID, field: "  "})
    assert list(refused.value.message_dict) == [field]


def test_an_open_case_is_neither_reviewed_nor_archived(world: World, now: datetime) -> None:
    case = handling.answered(world, now)
    with pytest.raises(ValidationError):
        review(by=world["office"], now=now, case=case, **SAID)
    with pytest.raises(ValidationError):
        archive(by=world["office"], now=now, case=case)


@pytest.mark.parametrize("role", ["handler", "auditor", "head", "duty", "admin", "reviewer"])
def test_only_who_may_reviews(world: World, now: datetime, role: str) -> None:
    case = handling.closed(world, now)
    with pytest.raises(PermissionDenied):
        review(by=world[role], now=now, case=case, **SAID)
    assert not Review.objects.exists()


@pytest.mark.parametrize("role", ["handler", "auditor", "head", "duty", "admin", "spokesperson"])
def test_only_the_office_archives(world: World, now: datetime, role: str) -> None:
    case = filed(world, now)
    with pytest.raises(PermissionDenied):
        archive(by=world[role], now=now, case=case)
    assert not case.archives.exists()


def test_a_grave_case_is_not_archived_before_its_review(world: World, now: datetime) -> None:
    case = handling.closed(world, now, level=1)
    assert review_owed(case)
    with pytest.raises(ValidationError, match="复盘"):
        archive(by=world["office"], now=now, case=case)


def test_the_package_holds_and_its_hash_stands_in_the_journal(world: World, now: datetime) -> None:
    case = filed(world, now)
    made = archive(by=world["office"], now=now + LATER, case=case)
    package = place_of(made).read_bytes()
    assert bag.flaws(package) == [] and bag.sha256(package) == made.sha256
    assert case.entries.get(kind=Kind.ARCHIVED).data["package_sha256"] == made.sha256
    case.refresh_from_db()
    assert case.step == "archived" and verify_all() == []
    with zipfile.ZipFile(io.BytesIO(package)) as archived:
        rows = archived.read(f"{case.number}/data/journal.jsonl").decode().splitlines()
    assert [json.loads(row)["kind"] for row in rows][-2:] == ["closed", "reviewed"]


def test_a_package_that_was_tampered_with_says_where(world: World, now: datetime) -> None:
    files = {"journal.jsonl": b"{}\n", "evidence/a\nb": b"1"}
    package = bag.pack("2026-0001", files, {}, now)
    assert bag.flaws(package) == []
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            changed = b"{1}\n" if name.endswith("journal.jsonl") else old.read(name)
            new.writestr(name, changed)
        new.writestr("2026-0001/data/more.txt", "hidden")
    assert bag.flaws(out.getvalue()) == [
        "data/journal.jsonl is not what manifest-sha256.txt says",
        "data/more.txt stands in no manifest",
    ]
    assert bag.flaws(b"no zip at all")


def test_the_same_content_gives_the_same_bytes(now: datetime) -> None:
    files = {"b": b"2", "a": b"1"}
    assert bag.pack("x", files, {}, now) == bag.pack("x", dict(sorted(files.items())), {}, now)


def test_a_folder_that_cannot_be_written_leaves_the_case_as_it_was(
    world: World, now: datetime, home: Path
) -> None:
    case = filed(world, now)
    (home / "archives").write_text("a file where the folder should be")
    with pytest.raises(ValidationError, match="写不进"):
        archive(by=world["office"], now=now, case=case)
    assert not case.archives.exists() and not case.entries.filter(kind=Kind.ARCHIVED).exists()


def test_an_earlier_case_like_this_one_is_found_with_the_words_that_tell(world: World, now: datetime) -> None:
    old = filed(world, now)
    new = handling.opened(world, now + LATER, title="一食堂午餐又有异味", summary="汤有酸味")
    other = handling.opened(world, now + LATER, title="校车改线没有通知", summary="路口等了四十分钟")
    found = queries.earlier_like(new, world["duty"])
    assert [one.case for one in found] == [old] and any(
        "异味" in term or "午餐" in term for term in found[0].terms
    )
    assert queries.earlier_like(other, world["duty"]) == []


def test_a_drill_teaches_nobody_the_wrong_thing(world: World, now: datetime) -> None:
    Case.objects.filter(pk=filed(world, now).pk).update(drill=True)
    assert not queries.filed(world["office"]).exists()


def test_review_and_archive_on_the_pages(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    case = handling.closed(world, now)
    office = as_role("office")
    assert office.post(f"/library/{case.number}/review/", {"summary": "有经过"}).status_code == 422
    assert office.post(f"/library/{case.number}/review/", SAID).status_code == 302
    assert office.post(f"/library/{case.number}/archive/").status_code == 302
    made = case.archives.get()
    answer = office.get(f"/library/{case.number}/package/{made.pk}/")
    assert b"".join(answer.streaming_content) == place_of(made).read_bytes()  # type: ignore[attr-defined]
    assert as_role("duty").get(f"/library/{case.number}/package/{made.pk}/").status_code == 404
    assert case.title in office.get("/library/").content.decode()
