"""What is done together on a serious case: meetings, task forces, advisers' opinions, the press.

Rows hold what is being prepared and who it concerns; what happened stands in the case's journal.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Tier
from huiying.desk.library.models import MediaContact
from huiying.desk.replies.models import Draft, Stage
from huiying.desk.reports.models import Paper


class Meeting(models.Model):
    """One meeting on a case, its minutes, and the handling plan that it made."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("联席会议")
        ASSESS = "assess", _("会商研判")
        COORDINATE = "coordinate", _("协调会")

    class Way(models.TextChoices):
        PLACE = "place", _("到场")
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")

    class State(models.TextChoices):
        CALLED = "called", _("待召开")
        HELD = "held", _("已召开，待纪要")
        SUBMITTED = "submitted", _("纪要待审定")
        ADOPTED = "adopted", _("纪要已审定")
        CANCELLED = "cancelled", _("已取消")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(_("会议"), max_length=12, choices=Kind.choices, default=Kind.JOINT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CALLED, db_index=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    way = models.CharField(_("开会方式"), max_length=8, choices=Way.choices, default=Way.PLACE)
    place = models.CharField(_("地点或会议号"), max_length=200)
    agenda = models.TextField(_("议题"))  # one a line
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("主持"))
    guests = models.TextField(_("外单位"), blank=True)  # one a line: body and office
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    guests_came = models.TextField(blank=True)
    minutes = models.TextField(_("会议情况"), blank=True)
    assessment = models.TextField(_("研判意见"), blank=True)  # nature, trend, risk
    # the three parts of the handling plan, made together
    handling = models.TextField(_("线下处置"), blank=True)
    wording = models.TextField(_("口径与发布"), blank=True)
    monitoring = models.TextField(_("监测与信息报送"), blank=True)
    comment = models.CharField(max_length=1000, blank=True)  # why the chair gave the minutes back
    adopted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # it was cancelled
    paper = models.OneToOneField(Paper, null=True, on_delete=models.SET_NULL, related_name="meeting")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="adopted_minutes_have_a_chair",
                condition=~models.Q(state="adopted") | models.Q(adopted_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case.number}"

    def get_absolute_url(self) -> str:
        return reverse("joint:meeting", args=[self.pk])

    @property
    def plan(self) -> list[tuple[str, str]]:
        """The parts of the handling plan that say something, each with its name."""
        named = ((self._meta.get_field(name).verbose_name, getattr(self, name)) for name in PLAN)  # type: ignore[union-attr]
        return [(str(label), text) for label, text in named if text]

    @property
    def running(self) -> bool:
        """True until its minutes are adopted or it is cancelled."""
        return self.state in (self.State.CALLED, self.State.HELD, self.State.SUBMITTED)


#: The three parts of a handling plan: made and adopted together, or not at all.
PLAN = ("handling", "wording", "monitoring")


class Invitation(models.Model):
    """Somebody of the desk who is asked to come, and in which role."""

    class Answer(models.TextChoices):
        NONE = "", _("未回")
        COMING = "coming", _("参加")
        SENDS = "sends", _("派人参加")
        NOT = "not", _("请假")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default=Answer.NONE)
    said = models.CharField(max_length=200, blank=True)  # why not, or who comes instead
    answered_at = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="invited_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person}"

    @property
    def post(self) -> str:
        """As what the person comes: the unit, or the role in the whole institution."""
        return str(self.unit) if self.unit else str(self.get_role_display())


