"""What an attempt leaves behind: a line on the page, health, and words to the people on duty."""

import zlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.calendars import shipped
from huiying.desk.accounts.models import AuditLog, Contact, Shift
from huiying.desk.collect import actions
from huiying.desk.collect.attempts import KEPT, SHOWN_REJECTED, as_json, ill, note, note_failure, well
from huiying.desk.collect.house import agent, house_zone, open_client
from huiying.desk.collect.key_dates import coming
from huiying.desk.collect.models import Capture, Fetch, Heightened, Mention, Source, Upload
from huiying.desk.collect.periods import quickened
from huiying.desk.collect.queries import State, evidence, health, lag, listed, new_by_hour, same_words
from huiying.desk.collect.sources.base import Harvest, Item, Payload, Rejected
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.storing import Stored, store
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work.heightened import hasten
from huiying.desk.notify.models import Message
from huiying.engine.text import Text
from tests.desk.collecting import a_mention, a_source, an_entry, an_upload
from tests.desk.world import World

NOTHING = Stored(new=0, known=0, rejected=0)


@pytest.fixture
def source(world: World, now: datetime) -> Source:
    values = Values(name="论坛", settings={"address": "https://bbs.example.cn/rss"}, host="bbs.example.cn")
    return actions.add_source(by=world["office"], now=now, kind="feed", values=values)


def remarks(number: int) -> list[Rejected]:
    return [Rejected(place=f"[{n}]", message=Text(f"第 {n} 处", f"place {n}")) for n in range(number)]


# lines on the page


@pytest.mark.parametrize(
    ("harvest", "stored", "outcome"),
    [
        (Harvest(unchanged=True), NOTHING, "unchanged"),
        (Harvest(), NOTHING, "empty"),
        (Harvest(), Stored(new=0, known=9, rejected=0), "empty"),
        (Harvest(), Stored(new=1, known=9, rejected=0), "new"),
    ],
)
def test_an_attempt_is_named_by_what_it_brought(
    source: Source, now: datetime, harvest: Harvest, stored: Stored, outcome: str
) -> None:
    assert note(source, harvest, stored, now, 1.23456).outcome == outcome
    assert Fetch.objects.get().seconds == 1.235


def test_only_the_first_remarks_are_kept_and_all_are_counted(source: Source, now: datetime) -> None:
    row = note(source, Harvest(rejected=remarks(300)), NOTHING, now)
    assert (len(row.rejected), row.rejected_count) == (SHOWN_REJECTED, 300)


def test_a_remark_keeps_what_a_database_can_hold() -> None:
    hostile = Rejected(place="a\x00" * 500, message=Text("坏\x00" * 500, "bad\x00" * 500), taken=True)
    kept = as_json(hostile)
    assert "\x00" not in str(kept)
    assert len(kept["place"]) <= 200 and len(kept["zh"]) <= 300
    assert kept["taken"] is True


def test_a_place_is_said_in_both_languages() -> None:
    kept = as_json(Rejected(place=Text("第 3 行", "row 3"), message=Text("坏", "bad")))
    assert (kept["place"], kept["place_en"]) == ("第 3 行", "row 3")
    assert as_json(Rejected(place="[3]", message=Text("坏", "bad")))["place_en"] == "[3]"


def test_a_failure_keeps_the_beginning_of_what_could_not_be_read(source: Source, now: datetime) -> None:
    row = note_failure(source, Trouble("feed.html", evidence="停".encode() * 99_999), now)
    assert len(zlib.decompress(row.sample)) == KEPT
    assert row.answer.startswith("停停停")
    assert note_failure(source, Trouble("timeout"), now).answer == ""


# health and words


def test_a_failure_begins_once_and_ends_once(source: Source, now: datetime) -> None:
    ill(source, Trouble("timeout"), now)
    ill(source, Trouble("http.gone", "HTTP 404"), now + timedelta(hours=1))
    assert (source.failing_since, source.error_code) == (now, "http.gone")
    well(source, now + timedelta(hours=2))
    assert (source.failing_since, source.failures, source.error_zh) == (None, 0, "")


def test_the_word_to_duty_says_the_source_the_reason_and_the_mend(
    source: Source, world: World, now: datetime
) -> None:
    source.failures = 4
    ill(source, Trouble("http.denied", "HTTP 403"), now)
    told = Message.objects.get()
    assert told.person == world["duty"]
    for words in ("论坛", "4 次", "对方不允许访问：HTTP 403", "请核对令牌或账号"):
        assert words in told.body
    source.failures = 5
    ill(source, Trouble("http.denied", "HTTP 403"), now + timedelta(hours=1))
    assert Message.objects.count() == 1


