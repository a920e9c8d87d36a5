"""Fills an unfounded desk with the sample school: its people, plan, roster, sources and watches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts import actions as house
from huiying.desk.accounts.access import require
from huiying.desk.accounts.actions.people import set_password
from huiying.desk.accounts.models import Channel, Person, Role, Unit
from huiying.desk.accounts.patterns import Pattern
from huiying.desk.accounts.queries import founded
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.actions import install_source
from huiying.desk.collect.sources.forms import Values
from huiying.desk.listen.actions import save_watch
from huiying.desk.plans.actions import install_shipped
from huiying.desk.sample.posts import script
from huiying.desk.sample.rehearsal import rehearse

ZONE = "Asia/Shanghai"
PASSWORD = "huiying-sample-2026"  # noqa: S105 - everybody of the sample has it, and the page shows it
UNITS = (
    ("后勤处", ("食堂", "宿舍", "热水", "校车", "维修")),
    ("教务处", ("教学", "考试", "课程")),
    ("学工处", ("学生", "班级", "校医室")),
    ("安全保卫处", ("校门", "护学岗", "安全")),
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the sample; nobody real."""

    username: str
    name: str
    title: str
    posts: tuple[tuple[str, str], ...]  # role, unit ("" is the whole school)


PEOPLE = (
    Somebody("head", "示例·校长", "校长", ((Role.HEAD, ""),)),
    Somebody("deputy", "示例·分管副校长", "副校长", ((Role.DEPUTY, ""),)),
    Somebody("duty1", "示例·值班甲", "值班员", ((Role.DUTY, ""),)),
    Somebody("duty2", "示例·值班乙", "值班员", ((Role.DUTY, ""),)),
    Somebody("logistics", "示例·后勤承办", "后勤处干事", ((Role.HANDLER, "后勤处"),)),
    Somebody("teaching", "示例·教务承办", "教务处干事", ((Role.HANDLER, "教务处"),)),
    Somebody("students", "示例·学工承办", "学工处干事", ((Role.HANDLER, "学工处"),)),
    Somebody("safety", "示例·保卫承办", "保卫处干事", ((Role.HANDLER, "安全保卫处"),)),
    Somebody("reviewer", "示例·审核", "办公室副主任", ((Role.REVIEWER, ""),)),
    Somebody("spokesperson", "示例·发言人", "新闻发言人", ((Role.SPOKESPERSON, ""),)),
    Somebody("auditor", "示例·监督", "纪检委员", ((Role.AUDITOR, ""),)),
)
WATCHES = (
    ("九中食堂", "(九中 OR 第九中学) AND (食堂 OR 午餐 OR 供餐 OR 中毒)", "食堂的饭菜与供餐"),
    ("九中宿舍", "(九中 OR 第九中学) AND (宿舍 OR 热水)", "宿舍的热水与维修"),
    ("九中校车", "(九中 OR 第九中学) AND (校车 OR 站)", "校车的线路与时刻"),
    ("九中其他", "九中 OR 第九中学", "与学校有关的其他说法"),
)


@transaction.atomic
def fill(*, by: Person, now: datetime, sites: str) -> None:
    """Found the sample school, with a drill behind it; `sites` is where the sample's sites are served.

    Raises ValidationError once an institution is founded: a real desk is never mixed with the sample.
    """
    require(by, Right.EDIT_INSTITUTION)
    if founded():
        raise ValidationError(_("单位已经建好，不能再填示例。"))
    house.own_account(
        by=by, now=now, name="示例·办公室主任", username="office", password=PASSWORD, title="办公室主任"
    )
    house.describe(
        by=by,
        now=now,
        name="青禾市第九中学（示例）",
        short_name="九中·示例",
        zone=ZONE,
        higher_body="青禾市教育局",
    )
    units = {
        name: house.add_unit(by=by, now=now, name=name, duties="、".join(duties)) for name, duties in UNITS
    }
    people = [_person(somebody, units, by, now, sites) for somebody in PEOPLE]
    _reach(by, by, now, sites)
    _roster([person for person in people if person.username.startswith("duty")], by, now)
    install_shipped(by=by, now=now, plan_id="school")
    house.choose_plan(by=by, now=now, plan_name="school")
    house.found(by=by, now=now)
    _listen(by, now, sites)
    rehearse(now)


def _person(somebody: Somebody, units: Mapping[str, Unit], by: Person, now: datetime, sites: str) -> Person:
    posts = [(role, units.get(unit)) for role, unit in somebody.posts]
    person = house.add_person(
        by=by, now=now, name=somebody.name, username=somebody.username, title=somebody.title, posts=posts
    )
    set_password(person, PASSWORD)
    person.save(update_fields=["password"])
    _reach(person, by, now, sites)
    return person


def _reach(person: Person, by: Person, now: datetime, sites: str) -> None:
    """Everybody is reached at the sample's own robot, whose page shows what arrived."""
    address = f"{sites}/robot/{person.username}"
    contact = house.add_contact(by=by, now=now, person=person, channel=Channel.WEBHOOK, address=address)
    house.mark_contact(contact=contact, now=now, error="")


def _roster(people: list[Person], by: Person, now: datetime) -> None:
    zone = ZoneInfo(ZONE)
    yesterday = (now - timedelta(days=1)).astimezone(zone).date()
    house.fill_roster(
        by=by, now=now, people=people, pattern=Pattern.TWO, first_day=yesterday, days=60, zone=zone
    )


def _listen(by: Person, now: datetime, sites: str) -> None:
    for key, site in script()["sources"].items():
        kind, settings = _kind(site["kind"], f"{sites}/{key}")
        values = Values(
            name=site["name"], site=site["site"], tier=site["tier"], interval_s=15, settings=settings,
            host=f"{key}.{urlsplit(sites).netloc}",
        )  # fmt: skip
        install_source(now=now, kind=kind, values=values)
    for name, query, matter in WATCHES:
        save_watch(by=by, now=now, name=name, query=query, matter=matter)


def _kind(kind: str, address: str) -> tuple[str, dict[str, object]]:
    """Which kind of source reads a site of the sample, and its settings."""
    if kind == "newsnow":
        return "newsnow", {"address": address, "id": "hot"}
    if kind == "page":
        selectors = {
            "item": "li.item",
            "title": "a",
            "link": "a",
            "date": ".time",
            "author": "",
            "body": ".text",
        }
        return "page", {"address": address, "article": True, **selectors}
    return "feed", {"address": address}
