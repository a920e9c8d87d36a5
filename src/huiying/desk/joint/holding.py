"""What the verbs share: holding a row and its case, what the journal says of this room, texts that must be there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, filled
from huiying.desk.cases.models import Case, JournalEntry
from huiying.engine.journal import Kind

T = TypeVar("T", bound=Model)


def hold(row: T, states: Iterable[str] = (), refusal: str = "") -> T:
    """The row as it is now, held until the transaction ends; its case is held first, as everywhere.

    Raises ValidationError with `refusal` unless its state is one of `states`, where any are named.
    """
    case: Case = row.case  # type: ignore[attr-defined]
    journal.lock(case)
    held = type(row)._default_manager.select_for_update(of=("self",)).select_related("case").get(pk=row.pk)
    wanted = set(states)
    if wanted and held.state not in wanted:  # type: ignore[attr-defined]
        raise ValidationError(refusal)
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody who acts on a case at an instant, in a role; the case is held."""

    by: Person
    role: str
    now: datetime
    held: Held

    @property
    def case(self) -> Case:
        """The case as it is held."""
        return self.held.case

    def tell(
        self,
        text: str,
        *,
        about: Model,
        act: str,
        kind: Kind = Kind.NOTE,
        at: datetime | None = None,
        evidence: Sequence[Mapping[str, Any]] = (),
        data: Mapping[str, Any] | None = None,
    ) -> JournalEntry:
        """One entry that leads back to `about`; `act` is a word of `cases.queries.together`, `data` what its kind carries."""
        ref = {"what": about._meta.model_name, "id": about.pk, "act": act}
        body = {"text": text, "joint": ref, **(data or {})}
        if evidence:
            body["evidence"] = list(evidence)
        return journal.write(
            case=self.case, kind=kind, data=body, now=self.now, by=self.by, role=self.role, at=at
        )


def enter(by: Person, right: Right, case: Case, now: datetime, *, closed: bool = False) -> Seat:
    """Hold the case for one verb. Raises PermissionDenied; ValidationError for a case that is over, unless `closed`."""
    held = Held(case)
    role = acting(by, right, case)
    if not closed:
        held.must_be_open()
    return Seat(by=by, role=role, now=now, held=held)


def said(value: str, field: str, most: int = 4000) -> str:
    """A text that must be there, without what no page can show. Raises ValidationError on `field`."""
    return filled(clean(value), field, _("请填写。"), most)


def maybe(value: str, field: str, most: int = 4000) -> str:
    """The same for a text that may be empty."""
    text = clean(value)
    return filled(text, field, "", most) if text else ""


def clean(value: str) -> str:
    """The text without control characters, its lines ended as everywhere."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or ord(char) >= 32).strip()
