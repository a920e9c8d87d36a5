"""A text goes through the plan's chain, step by step, never by its writers; a bypass is seen for ever."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from huiying.desk.accounts.models import Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.actions import open_case
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import activate, upload
from huiying.desk.replies import actions, queries
from huiying.desk.replies.models import Draft
from tests.desk import letters
from tests.desk.handling import PLAN
from tests.desk.letters import DAY, MINUTE
from tests.desk.world import NOW, World


def test_a_text_goes_through_the_chain_in_order_and_is_published_under_the_institutions_name(
    world: World,
) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    assert draft.chain == ["reviewer|office", "deputy|head"]
    assert (draft.signed_as, draft.signed_role) == ("青禾市第九中学", "deputy")
    assert letters.kinds(case)[-5:] == ["drafted", "submitted", "approved", "approved", "published"]
    told = letters.last(case, "published")
    assert told["text_sha256"] == draft.text_sha256 and told["outlet"] == "public"
    assert told["address"].endswith(f"/public/{draft.slug}/")


def test_the_second_step_waits_for_the_first(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    with pytest.raises(PermissionDenied):
        actions.approve(by=world["deputy"], now=NOW, draft=draft)
    assert [person.pk for person in queries.due_people(draft, NOW)] == [
        world["reviewer"].pk,
        world["office"].pk,
    ]


def test_any_of_the_roles_of_a_step_may_take_it(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    draft = actions.approve(by=world["office"], now=NOW, draft=draft)
    draft = actions.approve(by=world["head"], now=NOW, draft=draft)
    assert draft.state == Draft.State.APPROVED
    assert [row.role for row in draft.approvals.all()] == ["office", "head"]


def test_nobody_approves_what_they_wrote(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case, by="office")
    draft = actions.submit(by=world["office"], now=NOW, draft=draft)
    with pytest.raises(PermissionDenied, match="自己写的"):
        actions.approve(by=world["office"], now=NOW, draft=draft)


def test_whoever_changed_a_word_counts_as_a_writer(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case)
    draft = actions.save(by=world["office"], now=NOW, draft=draft, fields={"title": "关于热水的答复"})
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=draft)
    with pytest.raises(PermissionDenied, match="自己写的"):
        actions.approve(by=world["office"], now=NOW, draft=draft)


def test_one_person_takes_one_step_of_a_chain(world: World) -> None:
    world["reviewer"].appointments.create(role=Role.DEPUTY)
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    draft = actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    with pytest.raises(PermissionDenied, match="前面的一步"):
        actions.approve(by=world["reviewer"], now=NOW, draft=draft)


def test_the_wrong_role_is_told_who_may(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    for role in ("duty", "handler", "auditor", "admin", "spokesperson"):
        with pytest.raises(PermissionDenied):
            actions.approve(by=world[role], now=NOW, draft=draft)
    with pytest.raises(PermissionDenied, match="审核人或舆情办"):
        actions.approve(by=world["head"], now=NOW, draft=draft)


def test_the_chain_is_fixed_when_the_text_is_handed_in(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case, unsure=True)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=draft)
    assert draft.chain[-1] == "head", "what its drafter is unsure of goes to the head"
    fixed = list(draft.chain)
    Draft.objects.filter(pk=draft.pk).update(unsure=False, form="statement")
    draft.refresh_from_db()
    draft = letters.through(draft)
    assert [row.roles for row in draft.approvals.all()] == fixed == draft.chain


def test_when_everybody_of_a_step_is_away_the_stand_in_acts_and_the_record_says_so(world: World) -> None:
    case = letters.matter(world)
    for role in ("deputy", "head"):
        person = world[role]
        person.away_until = NOW + DAY
        person.save()
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    draft = actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    draft = actions.approve(by=world["office"], now=NOW, draft=draft)
    step = draft.approvals.get(step=2)
    assert (step.role, step.stood_in_for) == ("office", "deputy|head")
    assert letters.last(case, "approved")["stood_in_for"] == "deputy|head"


def test_a_stand_in_steps_back_at_the_very_instant_of_return(world: World) -> None:
    case = letters.matter(world)
    for role in ("deputy", "head"):
        person = world[role]
        person.away_until = NOW + DAY
        person.save()
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    draft = actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    back = NOW + DAY
    with pytest.raises(PermissionDenied):
        actions.approve(by=world["office"], now=back, draft=draft)
    before = back - timedelta(microseconds=1)
    assert actions.approve(by=world["office"], now=before, draft=draft).state == Draft.State.APPROVED


def test_a_returned_text_begins_the_chain_anew(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    draft = actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    draft = actions.give_back(by=world["deputy"], now=NOW, draft=draft, reason="浴室的开放时间请再核对")
    assert draft.state == Draft.State.RETURNED
    assert letters.last(case, "returned")["reason"] == "浴室的开放时间请再核对"
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=draft)
    assert draft.round == 2
    draft = actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    assert draft.state == Draft.State.SUBMITTED
    assert Message.objects.filter(
        key__contains=f"draft{draft.pk}|1|returned", person=world["spokesperson"]
    ).exists()


def test_returning_needs_a_reason(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    with pytest.raises(ValidationError, match="理由"):
        actions.give_back(by=world["reviewer"], now=NOW, draft=draft, reason="  ")


def test_a_text_under_approval_cannot_be_changed_until_it_is_taken_back(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    with pytest.raises(ValidationError, match="已送审"):
        actions.save(by=world["spokesperson"], now=NOW, draft=draft, fields={"text": "别的"})
    draft = actions.recall(by=world["spokesperson"], now=NOW, draft=draft, reason="补一句开放时间")
    assert draft.state == Draft.State.RETURNED


def test_an_approved_text_that_is_taken_back_needs_its_approvals_again(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    draft = actions.recall(by=world["spokesperson"], now=NOW + 5 * MINUTE, draft=draft, reason="补一句")
    with pytest.raises(ValidationError, match="审批全部通过"):
        actions.publish(by=world["spokesperson"], now=NOW + 6 * MINUTE, draft=draft)


def test_only_those_who_publish_publish(world: World) -> None:
    case = letters.matter(world)
    draft = letters.approved(world, case)
    for role in ("head", "deputy", "duty", "handler", "reviewer", "auditor", "admin"):
        with pytest.raises(PermissionDenied):
            actions.publish(by=world[role], now=NOW + 3 * MINUTE, draft=draft)


def test_those_whose_step_it_is_are_told_once(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    asked = Message.objects.filter(key__contains=f"draft{draft.pk}|1|1")
    assert {message.person for message in asked} == {world["reviewer"], world["office"]}


def test_errors_are_mended_or_overruled_with_a_reason_that_stays(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(
        world,
        case,
        text=letters.ANSWER.replace("0700-6100123", "13812345678").replace("值班室，电话", "王老师"),
    )
    with pytest.raises(ValidationError, match="手机号码"):
        actions.submit(by=world["spokesperson"], now=NOW, draft=draft)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=draft, reason="本人同意公布")
    assert draft.overrules == "本人同意公布"
    assert letters.last(case, "submitted")["open"] == ["reply.personal.mobile"]


def test_an_urgent_publication_is_recorded_as_a_bypass_for_ever(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case)
    draft = actions.publish_urgently(by=world["office"], now=NOW, draft=draft, reason="家长已到校门口")
    assert draft.bypassed and draft.state == Draft.State.PUBLISHED and draft.signed_role == "office"
    assert letters.last(case, "published")["bypass"] is True
    assert letters.last(case, "note")["bypass"]["skipped"] == ["reviewer|office", "deputy|head"]
    assert Message.objects.filter(key__contains="|bypass", person=world["head"], urgent=True).exists()
    draft = actions.review_bypass(by=world["deputy"], now=NOW + DAY, draft=draft, words="情况紧急，处置得当")
    assert draft.bypassed and draft.reviewed_by == world["deputy"]


def test_not_even_an_emergency_lets_a_writer_publish_alone(world: World) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case)
    with pytest.raises(PermissionDenied, match="另一位"):
        actions.publish_urgently(by=world["spokesperson"], now=NOW, draft=draft, reason="急")
    with pytest.raises(ValidationError, match="等不到"):
        actions.publish_urgently(by=world["office"], now=NOW, draft=draft, reason=" ")


def test_the_review_of_a_bypass_is_owed_by_the_end_of_the_chain_not_by_writer_or_publisher(
    world: World,
) -> None:
    case = letters.matter(world)
    draft = letters.written(world, case)
    draft = actions.publish_urgently(by=world["office"], now=NOW, draft=draft, reason="家长已到校门口")
    assert queries.to_review(world["head"], NOW) == [draft]
    assert queries.to_review(world["reviewer"], NOW) == []
    with pytest.raises(PermissionDenied):
        actions.review_bypass(by=world["office"], now=NOW, draft=draft, words="好")
    actions.review_bypass(by=world["head"], now=NOW, draft=draft, words="好")
    assert queries.to_review(world["head"], NOW) == []


def test_the_database_itself_refuses_a_publication_without_a_name(world: World) -> None:
    case = letters.matter(world)
    draft = letters.published(world, case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(signed_as="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(signed_role="")


def test_what_waits_for_whom(world: World) -> None:
    case = letters.matter(world)
    draft = actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))
    assert queries.to_approve(world["reviewer"], NOW) == [draft]
    assert queries.to_approve(world["deputy"], NOW) == []
    actions.approve(by=world["reviewer"], now=NOW, draft=draft)
    assert queries.to_approve(world["deputy"], NOW) == [draft]
    actions.approve(by=world["deputy"], now=NOW, draft=draft)
    assert list(queries.to_publish(world["spokesperson"])) == [draft]
    assert list(queries.to_publish(world["head"])) == []


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_drafting_is_for_those_who_draft(world: World, role: str) -> None:
    case = letters.matter(world)
    may = role in {"office", "duty", "spokesperson"}
    if may:
        assert actions.start(by=world[role], now=NOW, case=case).written_by == world[role]
    else:
        with pytest.raises(PermissionDenied):
            actions.start(by=world[role], now=NOW, case=case)


def test_a_handler_drafts_on_the_cases_of_the_unit_only(world: World) -> None:
    case = letters.matter(world)
    with pytest.raises(PermissionDenied, match="由这些角色办理"):
        actions.start(by=world["handler"], now=NOW, case=case)
    case.units.add(world.units["hqc"])
    assert actions.start(by=world["handler"], now=NOW, case=case).written_by == world["handler"]
    assert Right.DRAFT == "draft"


@pytest.fixture
def at_once(world: World) -> Draft:
    """A text under a plan that asks reviewer and office at the same time, and the head after both."""
    text = PLAN.replace(
        'roles = ["reviewer|office", "deputy|head"]', 'roles = [["reviewer", "office"], "head"]'
    )
    text = text.replace("[instruction]", '[approval]\nwithin = "2 hours"\n\n[instruction]')
    version = upload(by=world["office"], now=NOW, text=text, file="school.toml")
    activate(by=world["deputy"], now=NOW, version=version)
    case = open_case(by=world["duty"], now=NOW, title="热水停供", summary=letters.QUESTION)
    return actions.submit(by=world["spokesperson"], now=NOW, draft=letters.written(world, case))


@pytest.mark.parametrize("first", ["reviewer", "office"])
def test_parts_of_a_step_are_asked_at_once_and_given_in_any_order(
    world: World, at_once: Draft, first: str
) -> None:
    second = "office" if first == "reviewer" else "reviewer"
    assert at_once.chain == ["reviewer&office", "head"]
    assert {person.pk for person in queries.due_people(at_once, NOW)} == {
        world["reviewer"].pk,
        world["office"].pk,
    }
    draft = actions.approve(by=world[first], now=NOW, draft=at_once)
    assert draft.state == Draft.State.SUBMITTED
    with pytest.raises(PermissionDenied):
        actions.approve(by=world["head"], now=NOW, draft=draft)
    with pytest.raises(PermissionDenied, match="前面的一步"):
        actions.approve(by=world[first], now=NOW, draft=draft)
    draft = actions.approve(by=world[second], now=NOW, draft=draft)
    assert [person.pk for person in queries.due_people(draft, NOW)] == [world["head"].pk]
    draft = actions.approve(by=world["head"], now=NOW, draft=draft)
    assert draft.state == Draft.State.APPROVED
    given = [entry.data for entry in draft.case.entries.filter(kind="approved").order_by("seq")]
    assert [(one["step"], one["part"]) for one in given] == [
        (1, 1 if first == "reviewer" else 2),
        (1, 2 if first == "reviewer" else 1),
        (2, 1),
    ]


def test_each_part_asked_at_once_is_owed_by_its_own_role(world: World, at_once: Draft) -> None:
    owed = at_once.case.owed.filter(act="approved", state="open")
    assert sorted(owed.values_list("role", flat=True)) == ["office", "reviewer"]
    actions.approve(by=world["office"], now=NOW + MINUTE, draft=at_once)
    assert list(owed.values_list("role", flat=True)) == ["reviewer"]


def test_whoever_is_asked_at_once_may_return_the_text_for_all(world: World, at_once: Draft) -> None:
    actions.approve(by=world["reviewer"], now=NOW, draft=at_once)
    draft = actions.give_back(by=world["office"], now=NOW, draft=at_once, reason="日期不对")
    assert draft.state == Draft.State.RETURNED
    again = actions.submit(by=world["spokesperson"], now=NOW + MINUTE, draft=draft)
    assert {row.verdict for row in again.approvals.filter(round=2)} == {""}, "both are asked anew"


def test_they_are_told_once_and_the_head_when_both_have_agreed(world: World, at_once: Draft) -> None:
    def told() -> set[str]:
        rows = Message.objects.filter(key__contains=f"draft{at_once.pk}|")
        return set(rows.values_list("person__username", flat=True))

    assert told() == {"reviewer", "office"}
    actions.approve(by=world["office"], now=NOW, draft=at_once)
    assert "head" not in told()
    actions.approve(by=world["reviewer"], now=NOW, draft=at_once)
    assert "head" in told()
