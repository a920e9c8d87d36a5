"""Writing to the outbox. Nothing here sends: the worker does, after the transaction that wrote the row."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Contact, Person
from huiying.desk.accounts.queries import reachable
from huiying.desk.accounts.rights import Right
from huiying.desk.notify.models import Message, Outlet
from huiying.desk.notify.tokens import ack_token, digest
from huiying.engine.text import Text

#: How long a message is tried before it is given up, counted from its writing or from a person's "try again".
PATIENCE = timedelta(hours=24)
NO_WAY = Text("没有可用的联系方式", "There is no way of reaching this person")
DRILL = Text("【演练】", "[DRILL] ")
GIVEN_UP = Text("由人放弃", "Given up by a person")


@transaction.atomic
def tell(
    *,
    now: datetime,
    people: Iterable[Person],
    key: str,
    subject: str | Text,
    body: str | Text,
    link: str,
    case_number: str = "",
    obligation: str = "",
    stage: str = "",
    urgent: bool = False,
    held: bool = False,
) -> list[Message]:
    """One row for each person and each of the person's working ways, in the caller's transaction.

    Telling twice under one `key` makes nothing twice: rows that were there are returned as they are. A `Text` is said in
    the person's language. `link` is a path of the desk or a whole address. Of what is `held` (drills) each person gets one row
    that has no way out: it is read at the desk.
    A person whom nothing reaches gets a FAILED row, so that the gap is on record.
    """
    shared = {
        "created_at": now,
        "link": link,
        "case_number": case_number,
        "obligation": obligation,
        "stage": stage,
        "urgent": urgent,
    }
    key, rows = _short(key), list[Message]()
    for person in dict.fromkeys(people):
        title = _said(subject, person)
        words = {"subject": (_as_drill(title, person) if held else title)[:200], "body": _said(body, person)}
        rows += _rows_for(person, key, held, now, {**shared, **words})
    return _written(rows)


def _short(key: str) -> str:
    """A key that leaves room for person and way; a very long one ends in its hash."""
    return key if len(key) <= 200 else key[:150] + hashlib.sha256(key.encode()).hexdigest()[:40]


def _rows_for(
    person: Person, key: str, held: bool, now: datetime, fields: Mapping[str, Any]
) -> Iterator[Message]:
    if held:
        yield _at_the_desk(f"{key}|{person.pk}|desk", person, fields)
        return
    ways = ways_to(person)
    for contact in ways:
        name = f"{key}|{person.pk}|{contact.pk}"
        yield Message(
            key=name,
            contact=contact,
            channel=contact.channel,
            recipient=contact.masked[:200],
            ack_digest=digest(ack_token(name)),
            person=person,
            language=person.language,
            **_schedule(held, now),
            **fields,
        )
    if not ways:
        yield Message(
            key=f"{key}|{person.pk}|-",
            state=Message.State.FAILED,
            error_zh=NO_WAY.zh,
            error_en=NO_WAY.en,
            person=person,
            language=person.language,
            **fields,
        )


def _at_the_desk(key: str, person: Person, fields: Mapping[str, Any]) -> Message:
    """A drill's notice: it has no way out, and is read and acknowledged among the person's notices at the desk."""
    return Message(
        key=key,
        ack_digest=digest(ack_token(key)),
        person=person,
        language=person.language,
        **_schedule(True, fields["created_at"]),
        **fields,
    )


def ways_to(person: Person) -> list[Contact]:
    """The ways that work; when every one of them is failing, all that are switched on: one may work again."""
    return reachable(person) or list(person.contacts.filter(active=True).order_by("pk"))


def _said(words: str | Text, person: Person) -> str:
    return words.say(person.language) if isinstance(words, Text) else words


def _as_drill(title: str, person: Person) -> str:
    """A subject that says that it is a drill; rooms may have said so themselves."""
    mark = DRILL.say(person.language)
    return title if title.startswith(mark) else mark + title


def _schedule(held: bool, now: datetime) -> dict[str, Any]:
    if held:
        return {"state": Message.State.HELD}
    return {"state": Message.State.WAITING, "next_try_at": now, "give_up_at": now + PATIENCE}


def _written(rows: list[Message]) -> list[Message]:
    """The rows as they stand in the database, new and old, in the order given."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Message.objects.select_related("person", "contact", "outlet").in_bulk(
        [row.key for row in rows], field_name="key"
    )
    return [stored[row.key] for row in rows]


@transaction.atomic
def publish_out(
    *,
    now: datetime,
    outlet: Outlet,
    key: str,
    title: str,
    text: str,
    link: str = "",
    case_number: str = "",
    reply_to: str = "",
    held: bool = False,
) -> Message:
    """A publication at an outlet, in the caller's transaction; writing it twice under one `key` makes one.

    `link` is the text's permanent public address here, `reply_to` the address of the post that it answers, where the
    outlet can thread. The worker hands back the outcome with the publication's own address (`message.address`).
    """
    row = Message(
        key=_short(key),
        purpose=Message.Purpose.PUBLICATION,
        outlet=outlet,
        channel=outlet.channel,
        recipient=outlet.name[:200],
        subject=title[:200],
        body=text,
        link=link,
        payload={"reply_to": reply_to},
        case_number=case_number,
        created_at=now,
        **_schedule(held, now),
    )
    return _written([row])[0]


@transaction.atomic
def acknowledge(*, token: str, now: datetime) -> Message:
    """Note that the notice of this token's link was seen; the first time counts. Raises Message.DoesNotExist."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("person", "contact")
        .get(ack_digest=digest(token))
    )
    if message.acknowledged_at is None:
        message.acknowledged_at = now
        message.save(update_fields=["acknowledged_at"])
    return message


@transaction.atomic
def try_again(*, by: Person, now: datetime, message: Message) -> Message:
    """Put a message that was given up, or that waits for a later try, first in line. Raises ValidationError."""
    require(by, Right.RETRY_OUTBOX)
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.state not in {Message.State.FAILED, Message.State.WAITING}:
        raise ValidationError(_("这条已经送达、正在发送或属于演练，不能重发。"))
    if row.person and (row.contact is None or not row.contact.active):
        _give_a_way(row)
    row.state, row.next_try_at, row.give_up_at = Message.State.WAITING, now, now + PATIENCE
    row.failures = 0
    row.save()
    record(by=by, now=now, verb="outbox.retry", target=row.key)
    return row


def _give_a_way(row: Message) -> None:
    """A notice whose way is missing or gone takes the first one that its person has now. Raises ValidationError."""
    ways = ways_to(row.person) if row.person else []
    if not ways:
        raise ValidationError(_("这个人还没有可用的联系方式。先加一种并试发，再重发这条。"))
    row.contact, row.channel = ways[0], ways[0].channel
    row.recipient = ways[0].masked[:200]
    row.ack_digest = digest(ack_token(row.key))


@transaction.atomic
def give_up(*, by: Person, now: datetime, message: Message) -> Message:
    """Stop trying; the message stays on record as not delivered. Raises ValidationError."""
    require(by, Right.RETRY_OUTBOX)
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.state != Message.State.WAITING:
        raise ValidationError(_("只有待发送的可以放弃。"))
    row.state, row.next_try_at = Message.State.FAILED, None
    row.error_zh = f"{GIVEN_UP.zh}。{row.error_zh}"[:400]
    row.error_en = f"{GIVEN_UP.en}. {row.error_en}"[:400]
    row.save()
    record(by=by, now=now, verb="outbox.give_up", target=row.key)
    return row
