"""The drafting helper: fetches proposals from the language model that the operator named. Off unless one is named.

What is sent: the lines in force, what is recorded as found and done on the case, and the message, with personal data
covered. What comes back is sifted by the engine before anybody sees it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from huiying.desk.accounts.queries import institution
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.net.chat import Model, Turn, complete, default_client
from huiying.desk.net.client import Client
from huiying.desk.net.trouble import WHAT, Said, Trouble
from huiying.desk.replies.models import Suggestion
from huiying.desk.replies.queries.checking import message_of
from huiying.desk.replies.queries.lines import as_engine
from huiying.desk.shell.mask import mask
from huiying.engine.journal import Kind
from huiying.engine.reply import machine
from huiying.engine.text import Text

WHAT["model.grounds"] = Said(
    Text("这一件还没有口径，也没有核实的事实", "The case has no lines yet and no fact on record"),
    Text("先核实、拟口径，再请模型起草", "Verify and agree on the lines first"),
)
log = logging.getLogger(__name__)
#: Longer than the client waits for an answer; a worker that died leaves the request to the next one.
LEASE = timedelta(minutes=4)
TRIES = 3
#: Entries of the journal that say what was found and done, and where their words stand.
EVIDENCE = {
    Kind.VERIFIED: "facts",
    Kind.OFFLINE_FIXED: "text",
    Kind.UNIT_REPORTED: "text",
    Kind.PROGRESS: "text",
}


def model_named() -> Model | None:
    """The model that the operator named; None where there is none, which is so out of the box."""
    url, name = settings.HUIYING_MODEL_URL, settings.HUIYING_MODEL_NAME
    return Model(url=url, name=name, key=settings.HUIYING_MODEL_KEY) if url and name else None


def evidence_of(case: Case) -> list[str]:
    """What the journal holds as found and done, oldest first, without personal data."""
    rows = JournalEntry.objects.filter(case=case, kind__in=list(EVIDENCE)).order_by("seq")
    words = (str(row.data.get(EVIDENCE[Kind(row.kind)], "")).strip() for row in rows)
    return [mask(text) for text in words if text]


def suggest_next(*, now: datetime, worker: str, client: Callable[[], Client] = default_client) -> int:
    """Fetch one proposal that somebody waits for; gives how many were taken up. The system acts here."""
    row = _lease(now)
    if row is None:
        return 0
    try:
        _settle(row, *_asked(row, client, now), now)
    except Trouble as trouble:
        _fail(
            row, Text(f"{trouble.message.zh}。{trouble.mend.zh}", f"{trouble.message.en}. {trouble.mend.en}")
        )
    return 1


@transaction.atomic
def _lease(now: datetime) -> Suggestion | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = Suggestion.objects.filter(free, state=Suggestion.State.WAITING).order_by("asked_at")
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.tries, row.leased_until = row.tries + 1, now + LEASE
    row.save(update_fields=["tries", "leased_until"])
    if row.tries > TRIES:
        _fail(row, Text("几次都中断了，没有得到", "It broke off several times"))
        return None
    return row


def _asked(
    row: Suggestion, client: Callable[[], Client], now: datetime
) -> tuple[tuple[machine.Ground, ...], tuple[machine.Sentence, ...]]:
    """The grounds that were sent and the answer, sifted. Raises Trouble."""
    model = model_named()
    if model is None:
        raise Trouble("model.answer", Text("拟稿助手已停用", "the helper was switched off"))
    lines = as_engine(row.lines) if row.lines else None
    held = machine.grounds(lines, evidence_of(row.draft.case))
    if not held:
        raise Trouble("model.grounds")
    kind: machine.Kind = "summary" if row.kind == Suggestion.Kind.SUMMARY else "draft"
    rules, material = machine.request(kind, mask(message_of(row.draft)), held, lines)
    with client() as opened:
        answer = complete(model, [Turn("system", rules), Turn("user", material)], opened)
    today = now.astimezone(_zone()).date()
    return held, machine.sift(answer, held, today)


def _zone() -> ZoneInfo:
    body = institution()
    return ZoneInfo(body.zone if body else settings.TIME_ZONE)


@transaction.atomic
def _settle(
    row: Suggestion, held: tuple[machine.Ground, ...], found: tuple[machine.Sentence, ...], now: datetime
) -> None:
    """Keep the answer, unless somebody else settled the row while the model was thinking."""
    fields = {
        "state": Suggestion.State.READY,
        "ready_at": now,
        "leased_until": None,
        "grounds": {one.ref: one.text for one in held},
        "sentences": [_kept(one) for one in found],
    }
    Suggestion.objects.filter(pk=row.pk, state=Suggestion.State.WAITING).update(**fields)


def _kept(one: machine.Sentence) -> dict[str, object]:
    struck = {"zh": one.struck.zh, "en": one.struck.en} if one.struck else None
    return {"text": one.text, "refs": list(one.refs), "struck": struck}


def _fail(row: Suggestion, why: Text) -> None:
    log.warning("suggestion %s: %s", row.pk, why.en)
    waiting = Suggestion.objects.filter(pk=row.pk, state=Suggestion.State.WAITING)
    waiting.update(state=Suggestion.State.FAILED, leased_until=None, said={"zh": why.zh, "en": why.en})
