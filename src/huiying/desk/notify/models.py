"""The outbox: what must leave the house, written in the same transaction as the entry that causes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Channel, Contact, Person


class Message(models.Model):
    """One thing to deliver to one address; unique by key, delivered at least once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已送达")
        FAILED = "failed", _("未送达")
        HELD = "held", _("演练，不外发")

    key = models.CharField(max_length=240, unique=True)  # case, obligation, stage, recipient, channel
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    obligation = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="messages")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)  # for channels that carry more than words (publication)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, db_index=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    tries = models.PositiveIntegerField(default=0)
    possible_repeats = models.PositiveIntegerField(default=0)  # tries whose outcome was not known
    sent_at = models.DateTimeField(null=True)
    error_zh = models.CharField(max_length=400, blank=True)
    error_en = models.CharField(max_length=400, blank=True)
    ack_digest = models.CharField(max_length=64, blank=True, db_index=True)  # hash of the token in the link
    acknowledged_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
