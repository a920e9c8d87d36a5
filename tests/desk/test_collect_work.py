"""Visiting what is due: one at a time a site, patient with failures, and never taking a broken source for silence."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from huiying.desk.collect import actions
from huiying.desk.collect.attempts import TELL_AFTER
from huiying.desk.collect.models import Fetch, Heightened, Host, Mention, Source
from huiying.desk.collect.queries import State, health
from huiying.desk.collect.sources.base import Harvest, Item
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.work import fetch_due, fetch_one, leases, next_due, pace, visits
from huiying.desk.collect.work.outcomes import record
from huiying.desk.net.client import Client
from huiying.desk.notify.models import Message
from tests.desk.servers.sites import HOSTILE, Site, serving, visitor
from tests.desk.world import World

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>青禾论坛</title>{}</channel></rss>"""
Make = Callable[..., Source]


def feed(*keys: str) -> str:
    item = "<item><guid>{0}</guid><title>第 {0} 帖</title><link>https://bbs.example.cn/t/{0}</link></item>"
    return FEED.format("".join(item.format(key) for key in keys))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def add(world: World, now: datetime) -> Make:
    def make(name: str, address: str, host: str = "", **fields: object) -> Source:
        values = Values(name=name, settings={"address": address}, host=host or name, **fields)  # type: ignore[arg-type]
        return actions.add_source(by=world["office"], now=now, kind="feed", values=values)

    return make


def visit(now: datetime, most: int = 10, client: Callable[[], Client] = visitor) -> int:
    return fetch_due(now=now, worker="w", most=most, open_client=client)


def again(source: Source) -> Source:
    source.refresh_from_db()
    return source


def test_what_is_due_is_visited_and_the_next_visit_is_an_interval_later(
    add: Make, site: Site, now: datetime
) -> None:
    source = add("论坛", site.says("/rss", feed("1", "2")), interval_s=600)
    assert visit(now) == 1
    assert Mention.objects.count() == 2
    source = again(source)
    assert timedelta(minutes=9) < source.next_fetch_at - now < timedelta(minutes=11)  # type: ignore[operator]
    assert (source.failures, source.leased_until) == (0, None)
    fetch = source.fetches.get()
    assert (fetch.outcome, fetch.found, fetch.new) == ("new", 2, 2)
    assert visit(now + timedelta(minutes=5)) == 0
    assert next_due(now) == source.next_fetch_at


