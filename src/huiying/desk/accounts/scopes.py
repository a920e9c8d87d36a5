"""What a key for programs opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One thing that a program may do with a key; the person it acts for must have the right as well."""

    MENTIONS_WRITE = "mentions:write", _("送入帖文")
    MENTIONS_READ = "mentions:read", _("读帖文")
    STORIES_READ = "stories:read", _("读话题")
    CASES_READ = "cases:read", _("读舆情件")
    OWED_READ = "owed:read", _("读应办事项")
