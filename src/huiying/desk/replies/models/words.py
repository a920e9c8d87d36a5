"""The institution's own list of words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person


class WordRule(models.Model):
    """An entry of the institution's own list of words."""

    class Rigour(models.TextChoices):
        FORBIDDEN = "forbidden", _("禁用")
        HASTY = "hasty", _("定性过早")
        RUDE = "rude", _("语气不妥")
        CAREFUL = "careful", _("慎用")
        FORMULA = "formula", _("套话")
        ALLOWED = "allowed", _("允许使用")

    words = models.TextField(_("词语"))  # one a line
    rigour = models.CharField(_("要求"), max_length=10, choices=Rigour.choices, default=Rigour.CAREFUL)
    why = models.CharField(_("为什么"), max_length=200)
    use = models.CharField(_("改用"), max_length=80, blank=True)
    unless = models.TextField(_("出现在这些词里时不算"), blank=True)  # one a line
    active = models.BooleanField(default=True)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["rigour", "pk"]

    def __str__(self) -> str:
        return self.words.splitlines()[0] if self.words else ""
