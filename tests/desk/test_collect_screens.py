"""The pages of the collecting room: health in words, trying before saving, files, entries by hand, evidence."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiying.desk.accounts.models import AuditLog
from huiying.desk.collect import actions, panels
from huiying.desk.collect.actions import purge_due
from huiying.desk.collect.attempts import ill
from huiying.desk.collect.models import Capture, Heightened, Mention, Source, Upload
from huiying.desk.collect.queries import State, health, listed, totals, troubled
from huiying.desk.collect.seal import unseal
from huiying.desk.collect.sources.base import Item
from huiying.desk.collect.sources.forms import Values
from huiying.desk.collect.sources.inbound.sign import signature
from huiying.desk.collect.trouble import Trouble
from tests.desk.collecting import PNG, TABLE, a_mention, a_period, a_source, an_entry, an_upload
from tests.desk.servers.sites import Site, serving
from tests.desk.world import World

AsRole = Callable[[str], Client]
RSS = """<rss version="2.0"><channel><title>青禾论坛</title><item><guid>1</guid><title>停水 13812345678</title>
<pubDate>2026-11-23 08:00</pubDate></item><item><guid>2</guid><title>停电</title><pubDate>某日</pubDate></item><item><guid>3</guid></item></channel></rss>"""
PAGE = """<html><head><title>教育局</title><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>
<div class="list"><ul>{}</ul></div></body></html>""".format(
    "".join(f'<li class="item"><a href="/a/{n}">关于第{n}件事的回复</a><span class="date">2026-11-{n:02}</span></li>' for n in range(1, 6))
)  # fmt: skip


@pytest.fixture
def site(settings: LazySettings) -> Iterator[Site]:
    settings.HUIYING_FETCH_ALLOW = ["127.0.0.0/8"]
    with serving() as running:
        yield running


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# health


def test_a_broken_source_says_since_when_why_and_what_to_do(world: World, as_role: AsRole) -> None:
    source, now = a_source(world), timezone.now()
    source.failures = 7
    ill(source, Trouble("http.denied", "HTTP 403"), now - timedelta(hours=3, minutes=1))
    source.save()
    for address in ("/sources/", f"/sources/{source.pk}/"):
        said = words(as_role("duty").get(address))
        assert "读不成 3 小时 1 分" in said
        assert "对方不允许访问：HTTP 403" in said
        assert "请核对令牌或账号" in said
    assert "已连续 7 次读不成，放慢了重试" in words(as_role("duty").get(f"/sources/{source.pk}/"))
    assert [one.source for one in troubled(now)] == [source]


def test_each_state_has_its_own_words_and_silence_is_told_apart_from_failure(world: World) -> None:
    now, source = timezone.now(), a_source(world)
    source.created_at = source.next_fetch_at = now
    assert health(source, now).state == State.NEVER
    assert health(source, now + timedelta(minutes=20)).state == State.BEHIND
    source.last_ok_at, source.next_fetch_at = now, now + timedelta(minutes=10)
    assert health(source, now).what.zh == "能读，还没有帖文"
    source.last_new_at = now - timedelta(hours=2)
    assert (health(source, now).state, health(source, now).what.zh) == (State.WELL, "正常，2 小时前有新帖")
    source.last_new_at = now - timedelta(days=2)
    assert (health(source, now).state, health(source, now).what.zh) == (State.QUIET, "能读，2 天没有新帖")
    source.failures, source.last_new_at = 1, now
    ill(source, Trouble("timeout"), now)
    assert health(source, now).state == State.FAILING
    source.paused = True
    assert health(source, now).state == State.PAUSED


def test_the_list_puts_what_needs_a_person_first_and_can_be_narrowed(world: World, as_role: AsRole) -> None:
    now = timezone.now()
    a_mention(world)
    bad = a_source(world, name="甲报")
    ill(bad, Trouble("timeout"), now)
    bad.save()
    a_source(world, "upload", "热线")
    rows = listed(now)
    assert rows[0].source == bad
    assert (totals(rows).sources, totals(rows).failing) == (3, 1)
    assert [row.source for row in listed(now, state="failing")] == [bad]
    assert [row.source.name for row in listed(now, kind="upload")] == ["热线"]
    assert [row.source.name for row in listed(now, word="甲")] == ["甲报"]
    assert "没有符合条件的信源" in words(as_role("office").get("/sources/?word=nothing"))


def test_an_empty_list_says_what_to_do_next(world: World, as_role: AsRole) -> None:
    assert "还没有信源" in words(as_role("office").get("/sources/"))
    assert "/sources/add/" in as_role("office").get("/sources/").content.decode()
    assert "/sources/add/" not in as_role("duty").get("/sources/").content.decode()


def test_an_address_shows_its_query_only_to_those_who_may_change_it(world: World, as_role: AsRole) -> None:
    source = a_source(world, address="https://bbs.example.cn/rss?token=abc")
    assert "token=abc" in as_role("office").get(f"/sources/{source.pk}/").content.decode()
    assert "token=abc" not in as_role("duty").get(f"/sources/{source.pk}/").content.decode()


def test_the_list_is_sorted_and_taken_away(world: World, as_role: AsRole) -> None:
    a_mention(world)
    a_source(world, "upload", "=热线")
    names = [row.source.name for row in listed(timezone.now(), sort="-name")]
    assert names == sorted(names, reverse=True)
    assert listed(timezone.now(), sort="-day")[0].day == 0
    taken = as_role("auditor").get("/sources/?export=csv").content.decode()
    assert "青禾论坛" in taken and "'=热线" in taken
    assert as_role("office").get("/sources/?export=xlsx").content.startswith(b"PK")


def test_several_sources_are_paused_at_once_and_a_refusal_keeps_back_no_other(
    world: World, as_role: AsRole
) -> None:
    feed, hotline, office = a_source(world), a_source(world, "upload", "热线"), as_role("office")
    office.post("/sources/many/", {"do": "pause", "pk": [feed.pk]})
    assert [one.paused for one in Source.objects.order_by("pk")] == [True, False]
    office.post("/sources/many/", {"do": "resume", "pk": [feed.pk, hotline.pk]})
    said = words(
        office.post("/sources/many/", {"do": "fetch", "pk": [feed.pk, hotline.pk, "x"]}, follow=True)
    )
    assert "已办 1 个" in said and "热线：这个信源不能立即采集" in said
    assert office.post("/sources/many/", {"do": "explode", "pk": [feed.pk]}).status_code == 302


# adding and trying


def test_trying_shows_what_comes_and_stores_nothing(site: Site, world: World, as_role: AsRole) -> None:
    form = {"address": site.says("/rss", RSS), "tier": "local", "interval_s": "600"}
    page = as_role("office").post("/sources/add/feed/try/", form)
    said = words(page)
    assert "读到 2 条" in said and "其中 1 条认出了时间" in said
    assert "138****5678" in said and "13812345678" not in said
    assert "2026-11-23 08:00" in said
    assert "时间“某日”读不懂" in said
    assert "没有标题也没有正文" in said
    assert 'value="青禾论坛"' in page.content.decode()  # the feed's own name is proposed
    assert (Source.objects.count(), Mention.objects.count()) == (0, 0)


def test_a_web_page_in_place_of_a_feed_offers_its_feeds(site: Site, world: World, as_role: AsRole) -> None:
    site.says("/rss", RSS)
    form = {"address": site.says("/", PAGE, "text/html"), "tier": "local", "interval_s": "600"}
    page = as_role("office").post("/sources/add/feed/try/", form).content.decode()
    assert "这个地址是网页，不是订阅源" in page
    [pick] = re.findall(r'name="pick" value="([^"]+)"', page)
    again = as_role("office").post("/sources/add/feed/try/", {**form, "pick": pick.replace("&amp;", "&")})
    assert "读到 2 条" in words(again)
    assert f'value="{site.url("/rss")}"' in again.content.decode()


def test_what_looks_like_a_list_can_be_picked(site: Site, world: World, as_role: AsRole) -> None:
    for number in range(1, 6):
        site.says(f"/a/{number}", f"<article><p>{'正文' * 60}</p></article>", "text/html; charset=utf-8")
    form = {
        "address": site.says("/list", PAGE, "text/html; charset=utf-8"),
        "item": "div.gone",
        "article": "on",
    }
    form |= {"tier": "local", "interval_s": "600"}
    page = as_role("office").post("/sources/add/page/try/", form).content.decode()
    assert "按选择器找不到条目" in page
    [pick] = re.findall(r'name="pick" value="([^"]+)"', page)
    again = as_role("office").post("/sources/add/page/try/", {**form, "pick": pick.replace("&amp;", "&")})
    said = words(again)
    assert "读到 3 条 其中 3 条认出了时间" in said
    assert "另有 2 条保存后陆续读" in said


def test_a_mapping_is_proposed_for_an_unknown_answer(site: Site, world: World, as_role: AsRole) -> None:
    answer = {
        "data": {"rows": [{"id": 1, "subject": "停水", "content": "三天", "create_time": "2026-11-23 08:00"}]}
    }
    form = {
        "address": site.says("/api", json.dumps(answer), "application/json"),
        "title": "nothing",
        "token": "Bearer k",
    }
    form |= {"tier": "local", "interval_s": "600", "token_header": "Authorization"}
    page = as_role("office").post("/sources/add/api/try/", form).content.decode()
    [pick] = re.findall(r'name="pick" value="([^"]+)"', page)
    again = as_role("office").post("/sources/add/api/try/", {**form, "pick": pick.replace("&amp;", "&")})
    assert "读到 1 条" in words(again)
    assert 'value="data.rows"' in again.content.decode()


def test_trying_a_private_address_says_why_it_is_refused(world: World, as_role: AsRole) -> None:
    form = {"address": "http://192.168.0.9/rss", "tier": "local", "interval_s": "600"}
    said = words(as_role("office").post("/sources/add/feed/try/", form))
    assert "地址指向内部网络，已拒绝访问" in said
    assert "HUIYING_FETCH_ALLOW" in said


def test_a_source_is_added_sealed_and_due_at_once(world: World, as_role: AsRole) -> None:
    form = {
        "name": "工单",
        "address": "https://h.example.cn/api",
        "title": "t",
        "token": "Bearer abc",
        "tier": "board",
    }
    form |= {"interval_s": "600", "token_header": "Authorization"}
    answer = as_role("office").post("/sources/add/api/", form)
    source = Source.objects.get()
    assert answer.headers["Location"] == f"/sources/{source.pk}/"
    assert "abc" not in source.secret
    assert unseal(source.secret) == "Bearer abc"
    assert source.next_fetch_at is not None
    assert source.host == "h.example.cn"
    log = AuditLog.objects.get(verb="source.add")
    assert "abc" not in str(log.data)


def test_a_form_that_must_be_mended_keeps_what_was_typed(world: World, as_role: AsRole) -> None:
    a_source(world)
    form = {"name": "青禾论坛", "address": "ftp://x", "tier": "local", "interval_s": "600"}
    answer = as_role("office").post("/sources/add/feed/", form)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "已有同名信源" in said and "地址写得不对" in said and 'value="ftp://x"' in said


def test_a_stored_secret_is_kept_when_none_is_typed_and_never_shown(world: World, as_role: AsRole) -> None:
    source = a_source(world, "api", "工单", address="https://h.example.cn/api", title="t")
    actions.change_source(
        by=world["office"],
        now=timezone.now(),
        source=source,
        values=_values(source, secret="Bearer abc"),
    )
    page = as_role("office").get(f"/sources/{source.pk}/edit/").content.decode()
    assert "abc" not in page and "已保存；留空表示不改" in page
    form = {
        "name": "工单二",
        "address": "https://h.example.cn/api",
        "title": "t",
        "tier": "board",
        "interval_s": "300",
    }
    as_role("office").post(f"/sources/{source.pk}/edit/", {**form, "token_header": "Authorization"})
    source.refresh_from_db()
    assert (source.name, source.interval_s, unseal(source.secret)) == ("工单二", 300, "Bearer abc")


def _values(source: Source, secret: str) -> Any:
    return Values(name=source.name, settings=source.settings, secret=secret, host=source.host)


def test_a_source_is_paused_resumed_fetched_and_deleted_from_its_page(world: World, as_role: AsRole) -> None:
    source, office = a_source(world), as_role("office")
    office.post(f"/sources/{source.pk}/pause/")
    source.refresh_from_db()
    assert source.paused
    refused = office.post(f"/sources/{source.pk}/fetch/", follow=True)
    assert "不能立即采集" in words(refused)
    office.post(f"/sources/{source.pk}/resume/")
    office.post(f"/sources/{source.pk}/fetch/")
    office.post(f"/sources/{source.pk}/delete/")
    assert not Source.objects.exists()


def test_a_source_with_evidence_cannot_be_deleted(world: World, as_role: AsRole) -> None:
    source = a_mention(world).source
    assert "证据要留着" in words(as_role("office").post(f"/sources/{source.pk}/delete/", follow=True))
    assert Source.objects.exists()


def test_while_a_visit_goes_on_the_page_looks_again_and_then_is_read_anew(
    world: World, as_role: AsRole
) -> None:
    source = a_source(world)
    first = as_role("office").get(f"/sources/{source.pk}/health/")
    assert "every 2s" in first.content.decode()
    assert "HX-Refresh" not in first.headers
    now = timezone.now()
    Source.objects.update(last_ok_at=now, next_fetch_at=now + timedelta(minutes=5))
    assert as_role("office").get(f"/sources/{source.pk}/health/").headers["HX-Refresh"] == "true"


# files


def test_a_file_is_looked_at_mapped_anew_and_read_in(world: World, as_role: AsRole) -> None:
    source, office = a_source(world, "upload", "热线"), as_role("office")
    file = SimpleUploadedFile("留言.csv", TABLE.encode("gb18030"), content_type="text/csv")
    answer = office.post(f"/sources/{source.pk}/upload/", {"file": file}, follow=True)
    upload = Upload.objects.get()
    said = words(answer)
    assert "gb18030" in said and "2 将读入" in said and "138****5678" in said
    assert "第 3 行 没有标题也没有正文" in said and "时间“某日”读不懂" in said
    assert Mention.objects.count() == 0
    mapped = office.post(f"/sources/uploads/{upload.pk}/columns/", {"text": "1"}, follow=True)
    assert "0 认出时间" in words(mapped)
    office.post(f"/sources/uploads/{upload.pk}/columns/", {"title": "1", "text": "2", "posted_at": "3"})
    done = office.post(f"/sources/uploads/{upload.pk}/take/", follow=True)
    assert "已读入" in words(done) and "2 新读入" in words(done)
    assert Mention.objects.count() == 2


@pytest.mark.parametrize(("name", "body"), [("x.pdf", b"%PDF-1.4 \x00\x01"), ("x.csv", b"")])
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    world: World, as_role: AsRole, name: str, body: bytes
) -> None:
    source = a_source(world, "upload", "热线")
    answer = as_role("office").post(f"/sources/{source.pk}/upload/", {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 422
    assert Upload.objects.count() == 0


def test_a_file_may_be_let_go(world: World, as_role: AsRole) -> None:
    upload = an_upload(world)
    as_role("office").post(f"/sources/uploads/{upload.pk}/drop/")
    assert "这个文件没有读入" in words(as_role("office").get(f"/sources/uploads/{upload.pk}/"))
    assert Mention.objects.count() == 0


# by hand


def transfer(**more: str) -> dict[str, Any]:
    page_token = "a" * 20
    return {
        "token": page_token, "office": "市教育局", "reference": "青教信〔2026〕118 号", "due_at": "2026-11-27T17:00",
        "title": "南门积水", "text": "请核实并回复，电话 13812345678", **more,
    }  # fmt: skip


def test_a_transfer_carries_its_own_deadline_and_is_stored_once(world: World, as_role: AsRole) -> None:
    duty = as_role("duty")
    first = duty.post("/sources/enter/transfer/", transfer())
    again = duty.post("/sources/enter/transfer/", transfer())
    mention = Mention.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/sources/mentions/{mention.pk}/"
    assert mention.due_at is not None and mention.due_at.isoformat() == "2026-11-27T09:00:00+00:00"
    assert mention.kind == "transfer"
    assert "市教育局要求办结" in words(duty.get(f"/sources/mentions/{mention.pk}/"))


def test_a_caller_s_name_is_not_kept(world: World, as_role: AsRole) -> None:
    form = {"token": "b" * 20, "title": "停水", "text": "三天了", "author": "某某来电人"}
    as_role("handler").post("/sources/enter/phone/", form)
    mention = Mention.objects.get()
    assert mention.voice
    kept = (
        str(list(Mention.objects.values()))
        + Capture.objects.get().sha256
        + str(list(AuditLog.objects.values()))
    )
    assert "某某来电人" not in kept
    assert "某某来电人" not in words(as_role("duty").get(f"/sources/mentions/{mention.pk}/"))


def test_a_tip_brings_photos_that_are_shown_and_anything_else_is_refused(
    world: World, as_role: AsRole
) -> None:
    handler = as_role("handler")
    form = {"token": "c" * 20, "title": "门口积水", "text": "水深及膝"}
    photo = SimpleUploadedFile("现场.png", PNG, content_type="image/png")
    handler.post("/sources/enter/tip/", {**form, "photos": [photo]})
    attachment = Mention.objects.get().attachments.get()
    shown = handler.get(f"/sources/attachments/{attachment.pk}/")
    assert (shown.content, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    script = SimpleUploadedFile("x.png", b"<script>", content_type="image/png")
    refused = handler.post("/sources/enter/tip/", {**form, "token": "d" * 20, "photos": [script]})
    assert refused.status_code == 422
    assert "不是照片或 PDF" in words(refused)


def test_nothing_is_entered_from_the_future_and_the_words_stay(world: World, as_role: AsRole) -> None:
    form = {"token": "e" * 20, "title": "停水", "text": "三天了", "posted_at": "2099-01-01T08:00"}
    answer = as_role("duty").post("/sources/enter/tip/", form)
    assert answer.status_code == 422
    assert "时间不能晚于现在" in words(answer) and "三天了" in answer.content.decode()


# mentions and evidence


def test_a_mention_shows_its_evidence_and_covers_personal_data(world: World, as_role: AsRole) -> None:
    mention = a_mention(world, address="https://bbs.example.cn/t/1")
    page = as_role("handler").get(f"/sources/mentions/{mention.pk}/").content.decode()
    assert "138****5678" in page and "13812345678" not in page
    assert mention.text_sha256 in page and mention.capture is not None and mention.capture.sha256 in page
    assert "https://bbs.example.cn/t/1" in page


def test_uncovering_is_for_those_who_check_facts_and_is_on_record(world: World, as_role: AsRole) -> None:
    mention = a_mention(world)
    assert as_role("reviewer").post(f"/sources/mentions/{mention.pk}/plain/").status_code == 403
    assert "13812345678" in words(as_role("duty").post(f"/sources/mentions/{mention.pk}/plain/"))
    assert AuditLog.objects.filter(verb="mention.reveal", actor=world["duty"].actor).count() == 1


def test_a_payload_is_taken_away_as_a_file_that_runs_nowhere_and_on_record(
    world: World, as_role: AsRole
) -> None:
    capture = a_mention(world).capture
    assert capture is not None
    answer = as_role("auditor").get(f"/sources/captures/{capture.pk}/")
    assert answer.content == b"<rss/>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="capture-{capture.sha256[:12]}.xml"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditLog.objects.filter(verb="capture.take").count() == 1


def test_an_emptied_payload_is_gone_and_its_hash_stays_on_the_page(world: World, as_role: AsRole) -> None:
    mention = a_mention(world)
    purge_due(now=timezone.now() + timedelta(days=999))
    page = as_role("duty").get(f"/sources/mentions/{mention.pk}/").content.decode()
    assert (
        "载荷已按期清除，指纹保留" in page and mention.capture is not None and mention.capture.sha256 in page
    )
    assert as_role("duty").get(f"/sources/captures/{mention.capture_id}/").status_code == 404


def test_who_else_says_the_very_same_is_listed(world: World, as_role: AsRole) -> None:
    first, _second = a_mention(world), a_mention(world, key="2")
    assert "另有 1 条一字不差" in words(as_role("duty").get(f"/sources/mentions/{first.pk}/"))


def test_a_mention_that_was_heard_late_says_so(world: World, as_role: AsRole) -> None:
    late = a_mention(world, posted_at=timezone.now() - timedelta(days=3))
    assert "发布一天后才采到" in words(as_role("duty").get(f"/sources/mentions/{late.pk}/"))


def test_words_of_a_stranger_are_shown_and_never_run(world: World, as_role: AsRole) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>{% now %}"
    mention = a_mention(world, title=hostile, text=hostile)
    for address in (f"/sources/mentions/{mention.pk}/", f"/sources/{mention.source_id}/"):
        page = as_role("office").get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_other_rooms_add_to_a_mention_s_page(world: World, as_role: AsRole) -> None:
    seen: list[Mention] = []

    def context(request: object, mention: Mention) -> None:
        seen.append(mention)

    panels.add(panels.Panel(key="test", order=1, template="none.html", context=context))
    mention = a_mention(world)
    assert as_role("duty").get(f"/sources/mentions/{mention.pk}/").status_code == 200
    assert seen == [mention]


def test_an_entry_is_evidence_of_itself(world: World) -> None:
    entry = an_entry(world)
    assert entry.capture is not None
    assert entry.attachments.get().capture.size == len(PNG)
    assert (
        actions.enter(by=world["duty"], now=timezone.now(), item=Item(key=entry.key, title="x", kind="tip"))
        == entry
    )


# heightened watch


def test_a_period_is_set_and_ended_on_its_page(world: World, as_role: AsRole) -> None:
    now = timezone.localtime()
    form = {
        "name": "高考",
        "starts_at": f"{now:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
    }
    as_role("office").post("/sources/heightened/add/", {**form, "factor": "3.0"})
    period = Heightened.objects.get()
    assert "加密监测中：高考" in words(as_role("duty").get("/sources/"))
    as_role("office").post(f"/sources/heightened/{period.pk}/end/")
    assert "加密监测中" not in words(as_role("duty").get("/sources/"))


def test_a_period_that_ends_before_it_begins_is_refused(world: World, as_role: AsRole) -> None:
    form = {"name": "高考", "starts_at": "2099-06-08T00:00", "ends_at": "2099-06-07T00:00", "factor": "3.0"}
    answer = as_role("office").post("/sources/heightened/add/", form)
    assert answer.status_code == 422
    assert "结束要晚于开始" in words(answer)


def test_holidays_ahead_are_proposed(world: World, as_role: AsRole) -> None:
    a_period(world)
    assert as_role("office").get("/sources/heightened/").status_code == 200


# pushed


def push(client: Client, source: Source, body: bytes, key: str, at: int | None = None) -> Any:
    stamp = str(int(timezone.now().timestamp()) if at is None else at)
    headers = {"X-Huiying-Timestamp": stamp, "X-Huiying-Signature": signature(key, stamp, body)}
    return client.post(
        f"/sources/inbound/{source.pk}/", body, content_type="application/json", headers=headers
    )


@pytest.fixture
def inbound(world: World, as_role: AsRole) -> tuple[Source, str]:
    source = a_source(world, "inbound", "网格平台")
    page = as_role("office").post(f"/sources/{source.pk}/key/").content.decode()
    return source, re.findall(r'data-copy="([^"]+)"', page)[0]


def test_a_signed_call_is_taken_once_and_a_remark_is_answered(inbound: tuple[Source, str]) -> None:
    source, key = inbound
    body = json.dumps(
        {"mentions": [{"key": "17", "title": "停水", "posted_at": "某日"}, {"key": "18"}]}
    ).encode()
    first = push(Client(), source, body, key)
    assert (first.status_code, first.json()["new"], first.json()["known"]) == (200, 1, 0)
    assert [one["place"] for one in first.json()["rejected"]] == ["[0]", "[1]"]
    assert push(Client(), source, body, key).json() == {**first.json(), "new": 0, "known": 1}
    assert Mention.objects.get().capture is not None


def test_a_call_that_is_wrong_in_any_way_is_refused_with_a_reason(inbound: tuple[Source, str]) -> None:
    source, key = inbound
    body = b'{"title": "x"}'
    client, now = Client(), int(timezone.now().timestamp())
    assert push(client, source, body, "wrong").status_code == 401
    assert "five minutes" in push(client, source, body, key, at=now - 400).json()["error"]
    assert "five minutes" in push(client, source, body, key, at=now + 400).json()["error"]
    assert push(client, source, b"not json", key).status_code == 422
    assert (
        client.post(f"/sources/inbound/{source.pk}/", body, content_type="application/json").status_code
        == 401
    )
    assert client.get(f"/sources/inbound/{source.pk}/").status_code == 405
    assert client.post("/sources/inbound/987654/", body, content_type="application/json").status_code == 404
    assert Mention.objects.count() == 0


def test_a_body_that_was_changed_on_the_way_does_not_fit_its_signature(inbound: tuple[Source, str]) -> None:
    source, key = inbound
    stamp = str(int(timezone.now().timestamp()))
    headers = {"X-Huiying-Timestamp": stamp, "X-Huiying-Signature": signature(key, stamp, b'{"title": "x"}')}
    answer = Client().post(
        f"/sources/inbound/{source.pk}/", b'{"title": "y"}', content_type="application/json", headers=headers
    )
    assert answer.status_code == 401


def test_a_new_key_makes_the_old_one_void_and_a_paused_source_takes_nothing(
    inbound: tuple[Source, str], world: World
) -> None:
    source, old = inbound
    new = actions.renew_key(by=world["office"], now=timezone.now(), source=source)
    body = b'{"title": "x"}'
    assert push(Client(), source, body, old).status_code == 401
    assert push(Client(), source, body, new).status_code == 200
    actions.pause(by=world["office"], now=timezone.now(), source=source)
    assert "paused" in push(Client(), source, body, new).json()["error"]


def test_the_key_is_shown_once(inbound: tuple[Source, str], as_role: AsRole) -> None:
    source, key = inbound
    page = as_role("office").get(f"/sources/{source.pk}/").content.decode()
    assert key not in page and "换一个密钥" in page


# in English


def test_the_pages_speak_english_at_the_switch(world: World, as_role: AsRole) -> None:
    source = a_mention(world).source
    client = as_role("office")
    client.cookies["django_language"] = "en"
    for address in (
        "/sources/",
        f"/sources/{source.pk}/",
        "/sources/add/",
        "/sources/enter/",
        "/sources/heightened/",
    ):
        said = words(client.get(address)).replace("中文", "")
        for own in ("青禾论坛", "宿舍停水", "九中", "丁值班", "丙主任", "三天了", "电话"):
            said = said.replace(own, "")
        assert "信源" not in said and "采集" not in said and "加密监测" not in said
