"""Asking in public: a question becomes a mention, a receipt follows it; programs and floods are kept out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from huiying.desk.cases.actions import open_case
from huiying.desk.collect.models import Mention, MentionKind
from huiying.desk.plans.actions import install_shipped
from huiying.desk.public import actions
from huiying.desk.public.actions import ALL_AN_HOUR, EACH_AN_HOUR, ask
from huiying.desk.public.models import Asked
from huiying.desk.replies import actions as replies
from tests.desk import letters
from tests.desk.letters import DAY, HOUR
from tests.desk.world import NOW, World

TEXT = "食堂二楼晚上几点关门？"


def test_a_question_becomes_a_message_to_us(world: World) -> None:
    answer = Client().post("/public/ask/", {"text": TEXT, "place": "食堂二楼", "website": ""})
    assert answer.status_code == 302
    mention = Mention.objects.get()
    assert mention.kind == MentionKind.MESSAGE and TEXT in mention.text and "食堂二楼" in mention.text
    assert mention.capture is not None and mention.posted_at is not None
    assert answer.headers["Location"] == f"/public/asked/{mention.key}/"


def test_nobody_is_remembered(world: World) -> None:
    ask(now=NOW, text=TEXT, address="203.0.113.9")
    mention, row = Mention.objects.get(), Asked.objects.get()
    assert "203.0.113.9" not in f"{mention.voice}{mention.extra}{row.digest}"
    assert actions.voice_of("203.0.113.9", NOW) != actions.voice_of("203.0.113.9", NOW + DAY)
    ask(now=NOW + DAY + HOUR, text=TEXT, address="203.0.113.9")
    assert not Asked.objects.filter(at=NOW).exists()


def test_the_receipt_follows_the_question_to_its_answer(world: World) -> None:
    now = timezone.now() - HOUR
    install_shipped(by=world["admin"], now=now, plan_id="school")
    receipt = ask(now=now, text=TEXT)
    at = f"/public/asked/{receipt}/"
    assert "等待值班人员受理" in Client().get(at).content.decode()
    mention = Mention.objects.get()
    case = open_case(by=world["duty"], now=now, title="食堂关门时间", mentions=[mention], how="mention")
    assert "已经有人在办" in Client().get(at).content.decode()
    draft = replies.start(by=world["spokesperson"], now=now, case=case, mention=mention)
    draft = replies.save(
        by=world["spokesperson"],
        now=now,
        draft=draft,
        fields={"text": "您好！食堂二楼21时关门。青禾市第九中学2026年11月24日"},
    )
    replies.publish_urgently(by=world["office"], now=now, draft=draft, reason="x")
    assert "关于“食堂关门时间”的答复" in Client().get(at).content.decode()


def test_a_receipt_shows_no_personal_data_and_no_other_question(world: World) -> None:
    receipt = ask(now=NOW, text="我的手机13812345678一直收到催缴短信，怎么办？")
    page = Client().get(f"/public/asked/{receipt}/").content.decode()
    assert "13812345678" not in page and "138****5678" in page
    letters.post()
    assert Client().get("/public/asked/1/").status_code == 404
    assert Client().get("/public/asked/zzzzzzzzzz/").status_code == 404


@pytest.mark.parametrize("text", ["", "短", "  \n ", "水" * 2001])
def test_too_little_and_too_much_are_refused_and_kept_in_the_box(world: World, text: str) -> None:
    answer = Client().post("/public/ask/", {"text": text})
    assert answer.status_code == 422 and not Mention.objects.exists()
    assert text.strip()[:50] in answer.content.decode()


def test_the_trap_for_programs(world: World) -> None:
    answer = Client().post("/public/ask/", {"text": TEXT, "website": "http://spam.example"})
    assert answer.status_code == 302 and not Mention.objects.exists()


def test_so_many_an_hour_from_one_place(world: World) -> None:
    for minute in range(EACH_AN_HOUR):
        ask(now=NOW + timedelta(minutes=minute), text=TEXT, address="203.0.113.9")
    last = NOW + timedelta(minutes=59)
    with pytest.raises(ValidationError, match="太多"):
        ask(now=last, text=TEXT, address="203.0.113.9")
    ask(now=last, text=TEXT, address="203.0.113.10")
    ask(now=NOW + HOUR, text=TEXT, address="203.0.113.9")


def test_so_many_an_hour_altogether(world: World) -> None:
    Asked.objects.bulk_create(Asked(at=NOW, digest=str(number)) for number in range(ALL_AN_HOUR))
    with pytest.raises(ValidationError, match="太多"):
        ask(now=NOW, text=TEXT, address="203.0.113.9")


def test_too_many_is_told_with_429_and_the_text_stays(world: World) -> None:
    for _each in range(EACH_AN_HOUR):
        Client().post("/public/ask/", {"text": TEXT})
    answer = Client().post("/public/ask/", {"text": TEXT})
    assert answer.status_code == 429 and TEXT in answer.content.decode()


def test_asking_needs_neither_cookie_nor_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/public/ask/", {"text": TEXT}).status_code == 302


def test_hostile_text_is_shown_as_text(world: World) -> None:
    receipt = ask(now=NOW, text="<script>alert(1)</script>几点关门？\0")
    page = Client().get(f"/public/asked/{receipt}/").content.decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
