"""The institution, its units, its people, what they may do, how they are reached and when they are on duty."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in the response plan. A person may hold several."""

    HEAD = "head", _("负责人")
    DEPUTY = "deputy", _("分管负责人")
    OFFICE = "office", _("舆情办")
    DUTY = "duty", _("值班员")
    HANDLER = "handler", _("承办人")
    REVIEWER = "reviewer", _("审核人")
    SPOKESPERSON = "spokesperson", _("发言人")
    AUDITOR = "auditor", _("监督员")
    ADMIN = "admin", _("管理员")


class Institution(models.Model):
    """The public body that this desk serves; there is exactly one row, with id 1."""

    name = models.CharField(_("全称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    zone = models.CharField(_("时区"), max_length=64, default="Asia/Shanghai")
    calendar = models.CharField(_("工作日历"), max_length=40, default="CN")
    plan_name = models.CharField(_("预案"), max_length=80, blank=True)
    higher_body = models.CharField(_("上级单位"), max_length=120, blank=True)
    public_intro = models.TextField(_("公开页说明"), blank=True)
    founded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A department, squad, branch or school section that answers for its own matters."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    code = models.SlugField(_("代码"), max_length=60, unique=True)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    duties = models.TextField(_("职责"), blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Person(AbstractUser):
    """Somebody who works at the desk."""

    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    away_until = models.DateTimeField(_("离岗至"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor(self) -> str:
        """How journals name this person."""
        return f"person:{self.pk}"


class Appointment(models.Model):
    """A role that a person holds, in one unit or (unit empty) in the whole institution."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )

    class Meta:
        constraints = [  # two, for SQLite cannot compare empty units in one
            models.UniqueConstraint(fields=["person", "role", "unit"], name="one_appointment"),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(unit__isnull=True),
                name="one_appointment_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


class Channel(models.TextChoices):
    """A way to reach a person."""

    MAIL = "mail", _("邮件")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")
    WEBHOOK = "webhook", _("通用 Webhook")
    SMS = "sms", _("短信")
    APPRISE = "apprise", _("Apprise 地址")


def masked(channel: str, address: str) -> str:
    """An address as pages and logs show it: enough to recognise, not enough to use."""
    if channel == Channel.MAIL:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    if channel == Channel.SMS:
        return f"{address[:3]}****{address[-4:]}" if len(address) > 7 else "****"
    scheme, _sep, rest = address.partition("://")
    if channel == Channel.APPRISE:
        return f"{scheme}://…"
    return f"{scheme}://{rest.split('/', 1)[0].rsplit('@', 1)[-1]}/…{address[-4:]}"


class Contact(models.Model):
    """One way to reach a person; the address may hold a secret (a robot's key) and is shown masked."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    address = models.CharField(max_length=500)
    secret = models.CharField(max_length=200, blank=True)  # signing secret of a robot, where there is one
    active = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True)  # last time a test or a notice got through
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel", "address"], name="one_contact")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_channel_display()}"

    @property
    def masked(self) -> str:
        """The address as pages and logs show it."""
        return masked(self.channel, self.address)


class Shift(models.Model):
    """A stretch of duty of one person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(db_index=True)
    lead = models.BooleanField(_("带班"), default=False)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_at:%m-%d %H:%M}"


class ApiToken(models.Model):
    """A key for programs; only its hash is kept."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=8)
    scopes = models.JSONField(default=list)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditLog(models.Model):
    """What was changed outside of cases: people, roles, rosters, sources, channels, plans. Append-only."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"


class Door(models.Model):
    """A one-time way in: the first-run link, or an invitation. Only the hash of its token is kept."""

    class Kind(models.TextChoices):
        FIRST_RUN = "first_run", _("首次进入")
        INVITATION = "invitation", _("邀请")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="doors")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%m-%d %H:%M}"
