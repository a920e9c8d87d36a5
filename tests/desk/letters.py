"""A matter at the small school, ready to be answered: three days without hot water in a dormitory."""

from datetime import datetime, timedelta
from typing import Any

from huiying.desk.accounts.models import Person
from huiying.desk.cases.actions import open_case
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention, Source
from huiying.desk.plans.actions import install_shipped
from huiying.desk.replies import actions, queries
from huiying.desk.replies.models import Draft
from tests.desk.world import NOW, World

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUESTION = "3号宿舍楼热水停了三天，什么时候能修好？停水期间能不能去北区浴室洗澡？"
ANSWER = (
    "您好！后勤处已于11月24日上午更换3号宿舍楼热水锅炉的循环泵，预计11月26日前修好并恢复热水。停水期间，"
    "可凭学生卡到北区浴室免费洗澡，开放时间为每天17时至22时。如有疑问，请联系后勤处值班室，电话0700-6100123。"
    "\n青禾市第九中学\n2026年11月24日"
)
FACTS = {
    "facts": "11月24日上午后勤处更换了3号宿舍楼热水锅炉的循环泵",
    "figures": "受影响宿舍楼 = 1栋\n受影响学生 = 312人",
    "wording": "热水停供 => 热水暂停供应",
    "not_yet": "锅炉供应商的赔偿：还在商谈",
}


def post(now: datetime = NOW, text: str = QUESTION, address: str = "https://forum.example/t/1") -> Mention:
    """A post on a forum."""
    source, _made = Source.objects.get_or_create(
        name="校园论坛", defaults={"kind": "feed", "created_at": now, "site": "forum.example"}
    )
    key = address.rsplit("/", 1)[-1]
    return Mention.objects.create(
        source=source,
        key=key,
        title="3号宿舍楼没有热水",
        text=text,
        address=address,
        site="forum.example",
        captured_at=now,
        posted_at=now - HOUR,
        text_sha256="0" * 64,
    )


def matter(world: World, now: datetime = NOW, **more: Any) -> Case:
    """An open case under the school's plan, with one post."""
    install_shipped(by=world["admin"], now=now - DAY, plan_id="school")
    mention = post(now)
    return open_case(
        by=world["duty"],
        now=now,
        title="3号宿舍楼热水停供",
        summary=QUESTION,
        mentions=[mention],
        how="mention",
        **more,
    )


def written(
    world: World, case: Case, *, by: str = "spokesperson", now: datetime = NOW, **fields: Any
) -> Draft:
    """A draft that is ready to be handed in."""
    writer = world[by]
    draft = actions.start(by=writer, now=now, case=case, mention=case.mentions.first())
    values = {"text": ANSWER, "title": "关于3号宿舍楼热水的答复", **fields}
    return actions.save(by=writer, now=now, draft=draft, fields=values)


def through(draft: Draft, now: datetime = NOW) -> Draft:
    """A draft that was handed in, taken through every step by whoever may."""
    while draft.state == Draft.State.SUBMITTED:
        draft = actions.approve(by=queries.due_people(draft, now)[0], now=now, draft=draft)
    return draft


def approved(world: World, case: Case, *, now: datetime = NOW, **fields: Any) -> Draft:
    """A draft that went through the ordinary chain: reviewer, then deputy."""
    draft = actions.submit(by=world["spokesperson"], now=now, draft=written(world, case, now=now, **fields))
    draft = actions.approve(by=world["reviewer"], now=now + MINUTE, draft=draft)
    return actions.approve(by=world["deputy"], now=now + 2 * MINUTE, draft=draft)


def published(world: World, case: Case, *, now: datetime = NOW, **fields: Any) -> Draft:
    """A published answer."""
    draft = approved(world, case, now=now, **fields)
    return actions.publish(by=world["spokesperson"], now=now + 3 * MINUTE, draft=draft)


def kinds(case: Case) -> list[str]:
    """What the journal tells, by kind."""
    return list(case.entries.order_by("seq").values_list("kind", flat=True))


def last(case: Case, kind: str) -> dict[str, Any]:
    """The data of the newest entry of a kind."""
    entry = case.entries.filter(kind=kind).order_by("-seq").first()
    assert entry is not None
    return dict(entry.data)


def also(world: World, name: str, role: str, username: str) -> Person:
    """Somebody else in a role."""
    person = Person.objects.create(username=username, name=name, date_joined=NOW)
    person.appointments.create(role=role)
    return person
