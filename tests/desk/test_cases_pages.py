"""The pages of cases: what they show to whom, what their forms keep, what one takes away from them."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from huiying.desk.cases import actions, journal
from huiying.desk.cases.forms import VERBS
from huiying.desk.cases.models import Case, Evidence
from huiying.desk.cases.queries.doors import WAYS, button
from huiying.desk.cases.queries.rows import wanted
from huiying.desk.cases.slots import Door, Panel, slots
from huiying.desk.collect.models import Mention, Source
from huiying.desk.listen.models import Hearing, Story
from huiying.engine.journal import Kind, verify
from tests.desk.handling import HOUR, answered, closed, graded, handed, opened, owed, published, wrote
from tests.desk.world import World

Sign = Callable[[str], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime) -> Iterator[None]:
    """The pages ask for the time: it is an hour into the story."""
    with time_machine.travel(now + HOUR, tick=False):
        yield


def words(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


# the list


def test_the_list_answers_what_is_overdue_first(world: World, now: datetime, as_role: Sign) -> None:
    later = opened(world, now, title="不急的")
    opened(world, now - 9 * HOUR, title="超时的")
    page = words(as_role("office").get("/cases/"))
    assert page.index("超时的") < page.index("不急的")
    assert later.number in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("tab=open", {"甲件", "乙件"}),
        ("tab=all", {"甲件", "乙件", "丙件"}),
        ("tab=closed", {"丙件"}),
        ("tab=undecided", {"甲件"}),
        ("level=2", {"乙件"}),
        ("tab=all&unit=hqc", {"丙件"}),
        ("q=乙", {"乙件"}),
        ("q=2026-0001", {"甲件"}),
        ("step=verify", {"甲件"}),
        ("drill=1", set()),
        ("drill=0", {"甲件", "乙件"}),
        ("subject=logistics", {"乙件"}),
        ("tab=nonsense&level=99&sort=drop+table&step=x", {"甲件", "乙件"}),
    ],
)
def test_the_address_bar_filters(
    world: World, now: datetime, as_role: Sign, query: str, titles: set[str]
) -> None:
    opened(world, now, title="甲件")
    graded(world, now, 2, title="乙件", subject="logistics")
    done = closed(world, now)
    journal_title(done, "丙件")
    page = words(as_role("office").get(f"/cases/?{query}"))
    assert {title for title in ("甲件", "乙件", "丙件") if title in page} == titles


def journal_title(case: Case, title: str) -> None:
    """The row under another title: tests of the list need no second journal."""
    Case.objects.filter(pk=case.pk).update(title=title)


def test_mine_is_what_i_owe(world: World, now: datetime, as_role: Sign) -> None:
    handed(world, now)
    opened(world, now, title="别人的")
    assert "别人的" not in words(as_role("handler").get("/cases/?tab=mine"))
    assert "三食堂" in words(as_role("handler").get("/cases/?tab=mine"))
    assert "别人的" in words(as_role("duty").get("/cases/?tab=mine"))


@pytest.mark.parametrize(
    "sort", ["due", "level", "-level", "number", "-number", "title", "opened", "-opened", "unit"]
)
def test_the_list_sorts(world: World, now: datetime, as_role: Sign, sort: str) -> None:
    opened(world, now, title="甲件")
    handed(world, now)
    assert as_role("office").get(f"/cases/?sort={sort}").status_code == 200


def test_an_empty_list_says_what_to_do_next(world: World, as_role: Sign) -> None:
    assert "从话题、帖文或上级转交立件" in words(as_role("office").get("/cases/"))
    assert "没有符合筛选的件" in words(as_role("office").get("/cases/?q=没有"))


def test_wishes_that_cannot_be_meant_are_left_out() -> None:
    wish = wanted({"tab": "x", "level": "0", "sort": "-x", "drill": "2", "q": "  字  "})
    assert (wish.tab, wish.level, wish.sort, wish.drill, wish.words) == ("open", None, "due", "", "字")


def test_an_export_never_runs_as_a_formula(world: World, now: datetime, as_role: Sign) -> None:
    for title in ("=1+1", "+86", "-2", "@cmd", "＝1", "\t=1", "平常的"):
        opened(world, now, title=title)
    answer = as_role("office").get("/cases/export/csv/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["编号", "标题"]
    assert {row[1] for row in rows[1:]} == {"'=1+1", "'+86", "'-2", "'@cmd", "'＝1", "'=1", "平常的"}
    book = zipfile.ZipFile(io.BytesIO(as_role("office").get("/cases/export/xlsx/").content))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert b"=1+1" in book.read("xl/sharedStrings.xml")
    assert len(rows) == 8


def test_an_export_covers_personal_data(world: World, now: datetime, as_role: Sign) -> None:
    opened(world, now, title="家长 13812345678 反映收费")
    assert "13812345678" not in as_role("office").get("/cases/export/csv/").content.decode()


def test_an_export_holds_what_the_filters_ask_and_the_reader_may_see(
    world: World, now: datetime, as_role: Sign
) -> None:
    handed(world, now)
    opened(world, now, title="别的")
    assert "别的" not in as_role("office").get("/cases/export/csv/?level=3").content.decode()
    assert "别的" not in as_role("handler").get("/cases/export/csv/").content.decode()
    assert as_role("office").get("/cases/export/exe/").status_code == 404


def test_selected_cases_are_taken_away_or_merged(world: World, now: datetime, as_role: Sign) -> None:
    first, second = opened(world, now), opened(world, now + HOUR / 2, title="同一件事")
    duty, numbers = as_role("duty"), [first.number, second.number]
    taken = duty.post("/cases/selected/", {"do": "csv", "number": [second.number]}).content.decode()
    assert second.number in taken
    assert first.number not in taken
    answer = duty.post("/cases/selected/", {"do": "merge", "number": numbers})
    assert answer.headers["Location"] == f"/cases/{first.number}/"
    second.refresh_from_db()
    assert second.merged_into == first


@pytest.mark.parametrize("data", [{}, {"do": "merge"}, {"do": "merge", "number": ["2026-0001"]}, {"do": "x"}])
def test_a_selection_that_makes_no_sense_changes_nothing(
    world: World, now: datetime, as_role: Sign, data: dict[str, object]
) -> None:
    case = opened(world, now)
    assert as_role("duty").post("/cases/selected/", data).status_code == 302
    assert case.entries.count() == 1


# one case


def test_the_page_shows_where_it_stands_what_is_owed_and_who_has_it(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = handed(world, now)
    page = words(as_role("office").get(f"/cases/{case.number}/"))
    for expected in ("核实研判", "作首次公开回应", "后勤处", "现在负责", "汤有酸味", "学校网络舆情应对预案"):
        assert expected in page
    assert "data-due" in page


def test_the_primary_action_is_the_first_thing_the_reader_owes(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = opened(world, now)
    duty, auditor = as_role("duty"), as_role("auditor")
    assert f'href="/cases/{case.number}/verify/"' in words(duty.get(f"/cases/{case.number}/"))
    page = words(auditor.get(f"/cases/{case.number}/"))
    assert "/verify/" not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0], (
        "who changes nothing is offered nothing to change"
    )


def test_every_owed_act_has_a_way(world: World, now: datetime) -> None:
    case = answered(world, now, level=1)
    elsewhere = {"published", "approved", "lines_set", "reviewed", "archived"}
    acts = set(case.owed.values_list("act", flat=True))
    assert acts <= set(WAYS) | elsewhere | set(slots.doors)
    slugs = {verb.slug for verb in VERBS}
    assert {way.form for way in WAYS.values()} <= slugs


def test_a_closed_case_reads_as_a_document(world: World, now: datetime, as_role: Sign) -> None:
    case = closed(world, now)
    page = words(as_role("auditor").get(f"/cases/{case.number}/"))
    assert "办结情况" in page
    assert "发现到首次回应" in page
    assert page.index('id="e1"') < page.index(f'id="e{case.entries_count}"'), "from the beginning to the end"


def test_an_open_case_shows_the_newest_first(world: World, now: datetime, as_role: Sign) -> None:
    case = handed(world, now)
    page = words(as_role("office").get(f"/cases/{case.number}/"))
    assert page.index(f'id="e{case.entries_count}"') < page.index('id="e1"')


def test_a_drill_is_marked_on_every_page(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now, drill=True, by=world["head"])
    head = as_role("head")
    for address in ("/cases/", f"/cases/{case.number}/", f"/cases/{case.number}/note/"):
        assert "演练" in words(head.get(address)).split("<main")[1]


def test_every_kind_of_entry_is_told_in_both_languages(world: World, now: datetime, as_role: Sign) -> None:
    case = answered(world, now)
    for kind in Kind:
        if not case.entries.filter(kind=kind).exists() and kind not in {
            Kind.MERGED,
            Kind.CORRECTED,
            Kind.CLOSED,
        }:
            wrote(
                case,
                kind,
                TOLD.get(kind, {"text": "内容", "unit": "hqc", "ref": "x", "number": 7}),
                now,
                None,
            )
    client = as_role("office")
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        page = words(client.get(f"/cases/{case.number}/"))
        assert page.count('id="e') >= case.entries.count() - 3, "notices are folded"
        assert "%(" not in page


TOLD = {
    Kind.LEVEL_PROPOSED: {"level": 2, "reasons": [], "reason": "像"},
    Kind.EXTENSION_ASKED: {"obligation": "first", "new_due_at": "2026-12-01T00:00:00+00:00", "reason": "等"},
    Kind.EXTENSION_GRANTED: {"obligation": "formal", "new_due_at": "2026-12-01T00:00:00+00:00"},
    Kind.EXTENSION_REFUSED: {"obligation": "formal", "reason": "不行"},
    Kind.PROMISED: {"ref": "p9", "due_at": "2026-12-01T00:00:00+00:00", "text": "公布"},
    Kind.APPROVED: {"draft": 1, "step": 1, "approver_role": "head", "of": ["deputy", "head"]},
    Kind.SUBMITTED: {"draft": 1, "chain": ["deputy", "head"]},
    Kind.REPORTED: {"to": "group", "means": "phone", "text": "报"},
    Kind.INSTRUCTED: {"by": "甲", "text": "快办", "ref": "i9"},
    Kind.URGED: {"number": 9, "unit": "hqc", "text": "快", "due_at": "2026-12-01T00:00:00+00:00"},
    Kind.CALLED_BACK: {"solved": True, "satisfied": None, "text": "好"},
    Kind.WAIVED: {"obligation": "first", "reason": "不必"},
    Kind.TELLING_FAILED: {"recipient": "x", "error": {"zh": "坏", "en": "bad"}, "stage": "due"},
    Kind.REOPENED: {"reason": "又起", "relapse": True},
    Kind.DONE: {"step": "asker_answered", "text": "答了"},
    Kind.MENTIONS_ADDED: {"mentions": []},
}


def test_text_from_outside_is_escaped(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now, title="<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")
    actions.add_note(by=world["office"], now=now, case=case, text="<b>粗</b>")
    page = words(as_role("office").get(f"/cases/{case.number}/"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>粗</b>" not in page


def test_other_rooms_add_panels_and_doors(world: World, now: datetime, as_role: Sign) -> None:
    case = graded(world, now)
    kept = dict(slots.panels), dict(slots.doors)
    slots.add(Panel(key="test", template="cases/parts/marks.html", context=lambda request, it: {"case": it}))
    slots.add(Panel(key="none", template="no/such.html", context=lambda request, it: None))
    slots.add(
        Door(act="published", label="去写答复", url=lambda it, owed: f"/replies/{it.number}/{owed.stage}/")
    )
    try:
        page = words(as_role("spokesperson").get(f"/cases/{case.number}/"))
    finally:
        slots.panels, slots.doors = kept
    assert f"/replies/{case.number}/first/" in page
    assert "去写答复" in page


@pytest.mark.parametrize(
    ("means", "expected"), [("phone", "/reports/flash/"), ("paper", "/report/?to=higher")]
)
def test_a_door_stands_before_our_own_form_only_for_what_it_picks(
    world: World, now: datetime, means: str, expected: str
) -> None:
    case = graded(world, now, level=1)
    kept = dict(slots.doors)
    slots.add(
        Door(
            act="reported",
            label="写快报",
            url=lambda it, owed: "/reports/flash/",
            before=lambda owed: owed.means == means,
        )
    )
    try:
        found = button(case, owed(case, "report-higher"), lambda right: True)
    finally:
        slots.doors = kept
    assert found is not None
    assert expected in found.address


def test_the_journal_is_given_as_lines_that_verify(world: World, now: datetime, as_role: Sign) -> None:
    case = handed(world, now)
    lines = as_role("auditor").get(f"/cases/{case.number}/journal/").content.decode().splitlines()
    entries = journal.entries(case)
    assert [json.loads(line)["hash"] for line in lines] == [entry.hash for entry in entries]
    assert verify(entries) == []


# forms


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.slug)
def test_an_empty_form_comes_back_with_what_is_wrong(
    world: World, now: datetime, as_role: Sign, verb: type
) -> None:
    case = handed(world, now)
    for role in ("office", "duty", "deputy", "head", "handler"):
        answer = as_role(role).post(f"/cases/{case.number}/{verb.slug}/", {})
        assert answer.status_code in {302, 403, 422}
    assert case.entries.count() == 5


def test_a_form_that_is_refused_keeps_what_was_typed(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now)
    answer = as_role("duty").post(f"/cases/{case.number}/verify/", {"facts": "留样已送检", "outcome": ""})
    assert answer.status_code == 422
    assert "留样已送检" in words(answer)
    assert "还有几处要改" in words(answer)
    assert case.entries.count() == 1


def test_what_a_verb_refuses_stands_on_the_form(world: World, now: datetime, as_role: Sign) -> None:
    case = handed(world, now)
    answer = as_role("office").post(f"/cases/{case.number}/close/", {"summary": "好了"})
    assert answer.status_code == 422
    assert "还欠：作首次公开回应" in words(answer)


def test_a_form_does_its_verb_and_goes_back_to_the_case(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now)
    answer = as_role("duty").post(f"/cases/{case.number}/verify/", {"outcome": "true", "facts": "属实"})
    assert answer.headers["Location"] == f"/cases/{case.number}/"
    assert case.entries.get(kind="verified").data["facts"] == "属实"


def test_with_script_a_form_is_a_part_of_the_page(world: World, now: datetime, as_role: Sign) -> None:
    case, duty = opened(world, now), as_role("duty")
    part = words(duty.get(f"/cases/{case.number}/verify/", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert 'name="outcome"' in part
    refused = duty.post(f"/cases/{case.number}/verify/", {}, headers={"HX-Request": "true"})
    assert (refused.status_code, "<html" in words(refused)) == (422, False)
    done = duty.post(
        f"/cases/{case.number}/verify/", {"outcome": "true", "facts": "属实"}, headers={"HX-Request": "true"}
    )
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/cases/{case.number}/")


def test_a_form_begins_with_what_the_button_knows(world: World, now: datetime, as_role: Sign) -> None:
    case = graded(world, now, level=1)
    page = words(as_role("office").get(f"/cases/{case.number}/report/?to=higher&means=phone"))
    assert '<option value="higher" selected>' in page
    assert 'value="phone"' in page.split("checked")[0]


def test_a_button_that_came_too_late_says_how_the_case_stands(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = closed(world, now)
    answer = as_role("duty").get(f"/cases/{case.number}/verify/", follow=True)
    assert "现在不用办或不能办" in words(answer)


def test_the_level_is_shown_with_its_evidence(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now)
    page = words(as_role("deputy").get(f"/cases/{case.number}/confirm/"))
    assert "系统建议" in page
    assert '<ul class="conditions">' in page
    assert 'value="1"' not in page.split("系统建议")[1].split("</form>")[0], "the head's level is not offered"


def test_a_flag_that_a_person_ticks_raises_the_proposal(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now)
    as_role("duty").post(f"/cases/{case.number}/propose/", {"flags": ["safety"], "level": "", "reason": ""})
    entry = case.entries.get(kind="level_proposed")
    assert (entry.data["level"], entry.data["measures"]["flags"]) == (1, ["safety"])


def test_from_the_phone_a_unit_accepts_with_one_press_and_reports_with_a_photo(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = graded(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    handler = as_role("handler")
    handler.post(f"/cases/{case.number}/accept/", {"unit": "hqc"})
    photo = SimpleUploadedFile("现场.png", PNG, "image/png")
    handler.post(f"/cases/{case.number}/unit-report/", {"unit": "hqc", "text": "换了", "proof": [photo]})
    (proof,) = case.entries.get(kind="unit_reported").data["evidence"]
    row = Evidence.objects.get(case=case)
    assert (proof["sha256"], proof["type"], row.name) == (row.sha256, "image/png", "现场.png")


def test_a_file_is_given_only_through_its_case(world: World, now: datetime, as_role: Sign) -> None:
    case, other = opened(world, now), opened(world, now)
    photo = SimpleUploadedFile("x.png", PNG, "image/png")
    as_role("duty").post(f"/cases/{case.number}/note/", {"text": "看图", "proof": [photo]})
    sha256 = Evidence.objects.get().sha256
    answer = as_role("auditor").get(f"/cases/{case.number}/files/{sha256}/")
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert as_role("handler").get(f"/cases/{case.number}/files/{sha256}/").status_code == 404
    assert as_role("auditor").get(f"/cases/{other.number}/files/{sha256}/").status_code == 404


@pytest.mark.parametrize(
    ("given", "words_of_it"),
    [
        (("x.png", b""), "空文件"),
        (("page.html", b"<script>alert(1)</script>"), "只收照片"),
        (("run.png", b"MZ\x90\x00 not a picture"), "只收照片"),
    ],
)
def test_files_that_are_not_taken(
    world: World, now: datetime, as_role: Sign, given: tuple[str, bytes], words_of_it: str
) -> None:
    case = opened(world, now)
    file = SimpleUploadedFile(*given, "image/png")
    answer = as_role("duty").post(f"/cases/{case.number}/note/", {"text": "看图", "proof": [file]})
    assert answer.status_code == 422
    assert words_of_it in words(answer)
    assert not Evidence.objects.exists()


# opening


def test_a_case_is_opened_by_hand(world: World, now: datetime, as_role: Sign) -> None:
    opened(world, now)
    answer = as_role("duty").post(
        "/cases/open/", {"title": "五号楼没有热水", "how": "hand", "discovered_at": "2026-11-24T08:30"}
    )
    case = Case.objects.get(title="五号楼没有热水")
    assert answer.headers["Location"] == f"/cases/{case.number}/"
    assert case.discovered_at == now - HOUR / 2


def test_a_transfer_brings_its_deadline_its_text_and_its_time(
    world: World, now: datetime, as_role: Sign
) -> None:
    opened(world, now)
    source = Source.objects.create(name="上级转交", kind="hand", created_at=now)
    mention = Mention.objects.create(
        source=source,
        key="1",
        kind="transfer",
        title="家长反映收费",
        text="请三日内报结果",
        captured_at=now - HOUR,
        due_at=now + timedelta(days=3),
        text_sha256="0" * 64,
    )
    page = words(as_role("duty").get(f"/cases/open/?mention={mention.pk}"))
    assert 'value="2026-11-27T09:00"' in page
    assert '<option value="transfer" selected>' in page
    data = {
        "title": "家长反映收费",
        "how": "transfer",
        "due_at": "2026-11-27T09:00",
        "discovered_at": "2026-11-24T08:00",
    }
    as_role("duty").post(f"/cases/open/?mention={mention.pk}", data)
    case = Case.objects.get(title="家长反映收费")
    assert (list(case.mentions.all()), case.discovered_at) == ([mention], now - HOUR)
    assert case.owed.get(key="transfer").due_at == now + timedelta(days=3)
    assert case.number in words(as_role("duty").get(f"/cases/open/?mention={mention.pk}")), (
        "it is in hand already"
    )
    assert case.number in words(as_role("duty").get(f"/sources/mentions/{mention.pk}/"))


def test_a_story_brings_its_posts(world: World, now: datetime, as_role: Sign) -> None:
    opened(world, now)
    story = Story.objects.create(key="s1", title="食堂异味", first_at=now, last_at=now, topic="logistics")
    source = Source.objects.create(name="论坛", kind="feed", created_at=now)
    for number in range(3):
        mention = Mention.objects.create(
            source=source,
            key=str(number),
            title="异味",
            captured_at=now - number * HOUR,
            text_sha256="0" * 64,
        )
        Hearing.objects.create(mention=mention, story=story, batch=1)
    page = words(as_role("duty").get(f"/cases/open/?story={story.pk}"))
    assert 'value="食堂异味"' in page
    assert 'value="2026-11-24T07:00"' in page, "discovered with its first post"
    as_role("duty").post(f"/cases/open/?story={story.pk}", {"title": "食堂异味", "how": "story"})
    case = Case.objects.get(title="食堂异味")
    assert (case.mentions.count(), case.story) == (3, story)


def test_a_case_that_cannot_be_opened_keeps_what_was_typed(
    world: World, now: datetime, as_role: Sign
) -> None:
    opened(world, now)
    answer = as_role("duty").post(
        "/cases/open/",
        {"title": "", "how": "hand", "summary": "写了半天", "discovered_at": "2027-01-01T00:00"},
    )
    assert answer.status_code == 422
    assert "写了半天" in words(answer)


def test_without_a_plan_the_page_says_where_to_activate_one(world: World, as_role: Sign) -> None:
    assert "还没有启用预案" in words(as_role("duty").get("/cases/open/"))


@pytest.mark.parametrize(
    "query", ["story=999", "mention=999", "mention=x", "story=1e9", "mention=99999999999999999999"]
)
def test_opening_from_what_does_not_exist_is_not_found(
    world: World, now: datetime, as_role: Sign, query: str
) -> None:
    opened(world, now)
    assert as_role("duty").get(f"/cases/open/?{query}").status_code == 404


def test_the_timeline_marks_what_was_late_and_where_a_deadline_passed(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = graded(world, now - 8 * HOUR)
    published(case, world, now - 2 * HOUR, "first")
    page = words(as_role("office").get(f"/cases/{case.number}/"))
    assert "时限已过，未办：作首次公开回应" in page
    assert "迟 1 小时" in page


def test_no_page_needs_script(world: World, now: datetime, as_role: Sign) -> None:
    """Every link that htmx follows is a plain link too."""
    case = handed(world, now)
    page = words(as_role("office").get(f"/cases/{case.number}/"))
    for part in page.split("hx-get=")[1:]:
        address = part[1:].split('"')[0]
        assert f'href="{address}"' in page


def test_evidence_lies_below_the_desks_home(
    world: World, now: datetime, as_role: Sign, settings: object
) -> None:
    case = opened(world, now)
    photo = SimpleUploadedFile("../../etc/passwd.png", PNG, "image/png")
    as_role("duty").post(f"/cases/{case.number}/note/", {"text": "看图", "proof": [photo]})
    row = Evidence.objects.get()
    assert "/" not in row.name
    kept = Path(settings.MEDIA_ROOT) / "evidence" / row.sha256[:2] / row.sha256  # type: ignore[attr-defined]
    assert kept.read_bytes() == PNG


def test_numbers_of_other_shapes_are_not_found(world: World, as_role: Sign) -> None:
    for number in ("2026-9999", "x", "D1"):
        assert as_role("office").get(f"/cases/{number}/").status_code == 404


def test_a_case_is_seen_an_hour_later_as_it_was(world: World, now: datetime, as_role: Sign) -> None:
    """Looking changes nothing."""
    case = handed(world, now)
    before = (case.entries.count(), case.wake_at)
    with time_machine.travel(now + timedelta(days=2), tick=False):
        as_role("office").get(f"/cases/{case.number}/")
    case.refresh_from_db()
    assert (case.entries.count(), case.wake_at) == before
