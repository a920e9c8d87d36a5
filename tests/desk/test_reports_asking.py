"""Papers that ask something of others: supervision notices, letters of coordination, statements placed with media."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.asked import requests, urges
from huiying.desk.cases.verify import verify_all
from huiying.desk.collect.models import Source
from huiying.desk.library import actions as library
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import activate, upload
from huiying.desk.replies import actions as replies
from huiying.desk.replies.actions import Copy
from huiying.desk.replies.models import Draft
from huiying.desk.reports import actions
from huiying.desk.reports.models import Paper
from huiying.engine.journal import Kind
from tests.desk import letters, papers
from tests.desk.handling import PLAN, graded
from tests.desk.world import World

HOUR = timedelta(hours=1)
PROOF = [{"name": "复函.pdf", "sha256": "a" * 64}]


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return papers.worked(world, now)


def test_issuing_a_supervision_notice_urges_the_unit_in_the_same_breath(
    world: World, case: Case, now: datetime
) -> None:
    paper = papers.issued(world, "supervision", case, due_at=now + 25 * HOUR)
    (row,) = urges(world["office"], now + 2 * HOUR, case)
    assert (row.kind, row.whom, row.number, row.state) == ("supervision", "后勤处", 1, "open")
    assert (row.paper, row.paper_number, row.due_at) == (paper.pk, paper.number, now + 25 * HOUR)
    assert row.copied == (world["head"].name,)
    assert case.owed.get(rule="urge").unit == world.units["hqc"]
    told = Message.objects.filter(key__startswith=f"{case.number}|urge|1").values_list(
        "person__username", flat=True
    )
    assert set(told) == {"head"}
    assert verify_all() == []


def test_the_units_answer_closes_it_with_its_date(world: World, case: Case, now: datetime) -> None:
    papers.issued(world, "supervision", case, due_at=now + 25 * HOUR)
    cases.answer_urge(by=world["handler"], now=now + 25 * HOUR, case=case, number=1, text="泵已换好")
    (row,) = urges(world["office"], now + 99 * HOUR, case)
    assert (row.state, row.answered_at, row.answer) == ("answered", now + 25 * HOUR, "泵已换好")


def test_a_notice_that_cannot_urge_is_not_issued_at_all(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "supervision", case)
    late = actions.save(
        by=world["office"],
        now=now,
        paper=paper,
        fields={"to": "教务处"},
        body={"reason": "逾期", "request": "速报"},
        due_at=now + 9 * HOUR,
    )
    late = actions.sign(by=world["head"], now=now, paper=late)
    with pytest.raises(ValidationError, match="教务处"), transaction.atomic():
        actions.issue(by=world["office"], now=now, paper=late)
    with pytest.raises(ValidationError) as passed:
        actions.issue(by=world["office"], now=now + 9 * HOUR, paper=paper_to(world, late, "后勤处", now))
    assert "due_at" in passed.value.message_dict
    assert Paper.objects.get(pk=paper.pk).number is None
    assert not case.entries.filter(kind=Kind.URGED).exists()


def paper_to(world: World, paper: Paper, to: str, now: datetime) -> Paper:
    """The paper with another addressee, signed again."""
    row = actions.save(
        by=world["office"], now=now, paper=paper, fields={"to": to}, body={}, due_at=paper.due_at
    )
    return actions.sign(by=world["head"], now=now, paper=row)


def test_the_duty_officer_drafts_a_notice_and_the_office_issues_it(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    paper = papers.begun(world, "supervision", case)
    body = {"reason": "逾期", "request": "速报"}
    paper = actions.save(by=world["duty"], now=now, paper=paper, fields={}, body=body, due_at=now + 9 * HOUR)
    paper = actions.sign(by=world["head"], now=now, paper=paper)
    with pytest.raises(PermissionDenied):
        actions.issue(by=world["duty"], now=now, paper=paper)
    assert "由舆情办发出" in as_role("duty").get(paper.get_absolute_url()).content.decode()
    assert actions.issue(by=world["office"], now=now, paper=paper).number


def test_a_letter_awaits_its_answer_by_a_date(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "coordination", case)
    body = {"request": "请配合查明。"}
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body=body)
    paper = actions.sign(by=world["head"], now=now, paper=paper)
    with pytest.raises(ValidationError) as refused:
        actions.issue(by=world["office"], now=now, paper=paper)
    assert list(refused.value.message_dict) == ["due_at"]
    paper = papers.issued(world, "coordination", case, now=now + HOUR, due_at=now + 48 * HOUR)
    (row,) = requests(world["office"], now + 2 * HOUR, case)
    assert (row.whom, row.means, row.state) == ("青禾市教育局", "hand", "open")
    assert (row.paper_number, row.due_at) == (paper.number, now + 48 * HOUR)
    owed = case.owed.get(rule="request")
    assert (owed.role, owed.act, owed.due_at) == ("office", "request_answered", now + 48 * HOUR)
    assert requests(world["office"], now + 48 * HOUR, case)[0].state == "overdue"


def test_an_answer_comes_with_its_letter(world: World, case: Case, now: datetime) -> None:
    papers.issued(world, "coordination", case, due_at=now + 48 * HOUR)
    with pytest.raises(ValidationError, match="复函"):
        cases.answer_request(
            by=world["office"], now=now + 3 * HOUR, case=case, number=1, outcome="agreed", text="同意"
        )
    cases.answer_request(
        by=world["office"],
        now=now + 50 * HOUR,
        at=now + 47 * HOUR,
        recorded_late="复函由传达室转来",
        case=case,
        number=1,
        outcome="agreed",
        text="同意配合",
        evidence=PROOF,
    )
    (row,) = requests(world["office"], now + 60 * HOUR, case)
    assert (row.state, row.answered_at, row.outcome) == ("answered", now + 47 * HOUR, "agreed")
    assert case.owed.get(rule="request").state == "met"
    with pytest.raises(ValidationError, match="已经有了结果"):
        cases.answer_request(
            by=world["office"], now=now + 61 * HOUR, case=case, number=1, outcome="none", text="x"
        )


def test_asked_again_it_has_a_new_date_and_the_miss_stays(world: World, case: Case, now: datetime) -> None:
    papers.issued(world, "coordination", case, due_at=now + 24 * HOUR)
    cases.request_again(
        by=world["office"],
        now=now + 30 * HOUR,
        case=case,
        number=1,
        text="对方说在会签",
        means="phone",
        due_at=now + 54 * HOUR,
    )
    (row,) = requests(world["office"], now + 31 * HOUR, case)
    assert (row.again, row.state, row.due_at) == (1, "open", now + 54 * HOUR)
    assert case.owed.get(key="request:1").state == "missed"
    cases.answer_request(
        by=world["office"], now=now + 40 * HOUR, case=case, number=1, outcome="none", text="改由上级协调"
    )
    states = dict(case.owed.filter(rule="request").values_list("due_at", "state"))
    assert states == {now + 24 * HOUR: "late", now + 54 * HOUR: "met"}


@pytest.mark.parametrize("role", ["head", "handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_letters_are_the_desks(world: World, case: Case, now: datetime, role: str) -> None:
    papers.issued(world, "coordination", case)
    with pytest.raises(PermissionDenied):
        cases.answer_request(
            by=world[role], now=now + 3 * HOUR, case=case, number=1, outcome="none", text="不等了"
        )


def test_a_letter_goes_out_as_letters_do(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "coordination", case)
    paper = actions.save(
        by=world["office"], now=now, paper=paper, fields={}, body={"request": "请配合"}, due_at=now + 9 * HOUR
    )
    paper = actions.sign(by=world["head"], now=now, paper=paper)
    with pytest.raises(ValidationError, match="送出方式"):
        actions.issue(by=world["office"], now=now, paper=paper, means="paper")
    assert actions.issue(by=world["office"], now=now, paper=paper, means="fax").means == "fax"


def test_a_statement_goes_only_to_media_of_a_signed_request(world: World, case: Case, now: datetime) -> None:
    paper = papers.begun(world, "statement", case)
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={"to": "青禾晚报"}, body={})
    with pytest.raises(ValidationError, match="刊发申请"):
        actions.issue(by=world["office"], now=now, paper=paper)
    papers.placed(world, case)
    fresh = papers.begun(world, "statement", case)
    assert fresh.to == "青禾晚报、青禾广播"
    assert actions.issue(by=world["office"], now=now + 2 * HOUR, paper=paper).number
    more = actions.save(
        by=world["office"], now=now, paper=fresh, fields={"to": "青禾晚报，外地早报"}, body={}
    )
    with pytest.raises(ValidationError, match="外地早报"):
        actions.issue(by=world["office"], now=now + 2 * HOUR, paper=more)


def test_a_request_for_one_text_covers_no_other(world: World, case: Case, now: datetime) -> None:
    papers.placed(world, case)
    other = letters.approved(world, case, now=now + HOUR, title="关于热水的第二次说明")
    paper = actions.start(
        by=world["office"], now=now + 2 * HOUR, kind="statement", case=case, source=f"draft:{other.pk}"
    )
    assert paper.to == ""
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={"to": "青禾晚报"}, body={})
    with pytest.raises(ValidationError, match="青禾晚报"):
        actions.issue(by=world["office"], now=now + 3 * HOUR, paper=paper)


def statement(world: World, case: Case, now: datetime, form: str = "statement") -> Draft:
    return letters.approved(world, case, now=now + HOUR, form=form, title="关于热水的情况说明")


def test_a_statement_is_not_put_with_a_medium_before_the_request_is_signed(
    world: World, case: Case, now: datetime
) -> None:
    library.put_contact(by=world["office"], now=now, outlet="青禾晚报", name="甲")
    draft = statement(world, case, now)
    with pytest.raises(ValidationError, match="刊发申请"), transaction.atomic():
        replies.publish(
            by=world["spokesperson"], now=now + 2 * HOUR, draft=draft, copies=[Copy(place="青禾晚报")]
        )
    paper = actions.start(
        by=world["office"], now=now + 2 * HOUR, kind="placement", case=case, source=f"draft:{draft.pk}"
    )
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"media": "青禾晚报"})
    paper = actions.sign(by=world["head"], now=now + 2 * HOUR, paper=paper)
    actions.issue(by=world["office"], now=now + 2 * HOUR, paper=paper)
    out = replies.publish(
        by=world["spokesperson"], now=now + 3 * HOUR, draft=draft, copies=[Copy(place="青禾晚报")]
    )
    with pytest.raises(ValidationError, match="青禾晚报客户端"):
        replies.add_copy(
            by=world["spokesperson"], now=now + 4 * HOUR, draft=out, copy=Copy(place="青禾晚报客户端")
        )


def test_our_own_account_and_an_answer_under_a_post_need_no_request(
    world: World, case: Case, now: datetime
) -> None:
    Source.objects.create(name="城市报", kind="feed", tier="city", site="paper.example", created_at=now)
    out = replies.publish(
        by=world["spokesperson"],
        now=now + 2 * HOUR,
        draft=statement(world, case, now),
        copies=[Copy(place="本校公众号"), Copy(place="paper.example", reply_to="https://paper.example/t/1")],
    )
    with pytest.raises(ValidationError, match="刊发申请"):
        replies.add_copy(by=world["spokesperson"], now=now + 3 * HOUR, draft=out, copy=Copy(place="城市报"))


def test_a_paper_that_is_a_step_of_the_plan_does_that_step(world: World, now: datetime) -> None:
    plan = (
        PLAN
        + """
[[step]]
id = "coordination-letter"
name = "书面商请"
within = "9 hours"
"""
    )
    version = upload(by=world["office"], now=now, text=plan, file="school.toml")
    activate(by=world["deputy"], now=now, version=version)
    case = graded(world, now)
    assert case.owed.get(step="coordination-letter").state == "open"
    for _again in range(2):
        papers.issued(world, "coordination", case)
    assert case.owed.get(step="coordination-letter").state == "met"
    assert case.entries.filter(kind=Kind.DONE).count() == 1
