"""A watch is a query on a matter, as fields and as text; never on a private person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiying.desk.listen import actions, ledger, limits
from huiying.desk.listen.forms import WatchForm
from huiying.desk.listen.forms.parts import form_of
from huiying.desk.listen.models import Rehearing, Watch
from huiying.desk.listen.search.narrow import narrowed, preview
from huiying.engine.listen.query import compose, parse
from tests.desk.listen_world import CANTEEN, OTHER, WATER, hear_all, posts, rehear_all, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


def asked(text: str):  # type: ignore[no-untyped-def]
    query, findings = parse(text)
    assert query is not None, findings
    return query


# ---- limits


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "138-1234-5678 食堂", "11010519491231002X", "6222 0000 0000 0000", '"abc@mail.example"',
        "京A12345", "@某某同学", "@某某同学 OR @另一个", "食堂 OR @某某同学", "微信号:abcdefg1",
    ],
)  # fmt: skip
def test_the_marks_of_one_person_are_refused_with_a_sentence(text: str) -> None:
    refused = limits.refusal(asked(text.replace("6222 0000 0000 0000", '"6222 0000 0000 0000"')))
    assert refused is not None
    assert "食堂" in refused.zh or "停水" in refused.zh


@pytest.mark.parametrize(
    "text", ["食堂 异味", "@学校官微 停水", "停水 OR 停电", "校车 5号线", "物业 NEAR/8 涨价"]
)
def test_matters_are_not_refused(text: str) -> None:
    assert limits.refusal(asked(text)) is None


def test_what_reads_as_a_name_asks_for_a_confirmation() -> None:
    assert limits.doubt(asked("王小丽")) is not None
    assert limits.doubt(asked("食堂 OR 王小丽")) is not None
    assert limits.doubt(asked("王小丽 宿舍 热水")) is None
    assert limits.doubt(asked("食堂")) is None


def test_a_watch_needs_its_matter_and_a_name_of_its_own(world: World) -> None:
    with pytest.raises(ValidationError, match="不针对个人"):
        actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="食堂", matter=" ")
    actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="食堂", matter="饭菜")
    with pytest.raises(ValidationError, match="同名"):
        actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="饭菜", matter="饭菜")


def test_a_query_that_cannot_be_read_says_where(world: World) -> None:
    with pytest.raises(ValidationError) as told:
        actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="(食堂 异味", matter="饭菜")
    assert "query" in told.value.message_dict


def test_a_name_is_kept_only_when_it_is_confirmed_to_be_public(world: World) -> None:
    values = {"name": "称呼", "query": "王小丽", "matter": "一项公示", "by": world["office"], "now": NOW}
    with pytest.raises(ValidationError) as told:
        actions.save_watch(**values)  # type: ignore[arg-type]
    assert "not_a_person" in told.value.message_dict
    assert actions.save_watch(**values, not_a_person=True).pk  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["head", "handler", "auditor", "admin", "reviewer"])
def test_watches_are_the_desks_business(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.save_watch(by=world[role], now=NOW, name="食堂", query="食堂", matter="饭菜")


def test_changing_only_the_name_hears_nothing_again(world: World) -> None:
    it = actions.save_watch(by=world["duty"], now=NOW, name="食堂", query="食堂", matter="饭菜")
    posts(CANTEEN)
    hear_all()
    actions.save_watch(by=world["duty"], now=NOW, name="食堂饭菜", query="食堂", matter="饭菜", watch=it)
    assert not Rehearing.objects.exists()
    actions.stop_watch(by=world["duty"], now=NOW, watch=it, active=False)
    assert Rehearing.objects.get().reason == "食堂饭菜"


# ---- fields and text


@pytest.mark.parametrize(
    "text",
    [
        "食堂", "食堂 异味", "食堂 OR 午餐 OR 饭菜", "食堂 (异味 OR 馊味) NOT 招聘", '"物业 收费" 小区',
        "物业 NEAR/8 涨价", "校车 NEAR/3 晚点 5号线 NOT 招标", "wifi* 宿舍",
    ],
)  # fmt: skip
def test_fields_say_the_same_as_the_text(text: str) -> None:
    query = asked(text)
    form = form_of(query)
    assert form is not None
    again = compose(form)
    assert again is not None
    assert set(getattr(again, "parts", (again,))) == set(getattr(query, "parts", (query,)))


@pytest.mark.parametrize(
    "text", ["(食堂 异味) OR (宿舍 热水)", "食堂 NOT (招聘 OR 招标)", "(a OR b) (c OR d)"]
)
def test_richer_queries_stay_text(text: str) -> None:
    assert form_of(asked(text)) is None


def sent(**values: object) -> WatchForm:
    form = WatchForm({"name": "n", "matter": "m", **values})
    form.is_valid()
    return form


def test_an_edited_text_fills_the_fields() -> None:
    form = sent(query="食堂 OR 午餐", seen="食堂", all="食堂")
    assert form.cleaned_data["query"] == "食堂 OR 午餐"
    assert (form["any"].value(), form["all"].value()) == ("食堂 午餐", "")


def test_edited_fields_rewrite_the_text() -> None:
    form = sent(query="食堂", seen="食堂", all="食堂", none="招聘")
    assert form.by_fields
    assert form.cleaned_data["query"] == "食堂 NOT 招聘"
    assert form["query"].value() == "食堂 NOT 招聘"


def test_both_edited_differently_is_asked_back_and_nothing_is_lost() -> None:
    form = sent(query="热水", seen="食堂", all="校车")
    assert "只改其中一处" in form.errors["query"][0]
    assert (form["query"].value(), form["all"].value()) == ("热水", "校车")


def test_both_edited_alike_is_fine() -> None:
    assert sent(query="热水", seen="食堂", all="热水").is_valid()


def test_emptied_fields_empty_the_query() -> None:
    assert "query" in sent(query="食堂", seen="食堂", all="").errors


# ---- what is stored


@pytest.fixture
def stored(world: World) -> World:
    """Six posts, heard."""
    posts([*CANTEEN, *WATER, *OTHER])
    hear_all()
    return world


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("食堂", 3), ("食堂 OR 热水", 5), ("热水 NOT 洗澡", 1), ("二食堂 NEAR/6 异味", 3), ('"热水停供"', 2),
        ("水 三号", 2), ("*堂", 3), ("没有这个词", 0),
    ],
)  # fmt: skip
def test_a_preview_counts_what_a_watch_would_find(stored: World, text: str, count: int) -> None:
    found = preview(asked(text))
    assert (found.count, found.whole) == (count, True)
    it = watch("w", text)
    rehear_all()
    assert it.matches.count() == count


def test_a_preview_shows_the_newest_first_with_the_places_of_its_words(stored: World) -> None:
    found = preview(asked("热水"), most=1)
    mention, spans = found.newest[0]
    whole = f"{mention.title}\n{mention.text}"
    assert {whole[start:end] for start, end in spans} == {"热水"}
    assert "三号楼热水停供" in whole


def test_a_query_that_the_index_cannot_narrow_reads_everything(stored: World) -> None:
    assert narrowed(asked("*ifi")) is None
    assert preview(asked("*ifi")).count == 0


# ---- pages


def test_the_live_preview_marks_words_and_brings_the_fields_in_line(stored: World, as_role: SignIn) -> None:
    page = as_role("duty").post("/listen/watches/try/", {"query": "食堂 OR 热水", "seen": ""})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<mark>食堂</mark>" in text
    assert ">5<" in text
    assert 'id="parts"' in text and 'value="食堂 热水"' in text


def test_without_a_script_a_button_previews_and_keeps_nothing(stored: World, as_role: SignIn) -> None:
    page = as_role("duty").post(
        "/listen/watches/new/", {"name": "热水", "query": "热水", "seen": "", "preview": "1"}
    )
    assert ">2<" in page.content.decode()
    assert not Watch.objects.exists()


def test_a_watch_on_a_person_is_refused_on_the_page_with_a_clear_sentence(
    stored: World, as_role: SignIn
) -> None:
    page = as_role("duty").post(
        "/listen/watches/new/",
        {"name": "某人", "matter": "某事", "query": "13812345678", "seen": "", "active": "on"},
    )
    assert page.status_code == 422
    assert "不是个人" in page.content.decode()


def test_a_saved_watch_is_listed_with_what_it_finds(stored: World, as_role: SignIn) -> None:
    client = as_role("office")
    values = {"name": "热水供应", "matter": "宿舍热水", "query": "热水", "seen": "", "active": "on"}
    assert client.post("/listen/watches/new/", values).status_code == 302
    it = Watch.objects.get()
    assert (it.query, it.created_by) == ("热水", stored["office"])
    assert "正在重听" in client.get("/listen/watches/").content.decode()
    page = client.get(f"/listen/watches/{it.pk}/").content.decode()
    assert 'name="all" value="热水"' in page


def test_the_progress_of_hearing_again_asks_for_itself_until_it_is_done(
    stored: World, as_role: SignIn
) -> None:
    actions.save_watch(by=stored["office"], now=NOW, name="热水", query="热水", matter="热水")
    client = as_role("duty")
    assert "hx-get" in client.get("/listen/rehearing/").content.decode()
    rehear_all(NOW + timedelta(minutes=1))
    assert "hx-get" not in client.get("/listen/rehearing/").content.decode()


def test_a_watch_is_stopped_started_and_deleted(stored: World, as_role: SignIn) -> None:
    it, client = watch("热水", "热水"), as_role("duty")
    client.post(f"/listen/watches/{it.pk}/stop/")
    it.refresh_from_db()
    assert not it.active
    client.post(f"/listen/watches/{it.pk}/stop/", {"active": "1"})
    it.refresh_from_db()
    assert it.active
    client.post(f"/listen/watches/{it.pk}/drop/")
    assert not Watch.objects.exists()


TRENDRADAR = """食堂
午餐
+学校
!招聘

