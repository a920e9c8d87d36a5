"""What everybody reads: answers at permanent addresses, corrections in sight, no script, no cookie, kept by caches."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from huiying.desk.cases import actions as work
from huiying.desk.replies import actions
from huiying.desk.replies.models import Draft
from tests.desk import letters
from tests.desk.letters import DAY, HOUR, MINUTE
from tests.desk.world import NOW, World

ATOM = "{http://www.w3.org/2005/Atom}"


def read(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def answer(world: World) -> Draft:
    case = letters.matter(world)
    return letters.published(world, case, asked="热水什么时候修好？")


def corrected(world: World, original: Draft, *, withdraws: bool = False) -> Draft:
    fix = actions.start_correction(
        by=world["spokesperson"], now=NOW + HOUR, draft=original, withdraws=withdraws
    )
    text = "开放时间应为17时至21时30分。青禾市第九中学 2026年11月24日"
    fix = actions.save(by=world["spokesperson"], now=NOW + HOUR, draft=fix, fields={"text": text})
    return actions.publish_urgently(by=world["office"], now=NOW + HOUR, draft=fix, reason="正在被转发")


def test_an_answer_says_what_was_asked_what_is_so_by_when_and_who_answers(world: World) -> None:
    case = letters.matter(world)
    until = NOW + 2 * DAY
    draft = letters.published(
        world, case, asked="热水什么时候修好？", promise_text="恢复热水", promise_due_at=until
    )
    page = read(draft.public_path)
    assert "热水什么时候修好？" in page and "更换3号宿舍楼热水锅炉的循环泵" in page
    assert "恢复热水" in page and "最迟 2026年11月26日" in page
    assert "青禾市第九中学" in page and "分管负责人" in page
    assert draft.text_sha256 in page


@pytest.mark.parametrize("path", ["", "ask/", "transparency/", "2026-1/"])
def test_no_script_no_cookie_nothing_from_elsewhere(answer: Draft, path: str) -> None:
    response = Client().get(f"/public/{path}")
    page = response.content.decode()
    assert "<script" not in page and "Set-Cookie" not in response.headers and not response.cookies
    assert not re.search(r'(?:src|href)="https?://(?!127\.0\.0\.1)', page.replace("https://www.w3.org", ""))


@pytest.mark.parametrize("path", ["", "transparency/", "2026-1/", "feed.atom"])
def test_caches_may_keep_it_and_ask_again(answer: Draft, path: str) -> None:
    first = Client().get(f"/public/{path}")
    assert "max-age=60" in first.headers["Cache-Control"] and "public" in first.headers["Cache-Control"]
    again = Client().get(f"/public/{path}", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_language_is_in_the_address_not_in_a_cookie(answer: Draft) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    assert "大家问，我们答" in client.get("/public/").content.decode()
    page = client.get("/public/?lang=en").content.decode()
    assert "You ask, we answer" in page and f"{answer.public_path}?lang=en" in page
    assert "Answered by" in client.get(f"{answer.public_path}?lang=en").content.decode()


def test_drafts_and_drills_are_not_public(world: World) -> None:
    world["head"].appointments.create(role="duty")
    case = letters.matter(world)
    letters.approved(world, case)
    drill = work.open_case(by=world["head"], now=NOW, title="演练", drill=True)
    draft = actions.start(by=world["spokesperson"], now=NOW, case=drill)
    draft = actions.save(
        by=world["spokesperson"], now=NOW, draft=draft, fields={"text": letters.ANSWER, "title": "演练答复"}
    )
    draft = actions.publish_urgently(by=world["office"], now=NOW, draft=draft, reason="演练")
    page = read("/public/")
    assert "还没有发布过答复" in page and "演练答复" not in page
    assert Client().get(f"/public/{draft.slug}/").status_code == 404
    assert "演练答复" not in read("/public/feed.atom")


def test_a_corrected_answer_says_so_at_its_top_and_in_the_list(world: World, answer: Draft) -> None:
    fix = corrected(world, answer)
    page = read(answer.public_path)
    assert "这篇有更正" in page and fix.public_path in page and "北区浴室" in page
    assert "更正的是" in read(fix.public_path) and answer.public_path in read(fix.public_path)
    assert "有更正" in read("/public/")


def test_a_withdrawn_answer_keeps_its_address_and_leads_to_the_reason(world: World, answer: Draft) -> None:
    fix = corrected(world, answer, withdraws=True)
    page = read(answer.public_path)
    assert "这篇已撤回" in page and fix.public_path in page
    assert "北区浴室" not in page and answer.title in page
    assert "已撤回" in read("/public/")
    feed = read("/public/feed.atom")
    assert "已撤回：" in feed and "北区浴室免费洗澡" not in feed


def test_a_bypass_is_seen_by_the_public_too(world: World) -> None:
    draft = letters.written(world, letters.matter(world))
    draft = actions.publish_urgently(by=world["office"], now=NOW, draft=draft, reason="家长已到校门口")
    assert "紧急发布" in read(draft.public_path)
    actions.review_bypass(by=world["head"], now=NOW, draft=draft, words="得当")
    page = read(draft.public_path)
    assert "紧急发布" in page and "事后已审查" in page


@pytest.mark.parametrize(
    ("kept_after", "words"),
    [(None, "已过期限"), (HOUR, "兑现"), (3 * DAY, "迟了")],
)
def test_promises_are_followed_up_in_public(world: World, kept_after: timedelta | None, words: str) -> None:
    start = timezone.now() - 4 * DAY
    case = letters.matter(world, start)
    until = start + DAY
    draft = letters.published(world, case, now=start, promise_text="恢复热水", promise_due_at=until)
    if kept_after is not None:
        work.keep_promise(by=world["office"], now=start + kept_after, case=case, ref="p1", text="热水已恢复")
    assert words in read(draft.public_path)


def test_what_else_was_said_on_the_matter_is_listed(world: World, answer: Draft) -> None:
    second = letters.published(world, answer.case, now=NOW + HOUR, title="热水已恢复")
    assert second.public_path in read(answer.public_path)


def test_finding_an_answer_by_words(world: World, answer: Draft) -> None:
    assert answer.title in read("/public/?q=浴室")
    assert "没有找到" in read("/public/?q=校车")
    assert "<b>x" not in read("/public/?q=<b>x")


def test_the_feed_is_valid_atom_with_permanent_ids(world: World, answer: Draft) -> None:
    response = Client().get("/public/feed.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id", "").endswith(answer.public_path)
    assert entry.findtext(f"{ATOM}title") == answer.title
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "青禾市第九中学"


@pytest.mark.parametrize("slug", ["2026-99", "nothing", "2026-1-1"])
def test_an_address_that_was_never_given_is_not_there(answer: Draft, slug: str) -> None:
    assert Client().get(f"/public/{slug}/").status_code == 404


def test_pages_of_many_answers(world: World) -> None:
    case = letters.matter(world)
    for number in range(22):
        draft = letters.written(world, case, title=f"答复{number:02d}")
        actions.publish_urgently(by=world["office"], now=NOW + number * MINUTE, draft=draft, reason="x")
    assert "答复21" in read("/public/") and "答复01" not in read("/public/")
    assert "答复01" in read("/public/?page=2")
    assert "答复21" in read("/public/?page=nonsense")
