"""A small school for tests of the desk: everybody there, reachable and on duty, and nobody real."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from huiying.desk.accounts.models import Appointment, Channel, Contact, Institution, Person, Role, Shift, Unit

#: A Tuesday morning in Beijing, an ordinary working day.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
NAMES = {
    Role.HEAD: "甲校长",
    Role.DEPUTY: "乙副校长",
    Role.OFFICE: "丙主任",
    Role.DUTY: "丁值班",
    Role.HANDLER: "戊承办",
    Role.REVIEWER: "己审核",
    Role.SPOKESPERSON: "庚发言",
    Role.AUDITOR: "辛监督",
    Role.ADMIN: "壬管理",
}


@dataclass
class World:
    """Who and what there is; `people["head"]` is the head, and so on for every role."""

    institution: Institution
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Person:
        return self.people[role]


def found_school(now: datetime = NOW) -> World:
    """The institution with three units, a person in each role (the handler in the logistics unit), and a week's roster."""
    school = Institution.objects.create(
        pk=1,
        name="青禾市第九中学",
        short_name="九中",
        plan_name="school",
        higher_body="青禾市教育局",
        founded_at=now,
    )
    world = World(school)
    for code, name in (("hqc", "后勤处"), ("jwc", "教务处"), ("xgc", "学工处")):
        world.units[code] = Unit.objects.create(code=code, name=name)
    for role in Role:
        person = Person(username=role.value, name=NAMES[role], date_joined=now)
        person.set_password(PASSWORD)
        person.save()
        unit = world.units["hqc"] if role == Role.HANDLER else None
        Appointment.objects.create(person=person, role=role, unit=unit)
        Contact.objects.create(
            person=person, channel=Channel.MAIL, address=f"{role.value}@school.example", verified_at=now
        )
        world.people[role.value] = person
    Shift.objects.create(
        person=world["duty"], starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=14), lead=True
    )
    return world
