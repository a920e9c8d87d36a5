"""What was learnt: archives, reviews, the case library."""

from django.db import models

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case


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
