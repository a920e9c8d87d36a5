"""The pages of listening: lists with filters in the address bar, a story with its reasons, corrections from the page."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from huiying.desk.cases import actions as cases
from huiying.desk.collect.models import Tier
from huiying.desk.listen import actions, ledger, marks
from huiying.desk.listen.heat import heat_now, hours, warmth
from huiying.desk.listen.models import Correction, Fold, Hearing, Story
from huiying.desk.listen.queries import MentionFilter, StoryFilter, mentions, rising, stories
from tests.desk.handling import with_plan
from tests.desk.listen_world import CANTEEN, OTHER, WATER, hear_all, post, posts, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SOON = NOW + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _cold() -> None:
    ledger.forget()


@pytest.fixture
def heard(world: World) -> World:
    """The canteen (three posts and a copy) and the hot water (two), an hour old; other talk beside them."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    watch("热水", "热水")
    posts([*CANTEEN, CANTEEN[0], *WATER, *OTHER])
    hear_all()
    return world


@pytest.fixture(autouse=True)
def _soon() -> object:
    with time_machine.travel(SOON, tick=False):
        yield


def canteen() -> Story:
    return Story.objects.get(title__contains="食堂")


def water() -> Story:
    return Story.objects.get(title__contains="热水")


def get(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    return page.content.decode()


# ---- heat


def test_heat_cools_by_half_in_a_day() -> None:
    story = Story(heat=8.0, last_at=NOW, first_at=NOW)
    assert heat_now(story, NOW) == 8.0
    assert heat_now(story, NOW + timedelta(days=1)) == pytest.approx(4.0)
    assert heat_now(story, NOW - timedelta(days=1)) == 8.0


def test_the_order_by_warmth_is_the_order_by_heat_at_any_instant() -> None:
    hot = Story(heat=3.0, last_at=NOW, first_at=NOW)
    old = Story(heat=10.0, last_at=NOW - timedelta(days=2), first_at=NOW)
    for at in (NOW, NOW + timedelta(days=5)):
        assert (heat_now(hot, at) > heat_now(old, at)) == (
            warmth(hot.heat, hot.last_at) > warmth(old.heat, old.last_at)
        )


def test_hours_without_a_post_are_part_of_the_curve() -> None:
    points = [[NOW.isoformat(), 2, 3.0], [(NOW + timedelta(hours=3)).isoformat(), 1, 1.0]]
    assert [count for _at, count, _heat in hours(points, NOW + timedelta(hours=4), 48)] == [2, 0, 0, 1, 0]


# ---- stories


def test_stories_stand_hottest_first(heard: World, as_role: SignIn) -> None:
    page = get(as_role("duty"), "/listen/")
    assert page.index(canteen().title) < page.index(water().title)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (StoryFilter(), {"食堂", "热水"}),
        (StoryFilter(words="洗澡"), {"热水"}),
        (StoryFilter(words="晚霞"), set()),
        (StoryFilter(status="dismissed"), set()),
        (StoryFilter(status="all"), {"食堂", "热水"}),
        (StoryFilter(span="day"), {"食堂", "热水"}),
        (StoryFilter(level=1), set()),
        (StoryFilter(awaits=True), {"食堂", "热水"}),
        (StoryFilter(topic="no-such"), set()),
    ],
)
def test_filters_narrow_the_list(heard: World, asked: StoryFilter, expected: set[str]) -> None:
    titles = [story.title for story in stories(asked, SOON)]
    assert {word for word in ("食堂", "热水") if any(word in title for title in titles)} == expected


def test_filters_by_watch_and_unit(heard: World) -> None:
    story = canteen()
    assert list(stories(StoryFilter(watch=story.watches.get().pk), SOON)) == [story]
    Story.objects.filter(pk=story.pk).update(unit=heard.units["jwc"])
    assert list(stories(StoryFilter(unit=heard.units["jwc"].pk), SOON)) == [story]


