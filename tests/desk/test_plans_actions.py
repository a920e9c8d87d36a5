"""Plans and their versions: uploaded by one, activated by another, pinned for good."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import AuditLog, Institution, Role
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases import actions as cases
from huiying.desk.plans import actions, queries
from huiying.desk.plans.hashes import digest
from huiying.desk.plans.models import CalendarTable, PlanVersion
from tests.desk.handling import PLAN, graded, opened, owed, with_plan
from tests.desk.world import World


def changed(text: str, old: str = 'within = "5 hours"', new: str = 'within = "3 hours"') -> str:
    assert old in text
    return text.replace(old, new)


def first_run(world: World, now: datetime) -> PlanVersion:
    """The shipped plan of a school, as the first run chooses it."""
    return actions.install_shipped(by=world["admin"], now=now, plan_id="school")


def second(world: World, now: datetime) -> PlanVersion:
    """A second version of the school's plan: the first answer is due within three hours."""
    return actions.upload(by=world["office"], now=now, text=changed(PLAN), note="首次回应改为三小时")


def test_the_first_run_stores_a_shipped_plan_and_makes_it_count(world: World, now: datetime) -> None:
    version = first_run(world, now)
    assert (version.name, version.version, version.active) == ("school", 1, True)
    assert queries.active() == version
    assert queries.engine_plan(version).id == "school"


def test_the_audit_log_says_that_no_second_person_activated_it(world: World, now: datetime) -> None:
    first_run(world, now)
    line = AuditLog.objects.get(verb="plan.install")
    assert (line.data["second_person"], line.data["first_run"]) == (False, True)


def test_choosing_the_same_plan_again_changes_nothing(world: World, now: datetime) -> None:
    assert first_run(world, now) == first_run(world, now)
    assert PlanVersion.objects.count() == 1


def test_while_the_first_run_lasts_another_plan_may_be_chosen(world: World, now: datetime) -> None:
    Institution.objects.update(founded_at=None)
    first_run(world, now)
    version = actions.install_shipped(by=world["admin"], now=now, plan_id="national")
    assert (queries.active(), PlanVersion.objects.filter(active=True).count()) == (version, 1)


def test_after_the_first_run_another_plan_needs_a_second_person(world: World, now: datetime) -> None:
    first_run(world, now)
    with pytest.raises(ValidationError, match="由另一人启用"):
        actions.install_shipped(by=world["admin"], now=now, plan_id="national")


def test_a_plan_that_is_not_shipped_cannot_be_chosen(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError, match="没有随附的预案"):
        actions.install_shipped(by=world["admin"], now=now, plan_id="nonsense")


def test_the_calendar_of_that_day_is_kept_too(world: World, now: datetime) -> None:
    first_run(world, now)
    table = CalendarTable.objects.get()
    assert (table.name, table.version, table.sha256) == ("CN", 1, digest(table.text))


def test_a_stored_version_holds_what_it_extends(world: World, now: datetime) -> None:
    version = first_run(world, now)
    assert "[embedded]" in version.text
    assert version.sha256 == digest(version.text) == queries.engine_plan(version).sha256


def test_an_uploaded_version_does_not_count_yet(world: World, now: datetime) -> None:
    first = with_plan(world, now)
    version = second(world, now)
    assert (version.version, version.active, version.uploaded_by) == (2, False, world["office"])
    assert queries.active() == first


def test_the_one_who_uploaded_it_does_not_activate_it(world: World, now: datetime) -> None:
    with_plan(world, now)
    world["admin"].appointments.create(role=Role.OFFICE, unit=None)
    version = actions.upload(by=world["admin"], now=now, text=changed(PLAN))
    with pytest.raises(ValidationError, match="上传的人不能自己启用"):
        actions.activate(by=world["admin"], now=now, version=version)
    version.refresh_from_db()
    assert not version.active


