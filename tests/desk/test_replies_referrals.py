"""Corrections asked for and referrals: refused for opinion, two people, one address, counted in the journal."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from huiying.desk.accounts.models import Role
from huiying.desk.cases import actions as work
from huiying.desk.cases.models import Case
from huiying.desk.notify.models import Message
from huiying.desk.replies import actions
from huiying.desk.replies.models import Referral
from tests.desk import letters
from tests.desk.letters import HOUR
from tests.desk.world import NOW, World

UNTRUE = {
    "kind": "correction",
    "ground": "untrue",
    "address": "https://forum.example/t/1",
    "claim": "3号宿舍楼11月22日起火，烧伤5人",
    "fact": "11月22日没有火情，消防大队和校医院均无记录。",
    "evidence": "消防大队11月23日出具的说明\n校医院11月22日接诊记录",
    "recipient": "校园论坛管理员",
}
SCAM = UNTRUE | {
    "kind": "referral",
    "ground": "fraud",
    "claim": "扫码交校服费送平板",
    "recipient": "市公安局反诈中心",
}


def found_untrue(world: World, outcome: str = "untrue") -> Case:
    case = letters.matter(world)
    evidence = [{"name": "说明", "sha256": "0" * 64}]
    work.verify(by=world["duty"], now=NOW, case=case, outcome=outcome, facts="没有火情", evidence=evidence)
    return case


def proposed(world: World, case: Case, fields: dict[str, str] = UNTRUE) -> Referral:
    return actions.propose(by=world["office"], now=NOW, case=case, fields=fields)


def test_a_claim_found_untrue_goes_through_two_people_and_is_on_record(world: World) -> None:
    case = found_untrue(world)
    row = proposed(world, case)
    assert row.number == "R2026-001"
    row = actions.decide(by=world["deputy"], now=NOW, referral=row, agreed=True)
    row = actions.send(by=world["office"], now=NOW, referral=row, means="函〔2026〕8号")
    row = actions.record_answer(by=world["office"], now=NOW + HOUR, referral=row, words="对方已更正")
    assert row.state == Referral.State.ANSWERED
    told = [e.data["referral"]["state"] for e in case.entries.filter(kind="note") if "referral" in e.data]
    assert told == ["proposed", "approved", "sent", "answered"]


def test_the_leaders_are_asked(world: World) -> None:
    proposed(world, found_untrue(world))
    assert {m.person for m in Message.objects.filter(key__contains="referralR2026-001")} == {
        world["head"],
        world["deputy"],
    }


@pytest.mark.parametrize("outcome", ["true", "unclear"])
def test_nothing_is_corrected_that_was_not_found_untrue(world: World, outcome: str) -> None:
    case = found_untrue(world, outcome)
    with pytest.raises(ValidationError, match="核实结论"):
        proposed(world, case)


def test_before_any_verification_nothing_is_corrected_but_a_fraud_is_referred(world: World) -> None:
    case = letters.matter(world)
    with pytest.raises(ValidationError, match="核实结论"):
        proposed(world, case)
    assert proposed(world, case, SCAM).kind == "referral"


@pytest.mark.parametrize("claim", ["学校不作为，太让人失望", "为什么没人管？", "希望换掉食堂承包商"])
def test_criticism_opinion_and_question_are_refused_on_the_field(world: World, claim: str) -> None:
    with pytest.raises(ValidationError) as refused:
        proposed(world, found_untrue(world), UNTRUE | {"claim": claim})
    assert list(refused.value.message_dict) == ["claim"]


def test_each_flaw_is_told_at_its_field(world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.propose(by=world["office"], now=NOW, case=letters.matter(world), fields={})
    assert set(refused.value.message_dict) == {"ground", "address", "claim", "fact", "evidence", "recipient"}


@pytest.mark.parametrize("role", [r.value for r in Role if r != Role.OFFICE])
def test_only_the_office_proposes(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.propose(by=world[role], now=NOW, case=found_untrue(world), fields=UNTRUE)


@pytest.mark.parametrize("role", [r.value for r in Role if r not in {Role.HEAD, Role.DEPUTY}])
def test_only_leaders_decide(world: World, role: str) -> None:
    row = proposed(world, found_untrue(world))
    with pytest.raises(PermissionDenied):
        actions.decide(by=world[role], now=NOW, referral=row, agreed=True)


def test_the_one_who_proposed_does_not_decide_and_the_database_agrees(world: World) -> None:
    world["office"].appointments.create(role=Role.HEAD)
    row = proposed(world, found_untrue(world))
    with pytest.raises(PermissionDenied, match="另一个人"):
        actions.decide(by=world["office"], now=NOW, referral=row, agreed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(decided_by=world["office"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(state="sent")
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(ground="fraud")


def test_a_refusal_needs_its_reason_and_ends_it(world: World) -> None:
    row = proposed(world, found_untrue(world))
    with pytest.raises(ValidationError, match="理由"):
        actions.decide(by=world["head"], now=NOW, referral=row, agreed=False)
    row = actions.decide(by=world["head"], now=NOW, referral=row, agreed=False, words="公开回应就够")
    assert row.state == Referral.State.REFUSED
    with pytest.raises(ValidationError, match="批准后"):
        actions.send(by=world["office"], now=NOW, referral=row, means="函")


def test_steps_cannot_be_skipped_or_repeated(world: World) -> None:
    row = proposed(world, found_untrue(world))
    with pytest.raises(ValidationError):
        actions.send(by=world["office"], now=NOW, referral=row, means="函")
    actions.decide(by=world["head"], now=NOW, referral=row, agreed=True)
    with pytest.raises(ValidationError, match="已经有人定过"):
        actions.decide(by=world["deputy"], now=NOW, referral=row, agreed=False, words="不")
    with pytest.raises(ValidationError, match="送出后"):
        actions.record_answer(by=world["office"], now=NOW, referral=row, words="好")


def test_numbers_count_on(world: World) -> None:
    case = found_untrue(world)
    assert [proposed(world, case).number, proposed(world, case, SCAM).number] == ["R2026-001", "R2026-002"]
