"""Advisers on the institution's own list, and what they said on cases."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiying.desk.accounts.models import AuditLog
from huiying.desk.cases.models import Case
from huiying.desk.joint import actions
from huiying.desk.joint.models import Adviser, Opinion
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk import joining as j
from tests.desk.world import World


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return j.matter(world, now)


def asked(world: World, case: Case, now: datetime, **more: object) -> Opinion:
    told = {
        "adviser": j.adviser(world, now),
        "question": "泵为什么坏",
        "text": "轴承磨损，应查保养台账",
        **more,
    }
    return actions.record_opinion(by=world["office"], now=now, case=case, **told)  # type: ignore[arg-type]


def test_an_opinion_stands_in_the_journal_with_who_was_asked_what(
    world: World, case: Case, now: datetime
) -> None:
    it = asked(world, case, now + j.HOUR, at=now)
    entry = j.told(case, "opinion")
    assert (entry.kind, entry.at, entry.data["joint"]["id"]) == (Kind.NOTE, now, it.pk)
    assert (
        entry.data["text"]
        == "专家甲（省建科院高级工程师，给排水）\n问：泵为什么坏\n答：轴承磨损，应查保养台账"
    )


def test_it_does_the_step_of_a_plan_that_asks_for_one(world: World, now: datetime) -> None:
    case = j.matter(world, now, level=2, plan="township")
    asked(world, case, now)
    assert j.told(case, "opinion").data["step"] == "expert"
    again = actions.record_opinion(
        by=world["office"], now=now, case=case, adviser=Adviser.objects.get(), question="再问", text="再答"
    )
    assert j.told(case, "opinion").kind == Kind.NOTE and again.pk


def test_the_written_opinion_is_kept_as_evidence(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    adviser = j.adviser(world, now)
    paper = SimpleUploadedFile("意见.pdf", b"%PDF-1.4 opinion", content_type="application/pdf")
    told = {"adviser": adviser.pk, "question": "泵为什么坏", "text": "轴承磨损", "proof": [paper]}
    browser = as_role("office")
    answer = browser.post(f"/joint/cases/{case.number}/opinion/", told)
    it = Opinion.objects.get()
    assert answer.headers["Location"] == it.get_absolute_url()
    (kept,) = j.told(case, "opinion").data["evidence"]
    assert kept["name"] == "意见.pdf" and it.evidence == [kept]
    assert kept["sha256"] in browser.get(it.get_absolute_url()).content.decode()


def test_a_file_of_a_kind_that_is_not_taken_leaves_nothing(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    script = SimpleUploadedFile("a.pdf", b"<script>")
    told = {"adviser": j.adviser(world, now).pk, "question": "问", "text": "答", "proof": [script]}
    answer = as_role("office").post(f"/joint/cases/{case.number}/opinion/", told)
    assert answer.status_code == 422 and "问" in answer.content.decode()
    assert not Opinion.objects.exists() and not case.evidence.exists()


def test_what_advisers_said_stands_beside_the_forms_that_propose_and_confirm_a_level(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    case = handling.opened(world, now)
    handling.actions.verify(by=world["duty"], now=now, case=case, outcome="true", facts="汤有酸味")
    asked(world, case, now, text="属变质，<b>建议</b>按较大处理")
    page = as_role("office").get(f"/cases/{case.number}/propose/").content.decode()
    assert "属变质，&lt;b&gt;建议&lt;/b&gt;按较大处理" in page and "给排水" in page
    assert "属变质" not in as_role("office").get(f"/cases/{case.number}/progress/").content.decode()


def test_the_list_holds_each_adviser_once_and_a_retired_one_is_not_asked(
    world: World, case: Case, now: datetime
) -> None:
    adviser = j.adviser(world, now)
    with pytest.raises(ValidationError) as refused:
        j.adviser(world, now)
    assert "name" in refused.value.message_dict
    actions.put_adviser(
        by=world["office"],
        now=now,
        it=adviser,
        name="专家甲",
        post="退休返聘",
        field="给排水",
        reach="办公室转",
    )
    actions.retire_adviser(by=world["office"], now=now, it=adviser)
    adviser.refresh_from_db()
    assert (adviser.active, adviser.reach, adviser.post) == (False, "", "退休返聘")
    with pytest.raises(ValidationError) as refused:
        asked(world, case, now, adviser=adviser)
    assert "adviser" in refused.value.message_dict
    verbs = list(
        AuditLog.objects.filter(verb__startswith="adviser").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs[:3] == ["adviser.put", "adviser.put", "adviser.retire"]


@pytest.mark.parametrize("field", ["question", "text"])
def test_an_opinion_without_words_is_none(world: World, case: Case, now: datetime, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(world, case, now, **{field: " \x00\n "})
    assert list(refused.value.message_dict) == [field]


def test_an_opinion_was_not_given_in_the_future(world: World, case: Case, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(world, case, now, at=now + j.MINUTE)
    assert "at" in refused.value.message_dict


@pytest.mark.parametrize("role", ["handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_only_leaders_and_the_desk_ask_advisers(world: World, case: Case, now: datetime, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.put_adviser(by=world[role], now=now, name="专家乙", post="院", field="电")
    with pytest.raises(PermissionDenied):
        actions.record_opinion(
            by=world[role], now=now, case=case, adviser=j.adviser(world, now), question="问", text="答"
        )


def test_an_adviser_changes_and_goes_by_the_page(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    browser = as_role("duty")
    told = {"name": "专家乙", "post": "市医院", "field": "传染病", "reach": ""}
    assert browser.post("/joint/advisers/", told).status_code == 302
    it = Adviser.objects.get()
    assert browser.post("/joint/advisers/", told).status_code == 422
    browser.post(f"/joint/advisers/{it.pk}/change/", {**told, "field": "公共卫生"})
    assert "公共卫生" in browser.get(it.get_absolute_url()).content.decode()
    browser.post(f"/joint/advisers/{it.pk}/change/", {"retire": "yes"})
    assert not Adviser.objects.get().active