class Decision(models.Model):
    """One thing that a meeting decided: which unit does it, by when, and what it became on adoption."""

    class Became(models.TextChoices):
        NONE = "", _("审定后生效")
        ASSIGNED = "assigned", _("已交办")
        INSTRUCTED = "instructed", _("已记为批示")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("议定事项"), max_length=500)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("责任部门")
    )
    due_at = models.DateTimeField(_("完成时限"))
    became = models.CharField(max_length=10, choices=Became.choices, blank=True, default=Became.NONE)
    entry = models.PositiveIntegerField(null=True)  # seq in the case's journal

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class TaskForce(models.Model):
    """People who work on one case together until it is dissolved."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="task_forces")
    name = models.CharField(_("名称"), max_length=80)
    leader = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="forces_led", verbose_name=_("组长")
    )
    duties = models.TextField(_("任务"))
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="task_forces")
    formed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    formed_at = models.DateTimeField()
    dissolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    dissolved_at = models.DateTimeField(null=True, db_index=True)
    why = models.CharField(max_length=300, blank=True)  # it was dissolved

    class Meta:
        ordering = ["-formed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(dissolved_at__isnull=True),
                name="one_standing_force_a_case",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("joint:force", args=[self.pk])

    @property
    def stands(self) -> bool:
        """True until it is dissolved."""
        return self.dissolved_at is None


class Member(models.Model):
    """Somebody of a task force, and for what."""

    force = models.ForeignKey(TaskForce, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    duty = models.CharField(_("分工"), max_length=200, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["force", "person"], condition=models.Q(left_at__isnull=True), name="member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.force_id} {self.person}"


class Adviser(models.Model):
    """An expert on the institution's own list, known by field and post; nothing private belongs here."""

    name = models.CharField(_("姓名"), max_length=60)
    post = models.CharField(_("单位和职称"), max_length=120)
    field = models.CharField(_("专业领域"), max_length=120)
    reach = models.CharField(_("工作联系方式"), max_length=200, blank=True)
    active = models.BooleanField(default=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["field", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "post"], name="adviser_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.field}）"

    def get_absolute_url(self) -> str:
        return reverse("joint:adviser", args=[self.pk])


class Opinion(models.Model):
    """What an adviser said on a case, and what was asked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    adviser = models.ForeignKey(
        Adviser, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("专家")
    )
    question = models.CharField(_("请教什么"), max_length=1000)
    text = models.TextField(_("专家的意见"))
    at = models.DateTimeField(_("时间"))
    evidence = models.JSONField(default=list)  # as `cases.evidence.keep` gives it
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.adviser} {self.case_id}"

    def get_absolute_url(self) -> str:
        return reverse("joint:opinion", args=[self.pk])


FOREIGN = "foreign"
#: The tiers of outlets, those from abroad among them.
TIERS = [(FOREIGN, _("境外媒体")), *Tier.choices]
#: Whom we meet only with the higher body's approval and guidance.
HIGHER = frozenset({FOREIGN, Tier.NATIONAL.value, Tier.PROVINCIAL.value})


class Briefing(models.Model):
    """One meeting with the press on a case: a press conference, a background briefing, an interview."""

    class Kind(models.TextChoices):
        CONFERENCE = "conference", _("新闻发布会")
        MEDIA = "media", _("媒体通气会")
        INTERVIEW = "interview", _("采访")

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        HELD = "held", _("已举行")
        CANCELLED = "cancelled", _("已取消")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="briefings")
    kind = models.CharField(_("形式"), max_length=12, choices=Kind.choices, default=Kind.CONFERENCE)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.PROGRESS)
    number = models.PositiveSmallIntegerField()  # which one on this case
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED, db_index=True)
    topic = models.CharField(_("主题"), max_length=200)
    at = models.DateTimeField(_("时间"), db_index=True)
    place = models.CharField(_("举行地点"), max_length=200)
    spokesperson = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("发言人")
    )
    draft = models.OneToOneField(Draft, null=True, on_delete=models.PROTECT, related_name="briefing")
    kit = models.OneToOneField(Paper, null=True, on_delete=models.SET_NULL, related_name="briefing")
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    cleared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True)  # an interview: a leader agreed
    higher_body = models.CharField(_("批准单位"), max_length=120, blank=True)
    higher_ref = models.CharField(_("文号或来电记录"), max_length=120, blank=True)
    guidance = models.TextField(_("指导意见"), blank=True)
    higher_evidence = models.JSONField(default=list)
    higher_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    higher_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    lines_version = models.PositiveIntegerField(null=True)  # in force when it was held
    said = models.TextField(_("讲了什么"), blank=True)
    explained = models.CharField(max_length=500, blank=True)  # why what was said differs from the lines
    why = models.CharField(max_length=300, blank=True)  # it was cancelled

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="briefing_number_once"),
            models.CheckConstraint(
                name="held_briefing_has_its_instant",
                condition=~models.Q(state="held") | models.Q(held_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    def get_absolute_url(self) -> str:
        return reverse("joint:briefing", args=[self.pk])

    @property
    def higher_outlets(self) -> list["Attending"]:
        """The outlets because of which the higher body has to approve."""
        return [outlet for outlet in self.outlets.all() if outlet.tier in HIGHER]


class Attending(models.Model):
    """An outlet that is asked to come, or that asks."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="outlets")
    outlet = models.CharField(_("媒体"), max_length=120)
    tier = models.CharField(_("层级"), max_length=20, choices=TIERS)
    contact = models.ForeignKey(
        MediaContact,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("联系人"),
    )
    came = models.BooleanField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["briefing", "outlet"], name="outlet_once")]

    def __str__(self) -> str:
        return self.outlet


class Question(models.Model):
    """What the press asked and was not answered on the spot, until it is."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="questions")
    outlet = models.CharField(_("哪家媒体"), max_length=120)
    text = models.CharField(_("问题"), max_length=500)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("怎样答复的"), blank=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
