"""What we listen for, and what is heard: watches, matches, stories, and how far the fold has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.collect.models import Mention


class Watch(models.Model):
    """A boolean query over mentions, on a matter, never on a private person."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    query = models.TextField(_("查询"))  # as text; the form is another view of the same query
    matter = models.CharField(_("关注的事项"), max_length=200, blank=True)
    active = models.BooleanField(default=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="watches")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Story(models.Model):
    """The mentions that are about one concrete matter. What was measured is a projection of the fold; what people
    decided about it (status, assessment) stays with the row."""

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
    merger_told = models.BooleanField(default=True, db_index=True)  # its cases' journals say where it went
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    mentions_count = models.PositiveIntegerField(default=0)
    purged_count = models.PositiveIntegerField(default=0)  # of them, how many were purged by retention
    forgotten_count = models.PositiveIntegerField(
        default=0
    )  # of those, how many the fold does not count any more: since then everything was heard again
    copies_count = models.PositiveIntegerField(default=0)
    voices_count = models.PositiveIntegerField(default=0)
    sites = models.JSONField(default=dict)
    tiers = models.JSONField(default=dict)
    heat = models.FloatField(default=0)  # at `last_at`; it cools from there, see `heat.heat_now`
    warmth = models.FloatField(
        default=0, db_index=True
    )  # orders stories by heat at any instant, see `heat.warmth`
    growth = models.FloatField(default=0)
    forecast = models.FloatField(null=True)  # probability that it at least doubles
    forecast_evidence = models.JSONField(default=list)  # what led to it: [[zh, en]]
    negative_share = models.FloatField(default=0)
    topic = models.CharField(max_length=80, blank=True)  # id of a subject of the active plan
    topic_evidence = models.JSONField(default=list)  # [[zh, en]]
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories")
    unit_evidence = models.JSONField(default=list)  # [[zh, en]]
    terms = models.JSONField(default=list)
    places = models.JSONField(default=list)
    points = models.JSONField(default=list)  # [[hour instant, mentions, heat]]
    watches = models.ManyToManyField(Watch, blank=True, related_name="stories")
    level = models.PositiveSmallIntegerField(null=True, db_index=True)  # proposed by the active plan, now
    level_reasons = models.JSONField(default=list)  # [[zh, en, measured zh, measured en, holds]]
    level_lacks = models.JSONField(default=list)  # the same, of the next graver level
    proposed_level = models.PositiveSmallIntegerField(null=True)  # the gravest that was put before the duty
    proposed_at = models.DateTimeField(null=True, db_index=True)
    assess_due_at = models.DateTimeField(null=True, db_index=True)
    assess_reminded_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)  # a person looked at the proposal and decided
    assessed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    assessed_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-warmth", "-last_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def awaits(self) -> bool:
        """True while a proposal of a level waits for a person's decision."""
        return self.proposed_at is not None and self.assessed_at is None and self.status == self.Status.OPEN


class Hearing(models.Model):
    """What the fold said of one mention. Ids ascend in the order in which mentions were heard."""

    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="hearing")
    batch = models.PositiveBigIntegerField(db_index=True)  # heard in one call, together with these
    story = models.ForeignKey(Story, null=True, on_delete=models.SET_NULL, related_name="hearings")
    copy_of = models.ForeignKey(Mention, null=True, on_delete=models.SET_NULL, related_name="copies")
    tone = models.CharField(max_length=20, blank=True)
    tone_score = models.FloatField(default=0)
    tone_evidence = models.JSONField(default=list)  # the words that led to it
    evidence = models.JSONField(default=list)  # why this story: [[zh, en]]

    class Meta:
        ordering = ["id"]

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
    """How far listening has come. `state` may be older than the results: it is caught up by replay (see `ledger`)."""

    name = models.CharField(max_length=40, unique=True, default="all")
    batch = models.PositiveBigIntegerField(default=0)  # number of the last batch whose results are written
    watermark = models.BigIntegerField(default=0)  # highest id of a mention heard
    settled = models.BigIntegerField(
        default=0
    )  # every mention up to here is heard; a late commit cannot appear below
    settling = models.BigIntegerField(default=0)  # becomes `settled` ten minutes after `settling_at`
    settling_at = models.DateTimeField(null=True)
    corrected = models.BigIntegerField(default=0)  # serial of the last correction taught
    state = models.BinaryField(default=b"")
    state_batch = models.PositiveBigIntegerField(default=0)  # the batch after which `state` was written
    state_corrected = models.BigIntegerField(default=0)  # the last correction in it
    version = models.PositiveIntegerField(default=1)  # counts rewrites of the past: re-hearing, rebuild
    config = models.CharField(
        max_length=64, blank=True
    )  # fingerprint of watches, units and subjects heard with
    heard_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)  # why listening stands still, if it does
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.name} to {self.watermark}"


