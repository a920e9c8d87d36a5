"""Matters being handled: each case is its journal; everything else here is a projection of journals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.collect.models import Mention
from huiying.desk.listen.models import Story
from huiying.desk.plans.models import PlanVersion


class How(models.TextChoices):
    """By which way a matter became a case."""

    STORY = "story", _("话题")
    MENTION = "mention", _("帖文")
    TRANSFER = "transfer", _("上级转交")
    HAND = "hand", _("人工登记")


class Case(models.Model):
    """The row that lists and searches use: a projection of the case's journal, rebuilt at any time."""

    class Step(models.TextChoices):
        COLLECT = "collect", _("收集")
        VERIFY = "verify", _("核实研判")
        REPORT = "report", pgettext_lazy("step", "报送")
        HANDLE = "handle", _("处置")
        CLOSED = "closed", _("已办结")
        ARCHIVED = "archived", _("已归档")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("标题"), max_length=300)
    summary = models.TextField(_("摘要"), blank=True)
    how = models.CharField(max_length=12, choices=How.choices, default=How.HAND)
    drill = models.BooleanField(_("演练"), default=False, db_index=True)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.COLLECT, db_index=True)
    level = models.PositiveSmallIntegerField(null=True, db_index=True)
    proposed_level = models.PositiveSmallIntegerField(null=True)
    plan = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=80, blank=True)
    addressee = models.CharField(_("来件对象"), max_length=120, blank=True)
    opened_at = models.DateTimeField(db_index=True)
    discovered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # a transfer's own deadline
    closed_at = models.DateTimeField(null=True)
    watch_until = models.DateTimeField(null=True)
    asked_first = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="cases_led")
    cooperating = models.ManyToManyField(Unit, blank=True, related_name="cases_joined")
    units = models.ManyToManyField(Unit, blank=True, related_name="cases_asked")  # every unit ever asked
    mentions = models.ManyToManyField(Mention, blank=True, related_name="cases")
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="cases")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="absorbed")
    returns = models.PositiveIntegerField(default=0)  # how often a unit gave it back
    returned = models.BooleanField(default=False)  # a share given back waits to be given on
    asks = models.PositiveIntegerField(default=0)  # extensions that wait to be decided
    asked_at = models.DateTimeField(null=True)  # since when a level or a relapse waits for a decision
    extensions = models.PositiveIntegerField(default=0)  # how many were granted
    relapses = models.PositiveIntegerField(default=0)  # how often it came back
    back = models.PositiveIntegerField(default=0)  # posts since closing that may be a relapse, not judged yet
    next_due_at = models.DateTimeField(null=True, db_index=True)  # earliest open obligation
    wake_at = models.DateTimeField(null=True, db_index=True)  # when the worker must look again
    reckoned_at = models.DateTimeField(null=True)  # the instant at which this row was last counted
    overdue = models.PositiveIntegerField(default=0)  # obligations missed and still not met
    unknown_year = models.PositiveIntegerField(null=True)  # a year the calendar lacks and a deadline needs
    entries_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def open(self) -> bool:
        """True while somebody still works on it."""
        return self.closed_at is None and self.merged_into_id is None


class JournalEntry(models.Model):
    """One entry of a case's journal (engine.journal.Entry). Inserted, never updated or deleted: the database refuses."""

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

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        MET = "met", _("按时办")
        LATE = "late", _("迟办")
        MISSED = "missed", _("超时未办")
        VOID = "void", _("不再要求")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="owed")
    key = models.CharField(max_length=120)
    rule = models.CharField(max_length=80)
    what_zh = models.CharField(max_length=300)
    what_en = models.CharField(max_length=300)
    why_zh = models.CharField(max_length=600)
    why_en = models.CharField(max_length=600)
    act = models.CharField(max_length=40)
    role = models.CharField(max_length=120, blank=True)  # an approval may name several, joined by "|"
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="owed")
    to = models.CharField(max_length=120, blank=True)
    means = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=20, blank=True)
    step = models.CharField(max_length=60, blank=True)  # of the plan, where act is "done"
    ref = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    started_by = models.PositiveIntegerField(default=0)  # seq of the entry it is measured from
    due_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, db_index=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.PositiveIntegerField(null=True)  # seq of the entry that settled it
    void_by = models.PositiveIntegerField(null=True)  # seq of the entry that made it void
    closing = models.BooleanField(default=False)  # never stands in the way of closing
    lapsed = models.BooleanField(default=False)  # its instant passed before it was settled
    unknown_year = models.PositiveIntegerField(null=True)  # the calendar lacks it: `due_at` is only its start

    class Meta:
        ordering = ["due_at", "key"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="owed_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class Evidence(models.Model):
    """A file that shows what is so: a photo from the field, a document. Its hash stands in the journal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """What was made of a message from a leaders' message board."""

    class Verdict(models.TextChoices):
        ROUTED = "routed", _("已分办")
        JOINED = "joined", _("并入已有件")
        ASIDE = "aside", _("不用办")

    mention = models.OneToOneField(Mention, on_delete=models.PROTECT, related_name="dispatch")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="dispatches")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    addressee = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    proposed = models.CharField(max_length=120, blank=True)  # the unit that the plan named
    reason = models.CharField(max_length=500, blank=True)  # why it went elsewhere, or nowhere
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.mention_id} {self.verdict}"


class Feed(models.Model):
    """How far the posts of stories have been added to their cases."""

    name = models.CharField(max_length=20, unique=True)
    last_id = models.BigIntegerField(default=0)  # of the hearing used last
    next_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} to {self.last_id}"
