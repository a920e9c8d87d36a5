"""A grave matter of the small school under the road branch's plan, brought to where a story of working together begins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from huiying.desk.accounts.models import Person
from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.joint import actions
from huiying.desk.joint.models import Adviser, Attending, Briefing, Meeting, TaskForce
from huiying.desk.plans.actions import install_shipped
from huiying.desk.replies import actions as replies
from tests.desk import letters
from tests.desk.world import NOW, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLAN = {
    "handling": "后勤处今晚换泵，学工处逐室告知",
    "wording": "口径由分管负责人审，从公开页发，发言人讲",
    "monitoring": "每小时看一次，每四小时报一次",
}
#: The wrong figure: the lines say 312人.
WRONG = "目前受影响学生共有500人，学校正在全力处理。"


def matter(world: World, now: datetime = NOW, *, level: int = 1, plan: str = "road", **more: Any) -> Case:
    """An open case, verified and graded."""
    install_shipped(by=world["admin"], now=now - DAY, plan_id=plan)
    case = cases.open_case(
        by=world["office"], now=now, title="3号宿舍楼热水停供", summary="多名学生反映", **more
    )
    cases.verify(by=world["duty"], now=now, case=case, outcome="true", facts="循环泵损坏")
    cases.confirm_level(by=world["head"], now=now, case=case, level=level, reason="照预案")
    return case


def called(world: World, case: Case, now: datetime = NOW, **more: Any) -> Meeting:
    """A joint meeting in half an hour: the leaders, the office, the logistics unit."""
    told: dict[str, Any] = {
        "kind": "joint",
        "at": now + HOUR / 2,
        "way": "place",
        "place": "行政楼一层",
        "agenda": "一、通报情况\n二、定处置方案",
        "chair": world["head"],
        "roles": ["head", "deputy", "office"],
        "units": [world.units["hqc"]],
        **more,
    }
    return actions.call_meeting(by=told.pop("by", world["duty"]), now=now, case=case, **told)


def held(world: World, case: Case, now: datetime = NOW, **more: Any) -> Meeting:
    """The same, held: everybody but the deputy came."""
    meeting = called(world, case, now, **more)
    came = [one for one in meeting.invitations.all() if one.person != world["deputy"]]
    at = now + HOUR / 2
    return actions.hold_meeting(by=world["duty"], now=at, meeting=meeting, came=came, guests="供水公司调度室")


def written(world: World, case: Case, now: datetime = NOW, **more: Any) -> Meeting:
    """The same, its minutes and plan written, with one decision for the logistics unit."""
    meeting = held(world, case, now, **more)
    at = now + HOUR
    actions.add_decision(
        by=world["office"],
        now=at,
        meeting=meeting,
        text="更换循环泵。",
        unit=world.units["hqc"],
        due_at=now + DAY,
    )
    return actions.write_minutes(by=world["office"], now=at, meeting=meeting, minutes="通报了情况。", **PLAN)


def adopted(
    world: World, case: Case, now: datetime = NOW, steps: tuple[str, ...] = (), **more: Any
) -> Meeting:
    """The same, handed in and adopted by its chair."""
    meeting = written(world, case, now, **more)
    actions.submit_minutes(by=world["office"], now=now + HOUR, meeting=meeting)
    return actions.adopt_minutes(by=meeting.chair, now=now + HOUR, meeting=meeting, steps=steps)


def formed(
    world: World, case: Case, now: datetime = NOW, members: tuple[str, ...] = ("handler",)
) -> TaskForce:
    """A task force led by the deputy."""
    return actions.form_task_force(
        by=world["head"],
        now=now,
        case=case,
        name="热水专班",
        leader=world["deputy"],
        duties="现场抢修、舆论应对、监测报告",
        members=[world[role] for role in members],
    )


def adviser(world: World, now: datetime = NOW) -> Adviser:
    """An expert on the list."""
    return actions.put_adviser(
        by=world["office"], now=now, name="专家甲", post="省建科院高级工程师", field="给排水"
    )


def lined(world: World, case: Case, now: datetime = NOW) -> None:
    """Approved lines to take."""
    lines = replies.write_lines(by=world["office"], now=now, case=case, fields=letters.FACTS)
    replies.approve_lines(by=world["head"], now=now, lines=lines)


def planned(world: World, case: Case, now: datetime = NOW, kind: str = "conference", **more: Any) -> Briefing:
    """The press is to be met in three hours."""
    told: dict[str, Any] = {
        "stage": "progress",
        "topic": "关于3号宿舍楼热水停供的情况通报",
        "at": now + 3 * HOUR,
        "place": "行政楼报告厅",
        "spokesperson": world["spokesperson"],
        **more,
    }
    by: Person = told.pop("by", world["office"])
    return actions.plan_briefing(by=by, now=now, case=case, kind=kind, **told)


def outlet(
    world: World, briefing: Briefing, name: str = "青禾晚报", tier: str = "city", now: datetime = NOW
) -> Attending:
    """One more outlet on the list."""
    return actions.add_outlet(by=world["office"], now=now, briefing=briefing, outlet=name, tier=tier)


def worded(world: World, briefing: Briefing, now: datetime = NOW) -> Briefing:
    """Its words written by the spokesperson and approved by the plan's chain."""
    draft = actions.write_statement(by=world["spokesperson"], now=now, briefing=briefing)
    text = letters.ANSWER.replace("您好！", "")
    draft = replies.save(by=world["spokesperson"], now=now, draft=draft, fields={"text": text})
    draft = replies.submit(by=world["spokesperson"], now=now, draft=draft, reason="说明")
    letters.through(draft, now)
    briefing.refresh_from_db()
    return briefing


def spoken(world: World, case: Case, now: datetime = NOW) -> Briefing:
    """A press conference with a city paper, held."""
    lined(world, case, now)
    briefing = worded(world, planned(world, case, now), now)
    came = [outlet(world, briefing, now=now)]
    return actions.hold_briefing(by=world["spokesperson"], now=now + HOUR, briefing=briefing, came=came)


def told(case: Case, act: str) -> JournalEntry:
    """The newest entry of the journal in which something of this room happened."""
    found = case.entries.filter(data__joint__act=act).order_by("-seq").first()
    assert found is not None, act
    return found


def _of(make: Callable[[World, Case], Any]) -> Callable[[World], dict[str, object]]:
    return lambda world: {"pk": make(world, matter(world, timezone.now(), level=2, plan="school")).pk}


def _case(world: World) -> dict[str, object]:
    return {"number": matter(world, timezone.now(), level=2, plan="school").number}


def _meeting(world: World, case: Case) -> Meeting:
    return called(world, case, timezone.now())


#: Arguments of this room's routes, for the walk over all of them.
SAMPLES: dict[str, Callable[[World], dict[str, object]]] = {
    **{f"joint:{name}": _case for name in ("call", "form_force", "write_opinion", "plan_press")},
    **{
        f"joint:{name}": _of(_meeting)
        for name in ("meeting", "answer", "cancel", "hold", "minutes", "decide", "submit", "adopt", "paper")
    },
    **{
        f"joint:{name}": _of(lambda world, case: formed(world, case, timezone.now()))
        for name in ("force", "join", "dissolve")
    },
    **{
        f"joint:{name}": _of(lambda world, case: adviser(world, timezone.now()))
        for name in ("adviser", "change_adviser")
    },
    **{
        f"joint:{name}": _of(lambda world, case: planned(world, case, timezone.now()))
        for name in (
            "briefing", "change_press", "outlet", "words", "kit", "higher", "clear", "held", "said", "question", "talk",
        )
    },
}  # fmt: skip