class Correction(models.Model):
    """What an officer put right: remembered, and taught to the next proposals. A lesson (see `lessons`) stands among them."""

    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=20)  # move, merge, split, not_ours, unit, topic; learn
    data = models.JSONField(default=dict)
    batch = models.PositiveBigIntegerField(
        null=True, db_index=True
    )  # taught after this batch; None: not yet taught
    serial = models.BigIntegerField(
        null=True, unique=True
    )  # counts corrections in the order they were taught
    refused = models.CharField(max_length=200, blank=True)  # why the fold could not follow it

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.verb


class Rehearing(models.Model):
    """A second hearing of what is stored, because watches, units or subjects changed. The newest row counts."""

    class Phase(models.TextChoices):
        RUNNING = "running", _("重听中")
        DONE = "done", _("已重听")
        REPLACED = "replaced", _("被新的重听代替")

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.RUNNING, db_index=True)
    config = models.CharField(max_length=64, blank=True)
    batch = models.PositiveBigIntegerField(default=0)  # heard again up to this batch
    heard = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    began_corrected = models.BigIntegerField(
        default=0
    )  # corrections there were when it began: one more, and it begins anew
    state = models.BinaryField(default=b"")
    state_batch = models.PositiveBigIntegerField(default=0)
    state_corrected = models.BigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)  # mentions of which something else is said now
    changed_stories = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} {self.heard}/{self.total}"

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100."""
        return 100 if not self.total else min(100, self.heard * 100 // self.total)


class Reheard(models.Model):
    """What a re-hearing says otherwise of one mention; applied all at once when it has caught up."""

    rehearing = models.ForeignKey(Rehearing, on_delete=models.CASCADE, related_name="mentions")
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="+")
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearing", "mention"], name="reheard_once")]

    def __str__(self) -> str:
        return str(self.mention_id)


class ReheardStory(models.Model):
    """A story as a re-hearing measures it."""

    rehearing = models.ForeignKey(Rehearing, on_delete=models.CASCADE, related_name="stories")
    key = models.CharField(max_length=64)
    shot = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearing", "key"], name="reheard_story_once")]

    def __str__(self) -> str:
        return self.key


class PlaceName(models.Model):
    """A place or thing that the institution knows, with its other names: it helps grouping and routing."""

    class Kind(models.TextChoices):
        ESTATE = "estate", _("小区、楼盘")
        ROAD = "road", _("道路")
        SCHOOL = "school", _("学校")
        UNIT = "unit", _("单位")
        PROJECT = "project", _("工程、项目")
        VILLAGE = "village", _("村、社区")
        STATION = "station", _("车站、站点")
        OTHER = "other", _("其他")

    name = models.CharField(_("名称"), max_length=80, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="places")
    within = models.CharField(_("所属"), max_length=80, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SearchDoc(models.Model):
    """One thing that search finds. The index itself is per vendor: see `listen.search` and the second migration."""

    kind = models.CharField(max_length=12)  # mention, story, case, reply, report, knowledge
    ref = models.BigIntegerField()  # the row's id in its own table
    at = models.DateTimeField()
    title_chars = models.PositiveIntegerField(default=0)
    body = models.TextField()  # title and text, normalised: what is compared character for character

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="search_doc_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
