"""The pages of plans and of the working calendar."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiying.desk.plans import queries
from huiying.desk.plans.models import CalendarTable, PlanVersion
from tests.desk.handling import PLAN, handed, owed, with_plan
from tests.desk.test_plans_actions import changed, second
from tests.desk.world import World

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def test_the_list_shows_which_version_counts(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    second(world, now)
    page = as_role("auditor").get("/plans/").content.decode()
    assert "学校网络舆情应对预案" in page
    assert "待启用" in page
    assert "上传新版" not in page


def test_without_a_plan_the_list_says_what_that_means(world: World, as_role: Sign) -> None:
    assert "还没有启用的预案" in as_role("office").get("/plans/").content.decode()


def test_a_version_is_read_aloud(world: World, now: datetime, as_role: Sign) -> None:
    plan = queries.engine_plan(with_plan(world, now))
    page = unescape(as_role("auditor").get("/plans/school/1/").content.decode())
    for level in plan.levels:
        assert level.handling.zh in page
    for duty in plan.duties:
        assert duty.what.zh in page
        assert duty.why.zh in page
    for words in ("网络发言人", "接办或退办", "1 个工作日"):
        assert words in page
    client = as_role("auditor")
    client.cookies["django_language"] = "en"
    english = client.get("/plans/school/1/").content.decode()
    assert "Publish a first answer" in english
    assert "%(" not in english


def test_a_version_shows_how_it_differs_from_the_one_before(
    world: World, now: datetime, as_role: Sign
) -> None:
    with_plan(world, now)
    second(world, now)
    page = as_role("deputy").get("/plans/school/2/").content.decode()
    assert "与第 1 版的差异" in page
    assert "+within = &quot;3 hours&quot;" in page
    assert "-within = &quot;5 hours&quot;" in page


def test_another_person_sees_the_button_and_the_uploader_sees_why_not(
    world: World, now: datetime, as_role: Sign
) -> None:
    with_plan(world, now)
    second(world, now)
    assert "/plans/school/2/activate/" in as_role("deputy").get("/plans/school/2/").content.decode()
    page = as_role("office").get("/plans/school/2/").content.decode()
    assert "/activate/" not in page
    assert "要由另一位负责人启用" in page


def test_pressing_the_button_makes_it_count(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    version = second(world, now)
    assert as_role("office").post("/plans/school/2/activate/").status_code == 403
    assert as_role("deputy").post("/plans/school/2/activate/").status_code == 302
    assert queries.active() == version


def test_a_file_is_uploaded(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    file = SimpleUploadedFile("school.toml", changed(PLAN).encode(), "application/toml")
    answer = as_role("office").post("/plans/upload/", {"file": file, "note": "改首次回应"})
    assert answer.headers["Location"] == "/plans/school/2/"


def test_a_bad_file_is_refused_with_its_lines_and_what_was_typed_is_kept(
    world: World, now: datetime, as_role: Sign
) -> None:
    with_plan(world, now)
    text = changed(PLAN, 'within = "5 hours"', 'within = "5 hurs"')
    answer = as_role("office").post("/plans/upload/", {"text": text, "note": "改首次回应"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "5 hurs" in page
    assert "改首次回应" in page
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (600 * 1024)])
def test_a_file_that_is_no_text_or_far_too_large_is_refused(
    world: World, now: datetime, as_role: Sign, content: bytes
) -> None:
    with_plan(world, now)
    answer = as_role("office").post("/plans/upload/", {"file": SimpleUploadedFile("x.toml", content)})
    assert answer.status_code == 422


def test_the_text_of_a_version_is_given_as_a_file(world: World, now: datetime, as_role: Sign) -> None:
    version = with_plan(world, now)
    assert as_role("auditor").get("/plans/school/1/text/").content.decode() == version.text


@pytest.mark.parametrize(
    "address", ["/plans/school/9/", "/plans/nonsense/1/", "/plans/school/9/text/", "/plans/calendar/9/text/"]
)
def test_what_does_not_exist_is_not_found(world: World, now: datetime, as_role: Sign, address: str) -> None:
    with_plan(world, now)
    assert as_role("office").get(address).status_code == 404


def test_the_calendar_shows_this_year_and_that_the_next_is_missing(
    world: World, now: datetime, as_role: Sign
) -> None:
    with_plan(world, now)
    page = as_role("auditor").get("/plans/calendar/").content.decode()
    assert "全年 248 个工作日" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "宁可不算，也不猜假期" in as_role("auditor").get("/plans/calendar/?year=2027").content.decode()


@pytest.mark.parametrize("year", ["x", "1999", "9999", "-1"])
def test_a_year_that_no_calendar_has_is_not_found(world: World, as_role: Sign, year: str) -> None:
    assert as_role("office").get(f"/plans/calendar/?year={year}").status_code == 404


def form(**values: str) -> dict[str, str]:
    return {
        "off": "元旦 01-01/01-03",
        "work": "",
        "days_off": "",
        "office": "08:30-12:00, 14:00-17:30",
        **values,
    }


def test_a_new_year_is_filled_in(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    answer = as_role("office").post("/plans/calendar/?year=2027", form(note="按国办通知"))
    assert answer.headers["Location"] == "/plans/calendar/?year=2027"
    assert queries.calendar_in_force().is_working_day(date(2027, 1, 4))
    assert not queries.calendar_in_force().is_working_day(date(2027, 1, 1))


def test_saving_counts_open_deadlines_anew_and_says_how_many_cases(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = handed(world, now)
    before = owed(case, "unit_report:hqc").due_at
    year = queries.calendar_in_force().years[2026]
    values = form(
        off="\n".join(f"{year.names[d]} {d:%m-%d}" for d in sorted(year.holidays)),
        work="\n".join(f"{year.names[d]} {d:%m-%d}" for d in sorted(year.workdays)),
        days_off="2026-11-26",
    )
    page = as_role("office").post("/plans/calendar/?year=2026", values, follow=True).content.decode()
    assert "1 件的时限按它重新算过" in page
    assert owed(case, "unit_report:hqc").due_at > before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"off": "春节"}, "第 1 行看不懂"),
        ({"work": "01-01"}, "既放假又上班"),
        ({"days_off": "明天"}, "写成 2026-12-31"),
        ({"office": "九点"}, "先后排列"),
    ],
)
def test_a_table_that_makes_no_sense_keeps_what_was_typed(
    world: World, now: datetime, as_role: Sign, values: dict[str, str], words: str
) -> None:
    with_plan(world, now)
    answer = as_role("office").post("/plans/calendar/?year=2027", form(note="我的说明", **values))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "我的说明" in page
    assert CalendarTable.objects.count() == 1


def test_who_may_not_change_it_changes_nothing(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    as_role("auditor").post("/plans/calendar/?year=2027", form())
    assert CalendarTable.objects.count() == 1
