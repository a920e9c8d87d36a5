"""Reads of the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import AuditLog, Person

#: What each verb says on the page; other rooms' verbs that are not here are shown as they are written.
VERBS: dict[str, str | Promise] = {
    "institution.describe": _("改单位信息"),
    "institution.plan": _("选预案"),
    "institution.found": _("建成单位"),
    "unit.add": _("加部门"),
    "unit.change": _("改部门"),
    "person.add": _("加人员"),
    "person.change": _("改人员"),
    "person.own": _("设自己的账号"),
    "person.roles": _("改角色"),
    "person.leave": _("停用人员"),
    "person.return": _("恢复人员"),
    "person.away": _("登记离岗"),
    "person.language": _("改语言"),
    "person.password": _("改密码"),
    "door.first_run": _("发首次进入链接"),
    "door.enter": _("首次进入"),
    "door.invite": _("发邀请链接"),
    "door.invite_console": _("在终端发邀请链接"),
    "door.accept": _("接受邀请"),
    "contact.add": _("加联络方式"),
    "contact.change": _("改联络方式"),
    "contact.drop": _("删联络方式"),
    "contact.test": _("试发"),
    "shift.add": _("排班"),
    "shift.change": _("改班"),
    "shift.drop": _("撤班"),
    "shift.swap": _("换班"),
    "roster.fill": _("批量排班"),
    "circular.send": _("发联络通知"),
    "circular.resend": _("再发联络通知"),
    "mention.purge": _("按期清除帖文内容"),
    "token.make": _("发接口密钥"),
    "token.revoke": _("吊销接口密钥"),
}


#: What each detail is called on the page; others are shown as they are written.
DETAILS: dict[str, str | Promise] = {
    "username": _("登录名"),
    "roles": _("角色"),
    "channel": _("渠道"),
    "address": _("地址"),
    "active": _("在用"),
    "starts_at": _("从"),
    "ends_at": _("到"),
    "lead": _("带班"),
    "pattern": _("怎样轮"),
    "first_day": _("从哪天起"),
    "days": _("天数"),
    "people": _("人员"),
    "made": _("排了几班"),
    "until": _("离岗至"),
    "language": _("语言"),
    "scopes": _("范围"),
    "person": _("代表谁"),
    "name": _("名称"),
    "short_name": _("简称"),
    "zone": _("时区"),
    "higher_body": _("上级单位"),
    "public_intro": _("公开页说明"),
    "version": _("版本"),
    "sha256": _("指纹"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the log as the page shows it."""

    at: datetime
    who: str  # empty: the system itself
    verb: str | Promise
    target: str
    details: tuple[tuple[str | Promise, str], ...]


def audit_log(verb: str = "", actor: str = "", words: str = "") -> QuerySet[AuditLog]:
    """The log, newest first: of one room or verb ("person", "person.add"), one actor ("person:3"), about a target."""
    log = AuditLog.objects.all()
    if verb:
        log = log.filter(Q(verb=verb) | Q(verb__startswith=f"{verb}."))
    if actor:
        log = log.filter(actor=actor)
    return log.filter(target__icontains=words) if words else log


def spoken_lines(rows: Iterable[AuditLog]) -> list[Line]:
    """The rows with people's names, in one read for all of them."""
    rows = list(rows)
    ids = {row.actor.removeprefix("person:") for row in rows if row.actor.startswith("person:")}
    names = {f"person:{pk}": name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}
    return [
        Line(
            at=row.at,
            who=names.get(row.actor, "" if row.actor == "system" else row.actor),
            verb=VERBS.get(row.verb, row.verb),
            target=row.target,
            details=tuple(
                (DETAILS.get(key, key), _flat(value))
                for key, value in row.data.items()
                if value not in ("", None, [])
            ),
        )
        for row in rows
    ]


def _flat(value: object) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
