"""Which messages a worker may send now: taken for a while, so that a dead worker's messages come free again."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import failed
from huiying.desk.notify.channels.base import Kind, Limits, Outcome, Parcel, Result, Route
from huiying.desk.notify.channels.registry import NOTICES, OUTLETS
from huiying.desk.notify.models import ChannelSettings, Message, Try
from huiying.engine.text import Text

#: Longer than the slowest lane of a round may take: `LANE` messages of twelve seconds each.
LEASE = timedelta(seconds=90)
LANE = 5
MINUTE = timedelta(minutes=1)

Destination = tuple[str, str]
NO_LONGER = Text("这种联系方式已经删去或停用", "This way of reaching the person was removed or switched off")


def _gone(parcel: Parcel, route: Route, client: Client) -> Outcome:
    return failed(NO_LONGER, Result.REFUSED)


GONE = Kind(name="gone", send=_gone, limits=Limits(size=0), help=NO_LONGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message under lease with the way it goes; everything a sender needs, so that sending asks no database."""

    message: Message
    number: int  # of this try
    kind: Kind
    route: Route

    @property
    def destination(self) -> Destination:
        """What shares a queue: one address on one channel."""
        return destination(self.message)

    def parcel(self, at: datetime) -> Parcel:
        """The message as it goes out at `at`."""
        row = self.message
        return Parcel(
            ident=hashlib.sha256(row.key.encode()).hexdigest()[:32],
            sent_at=at,
            subject=row.subject,
            body=row.body,
            link=row.full_link,
            ack=row.ack_link,
            to=row.person.name if row.person else "",
            urgent=row.urgent,
            repeat=row.possible_repeats > 0,
            language=row.language,
            case_number=row.case_number,
            stage=row.stage,
            reply_to=str(row.payload.get("reply_to", "")),
        )


def destination(row: Message) -> Destination:
    """Channel and address of a message."""
    where = row.contact or row.outlet
    return row.channel, where.address if where else ""


def _due(now: datetime) -> QuerySet[Message]:
    waiting = Q(state=Message.State.WAITING, next_try_at__lte=now)
    abandoned = Q(state=Message.State.SENDING, leased_until__lte=now)
    rows = Message.objects.filter(waiting | abandoned).select_related("person", "contact", "outlet")
    return rows.order_by("-urgent", "next_try_at", "pk")


def next_due(now: datetime) -> datetime | None:
    """The instant at which the next message can be taken; None when none waits."""
    waiting = Message.objects.filter(state=Message.State.WAITING, next_try_at__isnull=False)
    sending = Message.objects.filter(state=Message.State.SENDING, leased_until__isnull=False)
    found = [
        waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first(),
        sending.order_by("leased_until").values_list("leased_until", flat=True).first(),
    ]
    return min((at for at in found if at), default=None)


def lease(*, now: datetime, worker: str, most: int, only: Message | None = None) -> list[Taken]:
    """Take at most `most` due messages, a few for each address and no more than it can bear in a minute.

    On PostgreSQL rows that another worker looks at are passed over; on SQLite writers take turns.
    """
    rows = _due(now).filter(pk=only.pk) if only else _due(now)
    return _taken(rows, now, worker, most) if rows.exists() else []  # looking alone keeps no writer waiting


@transaction.atomic
def _taken(rows: QuerySet[Message], now: datetime, worker: str, most: int) -> list[Taken]:
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[: most * 4])
    settings = {row.channel: row for row in ChannelSettings.objects.all()}
    chosen = _fair(found, _lately(now), most)
    return [_take(row, now, worker, settings) for row in chosen]


def _lately(now: datetime) -> Counter[Destination]:
    """How many tries each address had in the last minute."""
    tries = Try.objects.filter(at__gt=now - MINUTE)
    rows = tries.values_list("message__channel", "message__contact__address", "message__outlet__address")
    return Counter({(ch, a or b or ""): n for ch, a, b, n in rows.annotate(n=Count("pk"))})


def _fair(rows: Iterable[Message], lately: Counter[Destination], most: int) -> list[Message]:
    chosen: list[Message] = []
    lane: Counter[Destination] = Counter()
    for row in rows:
        where = destination(row)
        room = kind_of(row).limits.per_minute - lately[where]
        if len(chosen) < most and lane[where] < min(LANE, room):
            lane[where] += 1
            chosen.append(row)
    return chosen


def kind_of(row: Message) -> Kind:
    """The channel of a message; `GONE` when its address is no longer in use."""
    where = row.contact or row.outlet
    if where is None or not where.active:
        return GONE
    return (OUTLETS if row.purpose == Message.Purpose.PUBLICATION else NOTICES).get(row.channel, GONE)


def _take(row: Message, now: datetime, worker: str, settings: Mapping[str, ChannelSettings]) -> Taken:
    if row.state == Message.State.SENDING:  # its worker died: nobody knows what arrived
        row.possible_repeats += 1
    row.state, row.leased_by, row.leased_until = Message.State.SENDING, worker[:80], now + LEASE
    row.tries += 1
    row.recipient = _recipient(row)
    row.save()
    Try.objects.create(
        message=row, number=row.tries, at=now, worker=worker[:80], labelled=row.possible_repeats > 0
    )
    return Taken(message=row, number=row.tries, kind=kind_of(row), route=_route(row, settings))


def _recipient(row: Message) -> str:
    """The address as it may be shown, as it is now: it may have been mended since the message was written."""
    if row.contact:
        return row.contact.masked[:200]
    return row.outlet.name[:200] if row.outlet else row.recipient


def _route(row: Message, settings: Mapping[str, ChannelSettings]) -> Route:
    if row.outlet:
        return Route(address=row.outlet.address, secret=row.outlet.secret, settings=row.outlet.settings)
    common = settings.get(row.channel)
    own = row.contact.secret if row.contact else ""
    return Route(
        address=row.contact.address if row.contact else "",
        secret=own or (common.secret if common else ""),
        settings=common.settings if common else {},
    )


def put_back(one: Taken, until: datetime) -> None:
    """Give back a message that was taken but not tried, as if it had never been taken; it waits until `until`."""
    with transaction.atomic():
        mine = Message.objects.filter(pk=one.message.pk, state=Message.State.SENDING, tries=one.number)
        back = mine.update(
            state=Message.State.WAITING,
            next_try_at=until,
            leased_until=None,
            leased_by="",
            tries=F("tries") - 1,
        )
        if back:
            Try.objects.filter(message=one.message, number=one.number).delete()