def test_each_person_hears_it_in_the_own_language(source: Source, world: World, now: datetime) -> None:
    world["duty"].language = "en"
    world["duty"].save()
    source.failures = 4
    ill(source, Trouble("timeout"), now)
    well(source, now + timedelta(hours=3))
    first, second = Message.objects.order_by("pk")
    assert "cannot be read" in first.subject and "does not mean that nobody speaks" in first.body
    assert "again after 3 h" in second.body


def test_a_second_failure_is_another_matter_and_told_anew(source: Source, now: datetime) -> None:
    for day in range(2):
        at = now + timedelta(days=day)
        source.failures = 4
        ill(source, Trouble("timeout"), at)
        well(source, at + timedelta(hours=1))
    assert Message.objects.count() == 4


def test_where_nobody_is_on_duty_whoever_stands_in_is_told(
    source: Source, world: World, now: datetime
) -> None:
    Shift.objects.all().delete()
    world["duty"].away_until = now + timedelta(days=1)
    world["duty"].save()
    source.failures = 4
    ill(source, Trouble("timeout"), now)
    assert Message.objects.get().person == world["office"]


def test_somebody_without_a_way_to_be_reached_leaves_a_row_that_says_so(
    source: Source, world: World, now: datetime
) -> None:
    Contact.objects.filter(person=world["duty"]).delete()
    source.failures = 4
    ill(source, Trouble("timeout"), now)
    assert Message.objects.get().state == Message.State.FAILED


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "不到 1 分钟"), (5, "5 分钟"), (125, "2 小时 5 分"), (60 * 50, "2 天 2 小时")],
)
def test_how_long_it_lasts_is_said_as_people_say_it(
    source: Source, now: datetime, minutes: int, words: str
) -> None:
    ill(source, Trouble("timeout"), now)
    found = health(source, now + timedelta(minutes=minutes))
    assert found.what.zh == f"读不成 {words}"
    assert found.mend is not None and found.why is not None


def test_a_visit_under_way_shows_and_one_whose_worker_died_does_not(source: Source, now: datetime) -> None:
    source.last_ok_at = now
    source.leased_by, source.leased_until = "w#1", now + timedelta(minutes=5)
    assert health(source, now).visiting
    assert health(source, now).going
    assert not health(source, now + timedelta(minutes=6)).visiting


def test_sources_that_others_bring_to_are_never_behind(world: World, now: datetime) -> None:
    for kind in ("upload", "inbound"):
        other = a_source(world, kind, kind)
        assert health(other, now + timedelta(days=400)).state == State.BROUGHT


def test_a_pushed_source_that_failed_says_so(world: World, now: datetime) -> None:
    other = a_source(world, "inbound", "网格")
    ill(other, Trouble("secret.lost"), now)
    assert health(other, now).state == State.FAILING
    assert health(other, now).next_at is None


# figures


def test_new_mentions_are_counted_by_the_hour(source: Source, now: datetime) -> None:
    for hours, new in ((0, 2), (0.5, 1), (3, 4), (23.5, 5), (30, 9)):
        stored = Stored(new=new, known=0, rejected=0)
        note(source, Harvest(), stored, now - timedelta(hours=hours))
    counted = new_by_hour(now)[source.pk]
    assert len(counted) == 24
    assert sum(counted) == 12
    assert counted[-1] >= 2 and counted[0] + counted[1] == 5


def test_a_source_without_news_has_a_flat_day(source: Source, now: datetime) -> None:
    [row] = listed(now)
    assert list(row.hours) == [0] * 24
    assert row.day == 0


# evidence


def test_a_download_has_a_plain_name(source: Source, now: datetime) -> None:
    kinds = {
        "application/rss+xml": ".xml",
        "text/html; charset=gbk": ".html",
        "application/json": ".json",
        "message/rfc822": ".eml",
        "text/csv": ".csv",
        "image/jpeg": ".jpg",
        "": ".bin",
        "../../etc/passwd": ".bin",
    }
    for number, (kind, ending) in enumerate(kinds.items()):
        payload = Payload(address="https://x.cn/../../x", content_type=kind, body=str(number).encode())
        store(source, Harvest(items=[Item(key=str(number), title="x")], payloads=[payload]), now)
        found = evidence(Capture.objects.latest("pk"))
        assert found.file_name.endswith(ending)
        assert "/" not in found.file_name
        assert found.body == str(number).encode()


