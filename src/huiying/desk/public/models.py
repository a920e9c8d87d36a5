"""What the public's page itself must remember: how often somebody asked, for a day, without knowing who."""

from django.db import models


class Asked(models.Model):
    """A question was asked at this instant. The digest is keyed anew every day and forgotten after it."""

    at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M}"
