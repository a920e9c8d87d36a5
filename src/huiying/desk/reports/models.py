"""Papers that go upward, and who has read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case


class Paper(models.Model):
    """A report as it was issued; its file's hash stands in the journal."""

    class Kind(models.TextChoices):
        FLASH = "flash", _("快报")
        BRIEF = "brief", _("专报《网上舆情》")
        DAILY = "daily", _("日报")
        HANDLING = "handling", _("办理情况报告")
        REVIEW = "review", _("复盘报告")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="papers")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    to = models.CharField(_("报送"), max_length=200, blank=True)
    body = models.JSONField(default=dict)  # sections of text, by the kind's form
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="papers")
    made_at = models.DateTimeField(db_index=True)
    issued_at = models.DateTimeField(null=True)
    means = models.CharField(max_length=20, blank=True)  # phone, paper, system
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Reading(models.Model):
    """Who has read a paper, and when."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "person"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.person_id}"
