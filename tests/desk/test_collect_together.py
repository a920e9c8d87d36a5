"""Several workers and people at once: nothing is visited twice, stored twice, or seen out of order."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connections

from huiying.desk.collect.actions import install_source, store
from huiying.desk.collect.models import Mention, Source
from huiying.desk.collect.sources.base import Harvest, Item
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.work import fetch_due
from huiying.desk.net.client import Client, Limits
from tests.desk.servers.sites import Site, serving, visitor
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def together(*works: Callable[[], object]) -> None:
    """Runs them at once; what one raises is raised here."""
    faults: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def feed(site: Site, number: int, host: str = "") -> Source:
    item = "<item><guid>{0}</guid><title>第 {0} 帖</title></item>"
    body = "".join(item.format(n) for n in range(5))
    address = site.says(f"/{number}", f'<rss version="2.0"><channel>{body}</channel></rss>')
    values = Values(name=f"论坛 {number}", settings={"address": address}, host=host or f"site{number}")
    return install_source(now=NOW, kind="feed", values=values)


def patient() -> Client:
    return visitor(limits=Limits())


def work(name: str) -> Callable[[], int]:
    return lambda: fetch_due(now=NOW, worker=name, most=100, open_client=patient)


def test_workers_share_the_sources_and_visit_each_once(site: Site) -> None:
    for number in range(12):
        feed(site, number)
    together(*(work(f"w{n}") for n in range(4)))
    assert [source.name for source in Source.objects.exclude(error_code="")] == []
    assert sorted(site.times(f"/{number}") for number in range(12)) == [1] * 12
    assert Mention.objects.count() == 60


def test_one_site_is_never_visited_by_two_at_once(site: Site) -> None:
    for number in range(4):
        feed(site, number, host="bbs.example.cn")
    together(*(work(f"w{n}") for n in range(4)))
    assert len(site.asked) == 1


def test_the_same_call_from_both_sides_is_stored_once(site: Site) -> None:
    source = feed(site, 0)
    harvest = Harvest(items=[Item(key=str(n), title=f"第 {n} 帖") for n in range(300)])
    together(*(lambda: store(source, harvest, NOW) for _ in range(4)))
    assert Mention.objects.count() == 300


def test_whoever_remembers_the_last_number_misses_no_mention(site: Site) -> None:
    """Numbers become visible in order, although many write at once."""
    sources, heard, done = [feed(site, number) for number in range(4)], list[int](), threading.Event()

    def write(source: Source) -> None:
        for start in range(0, 200, 20):
            items = [Item(key=str(n), title=f"{source.pk} {n}") for n in range(start, start + 20)]
            store(source, Harvest(items=items), NOW)

    def write_all() -> None:
        together(*(lambda source=source: write(source) for source in sources))
        done.set()

    def hear() -> None:
        last, over = 0, False
        while not over:
            over = done.is_set()
            found = list(Mention.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True))
            heard.extend(found)
            last = found[-1] if found else last

    together(write_all, hear)
    assert len(heard) == len(set(heard)) == Mention.objects.count() == 800


def test_a_source_is_changed_while_it_is_visited_and_nothing_is_mixed_up(site: Site) -> None:
    source = feed(site, 0)
    values = Values(name="论坛 0", settings={"address": site.url("/0")}, site="改过", host="site0")

    def change() -> None:
        install_source(now=NOW + timedelta(seconds=1), kind="feed", values=values)

    together(work("w"), change)
    source.refresh_from_db()
    assert source.site == "改过"
    moment: datetime = NOW + timedelta(minutes=20)
    fetch_due(now=moment, worker="w", most=5, open_client=patient)
    assert Mention.objects.count() == 5
