"""Lines to take: two people, versions that never change, and what is public but no longer agrees."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import Role
from huiying.desk.cases.models import Case
from huiying.desk.notify.models import Message
from huiying.desk.replies import actions, queries
from huiying.desk.replies.models import Lines
from tests.desk import letters
from tests.desk.letters import MINUTE
from tests.desk.world import NOW, World


def agreed(world: World, case: Case, **fields: str) -> Lines:
    lines = actions.write_lines(
        by=world["spokesperson"], now=NOW, case=case, fields={**letters.FACTS, **fields}
    )
    return actions.approve_lines(by=world["head"], now=NOW, lines=lines)


def test_lines_bind_once_a_leader_approves_them(world: World) -> None:
    case = letters.matter(world)
    lines = actions.write_lines(by=world["spokesperson"], now=NOW, case=case, fields=letters.FACTS)
    assert queries.lines_in_force(case) is None
    assert list(queries.lines_to_approve(world["head"])) == [lines]
    actions.approve_lines(by=world["head"], now=NOW, lines=lines)
    held = queries.lines_in_force(case)
    assert held and held.version == 1
    told = letters.last(case, "lines_set")
    assert told["version"] == 1 and "312人" in told["text"]


def test_the_one_who_wrote_them_does_not_approve_them(world: World) -> None:
    world["head"].appointments.create(role=Role.OFFICE)
    case = letters.matter(world)
    lines = actions.write_lines(by=world["head"], now=NOW, case=case, fields=letters.FACTS)
    with pytest.raises(ValidationError, match="别人审定"):
        actions.approve_lines(by=world["head"], now=NOW, lines=lines)
    assert list(queries.lines_to_approve(world["head"])) == []


@pytest.mark.parametrize("role", ["head", "deputy", "duty", "handler", "reviewer", "auditor", "admin"])
def test_only_office_and_spokesperson_write_lines(world: World, role: str) -> None:
    case = letters.matter(world)
    with pytest.raises(PermissionDenied):
        actions.write_lines(by=world[role], now=NOW, case=case, fields=letters.FACTS)


@pytest.mark.parametrize(
    "role", ["office", "duty", "handler", "reviewer", "spokesperson", "auditor", "admin"]
)
def test_only_leaders_approve_lines(world: World, role: str) -> None:
    case = letters.matter(world)
    lines = actions.write_lines(by=world["office"], now=NOW, case=case, fields=letters.FACTS)
    with pytest.raises(PermissionDenied):
        actions.approve_lines(by=world[role], now=NOW, lines=lines)
    with pytest.raises(PermissionDenied):
        actions.return_lines(by=world[role], now=NOW, lines=lines, comment="不行")


def test_a_new_version_replaces_and_the_old_one_stays(world: World) -> None:
    case = letters.matter(world)
    agreed(world, case)
    agreed(world, case, figures="受影响学生 = 320人")
    held = queries.lines_in_force(case)
    assert held and held.version == 2
    assert [one.version for one in case.lines.all()] == [2, 1]
    assert case.lines.get(version=1).figures == letters.FACTS["figures"]


def test_a_version_that_waits_is_written_over_by_its_writer_only(world: World) -> None:
    case = letters.matter(world)
    first = actions.write_lines(by=world["spokesperson"], now=NOW, case=case, fields=letters.FACTS)
    again = actions.write_lines(by=world["spokesperson"], now=NOW, case=case, fields={"facts": "改过"})
    assert again.pk == first.pk and case.lines.count() == 1
    with pytest.raises(ValidationError, match="第 1 版还在等审定"):
        actions.write_lines(by=world["office"], now=NOW, case=case, fields=letters.FACTS)


def test_lines_that_say_nothing_are_refused(world: World) -> None:
    case = letters.matter(world)
    with pytest.raises(ValidationError, match="至少写一条"):
        actions.write_lines(
            by=world["office"], now=NOW, case=case, fields={"outlet": "公开页", "facts": "  "}
        )


def test_returned_lines_carry_their_reason_and_bind_nobody(world: World) -> None:
    case = letters.matter(world)
    lines = actions.write_lines(by=world["spokesperson"], now=NOW, case=case, fields=letters.FACTS)
    with pytest.raises(ValidationError, match="理由"):
        actions.return_lines(by=world["head"], now=NOW, lines=lines, comment="")
    actions.return_lines(by=world["head"], now=NOW, lines=lines, comment="学生数再核")
    assert queries.lines_in_force(case) is None
    with pytest.raises(ValidationError, match="已经有人"):
        actions.approve_lines(by=world["deputy"], now=NOW, lines=lines)
    assert Message.objects.filter(person=world["spokesperson"], body__contains="学生数再核").exists()


def test_a_change_shows_which_published_texts_now_disagree(world: World) -> None:
    case = letters.matter(world)
    agreed(world, case)
    text = letters.ANSWER.replace("停水期间", "受影响的312名学生在停水期间")
    draft = letters.published(world, case, text=text)
    assert queries.disagreeing(case, NOW) == []
    agreed(world, case, figures="受影响学生 = 320人")
    (one,) = queries.disagreeing(case, NOW)
    assert one.draft == draft and "320人" in one.findings[0].message.zh
    assert Message.objects.filter(key__contains="lines2|stale", person=world["spokesperson"]).exists()


def test_an_approved_text_that_newer_lines_contradict_is_not_published(world: World) -> None:
    case = letters.matter(world)
    agreed(world, case)
    text = letters.ANSWER.replace("停水期间", "受影响的312名学生在停水期间")
    draft = letters.approved(world, case, text=text)
    agreed(world, case, figures="受影响学生 = 320人")
    with pytest.raises(ValidationError, match="口径已更新到第 2 版"):
        actions.publish(by=world["spokesperson"], now=NOW + 5 * MINUTE, draft=draft)


def test_a_draft_remembers_by_which_version_it_was_written(world: World) -> None:
    case = letters.matter(world)
    agreed(world, case)
    draft = letters.written(world, case)
    assert draft.lines and draft.lines.version == 1
    agreed(world, case, outlet="公开页")
    draft = actions.save(by=world["spokesperson"], now=NOW, draft=draft, fields={"title": "新标题"})
    assert draft.lines and draft.lines.version == 2


def test_no_lines_on_a_case_that_joined_another(world: World) -> None:
    case = letters.matter(world)
    Case.objects.filter(pk=case.pk).update(merged_into=case)
    case.refresh_from_db()
    with pytest.raises(ValidationError, match="并入"):
        actions.write_lines(by=world["office"], now=NOW, case=case, fields=letters.FACTS)
