"""The search page: everything that the reader may see, grouped, marked and covered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.listen import actions, ledger
from huiying.desk.listen.models import Story
from huiying.desk.today.queries.found import find
from tests.desk.handling import handed, with_plan
from tests.desk.listen_world import CANTEEN, OTHER, WATER, hear_all, post, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def heard(world: World) -> World:
    """Six posts and two stories."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    watch("热水", "热水")
    posts([*CANTEEN, *WATER, *OTHER])
    hear_all()
    return world


def counts(world: World, role: str, words: str) -> dict[str, int]:
    return {group.kind: group.count for group in find(world[role], words)}


def get(client: Client, query: str) -> str:
    page = client.get(f"/search/{query}")
    assert page.status_code == 200
    return page.content.decode()


def test_posts_stories_and_cases_are_found_together(heard: World) -> None:
    cases.open_case(by=heard["duty"], now=NOW, title="食堂午餐异味", summary="二食堂")
    assert counts(heard, "office", "食堂") == {"case": 1, "story": 1, "mention": 3}


def test_a_case_is_found_by_its_number(heard: World) -> None:
    case = cases.open_case(by=heard["duty"], now=NOW, title="食堂午餐异味")
    assert counts(heard, "office", case.number)["case"] == 1


def test_a_handler_finds_only_cases_of_the_own_unit(heard: World) -> None:
    case = handed(heard, NOW)
    cases.open_case(by=heard["duty"], now=NOW, title="食堂的另一件事")
    groups = {group.kind: group for group in find(heard["handler"], "食堂")}
    assert [hit.about.split(" · ")[0] for hit in groups["case"].hits] == [case.number]
    assert groups["case"].count == 1


def test_the_administrator_finds_neither_posts_nor_cases(heard: World, as_role: SignIn) -> None:
    cases.open_case(by=heard["duty"], now=NOW, title="食堂午餐异味")
    assert find(heard["admin"], "食堂") == []
    assert "没有找到" in get(as_role("admin"), "?q=食堂")


def test_a_stranger_goes_to_sign_in(world: World, as_role: SignIn) -> None:
    assert as_role("").get("/search/?q=食堂").status_code == 302


def test_a_merged_story_is_found_once(heard: World) -> None:
    canteen, water = Story.objects.order_by("-mentions_count")
    actions.merge(by=heard["duty"], now=NOW, into=canteen, others=[water])
    hear_all(NOW + timedelta(minutes=1))
    assert counts(heard, "duty", "热水").get("story", 0) <= 1


def test_words_are_marked_and_personal_data_covered(heard: World, as_role: SignIn) -> None:
    post("食堂的油 13812345678", "请联系 13812345678，食堂的油有问题", at=NOW + timedelta(minutes=15))
    hear_all(NOW + timedelta(minutes=16))
    page = get(as_role("duty"), "?q=食堂")
    assert "<mark>食堂</mark>" in page
    assert "13812345678" not in page
    page = get(as_role("duty"), "?q=13812345678")
    assert "<mark>138****5678</mark>" in page


def test_traditional_and_full_width_find_the_same(heard: World) -> None:
    assert counts(heard, "duty", "熱水") == counts(heard, "duty", "热水")
    assert counts(heard, "duty", "食　堂") == counts(heard, "duty", "食 堂")


def test_one_kind_is_listed_page_by_page(heard: World, as_role: SignIn) -> None:
    posts([(f"食堂第 {number} 问", "食堂") for number in range(40)], at=NOW + timedelta(hours=1))
    hear_all(NOW + timedelta(hours=2))
    first = get(as_role("duty"), "?q=食堂&kind=mention")
    assert "第 1–30 条，共 43 条" in first
    assert "第 31–43 条，共 43 条" in get(as_role("duty"), "?q=食堂&kind=mention&page=2")


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%EF%BC%9F", "?q=没有的词", "?q=食堂&kind=no", "?q=食堂&kind=case&page=9"]
)
def test_every_search_has_an_answer_that_helps(heard: World, as_role: SignIn, query: str) -> None:
    assert "搜索" in get(as_role("duty"), query)


def test_a_search_of_a_book_is_cut(heard: World, as_role: SignIn) -> None:
    assert as_role("duty").get("/search/", {"q": "食" * 5000}).status_code == 200


def test_the_page_speaks_english(heard: World, as_role: SignIn) -> None:
    client = as_role("duty")
    client.cookies["django_language"] = "en"
    page = get(client, "?q=食堂")
    assert "4 in all" in page
    assert "Make a watch of it" in page