@pytest.mark.parametrize(
    "sort", ["heat", "-heat", "growth", "-forecast", "mentions", "-last", "first", "level", "x", "-"]
)
def test_every_order_lists_everything(heard: World, sort: str) -> None:
    assert stories(StoryFilter(sort=sort), SOON).count() == 2
    assert len(list(stories(StoryFilter(sort=sort), SOON))) == 2


@pytest.mark.parametrize(
    "address", ["?level=x&unit=99999&watch=-1", "?status=no", "?page=999", "?sort=';--", "?span=year"]
)
def test_an_address_that_means_nothing_is_no_error(heard: World, as_role: SignIn, address: str) -> None:
    assert as_role("duty").get(f"/listen/{address}").status_code == 200


def test_a_desk_without_watches_says_how_to_begin(world: World, as_role: SignIn) -> None:
    page = get(as_role("duty"), "/listen/")
    assert "还没有监测主题" in page
    assert "/listen/watches/new/" in page
    assert "/listen/watches/new/" not in get(as_role("head"), "/listen/")


def test_filters_that_find_nothing_offer_to_be_cleared(heard: World, as_role: SignIn) -> None:
    assert "清空筛选" in get(as_role("duty"), "/listen/?q=没有这个词")


def test_what_was_merged_is_not_listed(heard: World, as_role: SignIn) -> None:
    actions.merge(by=heard["duty"], now=SOON, into=canteen(), others=[water()])
    assert stories(StoryFilter(status="all"), SOON).count() == 1


def test_several_stories_are_merged_from_the_list(heard: World, as_role: SignIn) -> None:
    client, into, other = as_role("duty"), canteen(), water()
    page = get(client, f"/listen/merge/?story={into.pk}&story={other.pk}")
    assert into.title in page and other.title in page
    looked = client.post("/listen/merge/", {"story": [into.pk, other.pk]})
    assert (looked.status_code, into.title in looked.content.decode()) == (200, True)
    assert client.post("/listen/merge/", {"story": [into.pk, other.pk], "into": "9"}).status_code == 422
    done = client.post("/listen/merge/", {"story": [into.pk, other.pk], "into": into.pk})
    assert done.status_code == 302
    other.refresh_from_db()
    assert other.merged_into == into


def test_merging_one_story_asks_for_another(heard: World, as_role: SignIn) -> None:
    assert "请选两个以上" in get(as_role("duty"), f"/listen/merge/?story={canteen().pk}")
    assert as_role("duty").post("/listen/merge/", {}).status_code == 422


def test_several_stories_are_dismissed_from_the_list(heard: World, as_role: SignIn) -> None:
    as_role("duty").post("/listen/dismiss/", {"story": [water().pk, "x", "99999999999999999999"]})
    assert water().status == "dismissed"
    assert canteen().status == "open"


