"""A title that climbs a ranked list: where it stood is kept from visit to visit, and told before it is among the first ten."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from huiying.desk.collect import placings
from huiying.desk.collect.actions import purge_due, store
from huiying.desk.collect.models import Mention, Placing, Source
from huiying.desk.collect.sources.base import Harvest, Item
from huiying.desk.listen import ledger
from huiying.desk.listen.models import Story
from huiying.desk.listen.queries import climb_of, climbing, climbs_of, steps
from tests.desk.listen_world import hear_all, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
OURS = "青禾中学食堂有异味"
HOUR = timedelta(hours=1)
WHY = [
    [
        "两小时从第 25 位到第 12 位（抬高可能，若如平常是 5%）",
        "place 25 → 12 in two hours (raises the chance, otherwise 5%)",
    ]
]


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def hot(world: World) -> Source:
    return Source.objects.create(name="热榜", kind="newsnow", site="热榜", created_at=NOW)


def entries(place: int, many: int = 40) -> list[Item]:
    """A list on which our title has this place."""
    titles = [f"第{number}件旧事" for number in range(many - 1)]
    titles.insert(place - 1, OURS)
    return [Item(key=title, title=title, kind="list", rank=at) for at, title in enumerate(titles, 1)]


def visit(source: Source, at: datetime, place: int, many: int = 40) -> None:
    items = entries(place, many)
    store(source, Harvest(items=items), at)
    placings.note(source, items, at)


def ours() -> Mention:
    return Mention.objects.get(title=OURS)


def last() -> Placing:
    """What the newest visit said of our title."""
    found = Placing.objects.filter(mention=ours()).order_by("-at").first()
    assert found is not None
    return found


def climbed(source: Source, *places: int) -> Placing:
    """Visits hour by hour, the last one now."""
    for number, place in enumerate(places):
        visit(source, NOW - (len(places) - 1 - number) * HOUR, place)
    return last()


# ---- kept from visit to visit


def test_where_an_entry_stands_is_kept_from_visit_to_visit_though_the_post_is_stored_once(
    hot: Source,
) -> None:
    climbed(hot, 30, 30, 25, 12)
    assert Mention.objects.filter(title=OURS).count() == 1
    assert [row.place for row in ours().placings.all()] == [30, 30, 25, 12]
    assert steps(placings.standing(ours())) == "30 → 25 → 12"


def test_of_several_visits_in_an_hour_the_newest_is_shown(hot: Source) -> None:
    for minutes, place in ((0, 30), (10, 28), (50, 20), (60, 15)):
        visit(hot, NOW + timedelta(minutes=minutes), place)
    assert [row.place for row in placings.standing(ours())] == [20, 15]


def test_the_same_visit_twice_is_written_once(hot: Source) -> None:
    visit(hot, NOW, 20)
    visit(hot, NOW, 20)
    assert ours().placings.count() == 1


def test_posts_without_a_place_leave_no_trace_here(hot: Source) -> None:
    placings.note(hot, [Item(key="a", title="甲")], NOW)
    assert not Placing.objects.exists()


def test_places_are_dropped_when_nothing_looks_back_to_them(hot: Source) -> None:
    visit(hot, NOW - placings.KEPT - HOUR, 20)
    visit(hot, NOW, 20)
    assert purge_due(now=NOW) >= 40
    assert {row.at for row in Placing.objects.all()} == {NOW}


# ---- what is expected


def test_a_title_that_climbs_is_expected_sooner_than_one_that_sinks(hot: Source) -> None:
    up = climbed(hot, 38, 38, 25, 12)
    other = Source.objects.create(name="另一榜", kind="newsnow", created_at=NOW)
    for number, place in enumerate((12, 12, 25, 38)):
        items = [
            Item(key=f"b{one.key}", title=one.title, kind="list", rank=one.rank) for one in entries(place)
        ]
        store(other, Harvest(items=items), NOW - (3 - number) * HOUR)
        placings.note(other, items, NOW - (3 - number) * HOUR)
    down = Placing.objects.get(mention__source=other, mention__title=OURS, at=NOW)
    assert up.climb is not None
    assert down.climb is not None
    assert 0 < down.climb < up.climb < 1


def test_a_title_that_is_worth_telling_carries_its_reasons(
    hot: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiying.engine.listen.learn.climb.TELL", 0.0)
    row = climbed(hot, 38, 38, 25, 12)
    assert 1 <= len(row.climb_why) <= 3
    assert any("从第 25 位到第 12 位" in zh or "从第 38 位到第 12 位" in zh for zh, _en in row.climb_why)


@pytest.mark.parametrize(
    ("places", "many"),
    [((25, 12), 40), ((38, 38, 25, 8), 40), ((15, 15, 14, 12), 19)],
    ids=["too little is known of the list", "among the first ten already", "a short list"],
)
def test_where_it_cannot_be_said_nothing_is_said(hot: Source, places: tuple[int, ...], many: int) -> None:
    for number, place in enumerate(places):
        visit(hot, NOW - (len(places) - 1 - number) * HOUR, place, many)
    assert last().climb is None


def test_who_was_among_the_first_ten_is_not_announced_again(hot: Source) -> None:
    assert climbed(hot, 20, 9, 12, 14).climb is None


# ---- told


@pytest.fixture
def told(hot: Source, world: World) -> Placing:
    """Our title, which answers to a watch and is likely to arrive."""
    watch("食堂", "食堂")
    row = climbed(hot, 38, 38, 25, 12)
    hear_all()
    Placing.objects.filter(at=NOW).update(climb=0.31, climb_why=WHY)
    row.refresh_from_db()
    return row


def test_only_titles_that_answer_to_a_watch_are_told_and_only_those_that_are_likely(told: Placing) -> None:
    assert climbing(NOW) == [told]
    Placing.objects.filter(pk=told.pk).update(climb=0.1)
    assert climbing(NOW) == []


def test_what_is_not_ours_is_not_told(told: Placing) -> None:
    Story.objects.update(status=Story.Status.DISMISSED)
    assert climbing(NOW) == []


@pytest.mark.parametrize(("passed", "known"), [(timedelta(minutes=119), True), (timedelta(hours=2), False)])
def test_what_a_visit_said_is_told_for_two_hours(told: Placing, passed: timedelta, known: bool) -> None:
    assert bool(climbing(NOW + passed)) is known
    assert bool(climb_of(told.mention, NOW + passed)) is known


def test_a_title_that_left_the_list_is_told_no_longer(told: Placing, hot: Source) -> None:
    items = [one for one in entries(12) if one.title != OURS]
    store(hot, Harvest(items=items), NOW + HOUR / 2)
    placings.note(hot, items, NOW + HOUR / 2)
    assert climbing(NOW + HOUR / 2) == []
    assert climbs_of(Story.objects.get(), NOW + HOUR / 2) == []


@pytest.mark.parametrize("page", ["today", "story", "mention"])
def test_the_warning_stands_on_today_on_the_story_and_on_the_post(
    told: Placing, as_role: SignIn, page: str
) -> None:
    addresses = {
        "today": "/",
        "story": reverse("listen:story", args=[Story.objects.get().pk]),
        "mention": reverse("collect:mention", args=[told.mention_id]),
    }
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        shown = as_role("duty").get(addresses[page]).content.decode()
    assert "榜单预警" in shown
    assert "6 小时内可能进前十（31%）" in shown
    assert "从第 25 位到第 12 位" in shown


def test_the_warning_is_said_in_english_too(told: Placing, as_role: SignIn) -> None:
    client = as_role("duty")
    client.cookies["django_language"] = "en"
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        shown = client.get("/").content.decode()
    assert "may be among the first ten within 6 h (31%)" in shown
    assert "place 25 → 12 in two hours" in shown


def test_a_title_that_is_not_likely_says_so_on_its_own_page(told: Placing, as_role: SignIn) -> None:
    Placing.objects.filter(pk=told.pk).update(climb=0.02, climb_why=[])
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        shown = as_role("duty").get(reverse("collect:mention", args=[told.mention_id])).content.decode()
    assert "6 小时内不大会进前十（2%）" in shown


def test_nothing_stands_there_without_a_list(world: World, as_role: SignIn) -> None:
    assert "榜单预警" not in as_role("duty").get("/").content.decode()
