"""Formal requests for correction, and referrals."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case


class Referral(models.Model):
    """A formal request for correction, or a referral: one claim or one ground, evidence, two people, one address."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("请求更正")
        REFERRAL = "referral", _("移送")

    class Ground(models.TextChoices):
        UNTRUE = "untrue", _("一处事实经核实不实")
        SAFETY = "safety", _("危及人身或公共安全")
        FRAUD = "fraud", _("诈骗")
        IMPERSONATION = "impersonation", _("冒充本单位或他人")
        PERSONAL = "personal", _("泄露个人信息")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待第二人批准")
        APPROVED = "approved", _("已批准，待送出")
        REFUSED = "refused", _("未批准")
        SENT = "sent", _("已送出")
        ANSWERED = "answered", _("已有结果")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    ground = models.CharField(_("理由"), max_length=14, choices=Ground.choices)
    address = models.CharField(_("内容的公开地址"), max_length=1000)
    claim = models.CharField(_("该内容的原话"), max_length=500)  # one claim, as it stands there
    fact = models.TextField(_("核实的事实"))
    evidence = models.TextField(_("证据"))  # one a line
    recipient = models.CharField(_("送给谁"), max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED, db_index=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    means = models.CharField(max_length=120, blank=True)
    outcome = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="referral_needs_two_people",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="referral_is_decided_before_sent",
                condition=~models.Q(state__in=["approved", "sent", "answered"])
                | models.Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_ground_fits_kind",
                condition=models.Q(kind="correction", ground="untrue")
                | (models.Q(kind="referral") & ~models.Q(ground="untrue")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("replies:referral", args=[self.pk])

    @property
    def evidence_list(self) -> list[str]:
        """The evidence, one item each."""
        return [line.strip() for line in self.evidence.splitlines() if line.strip()]

    @property
    def in_journal(self) -> dict[str, Any]:
        """How the case's journal names it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "ground": self.ground,
            "address": self.address,
            "state": self.state,
        }
