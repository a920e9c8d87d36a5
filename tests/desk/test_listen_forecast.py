"""A story's forecast on the desk: heard with the posts, said with what led to it, silent where it was not measured."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from huiying.desk.listen import ledger
from huiying.desk.listen.models import Story
from tests.desk.handling import with_plan
from tests.desk.listen_world import hear_all, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
WHY = [
    [
        "100 条用了 20 分钟，一般是 1.6 小时，抬高可能",
        "100 mentions took 20 min, usually 1.6 h: raises the chance",
    ]
]


@pytest.fixture(autouse=True)
def _at_rest() -> object:
    ledger.forget()
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        yield


@pytest.fixture
def story(world: World) -> Story:
    """A story of a hundred posts within twenty minutes."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    posts(
        [("二食堂的饭菜有异味", f"第 {n} 个人说二食堂的饭菜有异味") for n in range(100)],
        gap=timedelta(seconds=12),
    )
    hear_all()
    return Story.objects.get()


def page(client: Client, story: Story, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    return client.get(f"/listen/stories/{story.pk}/").content.decode()


def test_a_fast_story_of_a_hundred_posts_is_likely_to_double_and_says_why(
    story: Story, as_role: SignIn
) -> None:
    assert story.mentions_count == 100
    assert story.forecast is not None
    assert story.forecast > 0.65
    assert any("100 条用了 20 分钟" in zh for zh, _en in story.forecast_evidence)
    shown = page(as_role("duty"), story)
    assert "为什么这样预测" in shown
    assert "100 条用了 20 分钟" in shown
    assert "只在 100 到 300 条之间检验过" in shown


def test_the_reasons_are_said_in_english_too(story: Story, as_role: SignIn) -> None:
    Story.objects.update(forecast_evidence=WHY)
    shown = page(as_role("duty"), story, "en")
    assert "Why this forecast" in shown
    assert WHY[0][1] in shown


@pytest.mark.parametrize(
    "changed", [{"forecast": None}, {"forecast_evidence": []}, {"last_at": NOW - timedelta(days=2)}]
)
def test_nothing_is_explained_where_nothing_is_said(
    story: Story, as_role: SignIn, changed: dict[str, object]
) -> None:
    Story.objects.update(**{"forecast_evidence": WHY, **changed})
    assert "为什么这样预测" not in page(as_role("duty"), story)
