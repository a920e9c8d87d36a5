"""Making, changing and stopping watches. Every change is followed by hearing again what is stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.listen import limits, rehear
from huiying.desk.listen.models import Watch
from huiying.engine.findings import Finding
from huiying.engine.listen.query import Query, parse, unparse
from huiying.engine.listen.watches import NamedQuery
from huiying.engine.text import Text

MOST = 120  # characters of a name
DOUBT = gettext_lazy("如果这是公共事务里的称呼而不是私人，请勾选下面的确认。")


def _say(text: Text) -> str:
    return text.say(get_language() or "zh-hans")


def said(findings: Iterable[Finding]) -> list[str]:
    """Findings as sentences for a form, mend included."""
    return [
        _say(finding.message) + (_("。") + _say(finding.mend) if finding.mend else "")
        for finding in findings
        if finding.level == "error"
    ]


def checked(text: str, *, matter: str, not_a_person: bool) -> Query:
    """The query of a watch that may be kept. Raises ValidationError that says where it is wrong or whom it targets."""
    query, findings = parse(text)
    if query is None:
        raise ValidationError({"query": said(findings) or [_("查询读不懂。")]})
    refused = limits.refusal(query)
    if refused:
        raise ValidationError({"query": _say(refused)})
    if not matter.strip():
        raise ValidationError({"matter": _("请写清关注的是什么事情；监测主题不针对个人。")})
    doubt = limits.doubt(query)
    if doubt and not not_a_person:
        raise ValidationError({"not_a_person": f"{_say(doubt)} {DOUBT}"})
    return query


def _free_name(name: str, besides: Watch | None) -> str:
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("请给监测主题起个名字。")})
    if len(name) > MOST:
        raise ValidationError({"name": _("名字最多 %(most)s 个字。") % {"most": MOST}})
    others = Watch.objects.exclude(pk=besides.pk) if besides else Watch.objects.all()
    if others.filter(name=name).exists():
        raise ValidationError({"name": _("已有同名的监测主题：%(name)s。") % {"name": name}})
    return name


@transaction.atomic
def save_watch(
    *,
    by: Person,
    now: datetime,
    name: str,
    query: str,
    matter: str,
    unit: Unit | None = None,
    active: bool = True,
    not_a_person: bool = False,
    watch: Watch | None = None,
) -> Watch:
    """Make a watch, or change `watch`. Raises ValidationError for a query that cannot be read or that targets a person."""
    require(by, Right.EDIT_WATCHES)
    checked(query, matter=matter, not_a_person=not_a_person)
    it = watch or Watch(created_at=now, created_by=by)
    before = (it.query, it.active) if watch else ("", False)
    it.name, it.query, it.matter = _free_name(name, watch), query.strip(), matter.strip()[:200]
    it.unit, it.active, it.changed_at = unit, active, now
    it.save()
    record(
        by=by, now=now, verb="watch.change" if watch else "watch.add", target=it.name,
        data={"query": it.query, "matter": it.matter, "active": active},
    )  # fmt: skip
    if (it.query, it.active) != before:
        rehear.ask(by=by, now=now, reason=it.name)
    return it


@transaction.atomic
def stop_watch(*, by: Person, now: datetime, watch: Watch, active: bool) -> Watch:
    """Stop listening for a watch, or begin again; what it found stays with the next hearing only while it is active."""
    require(by, Right.EDIT_WATCHES)
    if watch.active != active:
        watch.active, watch.changed_at = active, now
        watch.save(update_fields=["active", "changed_at"])
        record(by=by, now=now, verb="watch.resume" if active else "watch.stop", target=watch.name)
        rehear.ask(by=by, now=now, reason=watch.name)
    return watch


@transaction.atomic
def drop_watch(*, by: Person, now: datetime, watch: Watch) -> None:
    """Delete a watch; mentions stay, stories that only it had found go with the next hearing."""
    require(by, Right.EDIT_WATCHES)
    record(by=by, now=now, verb="watch.drop", target=watch.name, data={"query": watch.query})
    name = watch.name
    watch.delete()
    rehear.ask(by=by, now=now, reason=name)


@transaction.atomic
def add_many(
    *, by: Person, now: datetime, queries: Sequence[NamedQuery], not_a_person: bool = False
) -> list[Watch]:
    """Add the watches of a file; a name that is taken gets a number. Raises ValidationError for one that targets a person."""
    require(by, Right.EDIT_WATCHES)
    taken = set(Watch.objects.values_list("name", flat=True))
    made: list[Watch] = []
    for one in queries:
        refused = limits.refusal(one.query) or (None if not_a_person else limits.doubt(one.query))
        if refused:
            raise ValidationError(f"{one.name}{_('：')}{_say(refused)}")
        name = _numbered(one.name[: MOST - 4], taken)
        taken.add(name)
        made.append(
            Watch(
                name=name,
                query=unparse(one.query),
                matter=name,
                created_at=now,
                created_by=by,
                changed_at=now,
            )
        )
    Watch.objects.bulk_create(made)
    record(
        by=by,
        now=now,
        verb="watch.import",
        target=f"{len(made)}",
        data={"names": [it.name for it in made][:50]},
    )
    if made:
        rehear.ask(by=by, now=now, reason=_("导入 %(n)s 个监测主题") % {"n": len(made)})
    return made


def _numbered(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free
