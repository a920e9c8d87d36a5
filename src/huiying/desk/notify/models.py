"""The outbox: what must leave the house, written in the same transaction as the entry that causes it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Channel, Contact, Person, Role, Unit
from huiying.desk.notify.tokens import ack_token
from huiying.engine.text import Text


class OutletKind(models.TextChoices):
    """An interface through which the institution publishes under its own name."""

    MASTODON = "mastodon", _("Mastodon")
    DISCOURSE = "discourse", _("Discourse 论坛")
    WEBHOOK = "webhook", _("通用 Webhook")
    MAIL = "mail", _("邮件")


#: Every way out, as lists and filters name it.
KINDS = [
    *Channel.choices,
    (OutletKind.MASTODON.value, OutletKind.MASTODON.label),
    (OutletKind.DISCOURSE.value, OutletKind.DISCOURSE.label),
]


class Outlet(models.Model):
    """A place outside where an approved text can be published by machine, always as the institution."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    channel = models.CharField(_("接口"), max_length=20, choices=OutletKind.choices)
    address = models.CharField(_("地址"), max_length=500)
    secret = models.CharField(_("令牌"), max_length=300, blank=True)
    settings = models.JSONField(default=dict, blank=True)  # what the channel's form asks besides
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChannelSettings(models.Model):
    """What the institution sets once for all addresses of a channel: the SMS gateway, what a webhook answers."""

    channel = models.CharField(max_length=20, unique=True)
    settings = models.JSONField(default=dict)
    secret = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.channel


class Message(models.Model):
    """One thing to deliver to one address; unique by key, delivered at least once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已送达")
        FAILED = "failed", _("未送达")
        HELD = "held", _("演练，不外发")

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("通知")
        TEST = "test", _("试发")
        PUBLICATION = "publication", _("对外发布")

    key = models.CharField(max_length=240, unique=True)  # case, obligation, stage, recipient, channel
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.NOTICE)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    obligation = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="messages")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(
        max_length=20, blank=True
    )  # a folder of notify/channels; empty: no way was known
    recipient = models.CharField(max_length=200, blank=True)  # the address as it may be shown
    language = models.CharField(max_length=10, default="zh-hans")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)  # what a publication carries besides its words
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField(null=True)  # a try that fails after this instant is the last one
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    tries = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(
        default=0
    )  # in a row, since it was written or tried again by a person
    possible_repeats = models.PositiveIntegerField(default=0)  # tries whose outcome was not known
    sent_at = models.DateTimeField(null=True)
    address = models.TextField(blank=True)  # where a publication stands, as the outlet answered
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    ack_digest = models.CharField(max_length=64, blank=True, db_index=True)  # hash of the token in the link
    acknowledged_at = models.DateTimeField(null=True)
    owes_record = models.BooleanField(
        default=False, db_index=True
    )  # the outcome is still to be written elsewhere

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="message_due"),
            models.Index(fields=["person", "-created_at"], name="message_told"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def way(self) -> str:
        """The channel in words; empty when no way was known."""
        return str(dict(KINDS).get(self.channel, self.channel))

    @property
    def said(self) -> Text:
        """Why it was not delivered, as last tried."""
        return Text(self.error_zh, self.error_en)

    @property
    def ack_path(self) -> str:
        """The path of the page that acknowledges this notice; empty for what nobody acknowledges."""
        return f"/a/{ack_token(self.key)}/" if self.ack_digest else ""

    @property
    def ack_link(self) -> str:
        """The whole address of that page."""
        return settings.BASE_URL + self.ack_path if self.ack_digest else ""

    @property
    def full_link(self) -> str:
        """The whole address of what the notice is about."""
        return settings.BASE_URL + self.link if self.link.startswith("/") else self.link


class Try(models.Model):
    """One attempt at a message. A row without an end is an attempt whose worker died: nobody knows its outcome."""

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", _("结果不明")
        SENT = "sent", _("对方收下")
        FAILED = "failed", _("对方拒收或连不上")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()  # from 1
    at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80)
    labelled = models.BooleanField(default=False)  # sent as a possible repeat
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNKNOWN)
    said_zh = models.CharField(max_length=400, blank=True)
    said_en = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["message_id", "number"]
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="try_once")]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number} {self.outcome}"

    @property
    def said(self) -> Text:
        """What the other side said."""
        return Text(self.said_zh, self.said_en)


class Circular(models.Model):
    """A notice to the spokespersons and administrators of units, of which receipts are awaited."""

    subject = models.CharField(max_length=120)
    body = models.TextField()
    roles = models.JSONField(default=list)  # to which posts it went
    units = models.JSONField(default=list)  # codes; empty: to all
    urgent = models.BooleanField(default=False)
    within_min = models.PositiveIntegerField(default=30)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="circulars")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)  # by when receipts are awaited
    reminded_at = models.DateTimeField(null=True)  # when the system told those again who had not read it
    resent = models.PositiveIntegerField(default=0)  # how often it was told again

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("notify:circular", args=[self.pk])

    @property
    def read_path(self) -> str:
        """The page on which those to whom it went read it."""
        return reverse("notify:read_circular", args=[self.pk])


class Receipt(models.Model):
    """Somebody to whom a circular went, and when that person read it."""

    circular = models.ForeignKey(Circular, on_delete=models.CASCADE, related_name="receipts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    read_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["circular", "person"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.circular_id} {self.person_id}"


class Heartbeat(models.Model):
    """One worker and the last sign of life it gave."""

    worker = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    last_beat = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True)  # it ended in order

    def __str__(self) -> str:
        return self.worker


class Downtime(models.Model):
    """A stretch in which no worker lived: what was late then was late because the system itself was down."""

    starts_at = models.DateTimeField(unique=True)
    ends_at = models.DateTimeField()
    ordered = models.BooleanField(default=False)  # the last worker had been stopped in order

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="downtime_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%m-%d %H:%M}"


class Job(models.Model):
    """One of the worker's jobs and how it goes."""

    name = models.CharField(max_length=20, unique=True)
    last_ok_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