def test_how_late_a_mention_was_heard(world: World) -> None:
    mention = a_mention(world)
    assert lag(mention) is None
    mention.posted_at = mention.captured_at - timedelta(hours=23)
    assert lag(mention) is None
    mention.posted_at = mention.captured_at - timedelta(hours=25)
    assert lag(mention) == timedelta(hours=25)


def test_the_same_words_elsewhere_are_found_and_counted(world: World) -> None:
    first = a_mention(world)
    for number in range(10):
        a_mention(world, key=f"copy-{number}")
    a_mention(world, key="other", text="别的话")
    shown, count = same_words(first)
    assert (len(shown), count) == (8, 10)


def test_photos_are_evidence_and_are_forgotten_in_time(
    world: World, now: datetime, settings: LazySettings
) -> None:
    settings.HUIYING_KEEP_CAPTURES_DAYS = 30
    entry = an_entry(world)
    later = entry.captured_at + timedelta(days=31)
    assert actions.purge_due(now=later, spared=Mention.objects.filter(pk=entry.pk)) == 0
    assert actions.purge_due(now=later) == 2
    assert entry.attachments.get().capture.purged_at == later


# who may


@pytest.mark.parametrize("role", ["duty", "handler", "reviewer", "auditor", "head", "spokesperson"])
def test_only_office_and_administrator_change_sources(
    world: World, source: Source, now: datetime, role: str
) -> None:
    who, upload = world[role], an_upload(world)
    values = Values(name="x")
    for act in (
        lambda: actions.add_source(by=who, now=now, kind="feed", values=values),
        lambda: actions.change_source(by=who, now=now, source=source, values=values),
        lambda: actions.pause(by=who, now=now, source=source),
        lambda: actions.resume(by=who, now=now, source=source),
        lambda: actions.fetch_soon(by=who, now=now, source=source),
        lambda: actions.delete_source(by=who, now=now, source=source),
        lambda: actions.renew_key(by=who, now=now, source=source),
        lambda: actions.read_in(by=who, now=now, upload=upload),
        lambda: actions.drop(by=who, now=now, upload=upload),
        lambda: actions.choose_columns(by=who, now=now, upload=upload, columns={"title": 0}),
        lambda: actions.heighten(
            by=who, now=now, name="x", starts_at=now, ends_at=now + timedelta(days=1), factor=3.0
        ),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_auditor_enters_nothing_and_every_worker_may(world: World, now: datetime) -> None:
    item = Item(key="hand:1", title="x", kind="tip")
    for role in ("auditor", "admin"):
        with pytest.raises(PermissionDenied):
            actions.enter(by=world[role], now=now, item=item)
    for number, role in enumerate(
        ("head", "deputy", "office", "duty", "handler", "reviewer", "spokesperson")
    ):
        actions.enter(by=world[role], now=now, item=Item(key=f"hand:{number}", title="x", kind="tip"))
    assert Mention.objects.count() == 7
    assert Source.objects.filter(kind="hand").count() == 1


def test_every_change_is_on_record_and_no_secret_with_it(world: World, source: Source, now: datetime) -> None:
    values = Values(name="论坛", settings={"address": "https://x.cn/rss?key=topsecret"}, secret="alsosecret")
    actions.change_source(by=world["office"], now=now, source=source, values=values)
    actions.pause(by=world["admin"], now=now, source=source)
    log = AuditLog.objects.filter(verb__startswith="source.")
    assert [line.verb for line in log.order_by("pk")] == ["source.add", "source.change", "source.pause"]
    assert "secret" not in str(list(log.values()))


@pytest.mark.parametrize("kind", ["feed", "upload", "hand"])
def test_only_a_push_address_has_a_key(world: World, now: datetime, kind: str) -> None:
    source = Source.objects.create(name="x", kind=kind, created_at=now)
    with pytest.raises(ValidationError):
        actions.renew_key(by=world["office"], now=now, source=source)


def test_a_kind_that_is_none_is_refused(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.add_source(by=world["office"], now=now, kind="telepathy", values=Values(name="x"))


def test_the_source_of_entries_finds_a_free_name(world: World, now: datetime) -> None:
    a_source(world, "upload", "人工录入")
    assert actions.hand_source(now).name == "人工录入 2"
    assert actions.hand_source(now) == actions.hand_source(now)


# heightened watch


def test_the_strongest_period_counts(world: World, now: datetime) -> None:
    for factor, hours in ((2.0, 10), (6.0, 2)):
        actions.heighten(
            by=world["office"],
            now=now,
            name="x",
            starts_at=now,
            ends_at=now + timedelta(hours=hours),
            factor=factor,
        )
    assert quickened(600, now) == 6.0
    assert quickened(600, now + timedelta(hours=2)) == 2.0
    assert quickened(600, now + timedelta(hours=10)) == 1.0
    assert quickened(600, now - timedelta(seconds=1)) == 1.0


@pytest.mark.parametrize(("hours", "factor"), [(-1, 3.0), (0, 3.0), (1, 1.0), (1, 0.5), (1, 21.0)])
def test_a_period_that_makes_no_sense_is_refused(
    world: World, now: datetime, hours: int, factor: float
) -> None:
    with pytest.raises(ValidationError):
        actions.heighten(
            by=world["office"],
            now=now,
            name="x",
            starts_at=now,
            ends_at=now + timedelta(hours=hours),
            factor=factor,
        )
    assert not Heightened.objects.exists()


def test_waiting_visits_are_brought_forward_once_and_failing_sources_keep_their_patience(
    world: World, source: Source, now: datetime
) -> None:
    later = now + timedelta(minutes=9)
    Source.objects.filter(pk=source.pk).update(last_tried_at=now, next_fetch_at=later)
    broken = a_source(world, name="坏的")
    Source.objects.filter(pk=broken.pk).update(last_tried_at=now, next_fetch_at=later, failures=3)
    actions.heighten(
        by=world["office"], now=now, name="x", starts_at=now, ends_at=now + timedelta(days=1), factor=5.0
    )
    assert hasten(now) == 1
    source.refresh_from_db()
    broken.refresh_from_db()
    assert source.next_fetch_at is not None and source.next_fetch_at < now + timedelta(minutes=3)
    assert broken.next_fetch_at == later
    assert hasten(now) == 0


def test_a_period_that_has_not_begun_is_taken_back_without_a_trace_on_the_calendar(
    world: World, now: datetime
) -> None:
    period = actions.heighten(
        by=world["office"],
        now=now,
        name="x",
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2),
    )
    actions.end_heightened(by=world["office"], now=now, period=period)
    assert not Heightened.objects.exists()
    assert AuditLog.objects.filter(verb="source.heighten.end").exists()


def test_coming_holidays_are_proposed_until_they_are_set(world: World) -> None:
    assert "CN" in shipped()
    before = datetime(2026, 9, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    names = [one.name for one in coming(world.institution, before, [])]
    national = next(name for name in names if "国庆" in name)
    proposed = next(one for one in coming(world.institution, before, []) if one.name == national)
    assert (proposed.first.month, proposed.first.day) == (10, 1)
    assert national not in [one.name for one in coming(world.institution, before, [national])]


def test_where_the_calendar_ends_nothing_is_proposed(world: World) -> None:
    far = datetime(2031, 9, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert list(coming(world.institution, far, [])) == []
    world.institution.calendar = "nowhere"
    assert list(coming(world.institution, far, [])) == []


# going out


def test_the_desk_says_who_asks_and_where_its_people_are_found(settings: LazySettings) -> None:
    settings.SECURE = False
    assert agent().startswith("Huiying/") and "http" not in agent()
    settings.SECURE, settings.BASE_URL = True, "https://desk.example.cn"
    assert agent().endswith("(+https://desk.example.cn/public/)")


@pytest.mark.django_db
def test_what_the_operator_lists_may_be_reached(settings: LazySettings) -> None:
    settings.HUIYING_FETCH_ALLOW = ["10.8.0.0/16", "192.168.1.0/24"]
    guard = open_client().guard
    assert guard.addresses("10.8.3.4", 8080) == ["10.8.3.4"]
    with pytest.raises(Trouble):
        guard.addresses("10.9.3.4", 8080)


@pytest.mark.django_db
def test_times_without_a_zone_are_meant_at_the_institution(settings: LazySettings) -> None:
    assert house_zone().key == settings.TIME_ZONE


def test_the_institution_has_its_own_clock(world: World) -> None:
    world.institution.zone = "Asia/Urumqi"
    world.institution.save()
    assert house_zone().key == "Asia/Urumqi"


def test_an_upload_says_what_it_is_called(world: World) -> None:
    assert str(an_upload(world)) == "留言.csv"
    assert Upload.objects.get().rows == 3
