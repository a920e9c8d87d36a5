"""A case of the small school, brought to where a test's story begins."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from huiying.desk.accounts.models import Appointment, Person, Role, Unit
from huiying.desk.cases import actions, journal
from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.desk.plans import queries
from huiying.desk.plans.actions import activate, upload
from huiying.desk.plans.models import PlanVersion
from huiying.engine.journal import Kind
from tests.desk.world import World

HOUR = timedelta(hours=1)
PLAN = (Path(__file__).parent / "plan_of_the_school.toml").read_text("utf-8")


def with_plan(world: World, now: datetime) -> PlanVersion:
    """A small plan of the school, in force: uploaded by the office, activated by the deputy."""
    active = queries.active()
    if active is not None:
        return active
    version = upload(by=world["office"], now=now, text=PLAN, file="school.toml")
    return activate(by=world["deputy"], now=now, version=version)


def opened(world: World, now: datetime, **told: Any) -> Case:
    """A matter found and opened by the duty officer just now."""
    with_plan(world, now)
    values = {"title": "三食堂午餐有异味", "summary": "多名学生反映", **told}
    return actions.open_case(by=values.pop("by", world["duty"]), now=now, **values)


def graded(world: World, now: datetime, level: int = 3, **told: Any) -> Case:
    """The same, verified and graded at the same instant."""
    case = opened(world, now, **told)
    actions.verify(by=world["duty"], now=now, case=case, outcome="true", facts="汤有酸味")
    actions.confirm_level(by=world["head"], now=now, case=case, level=level, reason="照预案")
    return case


def handed(world: World, now: datetime, level: int = 3) -> Case:
    """The same, led by the logistics unit, which accepted."""
    case = graded(world, now, level)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    actions.accept(by=world["handler"], now=now, case=case, unit=world.units["hqc"])
    return case


def answered(world: World, now: datetime, level: int = 3) -> Case:
    """The same, with everything done but the closing: first and formal answer out, the unit's result in."""
    case = handed(world, now, level)
    published(case, world, now, "formal")
    actions.unit_report(by=world["handler"], now=now, case=case, unit=world.units["hqc"], text="已换灶具")
    return case


def closed(world: World, now: datetime, level: int = 3) -> Case:
    """The same, closed."""
    case = answered(world, now, level)
    for row in case.owed.filter(state="open", closing=False):
        actions.waive(by=world["head"], now=now, case=case, obligation=row.key, reason="测试用不到")
    actions.close(by=world["office"], now=now, case=case, summary="已解决并答复")
    return case


def published(case: Case, world: World, now: datetime, stage: str = "first") -> JournalEntry:
    """What the replies room writes when a text is out."""
    data = {
        "draft": 1,
        "stage": stage,
        "form": "reply",
        "outlet": "public",
        "address": "",
        "text_sha256": "0" * 64,
    }
    return wrote(case, Kind.PUBLISHED, data, now, world["spokesperson"])


def wrote(case: Case, kind: Kind, data: Mapping[str, Any], now: datetime, by: Person | None) -> JournalEntry:
    """An entry as another room writes it."""
    with transaction.atomic():
        return journal.write(case=case, kind=kind, data=data, now=now, by=by)


def owed(case: Case, key: str) -> Owed:
    """The row of one obligation."""
    return case.owed.get(key=key)


def somebody(name: str, role: str, unit: Unit | None = None) -> Person:
    """One more colleague."""
    person = Person.objects.create(username=name, name=name)
    Appointment.objects.create(person=person, role=Role(role), unit=unit)
    return person
