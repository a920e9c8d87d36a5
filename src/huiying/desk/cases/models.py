"""Matters being handled: each case is its journal; everything else here is a projection of journals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Unit
from huiying.desk.collect.models import Mention
from huiying.desk.listen.models import Story
from huiying.desk.plans.models import PlanVersion


class Case(models.Model):
    """The row that lists and searches use: a projection of the case's journal, rebuilt at any time."""

    class Step(models.TextChoices):
        COLLECT = "collect", _("收集")
        VERIFY = "verify", _("核实研判")
        REPORT = "report", _("报送")
        HANDLE = "handle", _("处置")
        CLOSED = "closed", _("已办结")
        ARCHIVED = "archived", _("已归档")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("标题"), max_length=300)
    summary = models.TextField(blank=True)
    drill = models.BooleanField(_("演练"), default=False)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.COLLECT, db_index=True)
    level = models.PositiveSmallIntegerField(null=True, db_index=True)
    proposed_level = models.PositiveSmallIntegerField(null=True)
    plan = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(db_index=True)
    discovered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    watch_until = models.DateTimeField(null=True)
    asked_first = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="cases_led")
    cooperating = models.ManyToManyField(Unit, blank=True, related_name="cases_joined")
    mentions = models.ManyToManyField(Mention, blank=True, related_name="cases")
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="cases")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="absorbed")
    next_due_at = models.DateTimeField(null=True, db_index=True)  # earliest open obligation
    wake_at = models.DateTimeField(null=True, db_index=True)  # when the worker must look again
    overdue = models.PositiveIntegerField(default=0)
    entries_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class JournalEntry(models.Model):
    """One entry of a case's journal (engine.journal.Entry). Inserted, never updated or deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=24, db_index=True)
    actor = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["case_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.kind}"


class Owed(models.Model):
    """An obligation as last computed (engine.obligations.Obligation): for lists and counts only."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="owed")
    key = models.CharField(max_length=120)
    rule = models.CharField(max_length=80)
    what_zh = models.CharField(max_length=200)
    what_en = models.CharField(max_length=200)
    why_zh = models.CharField(max_length=400)
    why_en = models.CharField(max_length=400)
    act = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="owed")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, db_index=True)  # open, met, late, missed, void
    met_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "key"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="owed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"
