"""What still keeps the institution from working: read by the first run's last page and by `huiying doctor`."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from huiying.desk.accounts.models import Appointment, Channel, Contact, Institution, Person, Role, Unit
from huiying.desk.accounts.queries.people import institution, reachable
from huiying.desk.accounts.queries.roster import gaps
from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.text import Text

#: Roles without which no plan runs.
ALWAYS = frozenset({Role.HEAD, Role.OFFICE, Role.DUTY, Role.ADMIN})
AHEAD = timedelta(days=7)
ROLES: dict[str, Text] = {
    Role.HEAD: Text("负责人", "head"),
    Role.DEPUTY: Text("分管负责人", "deputy"),
    Role.OFFICE: Text("舆情办", "office"),
    Role.DUTY: Text("值班员", "duty officer"),
    Role.HANDLER: Text("承办人", "unit handler"),
    Role.REVIEWER: Text("审核人", "reviewer"),
    Role.SPOKESPERSON: Text("发言人", "spokesperson"),
    Role.AUDITOR: Text("监督员", "auditor"),
    Role.ADMIN: Text("管理员", "administrator"),
}
CHANNELS: dict[str, Text] = {
    Channel.MAIL: Text("邮件", "mail"),
    Channel.WECOM: Text("企业微信", "WeCom"),
    Channel.DINGTALK: Text("钉钉", "DingTalk"),
    Channel.FEISHU: Text("飞书", "Feishu"),
    Channel.WEBHOOK: Text("通用 Webhook", "webhook"),
    Channel.SMS: Text("短信", "SMS"),
    Channel.APPRISE: Text("Apprise 地址", "Apprise address"),
}
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def readiness(now: datetime, roles: Iterable[str] = ()) -> list[Finding]:
    """What is missing, gravest first; `roles` are those that the chosen plan needs besides `ALWAYS`.

    An error means that something owed could be told to nobody. `place.path` is the address of the page that mends it.
    """
    body = institution()
    found = [
        *_institution(body),
        *_roles(ALWAYS | set(roles)),
        *_roster(now, body),
        *_unreachable(now),
        *_failing(),
        *_mail(),
        *_asleep(),
    ]
    order = {"error": 0, "warning": 1, "hint": 2}
    return sorted(found, key=lambda finding: order[finding.level])


def _finding(code: str, level: Severity, message: Text, mend: Text, path: str) -> Finding:
    return Finding(code=f"ready.{code}", level=level, message=message, mend=mend, place=Place(path=path))


def _institution(body: Institution | None) -> Iterator[Finding]:
    if body is None or not body.name:
        yield _finding(
            "unnamed",
            "error",
            Text("单位还没有名称", "The institution has no name yet"),
            Text("填上全称；答复和通报都以它署名。", "Give its full name; every answer is signed with it."),
            "/settings/institution/",
        )
    if body is None or not body.plan_name:
        yield _finding(
            "no-plan",
            "error",
            Text("还没有选预案", "No response plan is chosen"),
            Text(
                "选一个随附的预案，以后可以改。", "Choose one of the shipped plans; it can be changed later."
            ),
            "/start/plan/",
        )
    if not Unit.objects.filter(active=True).exists():
        yield _finding(
            "no-units",
            "warning",
            Text("还没有部门，交办没有去处", "There are no units: nothing can be assigned"),
            Text("至少加一个承办部门。", "Add at least one unit that handles matters."),
            "/settings/units/",
        )


def _held() -> set[str]:
    """The roles that somebody holds: a handler's in any unit, every other in the whole institution."""
    posts = Appointment.objects.filter(person__is_active=True).values_list("role", "unit_id")
    return {role for role, unit in posts if unit is None or role == Role.HANDLER}


def _roles(needed: Iterable[str]) -> Iterator[Finding]:
    held = _held()
    for role in Role:
        if role in needed and role not in held:
            yield _finding(
                f"no-{role.value}",
                "error",
                Text(f"没有人担任{ROLES[role].zh}", f"Nobody holds the role of {ROLES[role].en}"),
                Text(
                    "预案要用到这个角色；一人可以兼任几个。",
                    "The plan needs it; one person may hold several roles.",
                ),
                "/settings/people/",
            )


