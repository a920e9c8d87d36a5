"""What the public can do here: ask. A question becomes a mention like any other."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.collect.actions.sources import hand_source
from huiying.desk.collect.models import MentionKind, Source, Tier
from huiying.desk.collect.sources.base import Harvest, Item, Payload
from huiying.desk.collect.storing import store
from huiying.desk.public.models import Asked

#: What one address may ask in an hour, and all of them together: enough for people, too little for machines.
EACH_AN_HOUR = 5
ALL_AN_HOUR = 200
REMEMBERED = timedelta(hours=24)
SHORTEST, LONGEST = 6, 2000
SOURCE = "公开页提问"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def voice_of(address: str, now: datetime) -> str:
    """A name for whoever asks from `address` today; another one tomorrow."""
    words = f"{now:%Y-%m-%d}|{address}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def ask(*, now: datetime, text: str, place: str = "", address: str = "") -> str:
    """Keep a question of the public; the system itself acts, for nobody is signed in. Gives the receipt.

    `address` is the network address, used only to count. Raises ValidationError by field, and when too much is asked.
    """
    words = text.replace("\0", "").strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise ValidationError(
            {"text": _("请写 %(least)s 到 %(most)s 个字。") % {"least": SHORTEST, "most": LONGEST}}
        )
    _count(voice_of(address, now), now)
    receipt = "".join(secrets.choice(_LETTERS) for _each in range(10))
    _keep(receipt, words, place.replace("\0", "").strip()[:120], voice_of(address, now), now)
    return receipt


def _count(digest: str, now: datetime) -> None:
    Asked.objects.filter(at__lt=now - REMEMBERED).delete()
    recent = Asked.objects.filter(at__gt=now - timedelta(hours=1))
    if recent.filter(digest=digest).count() >= EACH_AN_HOUR or recent.count() >= ALL_AN_HOUR:
        raise ValidationError(_("一小时内的提问太多了。请过一会儿再来，或打电话。"), code="too-many")
    Asked.objects.create(at=now, digest=digest)


def _keep(receipt: str, text: str, place: str, voice: str, now: datetime) -> None:
    first = text.splitlines()[0]
    title = first if len(first) <= 40 else f"{first[:39]}…"
    item = Item(
        key=receipt,
        title=title,
        text=text if not place else f"{text}\n地点：{place}",
        author=voice,
        kind=MentionKind.MESSAGE,
        posted_at=now,
        extra={"asked": True, "place": place},
    )
    body = json.dumps({"text": text, "place": place}, ensure_ascii=False).encode()
    payload = Payload(address="public", content_type="application/json", body=body)
    store(source(now), Harvest(items=[item], payloads=[payload]), now)


def source(now: datetime) -> Source:
    """The source under which the public's questions are kept, made when it is first needed."""
    hand_source(now)
    found, _made = Source.objects.get_or_create(
        name=SOURCE, defaults={"kind": "hand", "tier": Tier.BOARD, "created_at": now, "site": SOURCE}
    )
    return found
