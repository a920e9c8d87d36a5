"""Papers: what is reported upward, handed on, asked for in writing and put before the press; and who has read them."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case


class Kind(models.TextChoices):
    """What a paper is."""

    FLASH = "flash", _("快报")
    BRIEF = "brief", _("专报《网上舆情》")
    DAILY = "daily", _("日报")
    WEEKLY = "weekly", _("周报")
    MONTHLY = "monthly", _("月报")
    HANDLING = "handling", _("办理情况报告")
    TRANSFER = "transfer", _("转办单")
    SUPERVISION = "supervision", _("督办单")
    COORDINATION = "coordination", _("协调函")
    PLACEMENT = "placement", _("刊发申请")
    STATEMENT = "statement", _("新闻通稿")
    KIT = "kit", _("发布会材料")
    MINUTES = "minutes", _("会议纪要")
    CORRECTION = "correction", _("更正请求函")
    REFERRAL = "referral", _("移送函")
    REVIEW = "review", _("复盘报告")


class Urgency(models.TextChoices):
    """How quickly a paper has to move."""

    NONE = "", _("平件")
    FAST = "加急", _("加急")
    FASTEST = "特急", _("特急")


class Paper(models.Model):
    """A paper being drafted, and after issuing the paper as it went out: then neither words nor files change.

    The hash of an issued paper's files stands in the journal of its case.
    """

    kind = models.CharField(_("种类"), max_length=14, choices=Kind.choices, db_index=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="papers")
    series = models.CharField(max_length=24, blank=True)  # what counts its number: kind, and whether a drill
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=80, null=True, unique=True)  # given when it is issued
    title = models.CharField(_("标题"), max_length=200)
    to = models.CharField(_("主送"), max_length=200, blank=True)
    recipient = models.CharField(max_length=60, blank=True)  # the plan's id of whom it is reported to
    copy_to = models.CharField(_("抄送"), max_length=200, blank=True)
    contact = models.CharField(_("联系人和电话"), max_length=120, blank=True)  # our own: printed as it stands
    urgency = models.CharField(
        _("紧急程度"), max_length=4, choices=Urgency.choices, blank=True, default=Urgency.NONE
    )
    body = models.JSONField(default=dict)  # text of each section, by its key
    figures = models.JSONField(default=list)  # [{title, unit, shape, rows: [[label, number]]}]
    source = models.CharField(max_length=40, blank=True)  # what its fixed words were taken from: "draft:3"
    since = models.DateTimeField(null=True)  # the stretch that a periodical reports on
    until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # by when a unit, or the body asked, is to answer
    revision = models.PositiveIntegerField(default=1)  # counts saves: two people writing at once notice
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="papers")
    made_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    phoned_at = models.DateTimeField(null=True)  # when its phone text was reported
    issued_at = models.DateTimeField(null=True, db_index=True)
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=20, blank=True)  # how it went out: see `kinds.ways_out`
    sheet = models.JSONField(default=dict)  # as it was laid out when it was issued
    sha256 = models.CharField(max_length=64, blank=True)  # of the PDF
    instructions = models.JSONField(default=list)  # references of INSTRUCTED entries that it drew

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "serial"], name="paper_number_once"),
            models.CheckConstraint(
                name="issued_paper_is_whole",
                condition=models.Q(issued_at__isnull=True)
                | (models.Q(number__isnull=False) & models.Q(issued_by__isnull=False) & ~models.Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.get_kind_display()} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("reports:paper", args=[self.pk])

    @property
    def open(self) -> bool:
        """True while its words may still change."""
        return self.issued_at is None

    @property
    def in_journal(self) -> dict[str, Any]:
        """How the case's journal names it."""
        return {
            "id": self.pk,
            "kind": self.kind,
            "number": self.number,
            "title": self.title,
            "to": self.to,
            "files": {row.form: row.sha256 for row in self.files.all()},
            "sha256": self.sha256,
        }


class PaperFile(models.Model):
    """One file of an issued paper, byte for byte."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=4, choices=Form.choices)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["-form"]
        constraints = [models.UniqueConstraint(fields=["paper", "form"], name="one_file_each")]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.form}"


class Reading(models.Model):
    """Who has read a paper, and when."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["paper", "person"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.person_id}"


class Template(models.Model):
    """The institution's own DOCX for a kind of paper; the newest that is in use counts."""

    kind = models.CharField(_("种类"), max_length=14, choices=Kind.choices)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "-uploaded_at"]

    def __str__(self) -> str:
        return self.name
