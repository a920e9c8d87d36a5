"""The drafting helper: off unless named; what it invents is struck out; nothing is anybody's word until taken over."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from huiying.desk.cases import actions as cases
from huiying.desk.replies import actions
from huiying.desk.replies.helper import LEASE, TRIES, model_named, suggest_next
from huiying.desk.replies.models import Draft, Suggestion
from tests.desk import letters
from tests.desk.letters import FACTS, MINUTE
from tests.desk.servers import chat
from tests.desk.servers.chat import Service
from tests.desk.world import NOW, World

SignIn = Callable[[str], Client]
TRUE = "11月24日上午后勤处更换了3号宿舍楼热水锅炉的循环泵。[F1]受影响学生312人。[N2]"
INVENTED = "锅炉厂家已赔偿20万元。[F1]"


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """A model on this machine, named by the operator."""
    with chat.serving() as running:
        settings.HUIYING_MODEL_URL, settings.HUIYING_MODEL_NAME = running.url, "a-model"
        settings.HUIYING_MODEL_KEY = "sk-secret"
        yield running


@pytest.fixture
def draft(world: World) -> Draft:
    """An empty draft on a case whose lines are agreed."""
    case = letters.matter(world)
    lines = actions.write_lines(by=world["spokesperson"], now=NOW, case=case, fields=FACTS)
    actions.approve_lines(by=world["deputy"], now=NOW, lines=lines)
    return actions.start(by=world["spokesperson"], now=NOW, case=case, mention=case.mentions.first())


def asked(world: World, draft: Draft, **more: str) -> Suggestion:
    return actions.ask_machine(by=world["spokesperson"], now=NOW, draft=draft, **more)


def fetched(world: World, draft: Draft) -> Suggestion:
    row = asked(world, draft)
    assert suggest_next(now=NOW + MINUTE, worker="w") == 1
    row.refresh_from_db()
    return row


def test_out_of_the_box_there_is_no_helper(world: World, draft: Draft, as_role: SignIn) -> None:
    assert model_named() is None
    with pytest.raises(ValidationError, match="没有启用"):
        asked(world, draft)
    assert "拟稿助手" not in as_role("spokesperson").get(draft.get_absolute_url()).content.decode()


def test_what_rests_on_the_lines_stays_and_what_was_invented_is_struck_out(
    world: World, draft: Draft, service: Service
) -> None:
    service.says(TRUE + INVENTED + "感谢您的来信。")
    row = fetched(world, draft)
    assert row.state == Suggestion.State.READY
    assert row.text == "11月24日上午后勤处更换了3号宿舍楼热水锅炉的循环泵。受影响学生312人。"
    assert [one.text for one in row.struck] == ["锅炉厂家已赔偿20万元。", "感谢您的来信。"]
    draft.refresh_from_db()
    assert draft.text == "", "nothing of a machine's is in the draft before a person puts it there"


def test_a_person_takes_it_over_on_record_and_the_checks_still_apply(
    world: World, draft: Draft, service: Service
) -> None:
    service.says(TRUE)
    row = fetched(world, draft)
    actions.save(
        by=world["spokesperson"], now=NOW, draft=draft, fields={"text": "您好！热水停供的情况如下。"}
    )
    done = actions.take_over(by=world["spokesperson"], now=NOW + MINUTE, suggestion=row)
    assert done.text.startswith("您好！热水停供的情况如下。\n11月24日上午")
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (Suggestion.State.TAKEN, world["spokesperson"])
    told = letters.last(draft.case, "note")
    assert told["suggestion"] == row.pk and "接手" in told["text"]
    with pytest.raises(ValidationError, match="还有必须改的地方"):
        actions.submit(by=world["spokesperson"], now=NOW + MINUTE, draft=done)


def test_a_proposal_is_decided_once(world: World, draft: Draft, service: Service) -> None:
    service.says(TRUE)
    row = fetched(world, draft)
    actions.leave(by=world["spokesperson"], now=NOW, suggestion=row)
    with pytest.raises(ValidationError, match="处理过"):
        actions.take_over(by=world["spokesperson"], now=NOW, suggestion=row)
    draft.refresh_from_db()
    assert draft.text == ""


def test_a_proposal_without_one_sound_sentence_cannot_be_taken_over(
    world: World, draft: Draft, service: Service
) -> None:
    service.says(INVENTED)
    with pytest.raises(ValidationError, match="没有一句"):
        actions.take_over(by=world["spokesperson"], now=NOW, suggestion=fetched(world, draft))


def test_the_service_gets_the_lines_the_record_and_a_covered_message_and_never_the_key_elsewhere(
    world: World, draft: Draft, service: Service
) -> None:
    post = draft.mention
    assert post is not None
    post.text = "我是302室的，电话13912345678，热水什么时候修好？"
    post.save(update_fields=["text"])
    cases.verify(by=world["duty"], now=NOW, case=draft.case, outcome="true", facts="循环泵损坏属实")
    service.says(TRUE)
    row = fetched(world, draft)
    (sent,) = service.asked
    material = sent["messages"][1]["content"]
    assert "[F1] 11月24日上午" in material and "[E1] 循环泵损坏属实" in material
    assert "热水什么时候修好" in material and "13912345678" not in material
    assert service.keys == ["Bearer sk-secret"] and (sent["model"], sent["stream"]) == ("a-model", False)
    assert "sk-secret" not in f"{row.said}{row.sentences}{row.grounds}{model_named()!r}"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((200, b"not json"), "不合约定"),
        ((200, b'{"choices": []}'), "不合约定"),
        ((200, b'{"choices": [{"message": {"content": null}}]}'), "没有文字"),
        ((200, b'{"choices": [{"message": {"content": 7}}]}'), "没有文字"),
        ((200, b"[" * 100_000), "不合约定"),
        ((401, b'{"error": {"message": "bad key sk-secret"}}'), "HUIYING_MODEL_KEY"),
        ((404, b""), "不受理"),
        ((429, b""), "慢一些"),
        ((503, b""), "HTTP 503"),
    ],
)
def test_a_service_that_fails_is_told_in_words_with_the_mend_and_without_the_key(
    world: World, draft: Draft, service: Service, said: tuple[int, bytes], why: str
) -> None:
    service.answer = lambda asked: said
    row = fetched(world, draft)
    assert row.state == Suggestion.State.FAILED
    assert why in row.why.zh and "sk-secret" not in str(row.said)


def test_a_service_that_is_not_there_keeps_nobody_from_writing(
    world: World, draft: Draft, settings: Settings
) -> None:
    settings.HUIYING_MODEL_URL, settings.HUIYING_MODEL_NAME = "http://127.0.0.1:9/v1", "a-model"
    row = fetched(world, draft)
    assert row.state == Suggestion.State.FAILED and "连不上" in row.why.zh
    saved = actions.save(by=world["spokesperson"], now=NOW, draft=draft, fields={"text": "自己写"})
    assert saved.text == "自己写"
    assert asked(world, draft).state == Suggestion.State.WAITING, "and one may ask again"


def test_an_answer_that_was_cut_off_ends_with_its_last_whole_sentence(
    world: World, draft: Draft, service: Service
) -> None:
    service.says(TRUE + "[N2]受影响学", finish="length")
    assert [one.text for one in fetched(world, draft).read][-1] == "受影响学生312人。"


def test_without_lines_and_facts_the_model_is_not_asked(world: World, service: Service) -> None:
    case = letters.matter(world)
    bare = actions.start(by=world["spokesperson"], now=NOW, case=case)
    row = fetched(world, bare)
    assert row.state == Suggestion.State.FAILED and "先核实" in row.why.zh and not service.asked


def test_a_worker_that_died_leaves_the_request_to_the_next_one_and_not_for_ever(
    world: World, draft: Draft, service: Service
) -> None:
    service.says(TRUE)
    row = asked(world, draft)

    def dies() -> object:
        raise KeyboardInterrupt

    at = NOW
    with pytest.raises(KeyboardInterrupt):
        suggest_next(now=at, worker="a", client=dies)  # type: ignore[arg-type]
    assert suggest_next(now=at + LEASE - timedelta(seconds=1), worker="b") == 0, "it is still the first one's"
    assert suggest_next(now=at + LEASE, worker="b") == 1
    row.refresh_from_db()
    assert row.state == Suggestion.State.READY
    again = asked(world, draft)
    for number in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            suggest_next(now=at + (2 + number) * LEASE, worker="a", client=dies)  # type: ignore[arg-type]
    assert suggest_next(now=at + 9 * LEASE, worker="a") == 0
    again.refresh_from_db()
    assert again.state == Suggestion.State.FAILED


def test_one_question_at_a_time_and_none_in_a_drill(world: World, draft: Draft, service: Service) -> None:
    asked(world, draft)
    with pytest.raises(ValidationError, match="还没有回来"):
        asked(world, draft)
    with pytest.raises(ValidationError, match="没有这种"):
        Suggestion.objects.all().delete()
        asked(world, draft, kind="poem")
    draft.case.drill = True
    draft.case.save(update_fields=["drill"])
    with pytest.raises(ValidationError, match="演练"):
        asked(world, draft)


def test_only_who_drafts_may_ask_take_over_or_leave(world: World, draft: Draft, service: Service) -> None:
    service.says(TRUE)
    row = fetched(world, draft)
    for who in ("auditor", "admin"):
        with pytest.raises(PermissionDenied):
            actions.ask_machine(by=world[who], now=NOW, draft=draft)
        with pytest.raises(PermissionDenied):
            actions.take_over(by=world[who], now=NOW, suggestion=row)
        with pytest.raises(PermissionDenied):
            actions.leave(by=world[who], now=NOW, suggestion=row)


def test_the_page_shows_it_waiting_then_marked_as_a_machines_then_whose_it_is(
    world: World, service: Service, as_role: SignIn
) -> None:
    now = timezone.now()
    case = letters.matter(world, now)
    lines = actions.write_lines(by=world["spokesperson"], now=now, case=case, fields=FACTS)
    actions.approve_lines(by=world["deputy"], now=now, lines=lines)
    it = actions.start(by=world["spokesperson"], now=now, case=case)
    page, url = as_role("spokesperson"), f"/replies/{it.pk}/"
    assert page.post(f"{url}machine/ask/", {"kind": "draft"}).status_code == 302
    assert 'hx-trigger="every 3s"' in page.get(f"{url}machine/").content.decode()
    service.says(TRUE + "<script>alert(1)</script>[F1]")
    suggest_next(now=now, worker="w")
    shown = page.get(url).content.decode()
    assert "机器拟稿，未经人核" in shown and "<s>&lt;script&gt;" in shown and "<script>alert" not in shown
    row = it.suggestions.get()
    assert page.post(f"{url}machine/{row.pk}/", {"verdict": "take"}, follow=True).status_code == 200
    assert "已接手负责" in page.get(url).content.decode()
