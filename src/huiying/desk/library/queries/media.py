"""Reads of media contacts."""

from django.db.models import Max, Q, QuerySet

from huiying.desk.library.models import MediaContact


def contacts(words: str = "", all_of_them: bool = False) -> QuerySet[MediaContact]:
    """Contacts with the instant of the last talk (`last_at`), by outlet."""
    rows = MediaContact.objects.annotate(last_at=Max("talks__at"))
    if not all_of_them:
        rows = rows.filter(active=True)
    for word in words.split()[:6]:
        rows = rows.filter(Q(outlet__icontains=word) | Q(name__icontains=word) | Q(role__icontains=word))
    return rows.order_by("outlet", "name")


def outlets() -> list[str]:
    """The outlets with whose people we speak: each of them is a medium."""
    return list(MediaContact.objects.filter(active=True).values_list("outlet", flat=True).distinct())
