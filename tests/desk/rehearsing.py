"""A drill that goes through everything a case can go through, in words that stand nowhere else."""

from datetime import datetime, timedelta
from typing import Any

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import DRILL, Mention, Source
from huiying.desk.drills import actions as drills
from huiying.desk.drills import playing
from huiying.desk.drills.models import Exercise, Rehearsal
from huiying.desk.joint import actions as joint
from huiying.desk.library import actions as library
from huiying.desk.notify.models import Outlet
from huiying.desk.plans.actions import install_shipped
from huiying.desk.plans.models import PlanVersion
from huiying.desk.replies import actions as replies
from huiying.desk.reports import actions as reports
from tests.desk import joining, letters, papers
from tests.desk.world import NOW, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Whatever shows it comes from the drill.
MARK = "杜鹃花暗号"
TITLE = f"{MARK}：3号宿舍楼热水停供"


#: Enough for the school's lightest level.
POSTS = "id,time,title,text,author\n" + "\n".join(
    f"{n},2026-11-2{n} 09:00,食堂异味,二食堂的饭菜有异味，后勤处查一查,v{n}" for n in range(4)
)


def made_up(text: str = letters.QUESTION, key: str = "1", now: datetime = NOW, **more: Any) -> Mention:
    """A scripted post."""
    source, _made = Source.every.get_or_create(
        kind=DRILL, defaults={"name": "【演练】", "created_at": now, "paused": True}
    )
    told = {"title": TITLE, "site": f"{MARK}论坛", "tier": "national", "reach": 900_000, **more}
    return Mention.every.create(
        source=source,
        key=key,
        text=f"{MARK} {text}",
        address=f"https://drill.example/{key}",
        posted_at=now,
        captured_at=now,
        text_sha256="0" * 64,
        drill=True,
        **told,
    )


def opened(world: World, now: datetime = NOW, **more: Any) -> Case:
    """A drill with one post."""
    install_shipped(by=world["admin"], now=now - DAY, plan_id="school")
    told = {"title": TITLE, "summary": MARK, **more}
    if "mentions" not in told:
        told["mentions"] = [made_up(now=now)]
    return cases.open_case(by=world["office"], now=now, drill=True, how="mention", **told)


def planned_for(world: World, now: datetime = NOW) -> PlanVersion:
    """The plan in force."""
    return install_shipped(by=world["admin"], now=now - DAY, plan_id="school")


def planned(world: World, now: datetime = NOW) -> Exercise:
    """A live drill that nobody has begun."""
    planned_for(world, now)
    script = f'[[inject]]\ntext = "{MARK}"\n'
    return drills.plan_exercise(by=world["office"], now=now, script=script, title=MARK)


def rehearsed(world: World, now: datetime = NOW, **told: Any) -> Rehearsal:
    """A finished rehearsal of three runs over a small file."""
    version = planned_for(world, now)
    values: dict[str, Any] = {
        "stream": "file",
        "file_name": "posts.csv",
        "body": POSTS.encode(),
        "runs": 3,
        "everything": True,
        **told,
    }
    it = drills.ask(by=world["head"], now=now, version=version, **values)
    while playing.rehearse_next(now=now, worker="w"):
        pass
    it.refresh_from_db()
    return it


def run_through(world: World, now: datetime = NOW) -> Case:
    """Everything: graded, handed out, urged, met about, answered in public and elsewhere, promised, referred, told upward,
    closed, reviewed and archived; some of it late."""
    case = opened(world, now)
    evidence = [{"name": "说明", "sha256": "0" * 64}]
    cases.verify(
        by=world["duty"], now=now, case=case, outcome="untrue", facts=f"{MARK}循环泵", evidence=evidence
    )
    cases.confirm_level(by=world["head"], now=now, case=case, level=1, reason=MARK)
    unit = world.units["hqc"]
    cases.assign(by=world["office"], now=now, case=case, unit=unit)
    cases.accept(by=world["handler"], now=now, case=case, unit=unit)
    cases.urge(by=world["head"], now=now, case=case, text=MARK, unit=unit, due_at=now + HOUR)
    cases.promise(by=world["office"], now=now, case=case, text=MARK, due_at=now + DAY)
    _met(world, case, now)
    _answered(world, case, now)
    _referred(world, case, now)
    paper = papers.begun(world, "flash", case, now)
    joint_text = {key: text or MARK for key, text in paper.body.items()}
    reports.save(by=world["office"], now=now, paper=paper, fields={}, body=joint_text)
    reports.sign(by=world["head"], now=now, paper=paper)
    reports.issue(by=world["office"], now=now, paper=paper)
    _ended(world, case, now + 9 * DAY)
    return case


def _met(world: World, case: Case, now: datetime) -> None:
    joining.formed(world, case, now)
    meeting = joining.called(world, case, now, agenda=MARK)
    joint.cancel_meeting(by=world["head"], now=now + MINUTE, meeting=meeting, why=MARK)


def _answered(world: World, case: Case, now: datetime) -> None:
    lines = replies.write_lines(
        by=world["office"], now=now, case=case, fields=letters.FACTS | {"facts": f"{MARK}换泵"}
    )
    replies.approve_lines(by=world["head"], now=now, lines=lines)
    forum = Outlet.objects.create(
        name="社区论坛", channel="discourse", address="https://bbs.example", created_at=now
    )
    draft = letters.written(world, case, now=now, title=TITLE, stage="formal")
    draft = letters.through(replies.submit(by=world["spokesperson"], now=now, draft=draft), now)
    replies.publish(
        by=world["spokesperson"], now=now, draft=draft, outlets=[forum], copies=[replies.Copy(place="公众号")]
    )


def _referred(world: World, case: Case, now: datetime) -> None:
    row = replies.propose(
        by=world["office"],
        now=now,
        case=case,
        fields={
            "kind": "correction",
            "ground": "untrue",
            "address": "https://drill.example/1",
            "claim": f"{MARK}起火，烧伤5人",
            "fact": f"{MARK}没有火情，消防大队无记录。",
            "evidence": f"{MARK}说明\n医院记录",
            "recipient": f"{MARK}管理员",
        },
    )
    replies.decide(by=world["deputy"], now=now, referral=row, agreed=True)
    replies.send(by=world["office"], now=now, referral=row, means=f"{MARK}函")


def _ended(world: World, case: Case, later: datetime) -> None:
    cases.unit_report(by=world["handler"], now=later, case=case, unit=world.units["hqc"], text=MARK)
    for row in case.owed.filter(state__in=["open", "missed"], closing=False):
        cases.waive(by=world["head"], now=later, case=case, obligation=row.key, reason=MARK)
    joint.dissolve_task_force(by=world["head"], now=later, force=case.task_forces.get(), why=MARK)
    cases.close(by=world["office"], now=later, case=case, summary=MARK)
    library.review(
        by=world["office"], now=later, case=case, summary=MARK, worked="", lessons=MARK, outlook=MARK
    )
    library.archive(by=world["office"], now=later, case=case)
