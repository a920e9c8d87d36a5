"""The response plans and calendars that the institution follows, every version kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person


class PlanVersion(models.Model):
    """One version of a response plan, with the plans it extends written into it. Never edited: a new text is a new version."""

    name = models.CharField(_("预案"), max_length=80)  # the plan's id
    version = models.PositiveIntegerField(_("版本"))
    text = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the text: what a case is pinned to
    note = models.CharField(_("说明"), max_length=300, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="one_active_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class CalendarTable(models.Model):
    """A table of working days that the operator edits; cases opened later count by the latest version."""

    name = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    saved_at = models.DateTimeField()
    recounted = models.PositiveIntegerField(default=0)  # cases that count by it since it was saved
    saved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="calendar_version_once")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
