"""Which steps of its plan a case still lacks, and what of this room does them.

A plan names its steps as it likes: ids that shipped plans use are proposed, and whoever adopts decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from huiying.desk.cases.actions.common import Held
from huiying.desk.cases.facts import Projected, corrected
from huiying.desk.joint.holding import Seat
from huiying.engine.journal import Entry, Kind
from huiying.engine.plan.model import NOTHING, Plan, Step
from huiying.engine.text import Text

#: Steps that a kind of meeting does by its nature.
BY_MEETING = {
    "joint": ("meeting", "decide-handling", "monitoring-plan", "activate"),
    "assess": ("assess", "decide-handling"),
    "coordinate": ("coordinate",),
}
MEETINGS = frozenset({"meeting", "assess", "coordinate"})
FORCES = frozenset({"task-force", "field-group"})
EXPERT = frozenset({"expert"})
HIGHER_BODY = frozenset({"conference-approval"})
#: Steps that have a form or a paper of their own and are not settled by saying so in a meeting.
ELSEWHERE = (
    FORCES
    | EXPERT
    | HIGHER_BODY
    | {"coordination-letter", "media-statement", "correction-letter", "referral"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One or several steps that a meeting may settle at a stroke: those of a pair go together."""

    key: str
    label: Text
    steps: tuple[str, ...]
    note: Text = NOTHING  # what of the pair is done elsewhere


def open_steps(plan: Plan | None, facts: Projected, entries: Sequence[Entry]) -> list[Step]:
    """The plan's steps without a kind of their own that apply to the case and are not done."""
    if plan is None:
        return []
    wrong = corrected(entries)
    done = {e.data.get("step") for e in entries if e.kind is Kind.DONE and e.seq not in wrong}
    about = (facts.level, facts.matter, facts.subject, facts.how, facts.addressee)
    return [s for s in plan.steps if s.act == "done" and s.id not in done and s.applies.to(*about)]


def offers(plan: Plan | None, facts: Projected, entries: Sequence[Entry]) -> list[Offer]:
    """What a meeting on this case may settle: pairs first (the three synchronisations), then single steps."""
    lacking = {s.id: s for s in open_steps(plan, facts, entries) if s.id not in ELSEWHERE}
    found = []
    for pair in plan.pairs if plan else ():
        mine = [lacking.pop(id) for id in pair.steps if id in lacking]
        if mine:
            names = [step.name for step in mine]
            label = Text(
                f"{pair.name.zh}：{'、'.join(name.zh for name in names)}",
                f"{pair.name.en}: {', '.join(name.en for name in names)}",
            )
            ids = tuple(step.id for step in mine)
            found.append(
                Offer(key=f"pair:{pair.id}", label=label, steps=ids, note=_other(plan, pair.steps, ids))
            )
    found += [Offer(key=id, label=step.name, steps=(id,)) for id, step in lacking.items()]
    return found


def _other(plan: Plan | None, steps: Iterable[str], mine: Iterable[str]) -> Text:
    """The half of a pair that is done by an act of its own: said, so that it is done with this one."""
    own = set(mine)
    others = [s.name for s in (plan.steps if plan else ()) if s.id in set(steps) - own and s.act != "done"]
    if not others:
        return NOTHING
    return Text(
        f"同时要办：{'、'.join(name.zh for name in others)}",
        f"To be done with it: {', '.join(name.en for name in others)}",
    )


def proposed(kind: str, given: Iterable[Offer]) -> list[str]:
    """The keys that are ticked to begin with."""
    natural = set(BY_MEETING.get(kind, ()))
    return [offer.key for offer in given if natural & set(offer.steps)]


def chosen(given: Sequence[Offer], keys: Iterable[str]) -> list[str]:
    """The steps behind the keys that were ticked. Raises ValidationError for one that is not offered (any more)."""
    known, wanted = {offer.key: offer for offer in given}, list(dict.fromkeys(keys))
    if any(key not in known for key in wanted):
        raise ValidationError({"steps": _("预案的步骤有变化，请刷新后再选。")})
    return [step for key in wanted for step in known[key].steps]


def settle(
    seat: Seat,
    steps: Iterable[str],
    text: str,
    *,
    about: Model,
    act: str,
    at: datetime | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write that these steps are done, or a note where there is none to do; only the first entry repeats the text."""
    told, first = data or {}, 0
    for step in (done := list(steps)):
        words = f"一并完成，见第 {first} 条" if first else text
        more = {**told, "step": step}
        entry = seat.tell(words, about=about, act=act, kind=Kind.DONE, at=at, evidence=evidence, data=more)
        first = first or entry.seq
    if not done:
        seat.tell(text, about=about, act=act, at=at, evidence=evidence, data=told)


def lacking(held: Held, among: Iterable[str]) -> list[str]:
    """Those of `among` that the case's plan asks for and that are not done; none for a case without a plan."""
    ids = set(among)
    plan = held.plan if held.facts.plan else None
    return [step.id for step in open_steps(plan, held.facts, held.entries) if step.id in ids]
