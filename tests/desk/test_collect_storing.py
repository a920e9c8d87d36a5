"""Each mention once, with its evidence; names become voices; secrets are sealed."""

import hashlib
import zlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from huiying.desk.collect import seal
from huiying.desk.collect.actions import purge_due, store
from huiying.desk.collect.models import Capture, Fetch, Mention, Source, Tier
from huiying.desk.collect.sources.base import Harvest, Item, Payload, Rejected, key_of, trimmed, web_address
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db
BODY = "<rss>停水</rss>".encode()


@pytest.fixture
def source() -> Source:
    return Source.objects.create(
        name="青禾论坛", kind="feed", tier=Tier.LOCAL, site="青禾论坛", host="bbs.example.cn", created_at=NOW
    )


def post(key: str, **fields: object) -> Item:
    return Item(key=key, title=f"第 {key} 帖", text="宿舍停水", **fields)  # type: ignore[arg-type]


def harvest(*items: Item) -> Harvest:
    payload = Payload(address="https://bbs.example.cn/rss", content_type="application/xml", body=BODY)
    return Harvest(items=list(items), payloads=[payload])


def test_the_same_harvest_again_stores_nothing_and_loses_nothing(source: Source, now: datetime) -> None:
    first = store(source, harvest(post("1"), post("2")), now)
    again = store(source, harvest(post("2"), post("3"), post("1")), now + timedelta(minutes=5))
    assert (first.new, first.known) == (2, 0)
    assert (again.new, again.known) == (1, 2)
    assert list(Mention.objects.values_list("key", flat=True)) == ["1", "2", "3"]


def test_an_item_that_a_source_names_twice_is_one_mention_and_the_first_counts(
    source: Source, now: datetime
) -> None:
    stored = store(source, harvest(post("1"), replace(post("1"), title="改过的标题")), now)
    assert stored.new == 1
    assert Mention.objects.get().title == "第 1 帖"


def test_two_sources_may_use_the_same_key(source: Source, now: datetime) -> None:
    other = Source.objects.create(name="另一个论坛", kind="feed", created_at=now)
    assert store(source, harvest(post("1")), now).new + store(other, harvest(post("1")), now).new == 2


def test_mentions_are_numbered_in_the_order_in_which_they_were_posted(source: Source, now: datetime) -> None:
    items = [post("late", posted_at=now), post("unknown"), post("early", posted_at=now - timedelta(days=1))]
    store(source, harvest(*items), now)
    assert list(Mention.objects.order_by("id").values_list("key", flat=True)) == ["early", "late", "unknown"]


def test_evidence_is_the_payload_as_it_came_with_its_hash(source: Source, now: datetime) -> None:
    store(source, harvest(post("1")), now)
    store(source, harvest(post("2")), now + timedelta(hours=1))
    capture = Capture.objects.get()  # the same bytes are kept once
    assert zlib.decompress(bytes(capture.payload)) == BODY
    assert capture.sha256 == hashlib.sha256(BODY).hexdigest()
    assert capture.captured_at == now
    assert {mention.capture_id for mention in Mention.objects.all()} == {capture.pk}


def test_a_payload_that_brought_nothing_new_is_not_kept(source: Source, now: datetime) -> None:
    store(source, harvest(post("1")), now)
    other = harvest(post("1"))
    other.payloads = [replace(other.payloads[0], body=b"<rss>changed</rss>")]
    store(source, other, now)
    assert Capture.objects.count() == 1


def test_a_name_becomes_a_voice_that_is_the_same_only_at_the_same_site(source: Source, now: datetime) -> None:
    items = [
        post("1", author="某某网友"),
        post("2", author=" 某某网友 "),
        post("3", author="另一位"),
        post("4", author="某某网友", site="别处"),
        post("5"),
    ]
    store(source, harvest(*items), now)
    voices = {mention.key: mention.voice for mention in Mention.objects.all()}
    assert voices["1"] == voices["2"]
    assert len({voices["1"], voices["3"], voices["4"]}) == 3
    assert voices["5"] == ""
    assert "某某网友" not in str(list(Mention.objects.values()))


def test_another_key_makes_other_voices(settings: object) -> None:
    before = seal.voice("某某网友", "论坛")
    settings.SECRET_KEY = "another-secret"  # type: ignore[attr-defined]
    assert seal.voice("某某网友", "论坛") != before


def test_the_site_of_a_mention_is_said_by_the_item_the_source_or_the_address(
    source: Source, now: datetime
) -> None:
    bare = Source.objects.create(name="汇总", kind="feed", created_at=now)
    store(source, harvest(post("1"), post("2", site="校园网")), now)
    store(bare, harvest(post("3", address="https://news.example.cn/3"), post("4")), now)
    sites = {mention.key: mention.site for mention in Mention.objects.all()}
    assert sites == {"1": "青禾论坛", "2": "校园网", "3": "news.example.cn", "4": "汇总"}


def test_what_no_database_can_hold_is_cleaned(source: Source, now: datetime) -> None:
    hostile = Item(
        key="1", title="停水\x00了\ud800", text="a\x00b" * 3, address="https://x.cn/\x00", reach=10**30
    )
    store(source, harvest(hostile), now)
    mention = Mention.objects.get()
    assert (mention.title, mention.text) == ("停水了", "ababab")
    assert mention.reach == 2**31 - 1


