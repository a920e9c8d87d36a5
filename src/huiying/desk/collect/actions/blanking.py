"""What is left of a mention when its time is over: that it was there, where and when, and the hash of its words."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from huiying.desk.collect.models import Attachment, Capture, Mention


def blank(mentions: Sequence[int], now: datetime) -> None:
    """Empty words, address, voice and details of mentions, and the payloads that nothing else rests on. For good.

    The caller's transaction; he decides which, and writes the journal. Key, hash, times, site, tier, kind and figures stay.
    """
    Mention.every.filter(pk__in=mentions).update(
        title="", text="", address="", voice="", extra={}, purged_at=now
    )
    Attachment.objects.filter(mention__in=mentions).update(name="")
    here = Q(mentions__in=mentions) | Q(attachments__mention__in=mentions)
    alive = Mention.every.filter(purged_at=None)
    rested_on = Exists(alive.filter(capture=OuterRef("pk"))) | Exists(
        alive.filter(attachments__capture=OuterRef("pk"))
    )
    spent = Capture.objects.filter(here, ~rested_on, purged_at=None).distinct()
    ids = list(spent.values_list("pk", flat=True))
    Capture.objects.filter(pk__in=ids).update(payload=b"", address="", purged_at=now)
