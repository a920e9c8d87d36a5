"""Names for what a journal says in codes: people, units, roles, levels, steps, recipients, deadlines."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.cases.facts import moment
from huiying.desk.cases.models import Case, Owed
from huiying.desk.shell.times import to_the_minute
from huiying.desk.shell.zone import here
from huiying.engine.journal import Entry
from huiying.engine.plan.chains import parts
from huiying.engine.plan.model import Named, Plan
from huiying.engine.text import Text


def language() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


def say(text: Text) -> str:
    """An engine sentence in the language of the page."""
    return text.say(language())


class Names:
    """The names on one case, read once."""

    def __init__(self, case: Case, entries: Iterable[Entry], plan: Plan | None) -> None:
        actors = {entry.actor for entry in entries}
        actors |= {str(entry.data.get("recipient", "")) for entry in entries}
        actors |= {str(actor) for entry in entries for actor in entry.data.get("copied", ())}
        self._people = {person.actor: str(person) for person in Person.objects.filter(pk__in=_ids(actors))}
        self._units = dict(Unit.objects.values_list("code", "name"))
        self._owed = {row.key: row for row in Owed.objects.filter(case=case)}
        self._plan = plan

    def actor(self, actor: str) -> str:
        """Who it was."""
        if actor == "system":
            return _("系统")
        if actor == "public":
            return _("公众")
        return self._people.get(actor, actor)

    def unit(self, code: object) -> str:
        """A unit's name."""
        return self._units.get(str(code), str(code))

    def role(self, role: str) -> str:
        """A role as the plan calls it, else as the desk does."""
        own = self._plan.role_name(role) if self._plan else None
        if own is not None:
            return say(own)
        return str(Role(role).label) if role in Role.values else role

    def roles(self, step: str) -> str:
        """A step of an approval chain: one role, or several of which any will do; those asked at once joined by "+"."""
        return " + ".join(_(" 或 ").join(self.role(r) for r in part.split("|") if r) for part in parts(step))

    def level(self, number: object) -> str:
        """A level in the plan's own word."""
        level = self._plan.level(number) if self._plan and isinstance(number, int) else None
        return say(level.name) if level else _("第 %(level)s 级") % {"level": number}

    def step(self, step: object) -> str:
        """A step of the plan."""
        found = next((item for item in self._plan.steps if item.id == step), None) if self._plan else None
        return say(found.name) if found else str(step)

    def recipient(self, to: object) -> str:
        """To whom a report went."""
        found: Named | None = self._plan.recipient(str(to)) if self._plan else None
        return say(found.name) if found else str(to)

    def subject(self, subject: str) -> str:
        """A subject of the plan."""
        found = (
            next((item for item in self._plan.subjects if item.id == subject), None) if self._plan else None
        )
        return say(found.name) if found else subject

    def owed(self, key: object) -> str:
        """What an obligation is."""
        row: Owed | None = self._owed.get(str(key))
        return say(Text(row.what_zh, row.what_en)) if row else str(key)

    def settled_by(self, seq: int) -> list[Owed]:
        """The obligations that an entry settled."""
        return [row for row in self._owed.values() if row.met_by == seq]

    def lapsed(self) -> list[Owed]:
        """The obligations whose instant passed before they were settled."""
        return [row for row in self._owed.values() if row.lapsed]

    @staticmethod
    def at(value: object) -> str:
        """An instant of the data to the minute, with its weekday; empty for none."""
        at = value if isinstance(value, datetime) else moment(value)
        return to_the_minute(at, here(), language()) if at else ""


def _ids(actors: Iterable[str]) -> list[int]:
    return [int(actor[7:]) for actor in actors if actor.startswith("person:") and actor[7:].isdigit()]
