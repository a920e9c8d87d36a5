"""A live drill: a script comes in by the clock, people handle it as if it were real, and the journals say how it went."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from huiying.desk.accounts.models import Role
from huiying.desk.cases import actions as cases
from huiying.desk.cases import wake
from huiying.desk.cases.models import Case
from huiying.desk.cases.rebuild import rebuild_all
from huiying.desk.cases.verify import verify_all
from huiying.desk.collect.models import Mention, Source
from huiying.desk.drills import actions, feeding, queries
from huiying.desk.drills.models import Exercise, Taken
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import install_shipped
from huiying.desk.today.queries.found import find
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SCRIPT = """
format = 1
title = "食堂异味演练"

[[inject]]
site = "校园论坛"
tier = "local"
author = "网友甲"
text = "二食堂的饭菜有异味，后勤处能不能查一查"

[[inject]]
after = "10 minutes"
site = "本地社区"
tier = "local"
text = "二食堂的饭菜又有异味，饭都倒了，后勤处查一查吧"
times = 4
every = "1 minutes"

[[inject]]
after = "20 minutes"
kind = "note"
to = ["head"]
text = "市教育局来电询问情况"

[[inject]]
after = "60 minutes"
site = "中央媒体"
tier = "national"
text = "青禾九中二食堂的饭菜有异味，家长要求说明"
"""


@pytest.fixture
def planned(world: World) -> Exercise:
    install_shipped(by=world["admin"], now=NOW - HOUR, plan_id="school")
    return actions.plan_exercise(by=world["office"], now=NOW - HOUR, script=SCRIPT)


@pytest.fixture
def running(world: World, planned: Exercise) -> Exercise:
    return actions.begin(by=world["head"], now=NOW, exercise=planned)


def fed(it: Exercise, until: datetime) -> Exercise:
    """The worker looks every five minutes until then."""
    assert it.started_at is not None
    looks = [it.started_at + step * 5 * MINUTE for step in range((until - it.started_at) // (5 * MINUTE) + 1)]
    for now in (*looks, until):
        feeding.feed_due(now=now, worker="w")
    it.refresh_from_db()
    return it


def mention_of(it: Exercise, number: int) -> Mention:
    """What the line of the script became."""
    pk = it.injects.get(number=number).mention
    assert pk is not None
    return Mention.every.get(pk=pk)


def taken(world: World, it: Exercise, now: datetime = NOW + 15 * MINUTE, by: str = "duty") -> Case:
    (story,) = fed(it, now).stories
    return actions.take_up(by=world[by], now=now, exercise=it, story=story["key"])


# The script comes in


def test_what_the_script_says_comes_in_when_its_time_has_come(world: World, running: Exercise) -> None:
    assert feeding.feed_due(now=NOW) == 1
    assert feeding.feed_due(now=NOW + 9 * MINUTE) == 0
    assert feeding.feed_due(now=NOW + 10 * MINUTE) == 1
    assert fed(running, NOW + 30 * MINUTE).injects.exclude(done_at=None).count() == 6
    assert [one.done_at is None for one in running.injects.all()] == [False] * 6 + [True]
    first = mention_of(running, 1)
    assert (first.drill, first.posted_at, first.captured_at, first.tier) == (True, NOW, NOW, "local")


def test_a_worker_that_was_down_lets_in_late_what_was_due(world: World, running: Exercise) -> None:
    feeding.feed_due(now=NOW + 3 * HOUR)
    late = mention_of(running, 1)
    assert (late.posted_at, late.captured_at) == (NOW, NOW + 3 * HOUR)


def test_the_houses_own_ear_hears_nothing_of_it(world: World, running: Exercise) -> None:
    fed(running, NOW + 2 * HOUR)
    assert Mention.every.count() == 6
    assert (
        Mention.objects.count(),
        Source.objects.count(),
        Hearing.objects.count(),
        Story.objects.count(),
    ) == (0,) * 4


def test_posts_form_a_story_whose_level_rises_and_the_duty_hears_of_it_at_the_desk(
    world: World, running: Exercise
) -> None:
    (story,) = fed(running, NOW + 10 * MINUTE).stories
    assert (story["mentions"], story["level"]) == (2, None)
    (story,) = fed(running, NOW + 12 * MINUTE).stories
    assert (story["mentions"], story["level"], story["proposed"]) == (4, 3, 3)
    assert story["reasons"]
    told = Message.objects.get(stage="proposed")
    assert (told.person, told.state, told.subject[:4]) == (world["duty"], Message.State.HELD, "【演练】")
    (story,) = fed(running, NOW + 61 * MINUTE).stories
    assert (story["level"], story["proposed"]) == (1, 1)
    assert Message.objects.filter(stage="proposed").count() == 2


def test_a_note_is_read_by_whom_it_is_for(world: World, running: Exercise) -> None:
    fed(running, NOW + 20 * MINUTE)
    note = Message.objects.get(stage="note")
    assert (note.person, note.subject) == (world["head"], "【演练】市教育局来电询问情况")


def test_nothing_comes_in_before_it_begins_and_after_it_ends(world: World, planned: Exercise) -> None:
    assert feeding.feed_due(now=NOW + HOUR) == 0
    it = actions.begin(by=world["head"], now=NOW, exercise=planned)
    fed(it, NOW)
    actions.stop(by=world["head"], now=NOW + MINUTE, exercise=it)
    assert feeding.feed_due(now=NOW + 3 * HOUR) == 0


# It is handled


def test_the_duty_opens_a_drill_though_only_leaders_rehearse(world: World, running: Exercise) -> None:
    case = taken(world, running)
    assert (case.drill, case.number, case.how) == (True, "D2026-0001", "story")
    assert case.mentions.count() == 5
    assert case.discovered_at == NOW
    assert case.proposed_level == 3
    assert case.owed.filter(rule="first").get().due_at == NOW + 5 * HOUR


def test_new_posts_join_their_case_and_a_graver_level_is_proposed(world: World, running: Exercise) -> None:
    case = taken(world, running)
    cases.verify(by=world["duty"], now=NOW + 20 * MINUTE, case=case, outcome="true", facts="油有异味")
    cases.confirm_level(by=world["head"], now=NOW + 21 * MINUTE, case=case, level=3, reason="照预案")
    fed(running, NOW + 61 * MINUTE)
    case.refresh_from_db()
    assert (case.mentions.count(), case.level, case.proposed_level) == (6, 3, 1)
    assert fed(running, NOW + 2 * HOUR).taken.count() == 1


def test_a_story_is_taken_up_once_and_only_while_it_goes_on(world: World, running: Exercise) -> None:
    taken(world, running)
    (story,) = running.stories
    with pytest.raises(ValidationError, match="已经立件"):
        actions.take_up(by=world["office"], now=NOW + HOUR, exercise=running, story=story["key"])
    with pytest.raises(ValidationError, match="没有这个话题"):
        actions.take_up(by=world["office"], now=NOW + HOUR, exercise=running, story="nothing")
    actions.stop(by=world["head"], now=NOW + HOUR, exercise=running)
    with pytest.raises(ValidationError, match="没有在进行"):
        actions.take_up(by=world["office"], now=NOW + HOUR, exercise=running, story=story["key"])


def test_one_is_going_on_at_a_time(world: World, running: Exercise) -> None:
    other = actions.plan_exercise(by=world["office"], now=NOW, script=SCRIPT, title="第二场")
    with pytest.raises(ValidationError, match="已有一场演练在进行"):
        actions.begin(by=world["office"], now=NOW, exercise=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exercise.objects.filter(pk=other.pk).update(state="running")


def test_everybody_who_takes_part_is_told_unless_it_comes_without_warning(
    world: World, planned: Exercise
) -> None:
    actions.begin(by=world["head"], now=NOW, exercise=planned, announce=False)
    assert not Message.objects.filter(stage="began").exists()
    actions.stop(by=world["head"], now=NOW, exercise=planned)
    other = actions.plan_exercise(by=world["office"], now=NOW, script=SCRIPT)
    actions.begin(by=world["head"], now=NOW + MINUTE, exercise=other)
    told = {row.person for row in Message.objects.filter(stage="began")}
    assert told == {world[role] for role in Role if role not in {Role.AUDITOR, Role.ADMIN}}
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}


# It ends


def handled(world: World, it: Exercise) -> Case:
    """Verified in time, graded late, and no answer at all."""
    case = taken(world, it)
    cases.verify(by=world["duty"], now=NOW + 30 * MINUTE, case=case, outcome="true", facts="油有异味")
    wake.wake_due(NOW + 4 * HOUR)
    cases.confirm_level(by=world["head"], now=NOW + 4 * HOUR, case=case, level=3, reason="照预案")
    wake.wake_due(NOW + 6 * HOUR)
    return case


def test_the_report_says_what_was_met_late_and_missed_and_by_which_role(
    world: World, running: Exercise
) -> None:
    case = handled(world, running)
    it = actions.stop(by=world["head"], now=NOW + 6 * HOUR, exercise=running)
    (told,) = it.report["cases"]
    rows = {row["rule"]: row for row in told["duties"]}
    assert told["number"] == case.number
    assert (rows["verify"]["state"], rows["verify"]["by_zh"]) == ("met", "值班信息员")
    assert (rows["grade"]["state"], rows["first"]["state"]) == ("late", "missed")
    assert it.report["failed"] == sum(row["state"] in {"late", "missed"} for row in told["duties"])
    assert [step["kind"] for step in told["steps"]] == ["opened", "verified", "level_confirmed"]
    assert [step["minutes"] for step in told["steps"]] == [15, 30, 240]
    assert [(row["state"], row["role"]) for row in it.report["assessed"]] == [("met", "duty")]
    spokesperson = next(row for row in it.report["roles"] if row["id"] == "spokesperson")
    assert spokesperson["missed"] == 1
    assert it.report["notices"]["told"] > 0


def test_a_story_that_nobody_took_up_is_missed_once_its_time_is_over(world: World, running: Exercise) -> None:
    fed(running, NOW + 15 * MINUTE)
    due = NOW + 15 * MINUTE + 30 * MINUTE  # the school's plan allows half an hour
    it = actions.stop(by=world["head"], now=due, exercise=running)
    assert [(row["state"], row["due_at"]) for row in it.report["assessed"]] == [("missed", due.isoformat())]
    assert it.report["roles"][0]["id"] == "duty"
    assert it.report["failed"] == 1


def test_what_is_not_due_yet_counts_neither_way(world: World, running: Exercise) -> None:
    taken(world, running)
    it = actions.stop(by=world["head"], now=NOW + 16 * MINUTE, exercise=running)
    assert (it.report["settled"], it.report["failed"]) == (1, 0)  # that it was taken up in time
    assert {row["state"] for row in it.report["cases"][0]["duties"]} == {"open"}


def test_its_cases_are_closed_and_owe_nothing_more(world: World, running: Exercise) -> None:
    case = handled(world, running)
    actions.stop(by=world["head"], now=NOW + 6 * HOUR, exercise=running)
    case.refresh_from_db()
    assert (case.open, case.overdue, case.wake_at) == (False, 0, None)
    assert not case.owed.filter(state__in=["open", "missed"]).exists()
    wake.wake_due(NOW + timedelta(days=60))
    assert not Message.objects.filter(created_at__gt=NOW + 6 * HOUR).exists()
    assert verify_all() == []


def test_a_drill_that_somebody_opened_by_hand_meanwhile_belongs_to_it(
    world: World, running: Exercise
) -> None:
    by_hand = cases.open_case(by=world["office"], now=NOW + MINUTE, title="家长来电", drill=True)
    it = actions.stop(by=world["head"], now=NOW + HOUR, exercise=running)
    assert [one["number"] for one in it.report["cases"]] == [by_hand.number]
    assert queries.others(it) == [by_hand]


def test_something_real_breaks_it_off_with_a_reason(world: World, running: Exercise) -> None:
    case = taken(world, running)
    with pytest.raises(ValidationError):
        actions.abort(by=world["deputy"], now=NOW + HOUR, exercise=running, why=" ")
    it = actions.abort(by=world["deputy"], now=NOW + HOUR, exercise=running, why="真的停水了")
    case.refresh_from_db()
    assert (it.state, it.why, case.open) == ("aborted", "真的停水了", False)
    assert it.report["cases"]
    assert Message.objects.filter(subject__contains="真的停水了").exists()
    with pytest.raises(ValidationError, match="已经结束"):
        actions.abort(by=world["deputy"], now=NOW + HOUR, exercise=it, why="再")


def test_one_that_has_not_begun_can_be_changed_or_given_up(world: World, planned: Exercise) -> None:
    it = actions.change_script(
        by=world["deputy"], now=NOW, exercise=planned, script='[[inject]]\ntext = "一条"', title="新题"
    )
    assert (it.title, it.injects.count()) == ("新题", 1)
    it = actions.abort(by=world["deputy"], now=NOW, exercise=it, why="改期")
    assert (it.state, it.report) == ("aborted", {})
    with pytest.raises(ValidationError, match="不能再改"):
        actions.change_script(by=world["deputy"], now=NOW, exercise=it, script=SCRIPT)


def test_what_was_learnt_is_filed_in_the_library_as_a_drill(world: World, running: Exercise) -> None:
    with pytest.raises(ValidationError, match="结束以后"):
        actions.file_report(by=world["head"], now=NOW, exercise=running, lessons="值班慢")
    it = actions.stop(by=world["head"], now=NOW + HOUR, exercise=running)
    with pytest.raises(ValidationError):
        actions.file_report(by=world["head"], now=NOW + HOUR, exercise=it, lessons=" ")
    it = actions.file_report(
        by=world["head"], now=NOW + HOUR, exercise=it, lessons="夜班要两个人，孙悟空暗号"
    )
    assert list(queries.filed()) == [it]
    groups = find(world["auditor"], "孙悟空暗号")
    assert [(group.kind, group.hits[0].address) for group in groups] == [("drill", it.get_absolute_url())]


def test_its_journals_hold_and_can_be_projected_again(world: World, running: Exercise) -> None:
    handled(world, running)
    actions.stop(by=world["head"], now=NOW + 6 * HOUR, exercise=running)
    before = list(Case.objects.values())
    assert rebuild_all(NOW + 6 * HOUR).changes == []
    assert list(Case.objects.values()) == before


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.DEPUTY, Role.OFFICE}])
def test_only_leaders_and_the_office_direct(world: World, planned: Exercise, role: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: actions.plan_exercise(by=world[role], now=NOW, script=SCRIPT),
        lambda: actions.begin(by=world[role], now=NOW, exercise=planned),
        lambda: actions.stop(by=world[role], now=NOW, exercise=planned),
        lambda: actions.abort(by=world[role], now=NOW, exercise=planned, why="x"),
        lambda: actions.file_report(by=world[role], now=NOW, exercise=planned, lessons="x"),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("script", ["", "[[inject]", "format = 1", '[[inject]]\nkind = "note"\ntext = "x"'])
def test_a_script_with_faults_is_not_kept(world: World, script: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.plan_exercise(by=world["office"], now=NOW, script=script)
    assert "script" in refused.value.message_dict
    assert not Exercise.objects.exists()


# Pages


def at(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_drill_is_played_on_the_pages_from_its_script_to_its_report(world: World, as_role: SignIn) -> None:
    install_shipped(by=world["admin"], now=NOW - HOUR, plan_id="school")
    head, duty = as_role("head"), as_role("duty")
    with time_machine.travel(NOW, tick=False):
        head.post("/drills/exercises/plan/", {"file": SimpleUploadedFile("s.toml", SCRIPT.encode())})
        it = Exercise.objects.get()
        path = it.get_absolute_url()
        assert "开始演练" in at(head, path)
        head.post(f"{path}begin/", {"announce": "on"})
    with time_machine.travel(NOW + 15 * MINUTE, tick=False):
        it.refresh_from_db()
        fed(it, NOW + 15 * MINUTE)
        assert "演练进行中" in at(duty, "/")
        assert "食堂异味演练" in at(duty, "/notices/mine/")
        (story,) = it.stories
        assert "立案（演练）" in at(duty, f"{path}pulse/")
        answer = duty.post(f"{path}take/{story['key']}/")
        case = Case.objects.get()
        assert answer.headers["Location"] == f"/cases/{case.number}/"
        assert "二食堂" in at(duty, f"/cases/{case.number}/")
        assert case.number in at(duty, path)
    with time_machine.travel(NOW + 6 * HOUR, tick=False):
        head.post(f"{path}stop/")
        page = at(duty, path)
        assert "按角色" in page
        assert "未办" in page
        assert "演练进行中" not in at(duty, "/")
        head.post(f"{path}file/", {"lessons": "首次回应没有人写，要定替班"})
        assert "首次回应没有人写" in at(as_role("auditor"), "/drills/filed/")
        assert "/drills/filed/" in at(as_role("auditor"), "/library/")


def test_the_script_is_for_the_eyes_of_those_who_direct(
    world: World, running: Exercise, as_role: SignIn
) -> None:
    path = running.get_absolute_url()
    assert "中央媒体" in at(as_role("head"), path)
    for role in ("duty", "handler", "auditor"):
        page = at(as_role(role), path)
        assert "中央媒体" not in page
        assert "stop/" not in page


def test_refusals_are_said_on_the_page(world: World, running: Exercise, as_role: SignIn) -> None:
    client, path = as_role("head"), running.get_absolute_url()
    assert client.post(f"{path}abort/", {"why": ""}).status_code == 422
    assert client.post("/drills/exercises/plan/", {"script": "[["}).status_code == 422
    assert client.post(f"{path}script/", {"script": SCRIPT}).status_code == 422
    for verb in ("begin/", "take/none/"):
        answer = client.post(f"{path}{verb}", follow=True)
        assert "notice" in answer.content.decode()
    assert Taken.objects.count() == 0
