"""Places and things that the institution knows; every change is followed by hearing again what is stored."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.listen import rehear
from huiying.desk.listen.models import PlaceName
from huiying.engine.listen.gazetteer import Gazetteer


@transaction.atomic
def save_place(
    *,
    by: Person,
    now: datetime,
    name: str,
    kind: str,
    aliases: Sequence[str] = (),
    unit: Unit | None = None,
    within: str = "",
    place: PlaceName | None = None,
) -> PlaceName:
    """Add a place, or change `place`. Raises ValidationError for an empty or a taken name."""
    require(by, Right.EDIT_WATCHES)
    it = place or PlaceName()
    it.name, it.kind, it.unit, it.within = name.strip(), kind, unit, within.strip()
    it.aliases = [alias for alias in dict.fromkeys(aliases) if alias != it.name]
    if not it.name:
        raise ValidationError({"name": _("请填名称。")})
    others = PlaceName.objects.exclude(pk=it.pk) if it.pk else PlaceName.objects.all()
    if others.filter(name=it.name).exists():
        raise ValidationError({"name": _("已有这个名称：%(name)s。") % {"name": it.name}})
    it.save()
    record(by=by, now=now, verb="place.change" if place else "place.add", target=it.name)
    rehear.ask(by=by, now=now, reason=it.name)
    return it


@transaction.atomic
def drop_place(*, by: Person, now: datetime, place: PlaceName) -> None:
    """Delete a place."""
    require(by, Right.EDIT_WATCHES)
    record(by=by, now=now, verb="place.drop", target=place.name)
    name = place.name
    place.delete()
    rehear.ask(by=by, now=now, reason=name)


@transaction.atomic
def add_places(*, by: Person, now: datetime, gazetteer: Gazetteer) -> int:
    """Add the places of a file; those that are known by name are replaced. Returns how many there were."""
    require(by, Right.EDIT_WATCHES)
    units = {unit.code: unit for unit in Unit.objects.all()}
    for known in gazetteer.places:
        values = {
            "kind": known.kind,
            "aliases": list(known.aliases),
            "unit": units.get(known.unit),
            "within": known.within[:80],
        }
        PlaceName.objects.update_or_create(name=known.name[:80], defaults=values)
    count = len(gazetteer.places)
    record(by=by, now=now, verb="place.import", target=str(count))
    if count:
        rehear.ask(by=by, now=now, reason=_("导入 %(n)s 处地名") % {"n": count})
    return count