def test_a_post_that_climbs_keeps_its_first_place_and_tells_its_best_and_latest(
    source: Source, now: datetime
) -> None:
    later = now + timedelta(minutes=10)
    store(source, harvest(post("a", rank=40), post("b")), now)
    for at, place in ((now, 7), (later, 12)):
        store(source, harvest(post("a", rank=place), post("b")), at)
    it = Mention.objects.get(key="a")
    assert (it.rank, it.best_rank, it.last_rank, it.ranked_at) == (40, 7, 12, later)
    store(source, harvest(post("a")), later)  # it left the list: its last place stays, with its hour
    assert Mention.objects.get(key="a").last_rank == 12
    assert Mention.objects.get(key="b").best_rank is None


def test_an_entry_that_was_stored_without_a_best_place_takes_its_first_for_it(
    source: Source, now: datetime
) -> None:
    store(source, harvest(post("a", rank=3)), now)
    Mention.objects.update(best_rank=None, last_rank=None, ranked_at=None)
    store(source, harvest(post("a", rank=9)), now)
    it = Mention.objects.get()
    assert (it.rank, it.best_rank, it.last_rank) == (3, 3, 9)


def test_a_crash_in_the_middle_keeps_nothing(source: Source, now: datetime) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        store(source, harvest(post("1")), now)
        raise RuntimeError("the power went")
    assert (Mention.objects.count(), Capture.objects.count()) == (0, 0)


def test_items_that_were_taken_with_a_remark_are_not_counted_as_rejected(
    source: Source, now: datetime
) -> None:
    brought = harvest(post("1"))
    brought.rejected = [
        Rejected(place="entry 2", message=Text("没有标题", "no title")),
        Rejected(place="entry 1", message=Text("时间读不懂", "unclear time"), taken=True),
    ]
    assert store(source, brought, now).rejected == 1


def test_a_key_is_the_source_s_own_name_for_the_item_and_does_not_change_with_its_words() -> None:
    assert key_of("t-17", "title") == "t-17"
    long = "https://bbs.example.cn/thread?" + "x" * 200
    assert key_of(long, "old title") == key_of(long, "new title") != key_of(long + "y", "old title")
    assert key_of("帖子十七", "a") == key_of("帖子十七", "b")
    assert key_of("", "a", "b") != key_of("", "ab", "")
    assert len(key_of(long)) <= 128


def test_a_text_that_repeats_its_title_is_dropped_and_only_web_addresses_are_kept() -> None:
    assert trimmed(" 停水 通知 ", "停水 通知") == ("停水 通知", "")
    assert web_address("/t/1", "https://bbs.example.cn/rss") == "https://bbs.example.cn/t/1"
    assert (
        web_address("javascript:alert(1)")
        == web_address("data:text/html,x")
        == web_address("http://[bad")
        == ""
    )


def test_a_sealed_secret_opens_and_does_not_show() -> None:
    sealed = seal.seal("口令 hunter2")
    assert "hunter2" not in sealed
    assert seal.seal("口令 hunter2") != sealed
    assert seal.unseal(sealed) == "口令 hunter2"
    assert seal.unseal("") == seal.seal("") == ""


def test_a_secret_is_lost_with_the_key_that_sealed_it_unless_the_old_key_is_kept(settings: object) -> None:
    sealed = seal.seal("hunter2")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret"  # type: ignore[attr-defined]
    with pytest.raises(Trouble, match=r"secret\.lost"):
        seal.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]
    assert seal.unseal(sealed) == "hunter2"


def test_payloads_are_emptied_in_time_and_their_hashes_stay(
    source: Source, now: datetime, settings: object
) -> None:
    settings.HUIYING_KEEP_CAPTURES_DAYS = 30  # type: ignore[attr-defined]
    store(source, harvest(post("1")), now - timedelta(days=31))
    fresh = harvest(post("2"))
    fresh.payloads = [replace(fresh.payloads[0], body=b"fresh")]
    store(source, fresh, now - timedelta(days=29))
    assert purge_due(now=now) == 1
    old, young = Capture.objects.order_by("captured_at")
    assert (bytes(old.payload), old.purged_at, len(old.sha256)) == (b"", now, 64)
    assert young.purged_at is None
    assert purge_due(now=now) == 0


def test_evidence_that_is_still_needed_is_spared(source: Source, now: datetime, settings: object) -> None:
    settings.HUIYING_KEEP_CAPTURES_DAYS = 30  # type: ignore[attr-defined]
    store(source, harvest(post("1")), now - timedelta(days=300))
    assert purge_due(now=now, spared=Mention.objects.filter(key="1")) == 0
    assert purge_due(now=now, spared=Mention.objects.none()) == 1


def test_a_payload_that_comes_again_after_it_was_emptied_is_kept_anew(source: Source, now: datetime) -> None:
    store(source, harvest(post("1")), now - timedelta(days=300))
    purge_due(now=now)
    store(source, harvest(post("1"), post("2")), now)
    assert Mention.objects.get(key="2").capture.purged_at is None  # type: ignore[union-attr]


def test_old_attempts_are_forgotten(source: Source, now: datetime, settings: object) -> None:
    settings.HUIYING_KEEP_FETCHES_DAYS = 7  # type: ignore[attr-defined]
    for days in (1, 8):
        Fetch.objects.create(source=source, at=now - timedelta(days=days), outcome="empty")
    assert purge_due(now=now) == 1
    assert Fetch.objects.get().at == now - timedelta(days=1)
