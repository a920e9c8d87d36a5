"""Papers of the small school, for tests and for the pictures in docs/papers."""

from datetime import datetime, timedelta

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.replies import actions as replies
from huiying.desk.reports import actions
from huiying.desk.reports.models import Paper
from tests.desk import letters
from tests.desk.world import NOW, World

HOUR = timedelta(hours=1)


def worked(world: World, now: datetime = NOW) -> Case:
    """An open case with facts, level, a leading unit, approved lines and a published answer."""
    case = letters.matter(world, now)
    cases.verify(by=world["duty"], now=now, case=case, outcome="true", facts="循环泵损坏，热水停供")
    cases.confirm_level(by=world["head"], now=now, case=case, level=2, reason="照预案")
    cases.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    cases.accept(by=world["handler"], now=now, case=case, unit=world.units["hqc"])
    lines = replies.write_lines(by=world["office"], now=now, case=case, fields=letters.FACTS)
    replies.approve_lines(by=world["head"], now=now, lines=lines)
    letters.published(world, case, now=now)
    return case


def begun(world: World, kind: str, case: Case | None = None, now: datetime = NOW + HOUR) -> Paper:
    """A paper that the office began, to somebody."""
    paper = actions.start(by=world["office"], now=now, kind=kind, case=case)
    if case is not None and not paper.to:
        paper = actions.save(by=world["office"], now=now, paper=paper, fields={"to": "青禾市教育局"}, body={})
    return paper


def issued(
    world: World,
    kind: str,
    case: Case | None = None,
    now: datetime = NOW + HOUR,
    due_at: datetime | None = None,
) -> Paper:
    """The same, signed by the head where needed, and issued; sections that were still empty get a sentence.

    A letter awaits its answer in a day, unless `due_at` says otherwise.
    """
    paper = begun(world, kind, case, now)
    empty = {key: "请予支持。" for key, text in paper.body.items() if not text}
    due = due_at or now + 24 * HOUR
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body=empty, due_at=due)
    paper = actions.sign(by=world["head"], now=now, paper=paper)
    return actions.issue(by=world["office"], now=now, paper=paper)


def placed(world: World, case: Case, media: str = "青禾晚报\n青禾广播", now: datetime = NOW + HOUR) -> Paper:
    """A request to place the approved text with these media, signed and issued."""
    paper = begun(world, "placement", case, now)
    paper = actions.save(by=world["office"], now=now, paper=paper, fields={}, body={"media": media})
    paper = actions.sign(by=world["head"], now=now, paper=paper)
    return actions.issue(by=world["office"], now=now, paper=paper)
