"""Where the button of an owed thing leads."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import IN_A_UNIT, TABLE, Right
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.slots import slots

Fields = Callable[[Owed], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A form of ours that settles an act, and what is filled in already."""

    form: str
    label: str | Promise
    right: Right
    fields: Fields = lambda owed: {}


@dataclass(frozen=True, slots=True)
class Button:
    """What a person presses."""

    label: str | Promise
    address: str
    inline: bool = False  # one of our own forms, that the page can show in its place


def _unit(owed: Owed) -> dict[str, str]:
    return {"unit": owed.unit.code} if owed.unit else {}


def _ref(owed: Owed) -> dict[str, str]:
    return {"ref": owed.ref}


WAYS: dict[str, Way] = {
    "verified": Way("verify", _("核实"), Right.VERIFY),
    "level_proposed": Way("propose", _("研判"), Right.PROPOSE_LEVEL),
    "level_confirmed": Way("confirm", _("定级"), Right.CONFIRM_LEVEL),
    "reported": Way("report", _("上报"), Right.REPORT_UP, lambda owed: {"to": owed.to, "means": owed.means}),
    "instructed": Way("instruct", _("登记批示"), Right.RECORD_INSTRUCTION),
    "instruction_done": Way("carry-out", _("记落实"), Right.CARRY_OUT, _ref),
    "assigned": Way("assign", _("交办"), Right.ASSIGN),
    "accepted": Way("accept", _("接办"), Right.ACCEPT_ASSIGNMENT, _unit),
    "unit_reported": Way("unit-report", _("报结果"), Right.ACCEPT_ASSIGNMENT, _unit),
    "offline_fixed": Way("fix", _("记解决"), Right.ADD_NOTE),
    "progress": Way("progress", _("记进展"), Right.ADD_NOTE),
    "note": Way("note", _("记一笔"), Right.ADD_NOTE),
    "done": Way("step", _("记完成"), Right.ADD_NOTE, lambda owed: {"step": owed.step}),
    "promised": Way("promise", _("作承诺"), Right.PROMISE),
    "promise_kept": Way("keep", _("兑现"), Right.PROMISE, _ref),
    "urge_answered": Way("answer-urge", _("回复"), Right.ADD_NOTE, lambda owed: {"number": owed.ref}),
    "request_answered": Way(
        "answer-request", _("记复函"), Right.WRITE_REPORTS, lambda owed: {"number": owed.ref}
    ),
    "extension_granted": Way(
        "decide", _("批延期"), Right.GRANT_EXTENSION, lambda owed: {"obligation": owed.ref}
    ),
    "called_back": Way("call-back", _("回访"), Right.CALL_BACK),
    "urged": Way("urge", _("催办"), Right.URGE),
    "mentions_added": Way("add-mentions", _("加帖文"), Right.OPEN_CASE),
    "closed": Way("close", _("办结"), Right.CLOSE_CASE),
    "reopened": Way("reopen", _("重新办理"), Right.REOPEN),
}


def address(case: Case, form: str, **fields: str) -> str:
    """The page of a form on the case, with fields filled in."""
    known = {name: value for name, value in fields.items() if value}
    query = f"?{urlencode(known)}" if known else ""
    return reverse(f"cases:{form}", args=[case.number]) + query


def button(case: Case, owed: Owed, allowed: Callable[[Right], bool]) -> Button | None:
    """The button of an owed thing, or None when this person cannot do it or it is done nowhere at the desk."""
    way = WAYS.get(owed.act)
    for door in slots.doors_of(owed.act):
        ahead = way is None if door.before is None else door.before(owed)
        if ahead and (door.right is None or allowed(door.right)):
            return Button(door.label, door.url(case, owed))
    if way is None or not allowed(way.right):
        return None
    return Button(way.label, address(case, way.form, **way.fields(owed)), inline=True)


def rights_of(person: Person) -> Callable[[Right], bool]:
    """A question about rights, anywhere, that asks the database once."""
    whole, anywhere = set[str](), set[str]()
    for role, unit in person.appointments.values_list("role", "unit_id") if person.is_active else ():
        anywhere.add(role)
        if unit is None:
            whole.add(role)

    def allowed(right: Right) -> bool:
        return bool(TABLE[right] & (anywhere if right in IN_A_UNIT else whole))

    return allowed
