"""A task force is formed, its members see the case while it stands, it is dissolved."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.joint import actions, queries
from huiying.desk.joint.access import forces_for
from huiying.desk.notify.models import Message
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk import joining as j
from tests.desk.world import World


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return j.matter(world, now)


def test_it_does_the_plans_step_and_its_members_are_told(world: World, case: Case, now: datetime) -> None:
    j.adopted(world, case, now, steps=("meeting",))
    force = j.formed(world, case, now + j.HOUR)
    assert handling.owed(case, "step:task-force").state == "met"
    entry = j.told(case, "formed")
    assert (entry.kind, entry.data["step"]) == (Kind.DONE, "task-force")
    assert entry.data["text"].splitlines()[0] == "热水专班成立，组长：乙副校长；成员：戊承办"
    told = Message.objects.filter(stage=f"force:{force.pk}")
    assert {row.person for row in told} == {world["deputy"], world["handler"]}
    assert {row.link for row in told} == {force.get_absolute_url()}


def test_a_plan_without_that_step_gets_a_note(world: World, now: datetime) -> None:
    case = j.matter(world, now, level=2, plan="school")
    j.formed(world, case, now)
    assert j.told(case, "formed").kind == Kind.NOTE


def test_a_member_from_another_unit_sees_the_case_from_forming_to_dissolving(
    world: World, case: Case, now: datetime
) -> None:
    teacher = handling.somebody("teacher", "handler", world.units["jwc"])
    world.people["teacher"] = teacher
    assert list(visible(teacher)) == []
    force = j.formed(world, case, now, members=("teacher",))
    assert list(visible(teacher)) == [case] and list(forces_for(teacher)) == [force]
    actions.dissolve_task_force(by=world["head"], now=now + j.DAY, force=force, why="已恢复供水")
    assert list(visible(teacher)) == [] and list(forces_for(teacher)) == []


def test_a_member_who_leaves_sees_it_no_more(world: World, case: Case, now: datetime) -> None:
    world.people["teacher"] = handling.somebody("teacher", "handler", world.units["jwc"])
    force = j.formed(world, case, now, members=("teacher", "handler"))
    actions.leave_task_force(by=world["head"], now=now, member=force.members.get(person=world["teacher"]))
    assert list(visible(world["teacher"])) == [] and list(visible(world["handler"])) == [case]


def test_seeing_is_not_acting(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    """A member reads the case; what a unit does on it stays the unit's."""
    j.formed(world, case, now)
    browser = as_role("handler")
    assert browser.get(f"/cases/{case.number}/").status_code == 200
    assert browser.post(f"/cases/{case.number}/note/", {"text": "我来记"}).status_code == 403


def test_who_lost_every_role_sees_nothing_though_still_a_member(
    world: World, case: Case, now: datetime
) -> None:
    j.formed(world, case, now)
    world["handler"].appointments.all().delete()
    assert list(visible(world["handler"])) == []
    world["admin"].memberships.create(force=case.task_forces.get(), joined_at=now)
    assert list(visible(world["admin"])) == []


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_handles_no_cases_is_in_no_task_force(world: World, case: Case, now: datetime, role: str) -> None:
    with pytest.raises(ValidationError) as refused:
        j.formed(world, case, now, members=(role,))
    assert "members" in refused.value.message_dict
    with pytest.raises(ValidationError):
        actions.join_task_force(
            by=world["head"], now=now, force=j.formed(world, case, now), person=world[role]
        )


def test_one_stands_on_a_case_at_a_time(world: World, case: Case, now: datetime) -> None:
    first = j.formed(world, case, now)
    with pytest.raises(ValidationError, match="已有专班"):
        j.formed(world, case, now)
    actions.dissolve_task_force(by=world["office"], now=now, force=first, why="重组")
    second = j.formed(world, case, now)
    assert queries.standing_force(case) == second
    assert [
        row.data["joint"]["act"] for row in case.entries.filter(data__joint__what="taskforce").order_by("seq")
    ] == [
        "formed",
        "dissolved",
        "formed",
    ]


def test_it_may_rest_on_a_meeting_of_this_case_only(world: World, case: Case, now: datetime) -> None:
    other = j.adopted(world, j.matter(world, now), now)
    told = {"name": "专班", "leader": world["deputy"], "duties": "抢修"}
    with pytest.raises(ValidationError) as refused:
        actions.form_task_force(by=world["head"], now=now, case=case, meeting=other, **told)  # type: ignore[arg-type]
    assert "meeting" in refused.value.message_dict


def test_members_join_once_and_the_leader_does_not_leave(world: World, case: Case, now: datetime) -> None:
    force = j.formed(world, case, now)
    made = actions.join_task_force(
        by=world["office"], now=now, force=force, person=world["spokesperson"], duty="对外发布"
    )
    assert (
        made.duty == "对外发布" and j.told(case, "joined").data["text"] == "热水专班增加：庚发言（对外发布）"
    )
    with pytest.raises(ValidationError) as refused:
        actions.join_task_force(by=world["office"], now=now, force=force, person=world["spokesperson"])
    assert "person" in refused.value.message_dict
    with pytest.raises(ValidationError, match="组长不能退出"):
        actions.leave_task_force(
            by=world["office"], now=now, member=force.members.get(person=world["deputy"])
        )
    actions.leave_task_force(by=world["office"], now=now, member=made)
    with pytest.raises(ValidationError, match="已经不在"):
        actions.leave_task_force(by=world["office"], now=now, member=made)
    again = actions.join_task_force(by=world["office"], now=now, force=force, person=world["spokesperson"])
    assert again.pk != made.pk


def test_a_dissolved_one_changes_no_more(world: World, case: Case, now: datetime) -> None:
    force = j.formed(world, case, now)
    actions.dissolve_task_force(by=world["head"], now=now, force=force, why="办完")
    with pytest.raises(ValidationError, match="已经解散"):
        actions.dissolve_task_force(by=world["head"], now=now, force=force, why="再来")
    with pytest.raises(ValidationError, match="已经解散"):
        actions.join_task_force(by=world["head"], now=now, force=force, person=world["reviewer"])


@pytest.mark.parametrize("role", ["duty", "handler", "spokesperson", "auditor", "admin"])
def test_only_leaders_and_the_office_form_and_dissolve(
    world: World, case: Case, now: datetime, role: str
) -> None:
    told = {"name": "专班", "leader": world["deputy"], "duties": "抢修"}
    with pytest.raises(PermissionDenied):
        actions.form_task_force(by=world[role], now=now, case=case, **told)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        actions.dissolve_task_force(by=world[role], now=now, force=j.formed(world, case, now), why="散")


def test_sixty_people_are_a_task_force_and_sixty_one_are_a_crowd(
    world: World, case: Case, now: datetime
) -> None:
    people = [handling.somebody(f"p{number}", "handler", world.units["jwc"]) for number in range(60)]
    world.people |= {person.username: person for person in people}
    with pytest.raises(ValidationError) as refused:
        j.formed(world, case, now, members=tuple(person.username for person in people))
    assert list(refused.value.message_dict) == ["members"]
    force = j.formed(world, case, now, members=tuple(person.username for person in people[:59]))
    assert force.members.count() == 60
    with pytest.raises(ValidationError):
        actions.join_task_force(by=world["head"], now=now, force=force, person=people[59])
