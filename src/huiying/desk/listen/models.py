"""What we listen for, and what is heard: watches, matches, stories."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.collect.models import Mention


class Watch(models.Model):
    """A boolean query over mentions, on a matter, never on a private person."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    query = models.TextField(_("查询"))
    matter = models.CharField(_("关注的事项"), max_length=200, blank=True)
    active = models.BooleanField(default=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="watches")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Story(models.Model):
    """The mentions that are about one concrete matter. A projection of the fold; rebuilt from mentions."""

    class Status(models.TextChoices):
        OPEN = "open", _("关注中")
        CASED = "cased", _("已立件")
        DISMISSED = "dismissed", _("与我无关")
        MERGED = "merged", _("已并入")

    key = models.CharField(max_length=64, unique=True)  # the fold's own name for it
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN, db_index=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="absorbed"
    )
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    mentions_count = models.PositiveIntegerField(default=0)
    copies_count = models.PositiveIntegerField(default=0)
    voices_count = models.PositiveIntegerField(default=0)
    sites = models.JSONField(default=dict)
    tiers = models.JSONField(default=dict)
    heat = models.FloatField(default=0, db_index=True)
    growth = models.FloatField(default=0)
    forecast = models.FloatField(null=True)  # probability that it at least doubles
    negative_share = models.FloatField(default=0)
    topic = models.CharField(max_length=80, blank=True)
    topic_evidence = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories")
    unit_evidence = models.JSONField(default=list)
    terms = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField(null=True)  # proposed, by the active plan
    level_reasons = models.JSONField(default=list)
    points = models.JSONField(default=list)  # [[hour instant, mentions, heat]]
    watches = models.ManyToManyField(Watch, blank=True, related_name="stories")

    class Meta:
        ordering = ["-heat", "-last_at"]

    def __str__(self) -> str:
        return self.title


class Hearing(models.Model):
    """What the fold said of one mention."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="hearing")
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="hearings")
    copy_of = models.ForeignKey(Mention, null=True, on_delete=models.SET_NULL, related_name="copies")
    tone = models.CharField(max_length=20, blank=True)
    tone_evidence = models.JSONField(default=list)
    evidence = models.JSONField(default=list)  # why this story

    def __str__(self) -> str:
        return str(self.mention_id)


class Match(models.Model):
    """A watch that a mention answers to, with the places of its words."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="matches")
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="matches")
    spans = models.JSONField(default=list)  # [[start, end]] in title + newline + text

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch", "mention"], name="match_once")]

    def __str__(self) -> str:
        return f"{self.watch} {self.mention_id}"


class Fold(models.Model):
    """The listening state and how far it has heard; written in the same transaction as its results."""

    name = models.CharField(max_length=40, unique=True, default="all")
    watermark = models.BigIntegerField(default=0)  # id of the last mention heard
    state = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=1)
    heard_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.name} to {self.watermark}"


class Correction(models.Model):
    """What an officer put right: remembered, and taught to the next proposals."""

    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=20)  # move, merge, split, not_ours, unit, topic
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.verb