def _span(starts: datetime, ends: datetime, zone: ZoneInfo) -> Text:
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    return Text(
        f"{first:%-m月%-d日}{DAYS_ZH[first.weekday()]} {first:%H:%M} 至 {last:%-m月%-d日}{DAYS_ZH[last.weekday()]} {last:%H:%M}",
        f"from {DAYS_EN[first.weekday()]} {first:%d %b %H:%M} to {DAYS_EN[last.weekday()]} {last:%d %b %H:%M}",
    )


def _roster(now: datetime, body: Institution | None) -> Iterator[Finding]:
    zone = ZoneInfo(body.zone if body else "Asia/Shanghai")
    for starts, ends in gaps(now, now + AHEAD):
        span = _span(starts, ends, zone)
        soon = starts < now + timedelta(days=1)
        yield _finding(
            "gap",
            "error" if soon else "warning",
            Text(f"无人值班：{span.zh}", f"Nobody is on duty {span.en}"),
            Text("在值班表上补上。", "Fill the gap in the roster."),
            f"/settings/roster/?day={starts.astimezone(zone):%Y-%m-%d}",
        )


def _unreachable(now: datetime) -> Iterator[Finding]:
    """Nobody is on duty, and nobody leads, without a working way to be reached."""
    on_duty = Q(shifts__starts_at__lt=now + AHEAD, shifts__ends_at__gt=now)
    leads = Q(appointments__role__in=[Role.HEAD, Role.DEPUTY, Role.OFFICE, Role.DUTY, Role.HANDLER])
    duty = set(Person.objects.filter(on_duty, is_active=True).values_list("pk", flat=True))
    people = Person.objects.filter(on_duty | leads, is_active=True).distinct().order_by("pk")
    for person in people.prefetch_related("contacts"):
        if reachable(person):
            continue
        yield _finding(
            "unreachable",
            "error" if person.pk in duty else "warning",
            Text(f"联系不上{person}：没有可用的联系方式", f"{person} cannot be reached: no working way"),
            Text("加一种联系方式并试发一条。", "Add a way of reaching this person and send a test."),
            f"/settings/people/{person.pk}/",
        )


def _failing() -> Iterator[Finding]:
    failing = Contact.objects.filter(active=True, failing_since__isnull=False, person__is_active=True)
    for contact in failing.select_related("person").order_by("pk"):
        channel = CHANNELS[contact.channel]
        yield _finding(
            "contact-failing",
            "warning",
            Text(
                f"{contact.person}的{channel.zh}发不通：{contact.last_error}",
                f"{contact.person}: {channel.en} fails: {contact.last_error}",
            ),
            Text("核对地址后再试发。", "Check the address and send a test."),
            f"/settings/people/{contact.person_id}/",
        )
    untested = Contact.objects.filter(
        active=True, failing_since=None, verified_at=None, person__is_active=True
    )
    number = untested.count()
    if number:
        yield _finding(
            "untested",
            "hint",
            Text(f"有 {number} 种联系方式还没有试发过", f"{number} ways of reaching people were never tried"),
            Text("逐个试发，收到才算数。", "Send a test to each: only what arrives counts."),
            "/settings/contacts/",
        )


def mail_goes_nowhere() -> bool:
    """True while no mail server is set: mails are only printed where the desk was started."""
    return settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def _mail() -> Iterator[Finding]:
    if mail_goes_nowhere() and Contact.objects.filter(channel=Channel.MAIL, active=True).exists():
        yield _finding(
            "no-mail",
            "warning",
            Text("没有设发信服务器，邮件发不出去", "No mail server is set: mails leave nowhere"),
            Text(
                "请运维在 huiying.env 里设 HUIYING_MAIL_URL，例：smtp+tls://用户:密码@主机:587。",
                "Set HUIYING_MAIL_URL in huiying.env, e.g. smtp+tls://user:password@host:587.",
            ),
            "",
        )


def _asleep() -> Iterator[Finding]:
    """People who cannot sign in yet."""
    number = Person.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    if number:
        yield _finding(
            "uninvited",
            "hint",
            Text(
                f"有 {number} 人还没有设密码，登录不了",
                f"{number} people have not set a password and cannot sign in",
            ),
            Text("在人员页发邀请链接。", "Send them invitation links from the page of people."),
            "/settings/people/",
        )
