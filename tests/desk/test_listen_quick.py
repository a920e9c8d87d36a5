"""Rows written many at once are read back as Django itself would have written them."""

from datetime import datetime, timedelta, timezone

import pytest

from huiying.desk.listen import quick, search
from huiying.desk.listen.models import SearchDoc, Story
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
BEIJING = timezone(timedelta(hours=8))


def _story(number: int, **fields: object) -> Story:
    said = {
        "title": "“引号”和 100%",
        "first_at": NOW,
        "last_at": NOW.astimezone(BEIJING),
        "terms": ["停水", "it's"],
    }
    return Story(key=f"s{number}", **{**said, **fields})


def test_new_rows_stand_in_the_order_given_with_every_kind_of_value(world: World) -> None:
    quick.insert(
        [
            _story(1, forecast=None, points=[[NOW.isoformat(), 3, 1.5]], unit=world.units["hqc"]),
            _story(2, forecast=0.25, sites={"论坛": 2}, proposed_at=None, level=3),
        ]
    )
    first, second = Story.objects.order_by("pk")
    assert (first.key, second.key) == ("s1", "s2")
    assert first.title == "“引号”和 100%"
    assert (first.first_at, first.last_at) == (NOW, NOW)
    assert (first.forecast, second.forecast) == (None, 0.25)
    assert (first.unit, second.unit) == (world.units["hqc"], None)
    assert (first.terms, first.points, second.sites) == (
        ["停水", "it's"], [[NOW.isoformat(), 3, 1.5]], {"论坛": 2},
    )  # fmt: skip
    assert Story.objects.filter(sites={"论坛": 2}, level=3, assessed_by=None).get() == second


def test_only_the_named_fields_are_written(world: World) -> None:
    stories = Story.objects.bulk_create([_story(1), _story(2)])
    later: datetime = NOW + timedelta(hours=1)
    for story in stories:
        story.title, story.last_at, story.terms = "新", later, []
    quick.update(stories, ["last_at", "terms"])
    for story in Story.objects.all():
        assert (story.title, story.last_at, story.terms) == ("“引号”和 100%", later, [])


def test_nothing_to_write_is_nothing_written(world: World) -> None:
    quick.insert([])
    quick.update([], ["title"])
    assert not Story.objects.exists()


def test_words_told_in_another_order_are_found_and_go_when_they_go(world: World) -> None:
    """What the index holds is not written again when only the order of words changed."""
    search.put("story", 1, "停水", "热水 食堂", NOW)
    search.put("story", 1, "停水", "食堂 热水", NOW)
    assert SearchDoc.objects.get().body == "停水 食堂 热水"
    assert [found.refs for found in search.search("食堂 热水")] == [(1,)]
    search.put("story", 1, "停水", "校车", NOW)
    assert search.search("食堂") == []
    assert search.drop("story", [1]) == 1
    assert search.search("校车") == []
