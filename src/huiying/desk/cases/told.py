"""Who was told what, by which means, and whether they acknowledged it: written into the case's journal."""

from datetime import datetime
from typing import Any

from django.db import transaction

from huiying.desk.accounts.models import Person
from huiying.desk.cases import journal
from huiying.desk.cases.models import Case
from huiying.desk.notify.channels.base import Outcome
from huiying.desk.notify.models import Message
from huiying.engine.journal import Kind


def _case(message: Message) -> Case | None:
    return Case.objects.filter(number=message.case_number).first() if message.case_number else None


def _data(message: Message) -> dict[str, Any]:
    return {
        "obligation": message.obligation,
        "stage": message.stage,
        "recipient": message.person.actor if message.person else message.recipient,
        "channel": message.channel,
        "message": message.pk,
    }


@transaction.atomic
def record_outcome(message: Message, outcome: Outcome, now: datetime) -> None:
    """Note a delivery, or that it was given up, on the case that the message is about; others are passed over."""
    case = _case(message)
    if case is None:
        return
    data = _data(message)
    if outcome.sent:
        data["repeat"] = message.possible_repeats > 0
        journal.write(case=case, kind=Kind.TOLD, data=data, now=now, by=None)
        return
    data["error"] = {"zh": outcome.said.zh, "en": outcome.said.en}
    journal.write(case=case, kind=Kind.TELLING_FAILED, data=data, now=now, by=None)


@transaction.atomic
def record_ack(message: Message, person: Person | None, now: datetime) -> None:
    """Note that a notice was acknowledged, once; who opens the link stands for the one it was sent to."""
    case = _case(message)
    if case is None:
        return
    journal.lock(case)
    if case.entries.filter(kind=Kind.ACKNOWLEDGED, data__message=message.pk).exists():
        return
    journal.write(
        case=case, kind=Kind.ACKNOWLEDGED, data=_data(message), now=now, by=person or message.person
    )