def test_exports_hold_no_personal_data_and_no_formula(heard: World, as_role: SignIn) -> None:
    post('=HYPERLINK("x") 食堂 13812345678', "食堂很好吃", at=NOW + timedelta(minutes=15))
    hear_all(SOON)
    for kind in ("csv", "xlsx"):
        page = as_role("office").get(f"/listen/mentions/?export={kind}")
        assert page.status_code == 200
        assert "attachment" in page["Content-Disposition"]
    text = as_role("office").get("/listen/mentions/?export=csv").content.decode("utf-8-sig")
    assert "13812345678" not in text
    assert "'=HYPERLINK" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_role("office").get("/listen/?export=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + Story.objects.filter(status="open").count()


# ---- a story


def test_a_story_says_in_one_sentence_what_it_is(heard: World, as_role: SignIn) -> None:
    page = get(as_role("duty"), f"/listen/stories/{canteen().pk}/")
    assert "1 个平台上 4 个发声者说了 4 条" in page
    assert "，其中 1 条是转载" in page


def test_a_story_shows_every_condition_with_what_was_measured(heard: World, as_role: SignIn) -> None:
    story = canteen()
    page = get(as_role("duty"), f"/listen/stories/{story.pk}/")
    for reason in [*story.level_reasons, *story.level_lacks]:
        assert str(reason[0]) in page
        assert str(reason[2]) in page


def test_copies_are_folded_under_the_first_and_unfolded_on_demand(heard: World, as_role: SignIn) -> None:
    story, client = canteen(), as_role("duty")
    copy = Hearing.objects.get(copy_of__isnull=False)
    page = get(client, f"/listen/stories/{story.pk}/")
    assert "另有 1 条与它相同" in page
    address = f"/listen/stories/{story.pk}/copies/{copy.copy_of_id}/"
    assert copy.mention.text_sha256[:12] in get(client, address)
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_found_words_are_marked_and_evidence_is_a_click_away(heard: World, as_role: SignIn) -> None:
    story = water()
    page = get(as_role("duty"), f"/listen/stories/{story.pk}/")
    assert "<mark>热水</mark>" in page
    first = story.hearings.order_by("pk")[0].mention
    assert f"/sources/mentions/{first.pk}/" in page
    assert first.text_sha256 in page


def test_personal_data_is_covered_on_lists_and_stories(heard: World, as_role: SignIn) -> None:
    post(
        "二食堂的饭菜有异味 13812345678",
        "今天中午在二食堂打的饭菜有一股异味，电话 13812345678",
        at=NOW + timedelta(minutes=15),
    )
    hear_all(SOON)
    client = as_role("duty")
    for address in ("/listen/", "/listen/mentions/", f"/listen/stories/{canteen().pk}/"):
        page = get(client, address)
        assert "13812345678" not in page
    assert "138****5678" in get(client, "/listen/mentions/")


def test_what_we_did_is_marked_on_the_curve(heard: World, as_role: SignIn) -> None:
    story = canteen()
    case = cases.open_case(by=heard["duty"], now=SOON, title="食堂异味", story=story, how="story")
    assert marks.marks(story)
    page = get(as_role("duty"), f"/listen/stories/{story.pk}/")
    assert case.number in page
    assert "立件" in page


def test_a_merged_story_leads_to_the_one_it_is_part_of(heard: World, as_role: SignIn) -> None:
    other, into = water(), canteen()
    actions.merge(by=heard["duty"], now=SOON, into=into, others=[other])
    page = as_role("duty").get(f"/listen/stories/{other.pk}/")
    assert page.headers["Location"] == f"/listen/stories/{into.pk}/"


def test_a_story_is_put_right_from_its_page(heard: World, as_role: SignIn) -> None:
    client, story, other = as_role("duty"), canteen(), water()
    here = f"/listen/stories/{story.pk}"
    client.post(f"{here}/route/", {"unit": "jwc", "topic": story.topic})
    client.post(f"{here}/not-ours/")
    client.post(f"{here}/not-ours/", {"undo": "1"})
    chosen = [row.mention_id for row in story.hearings.filter(copy_of=None).order_by("pk")]
    client.post(f"{here}/split/", {"how": "split", "mention": chosen[0]})
    client.post(f"{here}/split/", {"how": "move", "to": other.pk, "mention": chosen[1]})
    assert list(Correction.objects.values_list("verb", flat=True)) == [
        "unit",
        "not_ours",
        "not_ours",
        "split",
        "move",
    ]
    story.refresh_from_db()
    assert (story.unit, story.status) == (heard.units["jwc"], "open")
    copied = Hearing.objects.get(copy_of=chosen[0]).mention_id
    assert Correction.objects.get(verb="split").data["mentions"] == [chosen[0], copied]


def test_a_refused_correction_is_said_at_the_top(heard: World, as_role: SignIn) -> None:
    client, story = as_role("duty"), canteen()
    done = client.post(f"/listen/stories/{story.pk}/split/", {"how": "split"}, follow=True)
    assert "请先选出要拆出去的帖文" in done.content.decode()
    done = client.post(f"/listen/stories/{story.pk}/split/", {"how": "move", "to": water().pk}, follow=True)
    assert "请先选出要移动的帖文" in done.content.decode()


def test_the_duty_decides_to_keep_listening_with_a_reason(heard: World, as_role: SignIn) -> None:
    client, story = as_role("duty"), canteen()
    empty = client.post(f"/listen/stories/{story.pk}/watch-on/", {"note": ""})
    assert empty.status_code == 422
    assert "请研判" in empty.content.decode()
    client.post(f"/listen/stories/{story.pk}/watch-on/", {"note": "只有一个食堂，先看今晚"})
    assert "研判为继续关注：只有一个食堂，先看今晚" in get(client, f"/listen/stories/{story.pk}/")


def test_readers_see_a_story_and_no_tools(heard: World, as_role: SignIn) -> None:
    page = get(as_role("auditor"), f"/listen/stories/{canteen().pk}/")
    assert "many-bar" not in page
    assert "not-ours" not in page
    assert "watch-on" not in page


def test_strangers_are_sent_to_sign_in_and_the_administrator_is_refused(
    heard: World, as_role: SignIn
) -> None:
    for address in ("/listen/", "/listen/mentions/", "/listen/watches/", f"/listen/stories/{canteen().pk}/"):
        assert as_role("").get(address).status_code == 302
        assert as_role("admin").get(address).status_code == 403


# ---- mentions


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (MentionFilter(), 7),
        (MentionFilter(words="食堂"), 4),
        (MentionFilter(words="食堂", copies="fold"), 3),
        (MentionFilter(heard="watched"), 6),
        (MentionFilter(heard="unwatched"), 1),
        (MentionFilter(heard="stray"), 1),
        (MentionFilter(tier=Tier.NATIONAL), 0),
        (MentionFilter(kind="post"), 7),
        (MentionFilter(span="day"), 7),
        (MentionFilter(tone="no-such"), 0),
    ],
)
def test_the_feed_is_filtered(heard: World, asked: MentionFilter, count: int) -> None:
    assert mentions(asked, SOON).count() == count


