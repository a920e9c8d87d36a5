"""Arguments with which the walk over all routes (`test_rights.py`) asks for things that exist.

A route that is not here is asked with arguments that exist nowhere: its gate is tried all the same, and what it shows
to those who pass must then be "there is no such page". Keys are the names of routes; values make their arguments.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone

from huiying.desk.accounts import actions
from huiying.desk.accounts.models import Shift
from huiying.desk.library import actions as library
from huiying.desk.listen.models import Hearing, PlaceName, Story
from huiying.desk.notify.actions import send_circular, tell
from huiying.desk.notify.models import Message, Outlet
from tests.desk import collecting, joining, letters, listen_world, papers, rehearsing
from tests.desk.world import NOW, World

Arguments = Mapping[str, object]


def _token(world: World) -> Arguments:
    made, _key = actions.make_token(
        by=world["admin"], now=timezone.now(), name="热线", person=world["office"], scopes=["mentions:read"]
    )
    return {"pk": made.pk}


def _told(world: World) -> Message:
    (row,) = tell(
        now=timezone.now(), people=[world["duty"]], key="walk", subject="到期", body="正文", link="/"
    )
    return row


def _circular(world: World) -> Arguments:
    it = send_circular(
        by=world["office"], now=timezone.now(), subject="值守", body="请核对值班表", roles=["handler"]
    )
    return {"pk": it.pk}


def _outlet(world: World) -> Outlet:
    return Outlet.objects.create(
        name="社区", channel="mastodon", address="https://social.example", created_at=timezone.now()
    )


def _letter(world: World) -> Arguments:
    return {"pk": letters.written(world, letters.matter(world)).pk}


def _matter(world: World) -> Arguments:
    return {"number": letters.matter(world).number}


def _message(world: World) -> Arguments:
    return {"pk": letters.post(NOW).pk}


def _public(world: World) -> Arguments:
    return {"slug": letters.published(world, letters.matter(world)).slug}


def _story(world: World) -> Story:
    (mention,) = listen_world.posts(listen_world.CANTEEN[:1])
    story = Story.objects.create(key=f"s{mention.pk}", title=mention.title, first_at=NOW, last_at=NOW)
    Hearing.objects.create(mention=mention, batch=1, story=story)
    return story


def _copies(world: World) -> Arguments:
    story = _story(world)
    return {"pk": story.pk, "mention": story.hearings.get().mention_id}


def _watch(world: World) -> Arguments:
    return {"pk": listen_world.watch("食堂", "食堂").pk}


def _place(world: World) -> Arguments:
    return {"pk": PlaceName.objects.create(name="二食堂").pk}


def _rehearsal(world: World) -> Arguments:
    return {"pk": rehearsing.rehearsed(world).pk}


def _two_rehearsals(world: World) -> Arguments:
    return {"pk": rehearsing.rehearsed(world).pk, "other": rehearsing.rehearsed(world).pk}


def _exercise(world: World) -> Arguments:
    return {"pk": rehearsing.planned(world).pk}


def _school(world: World) -> Arguments:
    version = rehearsing.planned_for(world)
    return {"name": version.name, "number": version.version}


def _paper(world: World) -> Arguments:
    return {"pk": papers.begun(world, "flash", letters.matter(world)).pk}


def _known(world: World) -> Arguments:
    day = timezone.localdate() + timedelta(days=30)
    by, now = world["spokesperson"], timezone.now()
    return {"pk": library.put_knowledge(by=by, now=now, title="问", text="答", check_on=day).pk}


def _contact(world: World) -> Arguments:
    return {"pk": library.put_contact(by=world["office"], now=timezone.now(), outlet="晚报", name="甲").pk}


SAMPLES: dict[str, Callable[[World], Arguments]] = {
    **collecting.SAMPLES,
    **joining.SAMPLES,
    "notify:message": lambda world: {"pk": _told(world).pk},
    "notify:circular": _circular,
    "notify:resend": _circular,
    "notify:read_circular": _circular,
    "notify:channel": lambda world: {"name": "sms"},
    "notify:new_outlet": lambda world: {"channel": "mastodon"},
    "notify:outlet": lambda world: {"pk": _outlet(world).pk},
    "accounts:unit": lambda world: {"pk": world.units["hqc"].pk},
    "accounts:person": lambda world: {"pk": world["duty"].pk},
    "accounts:change_person": lambda world: {"pk": world["duty"].pk},
    "accounts:appoint": lambda world: {"pk": world["duty"].pk},
    "accounts:dismiss": lambda world: {
        "pk": world["duty"].pk,
        "post": world["duty"].appointments.get().pk,
    },
    "accounts:invite": lambda world: {"pk": world["duty"].pk},
    "accounts:leave": lambda world: {"pk": world["duty"].pk},
    "accounts:come_back": lambda world: {"pk": world["duty"].pk},
    "accounts:person_away": lambda world: {"pk": world["duty"].pk},
    "accounts:shift": lambda world: {"pk": Shift.objects.get().pk},
    "accounts:swap": lambda world: {"pk": Shift.objects.get().pk},
    "accounts:drop_shift": lambda world: {"pk": Shift.objects.get().pk},
    "accounts:revoke": _token,
    **{
        f"listen:{name}": lambda world: {"pk": _story(world).pk}
        for name in ("story", "not_ours", "route", "split", "watch_on")
    },
    "listen:copies": _copies,
    **{f"listen:{name}": _watch for name in ("watch", "stop_watch", "drop_watch")},
    **{f"listen:{name}": _place for name in ("place", "drop_place")},
    "replies:draft": _letter,
    "replies:save": _letter,
    "replies:check": _letter,
    "replies:mend": _letter,
    "replies:submit": _letter,
    "replies:drop": _letter,
    "replies:approve": _letter,
    "replies:return": _letter,
    "replies:recall": _letter,
    "replies:review": _letter,
    "replies:publish": _letter,
    "replies:urgent": _letter,
    "replies:correct": _letter,
    "replies:add_copy": _letter,
    "replies:ask_machine": _letter,
    "replies:look_suggestion": _letter,
    "replies:start": _matter,
    "replies:lines": _matter,
    "replies:write_lines": _matter,
    "replies:propose": _matter,
    "public:answer": _public,
    **{f"cases:{name}": _message for name in ("board_route", "board_join", "board_aside")},
    "reports:start": lambda world: {"kind": "daily"},
    "reports:paper": _paper,
    "reports:write": _paper,
    "reports:redraft": _paper,
    "reports:discard": _paper,
    "reports:sign": _paper,
    "reports:phone": _paper,
    "reports:issue": _paper,
    "reports:read": _paper,
    "reports:instruct": _paper,
    "reports:page": lambda world: {**_paper(world), "number": 1},
    "reports:file": lambda world: {**_paper(world), "form": "docx"},
    **{f"drills:{name}": _school for name in ("of_plan", "ask")},
    **{f"drills:{name}": _rehearsal for name in ("rehearsal", "progress", "drop", "forget")},
    "drills:compare": _two_rehearsals,
    "drills:file": lambda world: {**_rehearsal(world), "fmt": "html"},
    **{
        f"drills:{name}": _exercise
        for name in ("exercise", "pulse", "script", "begin", "stop", "abort", "keep")
    },
    "drills:take_up": lambda world: {**_exercise(world), "key": "s1"},
    "library:review": _matter,
    "library:archive": _matter,
    "library:knowledge_one": _known,
    "library:knowledge_write": _known,
    "library:knowledge_approve": _known,
    "library:knowledge_confirm": _known,
    "library:knowledge_withdraw": _known,
    "library:media_one": _contact,
    "library:media_change": _contact,
    "library:media_retire": _contact,
    "library:media_talk": _contact,
    "library:appraisal_sheet": lambda world: {"what": "units"},
}

#: Routes of the programs' interface that answer without a key: what it is, not what it holds.
OPEN_API = frozenset({"api:openapi-json", "api:openapi-view", "api:api-root"})
