"""Each kind of source asks for what it needs, and says what is wrong before anything is saved."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from huiying.desk.collect.actions import install_source
from huiying.desk.collect.models import Source
from huiying.desk.collect.sources.forms import INTERVALS, KindForm, Values
from huiying.desk.collect.sources.hand.form import FORMS, HandForm, token
from huiying.desk.collect.sources.kinds import HAND, KINDS, SCHEDULED, kind_of
from huiying.desk.collect.sources.upload.form import ColumnsForm, FileForm
from tests.desk.collecting import PNG
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db
SHARED = {"name": "某处", "tier": "local", "interval_s": "600"}
GOOD: dict[str, dict[str, str]] = {
    "feed": {"address": "https://bbs.example.cn/rss"},
    "page": {"address": "https://bbs.example.cn/list", "item": "ul > li"},
    "rsshub": {"address": "https://rsshub.example.cn", "route": "/people/liuyan/539"},
    "newsnow": {"address": "https://newsnow.example.cn", "id": "weibo"},
    "api": {"address": "https://h.example.cn/api", "title": "t", "token_header": "Authorization"},
    "mailbox": {"host": "imap.example.cn", "port": "993", "user": "desk", "password": "p", "folder": "INBOX"},
    "upload": {},
    "inbound": {},
}
HOSTS = {
    "feed": "bbs.example.cn",
    "page": "bbs.example.cn",
    "rsshub": "rsshub.example.cn",
    "newsnow": "newsnow.example.cn",
    "api": "h.example.cn",
    "mailbox": "imap.example.cn",
    "upload": "",
    "inbound": "",
}


def filled(kind: str, **changes: str) -> KindForm:
    return KINDS[kind].form({**SHARED, **GOOD[kind], **changes})


def wrong(kind: str, **changes: str) -> set[str]:
    """The fields that must be mended."""
    return set(filled(kind, **changes).errors)


def test_every_kind_is_tried_here() -> None:
    assert GOOD.keys() == HOSTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_with_what_it_needs_is_taken(kind: str) -> None:
    form = filled(kind)
    assert form.is_valid(), form.errors
    assert form.values.host == HOSTS[kind]
    assert set(form.values.settings) == set(form.own)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_names_what_is_missing(kind: str) -> None:
    form = KINDS[kind].form({})
    assert "name" in form.errors
    needed = {name for name in GOOD[kind] if KINDS[kind].form.base_fields[name].required}
    assert needed <= set(form.errors)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_comes_back_to_be_changed_without_its_secret(kind: str) -> None:
    form = filled(kind)
    assert form.is_valid()
    source = install_source(now=NOW, kind=kind, values=form.values)
    again = KINDS[kind].form(source=source)
    assert again["name"].value() == "某处"
    for name, value in GOOD[kind].items():
        secret = name == KINDS[kind].form.secret_field
        assert str(again[name].value() or "") == ("" if secret else value)
    same = KINDS[kind].form({**SHARED, **GOOD[kind]}, source=source)
    assert same.is_valid(), "a source may keep its own name"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].form.secret_field])
def test_a_saved_secret_need_not_be_typed_again(kind: str) -> None:
    secret = KINDS[kind].form.secret_field
    source = install_source(now=NOW, kind=kind, values=Values(name="某处", secret="abc"))
    typed = {**SHARED, **GOOD[kind]}
    typed.pop(secret, None)
    form = KINDS[kind].form(typed, source=source)
    assert form.is_valid(), form.errors
    assert form.values.secret == ""


@pytest.mark.parametrize(
    "address",
    ["", "bbs.example.cn", "ftp://x/", "javascript:alert(1)", "http://u:p@x.cn/", "http:///x", "http://[1/"],
)
@pytest.mark.parametrize("kind", ["feed", "page", "rsshub", "newsnow", "api"])
def test_an_address_that_cannot_be_fetched_is_refused(kind: str, address: str) -> None:
    assert wrong(kind, address=address) == {"address"}


def test_an_address_is_kept_in_plain_form() -> None:
    form = filled("feed", address=" https://例子.cn/新闻?页=1#尾 ")
    assert form.is_valid(), form.errors
    address = str(form.values.settings["address"])
    assert address.isascii() and "#" not in address
    assert address.startswith("https://xn--fsqu00a.cn/")


@pytest.mark.parametrize("field", ["item", "title", "link", "date", "author", "body"])
def test_a_selector_is_checked_as_it_is_typed(field: str) -> None:
    assert wrong("page", **{field: "li["}) == {field}
    assert wrong("page", **{field: "ul.news > li:nth-child(2n) a[href]"}) == set()


@pytest.mark.parametrize(
    ("kind", "field", "bad", "good"),
    [
        ("rsshub", "route", "people/liuyan", "/people/liuyan/539?limit=20"),
        ("rsshub", "route", "/a b", "/a"),
        ("rsshub", "route", "/a#b", "/a/b"),
        ("newsnow", "id", "wei bo", "weibo"),
        ("newsnow", "id", "../x", "cls-telegraph"),
        ("api", "token_header", "X: y", "X-Token"),
        ("mailbox", "host", "imap example", "imap.example.cn"),
        ("mailbox", "port", "0", "143"),
        ("mailbox", "port", "65536", "993"),
        ("mailbox", "folder", "a\x00b", "举报"),
    ],
)
def test_each_field_says_no_to_what_cannot_be_used(kind: str, field: str, bad: str, good: str) -> None:
    assert field in wrong(kind, **{field: bad})
    assert field not in wrong(kind, **{field: good})


def test_an_interface_needs_a_title_or_a_text() -> None:
    assert wrong("api", title="", text="") == {"title"}
    assert wrong("api", title="", text="content") == set()


@pytest.mark.parametrize("secret", ["口令", "a\nb", "x" * 500])
def test_a_secret_that_cannot_be_sent_is_refused(secret: str) -> None:
    assert wrong("api", token=secret) == {"token"}


@pytest.mark.parametrize("interval", ["7", "-1", "x", "999999999"])
def test_only_the_intervals_that_are_offered_are_taken(interval: str) -> None:
    assert wrong("feed", interval_s=interval) == {"interval_s"}


def test_an_interval_left_out_is_ten_minutes() -> None:
    form = filled("feed", interval_s="")
    assert form.is_valid()
    assert form.values.interval_s == 600
    assert 600 in dict(INTERVALS)


def test_a_name_is_given_once(now: datetime) -> None:
    install_source(now=now, kind="upload", values=Values(name="某处"))
    assert wrong("feed") == {"name"}
    assert wrong("feed", name=" 某处 ") == {"name"}
    assert wrong("feed", name="别处") == set()


def test_trying_needs_no_name() -> None:
    form = KINDS["feed"].form({**SHARED, **GOOD["feed"], "name": ""}, trying=True)
    assert form.is_valid()


def test_kinds_that_are_fetched_are_scheduled_and_no_other() -> None:
    assert set(SCHEDULED) == {"feed", "page", "rsshub", "newsnow", "api", "mailbox"}
    assert all(("interval_s" in KINDS[name].form().fields) == (name in SCHEDULED) for name in KINDS)
    assert kind_of(HAND).fetch is None
    with pytest.raises(KeyError):
        kind_of("telepathy")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_when_to_choose_it_with_an_example(kind: str) -> None:
    it = KINDS[kind]
    assert len(str(it.what)) > 8 and it.example and it.icon
    assert it.fetched == (kind in SCHEDULED)


# files


def test_columns_are_chosen_by_their_headings() -> None:
    form = ColumnsForm({"title": "0", "text": "2", "posted_at": ""}, headings=["标题", "", "正文"])
    assert form.is_valid()
    assert form.columns == {"title": 0, "text": 2}
    assert "#2" in str(form), "a column without a heading is counted"


@pytest.mark.parametrize("data", [{}, {"author": "0"}, {"title": "9"}, {"title": "x"}])
def test_columns_without_words_are_refused(data: dict[str, str]) -> None:
    assert not ColumnsForm(data, headings=["标题", "作者"]).is_valid()


def test_a_file_is_needed_and_may_not_be_huge() -> None:
    assert not FileForm({}, {}).is_valid()
    huge = SimpleUploadedFile("x.csv", b"x")
    huge.size = 21 * 2**20
    assert "20 MB" in str(FileForm({}, MultiValueDict({"file": [huge]})).errors)


# by hand


def entry(name: str, files: list[SimpleUploadedFile] | None = None, **changes: str) -> HandForm:
    said = {
        "token": token(),
        "title": "积水",
        "text": "水深及膝",
        "office": "市局",
        "due_at": "2026-11-27T17:00",
    }
    return FORMS[name]({**said, **changes}, MultiValueDict({"photos": files or []}))


@pytest.mark.parametrize("name", FORMS)
def test_an_entry_becomes_an_item(name: str) -> None:
    form = entry(name, posted_at="2020-01-01T08:00")
    assert form.is_valid(), form.errors
    item = form.item()
    assert (item.title, item.text, item.kind) == ("积水", "水深及膝", form.kind)
    assert item.posted_at == datetime(2020, 1, 1, 0, 0, tzinfo=UTC)
    assert item.key.startswith("hand:")
    assert form.files_brought() == []


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("field", ["title", "text", "token"])
def test_an_entry_needs_its_words(name: str, field: str) -> None:
    assert set(entry(name, **{field: ""}).errors) == {field}


def test_a_transfer_needs_the_office_and_the_deadline() -> None:
    assert set(entry("transfer", office="", due_at="").errors) == {"office", "due_at"}
    item = entry("transfer", reference="青教信〔2026〕118 号")
    assert item.is_valid()
    assert item.item().extra == {"office": "市局", "reference": "青教信〔2026〕118 号"}
    assert item.item().site == "市局"


def test_a_caller_is_an_author_and_nothing_else_of_the_caller_is_asked() -> None:
    form = entry("phone", author="某人")
    assert form.is_valid()
    assert form.item().author == "某人"
    assert form.item().extra == {}
    assert {"phone", "number", "contact"} & set(form.fields) == set()


@pytest.mark.parametrize("shown", ["<script>", "a" * 10, "../../x", ""])
def test_a_token_that_the_desk_did_not_make_is_refused(shown: str) -> None:
    assert "token" in entry("tip", token=shown).errors


WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


@pytest.mark.parametrize("body", [PNG, b"\xff\xd8\xff\xe0 jpeg", WEBP, b"%PDF-1.7 x"])
def test_photos_and_papers_come_along(body: bytes) -> None:
    form = entry("tip", [SimpleUploadedFile("x", body, content_type="image/png")])
    assert form.is_valid(), form.errors
    [brought] = form.files_brought()
    assert brought.body == body


@pytest.mark.parametrize(
    "body", [b"<html>", b"MZ\x90\x00", b"PK\x03\x04", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"GIF89a", b"x"]
)
def test_other_files_are_refused_by_what_they_are_not_by_what_they_say(body: bytes) -> None:
    form = entry("tip", [SimpleUploadedFile("photo.png", body, content_type="image/png")])
    assert "photo.png" in str(form.errors["photos"])


def test_files_are_few_and_not_huge() -> None:
    photos = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(7)]
    assert "photos" in entry("tip", photos).errors
    assert entry("tip", photos[:6]).is_valid()
    photos[0].size = 11 * 2**20
    assert "10 MB" in str(entry("tip", photos[:1]).errors)


def test_nothing_was_stored_by_looking_at_forms() -> None:
    assert not Source.objects.exists()