/停水|停电/ => 水电
@5

13812345678
"""


def test_a_trendradar_file_is_looked_at_with_warnings_before_anything_is_added(
    world: World, as_role: SignIn
) -> None:
    client = as_role("office")
    file = SimpleUploadedFile("frequency_words.txt", TRENDRADAR.encode("gb18030"))
    page = client.post("/listen/watches/import/", {"file": file, "look": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "水电" in text
    assert "手机号" in text
    assert not Watch.objects.exists()


def test_what_is_ticked_is_imported(world: World, as_role: SignIn) -> None:
    client = as_role("office")
    page = client.post(
        "/listen/watches/import/", {"text": TRENDRADAR, "name": "f.txt", "add": "1", "take": ["水电"]}
    )
    assert page.status_code == 302
    it = Watch.objects.get()
    assert it.name == "水电"
    assert parse(it.query)[0] is not None


def test_a_person_in_a_file_keeps_the_whole_import_out(world: World, as_role: SignIn) -> None:
    client = as_role("office")
    page = client.post(
        "/listen/watches/import/",
        {"text": TRENDRADAR, "name": "f.txt", "add": "1", "take": ["水电", "13812345678"]},
    )
    assert page.status_code == 422
    assert not Watch.objects.exists()


def test_our_own_toml_is_read_too(world: World, as_role: SignIn) -> None:
    text = '[[watch]]\nname = "停水停电"\nquery = "(停水 OR 停电) NOT 通知"\n'
    as_role("office").post("/listen/watches/import/", {"text": text, "add": "1", "take": ["停水停电"]})
    assert Watch.objects.get().query == "(停水 OR 停电) NOT 通知"


def test_an_empty_import_says_what_to_do(world: World, as_role: SignIn) -> None:
    page = as_role("office").post("/listen/watches/import/", {"look": "1"})
    assert page.status_code == 422
    assert "请选一个文件" in page.content.decode()
