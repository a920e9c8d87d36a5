"""Plans that are tried before they are needed: simulated rehearsals (推演), and drills that people handle (演练)."""

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case
from huiying.desk.plans.models import PlanVersion
from huiying.engine.text import Text


class Rehearsal(models.Model):
    """A plan rehearsed by simulation: long work of the worker, done step by step, kept with everything that was put in."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        LISTENING = "listening", _("听帖中")
        PLAYING = "playing", _("推演中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没做成")
        DROPPED = "dropped", _("已取消")

    class Stream(models.TextChoices):
        OWN = "own", _("本单位收录过的帖文")
        FILE = "file", _("上传的文件")

    class Staff(models.TextChoices):
        ALWAYS = "always", _("现有人员，随时能办")
        OFFICE = "office", _("现有人员，除值班外只在办公时间")
        FILE = "file", _("上传的值班表")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="rehearsals")
    title = models.CharField(_("名称"), max_length=120)
    stream = models.CharField(max_length=8, choices=Stream.choices, default=Stream.OWN)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)  # as if it began then; None: when it did
    everything = models.BooleanField(default=False)  # whether what answers to no watch counts too
    file_name = models.CharField(max_length=200, blank=True)
    payload = models.BinaryField(default=b"")  # zlib; emptied when it was heard
    staff = models.CharField(max_length=8, choices=Staff.choices, default=Staff.ALWAYS)
    roster = models.JSONField(default=dict)  # as it stood when it was asked for: see `rosters`
    pace = models.TextField(blank=True)  # the reaction model, TOML; empty: the usual one
    seed = models.PositiveIntegerField(default=1)
    runs = models.PositiveIntegerField(default=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    mentions = models.PositiveIntegerField(default=0)
    heard = models.PositiveIntegerField(default=0)
    stream_sha256 = models.CharField(
        max_length=64, blank=True
    )  # of what was heard: equal ones can be compared
    matters = models.JSONField(default=list)  # see engine.plan.drill.matters
    done = models.PositiveIntegerField(default=0)  # runs played
    report = models.JSONField(default=dict)  # language -> words and charts; "json" -> for programs
    trouble_zh = models.CharField(max_length=500, blank=True)
    trouble_en = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # at the step in hand, none of which ended

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("drills:rehearsal", args=[self.pk])

    @property
    def running(self) -> bool:
        """True while the worker still has to do with it."""
        return self.state in {self.State.WAITING, self.State.LISTENING, self.State.PLAYING}

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100: hearing is the first fifth."""
        heard = self.heard / self.mentions if self.mentions else float(self.state == self.State.PLAYING)
        return min(100, int(20 * heard + 80 * self.done / max(1, self.runs)))

    @property
    def trouble(self) -> Text:
        """Why it could not be done."""
        return Text(self.trouble_zh, self.trouble_en)


class Played(models.Model):
    """One run of a rehearsal (engine.plan.drill.results)."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="played")
    number = models.PositiveIntegerField()
    result = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rehearsal", "number"], name="played_once")]

    def __str__(self) -> str:
        return f"{self.rehearsal_id}/{self.number}"


class Exercise(models.Model):
    """A live drill: scripted posts come in, people handle them at the desk on the same clocks, and nothing leaves the house."""

    class State(models.TextChoices):
        PLANNED = "planned", _("未开始")
        RUNNING = "running", _("进行中")
        ENDED = "ended", _("已结束")
        ABORTED = "aborted", _("已中止")

    title = models.CharField(_("名称"), max_length=120)
    script = models.TextField()
    script_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, db_index=True)
    planned_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    planned_at = models.DateTimeField()
    director = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # who began it
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # it was aborted
    stories = models.JSONField(default=list)  # as last heard: see `ear`
    heard_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)  # from the journals, when it ended: see `outcome`
    lessons = models.TextField(_("问题与改进"), blank=True)
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="running"), name="one_exercise_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("drills:exercise", args=[self.pk])

    @property
    def open(self) -> bool:
        """True until it ended or was aborted."""
        return self.state in {self.State.PLANNED, self.State.RUNNING}


class Inject(models.Model):
    """One line of a script, and when it came in."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="injects")
    number = models.PositiveIntegerField()  # from 1, in order of time
    after_s = models.PositiveIntegerField()  # seconds since the beginning
    data = models.JSONField()  # the fields of engine.plan.drill.script.Inject
    done_at = models.DateTimeField(null=True)
    mention = models.BigIntegerField(null=True)  # id of the mention that it became

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["exercise", "number"], name="inject_once")]

    def __str__(self) -> str:
        return f"{self.exercise_id}/{self.number}"

    @property
    def after(self) -> timedelta:
        """How long after the beginning."""
        return timedelta(seconds=self.after_s)

    def due_at(self, started_at: datetime) -> datetime:
        """The instant at which it comes in."""
        return started_at + self.after


class Taken(models.Model):
    """A story of an exercise that became a case, or a case that somebody opened in it otherwise."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="taken")
    story = models.CharField(max_length=64, blank=True)  # key
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="exercise")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "story"], condition=~models.Q(story=""), name="story_taken_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.case_id}"
