"""What the killing test prepares before, and what it asks afterwards; each runs in a child of the forker."""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db.models import Count

from huiying.desk.accounts.models import Channel, Contact, Institution, Person, Shift
from huiying.desk.cases.actions import add_note, open_case
from huiying.desk.cases.journal import entries
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.cases.rebuild import rebuild_all
from huiying.desk.cases.verify import verify_all
from huiying.desk.cases.wake import current, wake_due
from huiying.desk.collect.actions import install_source
from huiying.desk.collect.models import Mention, Source
from huiying.desk.collect.sources.forms import Values
from huiying.desk.listen.actions import save_watch
from huiying.desk.listen.rehear import rebuild as hear_again
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.desk.plans.actions import install_shipped
from huiying.desk.worker.jobs import Roads, hear
from huiying.engine.obligations import notices, obligations
from tests.desk.world import found_school

Clock = Callable[[], datetime]
SITES = ("bbs", "news", "board")
WAYS = (
    ("duty", Channel.WECOM),
    ("office", Channel.DINGTALK),
    ("deputy", Channel.FEISHU),
    ("head", Channel.WEBHOOK),
)


def prepare(clock: Clock) -> dict[str, str]:
    """A school with sources, a watch and ways of reaching people; returns the session of its officer on duty."""
    call_command("migrate", verbosity=0, interactive=False)
    now = clock()
    world = found_school(now)
    Institution.objects.update(plan_name="school")
    install_shipped(by=world["admin"], now=now, plan_id="school")
    Shift.objects.update(ends_at=now + timedelta(days=60))
    Contact.objects.all().delete()
    here = os.environ["FORKER_SERVERS"]
    for role, channel in WAYS:
        Contact.objects.create(person=world[role], channel=channel, address=f"{here}/{channel}/{role}")
    for person in Person.objects.filter(contacts=None):
        Contact.objects.create(
            person=person, channel=Channel.WEBHOOK, address=f"{here}/webhook/{person.username}"
        )
    for site in SITES:
        values = Values(
            name=site, site=site, interval_s=30, settings={"address": f"{here}/feed/{site}"}, host=site
        )
        install_source(now=now, kind="feed", values=values)
    save_watch(by=world["office"], now=now, name="停水", query="停水", matter="供水")
    return {role: _session(world[role]) for role in ("duty", "office")}


def _session(person: Person) -> str:
    """A signed-in session's key."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def worked(clock: Clock) -> dict[str, Any]:
    """Some work done at once: a case with notes, mentions that were heard."""
    now, office = clock(), Person.objects.get(username="office")
    for number in range(12):
        mention = Mention.objects.create(
            source=Source.objects.all()[0],
            key=f"m{number}",
            title=f"三号楼停水第 {number} 天",
            text="热水也没有，何时修好？",
            captured_at=now,
            text_sha256=f"{number:064x}",
        )
    case = open_case(by=office, now=now, title="三号楼停水", mentions=[mention])
    add_note(by=office, now=now, case=case, text="已联系后勤处")
    while hear(now, "worked"):
        pass
    return {"cases": Case.objects.count()}


def progress(clock: Clock) -> dict[str, Any]:
    """How far things are: what still waits."""
    now = clock()
    return {
        "mentions": Mention.objects.count(),
        "unsent": Message.objects.filter(state__in=["waiting", "sending"]).count(),
        "leased": Source.objects.filter(leased_until__gt=now).count(),
        "cases": Case.objects.count(),
    }


def settle(clock: Clock) -> dict[str, Any]:
    """Put all that is owed by now into the outbox and send it."""
    now = clock()
    while wake_due(now):
        pass
    until = time.monotonic() + 120
    while Message.objects.filter(state__in=["waiting", "sending"]).exists() and time.monotonic() < until:
        Roads().deliver(clock(), "settle") or time.sleep(0.05)
    return {"now": now.isoformat()}


def findings(clock: Clock) -> dict[str, Any]:
    """What must hold after all: the rest is compared with what the servers saw."""
    now = datetime.fromisoformat(json.loads((settings.HOME / "settle.json").read_text())["now"])
    messages = Message.objects.exclude(purpose="test")
    return {
        "mentions": sorted(Mention.objects.values_list("source__name", "key")),
        "messages": list(messages.values("ack_digest", "state", "possible_repeats", "key", "tries")),
        "told_wrong": _told_wrong(),
        "acknowledged": sorted(
            messages.filter(acknowledged_at__isnull=False).values_list("ack_digest", flat=True)
        ),
        "acknowledged_twice": _twice("acknowledged"),
        "notes": sorted(
            entry.data["text"] for entry in JournalEntry.objects.filter(kind="note") if "text" in entry.data
        ),
        "titles": sorted(Case.objects.values_list("title", flat=True)),
        "not_told": _not_told(now),
        "breaks": [f"{trouble.number} {trouble.seq} {trouble.why}" for trouble in verify_all()],
        "entries": JournalEntry.objects.count(),
    }


def again(clock: Clock) -> dict[str, Any]:
    """Everything recomputed; nothing may change."""
    report = rebuild_all(clock())
    heard = hear_again(now=clock())
    return {
        "changes": [f"{c.number} {c.what}: {c.was!r} -> {c.now!r}" for c in report.changes],
        "cases": report.cases,
        "heard": [heard.mentions, heard.hearings, heard.stories],
    }


def _told_wrong() -> list[str]:
    """Delivered notices that the journal of their case does not have exactly once, or with another word on repeats."""
    wrong = []
    for message in Message.objects.filter(state="sent").exclude(case_number=""):
        told = JournalEntry.objects.filter(
            case__number=message.case_number, kind="told", data__message=message.pk
        )
        repeats = [entry.data["repeat"] for entry in told]
        if repeats != [message.possible_repeats > 0]:
            wrong.append(f"{message.key}: {repeats} {message.possible_repeats}")
    return wrong


def _twice(kind: str) -> list[str]:
    rows = JournalEntry.objects.filter(kind=kind).values("case__number", "data__message")
    return [str(row) for row in rows.annotate(n=Count("pk")).filter(n__gt=1)]


def _not_told(now: datetime) -> list[str]:
    """Notices that the plan asks for by now and that are not in the outbox: computed from the journals alone."""
    missing = []
    version, body = plans.active(), Institution.objects.get()
    assert version is not None
    plan, calendar = plans.engine_plan(version), plans.calendar_for(body)
    keys = set(Message.objects.values_list("case_number", "obligation", "stage"))
    for case in Case.objects.all():
        owed = obligations(plan, entries(case), calendar, now)
        for notice in current(notices(plan, owed, now)):
            if (case.number, notice.obligation.key, notice.stage) not in keys:
                missing.append(f"{case.number} {notice.obligation.key} {notice.stage}")
    return missing
