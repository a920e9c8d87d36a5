"""The sample: a matter that is always the same, on sites that read like real ones."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from huiying.desk.collect.sources.feed.parse import parse
from huiying.desk.sample.posts import LONG, posts
from huiying.desk.sample.server import Show, answer, serve
from huiying.desk.shell.zone import here

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SHOW = Show(START, 6, "http://127.0.0.1:8601")


@pytest.fixture
def base() -> Iterator[str]:
    """A running server whose play is over, so that everything shows."""
    server = serve(0, 1, datetime.now(UTC) - timedelta(hours=1))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_there_are_several_hundred_posts_and_always_the_same_ones() -> None:
    first = [post.id for post in posts()]
    posts.cache_clear()
    assert [post.id for post in posts()] == first
    assert 300 <= len(first) <= 900 and len(set(first)) == len(first)


def test_posts_stand_in_the_order_of_time_within_three_days() -> None:
    hours = [post.hour for post in posts()]
    assert hours == sorted(hours) and hours[0] >= 0 and hours[-1] < LONG


def test_a_site_shows_only_what_has_been_written_by_then() -> None:
    half = START + timedelta(minutes=3)
    assert {post.hour <= 51 for post in SHOW.visible("forum", half)} == {True}
    assert 0 < len(SHOW.visible("forum", START)) < len(SHOW.visible("forum", half))
    assert len(SHOW.visible("forum", START + timedelta(minutes=6))) > len(SHOW.visible("forum", half))


def test_a_post_carries_a_time_in_the_past_once_it_shows() -> None:
    for minutes in (1, 3, 6):
        now = START + timedelta(minutes=minutes)
        assert all(SHOW.at(post) <= now for post in SHOW.visible("micro", now))


@pytest.mark.parametrize("site", ["forum", "micro", "parents", "paper"])
def test_the_feeds_are_read_by_the_real_reader(site: str) -> None:
    now = START + timedelta(minutes=6)
    found = answer(SHOW, f"/{site}", now)
    assert found is not None
    kind, body = found
    harvest = parse(body.encode(), kind, f"{SHOW.base}/{site}", now, here())
    shown = SHOW.visible(site, now)
    assert [item.title for item in harvest.items] == [post.title for post in shown]
    assert harvest.rejected == [] and all(item.posted_at for item in harvest.items)


def test_a_notice_that_arrives_is_shown(base: str) -> None:
    request = urllib.request.Request(f"{base}/robot/duty", data="首报 <30 分钟".encode(), method="POST")
    with urllib.request.urlopen(request) as told:
        assert told.status == 200
    with urllib.request.urlopen(f"{base}/notices/") as page:
        assert "首报 &lt;30 分钟" in page.read().decode()


def test_an_address_that_is_none_says_so(base: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{base}/nowhere")