def test_another_person_activates_it_and_cases_opened_from_then_on_follow_it(
    world: World, now: datetime
) -> None:
    before = graded(world, now)
    actions.activate(by=world["deputy"], now=now, version=second(world, now))
    after = opened(world, now, title="后来的")
    assert (owed(before, "first").due_at - now).total_seconds() == 5 * 3600
    assert (owed(after, "first").due_at - now).total_seconds() == 3 * 3600
    assert PlanVersion.objects.filter(active=True).count() == 1


def test_a_graded_case_keeps_its_version(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.activate(by=world["deputy"], now=now, version=second(world, now))
    cases.add_note(by=world["office"], now=now, case=case, text="继续")
    assert case.plan is not None
    assert case.plan.version == 1
    assert (owed(case, "first").due_at - now).total_seconds() == 5 * 3600


def test_an_ungraded_case_is_graded_by_the_version_of_now(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.activate(by=world["deputy"], now=now, version=second(world, now))
    cases.confirm_level(by=world["deputy"], now=now, case=case, level=3, reason="一般")
    assert case.plan is not None
    assert case.plan.version == 2
    assert (owed(case, "first").due_at - now).total_seconds() == 3 * 3600


def test_a_version_is_activated_once(world: World, now: datetime) -> None:
    with_plan(world, now)
    version = actions.activate(by=world["deputy"], now=now, version=second(world, now))
    with pytest.raises(ValidationError, match="已经启用"):
        actions.activate(by=world["head"], now=now, version=version)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请选一个文件"),
        ("这不是预案", "1"),
        ("format = 1\nid = 'x'\n", "1"),
        ('format = 1\nid = "x"\nextends = "nonsense"\nname = "x"\n', "nonsense"),
    ],
)
def test_a_bad_plan_is_refused_with_what_is_wrong_and_nothing_is_stored(
    world: World, now: datetime, text: str, words: str
) -> None:
    with_plan(world, now)
    with pytest.raises(ValidationError) as refusal:
        actions.upload(by=world["office"], now=now, text=text)
    assert words in "".join(refusal.value.messages)
    assert PlanVersion.objects.count() == 1


def test_a_planted_fault_is_named_with_its_line(world: World, now: datetime) -> None:
    with_plan(world, now)
    text = changed(PLAN, 'within = "5 hours"', 'within = "5 hurs"')
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "5 hurs" in row)
    with pytest.raises(ValidationError) as refusal:
        actions.upload(by=world["office"], now=now, text=text)
    assert any(message.startswith(f"{line}: ") for message in refusal.value.messages)


def test_the_same_text_again_is_refused(world: World, now: datetime) -> None:
    with_plan(world, now)
    with pytest.raises(ValidationError, match="完全相同"):
        actions.upload(by=world["office"], now=now, text=PLAN)


def test_line_ends_of_another_system_make_no_other_plan(world: World, now: datetime) -> None:
    with_plan(world, now)
    with pytest.raises(ValidationError, match="完全相同"):
        actions.upload(by=world["office"], now=now, text="\ufeff" + PLAN.replace("\n", "\r\n"))


@pytest.mark.parametrize("role", Role.values)
def test_only_the_named_roles_upload_activate_and_save(world: World, now: datetime, role: str) -> None:
    with_plan(world, now)
    version = second(world, now)
    refused = []
    for right, act in (
        (Right.EDIT_PLANS, lambda: actions.upload(by=world[role], now=now, text="")),
        (Right.EDIT_PLANS, lambda: actions.save_calendar(by=world[role], now=now, text="")),
        (Right.ACTIVATE_PLANS, lambda: actions.activate(by=world[role], now=now, version=version)),
        (Right.EDIT_INSTITUTION, lambda: actions.install_shipped(by=world[role], now=now, plan_id="x")),
    ):
        if Role(role) in TABLE[right]:
            continue
        with pytest.raises(PermissionDenied):
            act()
        refused.append(right)
    assert refused or Role(role) is Role.ADMIN