def test_a_conditional_request_is_answered_with_nothing_new(add: Make, site: Site, now: datetime) -> None:
    source = add(
        "论坛", site.says("/rss", feed("1"), etag='"v1"', last_modified="Mon, 23 Nov 2026 08:00:00 GMT")
    )
    visit(now)
    site.says("/rss", b"", status=304)
    later = again(source).next_fetch_at
    visit(later)  # type: ignore[arg-type]
    headers = site.asked[-1][1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Mon, 23 Nov 2026 08:00:00 GMT"
    assert source.fetches.first().outcome == Fetch.Outcome.UNCHANGED  # type: ignore[union-attr]
    assert again(source).cursor["etag"] == '"v1"'


def test_each_hostile_site_is_told_on_its_own_page_and_the_others_go_on(
    add: Make, site: Site, now: datetime
) -> None:
    good = add("好的论坛", site.says("/good", feed("1")))
    bad = {path: add(path, site.does(path, act)) for path, (act, _code) in HOSTILE.items()}
    assert visit(now, most=20) == len(bad) + 1
    assert again(good).error_code == ""
    assert Mention.objects.get().source == good
    for path, source in bad.items():
        assert again(source).error_code == HOSTILE[path][1], path
        assert source.error_zh
        assert source.error_en
        assert source.fetches.get().outcome == Fetch.Outcome.FAILED
        assert source.last_ok_at is None


def test_failures_are_retried_ever_more_slowly_and_success_forgives_them(
    add: Make, site: Site, now: datetime
) -> None:
    source, waits = add("论坛", site.says("/rss", b"", status=500)), []
    at = now
    for number in range(1, 10):
        assert visit(at) == 1
        source = again(source)
        assert source.failures == number
        waits.append((source.next_fetch_at - at).total_seconds())  # type: ignore[operator]
        at = source.next_fetch_at  # type: ignore[assignment]
    assert 50 < waits[0] < 75
    assert all(later > 1.5 * earlier for earlier, later in pairwise(waits[:5]))
    assert 3000 < waits[-1] < 4100
    assert source.failing_since is not None and source.failing_since - now < timedelta(seconds=5)
    site.says("/rss", feed("1"))
    visit(at)
    source = again(source)
    assert (source.failures, source.failing_since, source.error_code) == (0, None, "")


def test_a_site_that_asks_for_patience_gets_it_for_all_its_sources(
    add: Make, site: Site, now: datetime
) -> None:
    busy = add("甲", site.says("/busy", b"", status=429, retry_after="1800"), host="bbs.example.cn")
    other = add("乙", site.says("/other", feed("1")), host="bbs.example.cn")
    visit(now, most=1)
    assert again(busy).next_fetch_at - now >= timedelta(seconds=1800)  # type: ignore[operator]
    assert visit(now + timedelta(minutes=20)) == 0
    waiting = health(again(other), now + timedelta(minutes=20))
    assert (waiting.state, waiting.mark) == (State.WAITING, "warn")  # and not: nobody reads it
    assert visit(now + timedelta(minutes=31)) >= 1
    assert again(other).last_ok_at is not None


def test_a_site_is_visited_by_one_at_a_time_with_a_pause_between(
    add: Make, site: Site, now: datetime
) -> None:
    for name in ("甲", "乙", "丙"):
        add(name, site.says(f"/{name}", feed("1")), host="bbs.example.cn")
    assert visit(now) == 1
    assert visit(now) == 0
    assert visit(now + timedelta(seconds=30)) == 1


def test_two_workers_never_take_the_same_source(add: Make, site: Site, now: datetime) -> None:
    add("论坛", site.says("/rss", feed("1")))
    [first] = leases.take(now, "first", 5)
    assert leases.take(now, "second", 5) == []
    assert fetch_one(first.source, now=now, worker="third", open_client=visitor) is None


def test_the_lease_of_a_killed_worker_runs_out_and_nothing_is_lost(
    add: Make, site: Site, now: datetime
) -> None:
    source = add("论坛", site.says("/rss", feed("1")))
    leases.take(now, "killed", 1)
    assert visit(now + timedelta(minutes=4)) == 0
    assert visit(now + timedelta(minutes=6)) == 1
    assert again(source).mentions.count() == 1


def test_a_slow_worker_that_lost_its_lease_writes_nothing(add: Make, site: Site, now: datetime) -> None:
    add("论坛", site.says("/rss", feed("1")))
    [slow] = leases.take(now, "slow", 1)
    outcome = visits.go(visits.plan(slow.source, now), visitor)
    assert visit(now + timedelta(minutes=6)) == 1
    assert record(slow, outcome, now) is None
    assert Fetch.objects.count() == 1


def test_settings_that_changed_during_a_visit_make_its_result_void(
    add: Make, site: Site, world: World, now: datetime
) -> None:
    source = add("论坛", site.says("/old", feed("1")))
    [lease] = leases.take(now, "w", 1)
    outcome = visits.go(visits.plan(lease.source, now), visitor)
    values = Values(name="论坛", settings={"address": site.says("/new", feed("2"))}, host="论坛")
    actions.change_source(by=world["office"], now=now, source=source, values=values)
    assert record(lease, outcome, now) is None
    visit(now + timedelta(minutes=6))
    assert Mention.objects.get().key == "2"


def test_the_people_on_duty_hear_once_that_a_source_is_broken_and_once_that_it_is_well(
    add: Make, site: Site, world: World, now: datetime
) -> None:
    source, at = add("论坛", site.says("/rss", b"", status=500)), now
    for _ in range(TELL_AFTER + 3):
        visit(at)
        at = again(source).next_fetch_at  # type: ignore[assignment]
    told = Message.objects.get()
    assert told.person == world["duty"]
    assert "论坛" in told.subject
    assert "不等于没有人说话" in told.body
    assert told.link == f"/sources/{source.pk}/"
    site.says("/rss", feed("1"))
    visit(at)
    assert "恢复" in Message.objects.order_by("-pk").first().subject  # type: ignore[union-attr]
    visit(again(source).next_fetch_at)  # type: ignore[arg-type]
    assert Message.objects.count() == 2


def test_a_short_failure_troubles_nobody(add: Make, site: Site, now: datetime) -> None:
    source = add("论坛", site.says("/rss", b"", status=500))
    visit(now)
    site.says("/rss", feed("1"))
    visit(again(source).next_fetch_at)  # type: ignore[arg-type]
    assert Message.objects.count() == 0


def test_heightened_watch_shortens_intervals_and_brings_waiting_visits_forward(
    add: Make, site: Site, world: World, now: datetime
) -> None:
    source = add("论坛", site.says("/rss", feed("1")), interval_s=3600)
    visit(now)
    begins = now + timedelta(minutes=20)
    actions.heighten(
        by=world["office"],
        now=now,
        name="高考",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        factor=6,
    )
    assert next_due(now) == begins
    assert visit(begins - timedelta(seconds=1)) == 0
    assert visit(begins) == 1
    wait = again(source).next_fetch_at - begins  # type: ignore[operator]
    assert timedelta(minutes=9) < wait < timedelta(minutes=11)
    after = begins + timedelta(hours=2, minutes=1)
    visit(after)
    assert again(source).next_fetch_at - after > timedelta(minutes=55)  # type: ignore[operator]


def test_a_period_that_is_ended_counts_no_longer(world: World, now: datetime) -> None:
    period = actions.heighten(
        by=world["office"], now=now, name="应急", starts_at=now, ends_at=now + timedelta(days=1)
    )
    actions.end_heightened(by=world["office"], now=now + timedelta(hours=1), period=period)
    assert Heightened.objects.get().ends_at == now + timedelta(hours=1)


def test_a_paused_source_is_left_alone_and_goes_on_when_resumed(
    add: Make, site: Site, world: World, now: datetime
) -> None:
    source = add("论坛", site.says("/rss", feed("1")))
    actions.pause(by=world["office"], now=now, source=source)
    assert visit(now + timedelta(days=1)) == 0
    assert next_due(now) is None
    actions.resume(by=world["office"], now=now, source=again(source))
    assert visit(now) == 1


def test_fetch_now_goes_before_the_back_off(add: Make, site: Site, world: World, now: datetime) -> None:
    source = add("论坛", site.says("/rss", b"", status=500))
    visit(now)
    Source.objects.update(next_fetch_at=now + timedelta(hours=1))
    soon = now + timedelta(seconds=30)
    actions.fetch_soon(by=world["office"], now=soon, source=again(source))
    assert visit(soon) == 1


def test_a_fault_of_ours_is_a_trouble_of_one_source_only(
    add: Make, site: Site, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken = add("坏的", site.says("/bad", feed("1")))
    Source.objects.filter(pk=broken.pk).update(settings={"address": ["not", "text"]})
    missing = add("缺的", site.says("/missing", feed("1")))
    Source.objects.filter(pk=missing.pk).update(settings={})
    good = add("好的", site.says("/good", feed("1")))
    visit(now)
    assert again(good).mentions.count() == 1
    assert again(missing).error_code == "settings.missing"
    assert again(broken).error_code in {"address.invalid", "internal"}


def test_a_lost_secret_says_what_to_do(add: Make, site: Site, now: datetime, settings: object) -> None:
    source = add("论坛", site.says("/rss", feed("1")))
    Source.objects.filter(pk=source.pk).update(secret="gAAAAA-not-ours")
    visit(now)
    assert again(source).error_code == "secret.lost"


def test_an_answer_that_could_not_be_read_is_kept_for_whoever_mends_it(
    add: Make, site: Site, now: datetime
) -> None:
    source = add(
        "论坛", site.says("/rss", "<!doctype html><title>系统维护中</title><p>请稍后</p>", "text/html")
    )
    visit(now)
    fetch = source.fetches.get()
    assert (fetch.code, "系统维护中" in fetch.message_zh) == ("feed.html", True)
    assert fetch.sample


@pytest.mark.parametrize("seed", ["1", "2", "a longer one"])
def test_the_pace_is_spread_but_repeatable(seed: str) -> None:
    wait = pace.after_success(600, 1.0, seed)
    assert wait == pace.after_success(600, 1.0, seed)
    assert timedelta(seconds=570) < wait < timedelta(seconds=630)
    assert pace.after_success(60, 20.0, seed) > pace.LEAST * 0.9
    assert pace.after_success(5, 1.0, seed) < timedelta(seconds=6)
    busy = pace.after_failure(3600, 1.0, 1, None, seed, busy=True)
    assert busy > timedelta(minutes=50)
    assert pace.after_failure(86400, 1.0, 1, None, seed) < timedelta(minutes=2)
    assert pace.after_failure(86400, 1.0, 30, None, seed) > timedelta(hours=20)
    assert pace.after_failure(60, 1.0, 1, timedelta(hours=5), seed) == timedelta(hours=5)


def test_hosts_are_kept_once(add: Make, site: Site, now: datetime) -> None:
    for name in ("甲", "乙"):
        add(name, site.says(f"/{name}", feed("1")), host="bbs.example.cn")
    visit(now)
    visit(now + timedelta(minutes=1))
    assert Host.objects.count() == 1


def test_a_failing_answer_shows_its_beginning(add: Make, site: Site, now: datetime) -> None:
    source = add(
        "论坛", site.says("/rss", "<html><title>维护</title>系统维护中</html>".encode("gb18030"), "text/html")
    )
    visit(now)
    assert "系统维护中" in source.fetches.get().answer


def test_a_slow_site_holds_up_nobody(add: Make, site: Site, now: datetime) -> None:
    """More sources than places: those that wait get the places of those that are done, while the slow one goes on."""
    add("慢", site.does("/slow", HOSTILE["/drip"][0]))
    quick = [add(f"快 {n}", site.says(f"/{n}", feed("1"))) for n in range(20)]
    assert visit(now, most=100) == 21
    done = [again(source).last_ok_at for source in quick]
    assert all(at is not None and at - now < timedelta(seconds=30) for at in done)
    asked = [path for path, _headers in site.asked]
    assert asked.index("/slow") < asked.index("/19")


def test_what_a_source_reports_of_another_site_counts_in_that_site_s_tier(
    add: Make, world: World, now: datetime
) -> None:
    add("省报", "https://sb.example.cn/rss", site="省报", tier="provincial")
    digest = add("汇总", "https://hz.example.cn/rss", site="汇总", tier="local")
    items = [
        Item(key="1", title="x", site="省报"),
        Item(key="2", title="y", site="某站"),
        Item(key="3", title="z"),
    ]
    actions.store(digest, Harvest(items=items), now)
    assert dict(Mention.objects.values_list("key", "tier")) == {"1": "provincial", "2": "local", "3": "local"}