def test_the_feed_shows_the_newest_first(heard: World, as_role: SignIn) -> None:
    page = get(as_role("duty"), "/listen/mentions/")
    assert page.index(OTHER[0][0]) < page.index(WATER[0][0])


def test_searched_words_are_marked_in_the_feed(heard: World, as_role: SignIn) -> None:
    page = get(as_role("duty"), "/listen/mentions/?q=窗口师傅")
    assert "<mark>窗口师傅</mark>" in page
    assert "/listen/watches/new/?q=%E7%AA%97%E5%8F%A3" in page


def test_a_feed_without_posts_says_what_to_do(world: World, as_role: SignIn) -> None:
    assert "还没有收录帖文" in get(as_role("duty"), "/listen/mentions/")


def test_a_mention_says_what_was_heard_in_it(heard: World, as_role: SignIn) -> None:
    first = water().hearings.order_by("pk")[0]
    page = get(as_role("duty"), f"/sources/mentions/{first.mention_id}/")
    assert "听出了什么" in page
    assert f"/listen/stories/{first.story_id}/" in page


def test_listening_that_stands_still_says_so(heard: World, as_role: SignIn) -> None:
    Fold.objects.update(trouble="too-new: state of version 9")
    assert "请升级" in get(as_role("duty"), "/listen/")


# ---- others


def test_what_rises_comes_before_what_does_not(heard: World) -> None:
    quiet, loud = canteen(), water()
    Story.objects.filter(pk=quiet.pk).update(growth=0.5, forecast=0.1, warmth=50)
    Story.objects.filter(pk=loud.pk).update(growth=3, forecast=0.8, warmth=40)
    assert [story.pk for story in rising(SOON)] == [loud.pk, quiet.pk]


def test_pages_speak_english(heard: World, as_role: SignIn) -> None:
    client = as_role("duty")
    client.cookies["django_language"] = "en"
    page = get(client, f"/listen/stories/{canteen().pk}/")
    assert "4 posts by 4 voices (sites: 1)" in page
    assert "Why this level" in page
    assert "Proposed level" in get(client, "/listen/")
