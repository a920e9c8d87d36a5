"""What was learnt: archives, reviews, the case library."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Tier
from huiying.desk.replies.models import Draft


class Review(models.Model):
    """The after-action review of a case, filed in the library."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="review")
    summary = models.TextField()
    worked = models.TextField(blank=True)
    failed = models.TextField(blank=True)
    lessons = models.TextField()
    outlook = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}"


class Archive(models.Model):
    """A closed case as one package on disk."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="archives")
    made_at = models.DateTimeField()
    path = models.CharField(max_length=300)  # below the desk's home
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.path


class Knowledge(models.Model):
    """An answer or a policy that may be used again, until the day on which it must be checked again.

    Nobody finds it while drafting before a second person has approved it; what was checked last counts, never the age.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待审定")
        GOOD = "good", _("可用")
        WITHDRAWN = "withdrawn", _("已停用")

    title = models.CharField(_("问题"), max_length=200)
    text = models.TextField(_("答复或政策"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)  # the document, the article, who said so
    unit = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="knowledge",
        verbose_name=_("归口部门"),
    )
    draft = models.ForeignKey(
        Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="knowledge"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    check_on = models.DateField(_("下次核对日期"), db_index=True)
    reminded_on = models.DateField(null=True)  # the check date of which somebody was told
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # it was withdrawn

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="knowledge_has_two_people",
                condition=~models.Q(state="good")
                | (models.Q(approved_by__isnull=False) & ~models.Q(approved_by=models.F("written_by"))),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:knowledge_one", args=[self.pk])


class MediaContact(models.Model):
    """Somebody at an outlet with whom we speak, in that work only: no other person belongs here."""

    outlet = models.CharField(_("媒体"), max_length=120)
    tier = models.CharField(_("层级"), max_length=20, choices=Tier.choices, default=Tier.UNKNOWN)
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("职务或条线"), max_length=80, blank=True)
    reach = models.CharField(_("工作联系方式"), max_length=200, blank=True)
    active = models.BooleanField(default=True)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["outlet", "name"]
        constraints = [models.UniqueConstraint(fields=["outlet", "name"], name="contact_at_outlet_once")]

    def __str__(self) -> str:
        return f"{self.outlet} {self.name}"


class Talk(models.Model):
    """One time that we spoke with a media contact."""

    contact = models.ForeignKey(MediaContact, on_delete=models.PROTECT, related_name="talks")
    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(_("谈了什么"), max_length=500)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="talks")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.contact} {self.at:%Y-%m-%d}"
