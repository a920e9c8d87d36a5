"""A serious case: lines, a checked answer through the whole chain, the press, a correction, papers, review, archive."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from huiying.desk.cases.models import Case
from huiying.desk.cases.verify import verify_all
from huiying.desk.library.bag import flaws
from huiying.desk.replies.models import Draft
from huiying.engine.journal import Kind
from tests.desk.handling import with_plan
from tests.desk.world import World
from tests.journeys.people import Somebody
from tests.journeys.test_goes_wrong import signs_in
from tests.journeys.test_main_job import acts

WRITTEN = (
    "各位家长：11月24日上午，三食堂二楼窗口的蒸箱漏电，48名学生转到一食堂用餐，没有人受伤。"
    "蒸箱已经停用，后勤处已布署逐台检测，检测结果11月26日前公布。如有疑问，请联系后勤处值班室，电话0700-6100123。"
    "\n青禾市第九中学\n2026年11月24日"
)


@pytest.fixture
def desk(now: datetime, settings: Settings, world: World, live_server: LiveServer) -> LiveServer:
    """A desk with a plan in force."""
    settings.CSRF_COOKIE_AGE = None
    with_plan(world, now)
    return live_server


def sends(who: Somebody, form: str) -> None:
    """The button of the form that goes to such an address; says yes where the page asks."""
    button = who.page.locator(f"main form[action*='{form}'] button:visible").first
    button.scroll_into_view_if_needed()
    if button.get_attribute("data-confirm"):
        button.click()
        who.agrees()
        return
    with who.page.expect_navigation():
        button.click()


def begins(duty: Somebody, head: Somebody, office: Somebody) -> str:
    """Opened by hand, verified, graded as the first level, handed to the unit."""
    duty.goes("/cases/open/")
    duty.fills(title="三食堂蒸箱漏电", summary="家长反映三食堂蒸箱漏电，问有没有学生受伤、什么时候恢复。")
    duty.page.locator("main form button.primary").last.click()
    duty.page.wait_for_url(re.compile(r"/cases/\d{4}-\d{4}/"))
    number = re.search(r"\d{4}-\d{4}", duty.page.url).group()  # type: ignore[union-attr]
    acts(duty, number, "verify", choose_outcome="true", facts="二楼窗口蒸箱漏电，已断电，没有人受伤。")
    acts(head, number, "confirm", choose_level="1", reason="涉及学生人身安全")
    acts(office, number, "assign", choose_unit="hqc", choose_part="lead", text="断电，逐台检测。")
    return number


def agrees_on_lines(office: Somebody, head: Somebody, number: str) -> None:
    office.goes(f"/replies/cases/{number}/lines/")
    office.fills(
        facts="11月24日上午，三食堂二楼窗口的蒸箱漏电，没有人受伤\n蒸箱已经停用，后勤处正在逐台检测",
        figures="转到一食堂用餐的学生 = 46名",
    )
    sends(office, "/lines/write/")
    head.goes(f"/replies/cases/{number}/lines/")
    sends(head, "/approve/")
    head.sees("第 1 版")


def writes_and_mends(speaker: Somebody, number: str) -> str:
    """The checks find the wrong figure and the wrong character while it is typed; two clicks mend them."""
    speaker.goes(f"/replies/cases/{number}/new/?form=statement&stage=formal")
    with speaker.page.expect_navigation():
        speaker.page.locator("main form button.primary").first.click()
    draft = re.search(r"/replies/(\d+)/", speaker.page.url).group(1)  # type: ignore[union-attr]
    speaker.fills(title="关于三食堂蒸箱漏电的情况说明", text=WRITTEN)
    speaker.sees("应为“46名”")
    for words in ("改为“46名”", "改为“部署”"):
        button = speaker.page.locator("main").get_by_role("button", name=words).first
        button.click()
        speaker.page.wait_for_function(
            "words => ![...document.querySelectorAll('[data-mend]')].some(b => b.textContent.includes(words))",
            arg=words,
        )
    text = speaker.field("text").input_value()
    assert "46名学生" in text and "已部署逐台检测" in text
    return draft


def goes_through_the_chain(speaker: Somebody, chain: list[Somebody], draft: str) -> None:
    """Handed in from the editor that is open, approved by each in turn."""
    with speaker.page.expect_navigation():
        speaker.page.locator("main button[formaction$='/submit/']").click()
    speaker.sees("待审批")
    for person in chain:
        person.goes(f"/replies/{draft}/")
        sends(person, f"/replies/{draft}/approve/")
    speaker.goes(f"/replies/{draft}/")
    speaker.sees("审批全部通过")


def publishes(speaker: Somebody, draft: str) -> None:
    speaker.goes(f"/replies/{draft}/publish/")
    speaker.page.locator("main form button.primary").last.click()
    speaker.agrees()
    speaker.sees("已发布")


def meets_the_press(speaker: Somebody, office: Somebody, chain: list[Somebody], number: str) -> None:
    """Planned, an outlet invited, its words approved by the chain, the kit begun, held, what was said held against the lines."""
    page = speaker.page
    speaker.goes(f"/joint/cases/{number}/press/")
    speaker.chooses("kind", "media")
    speaker.chooses("stage", "progress")
    at = page.evaluate("new Date(Date.now() + 36e5).toISOString().slice(0, 16)")
    speaker.fills(topic="三食堂蒸箱检测进展", at=at, place="行政楼101")
    with page.expect_navigation():
        page.locator("main form button.primary").last.click()
    briefing = page.url
    speaker.fills(outlet="青禾日报")
    speaker.chooses("tier", "city")
    sends(speaker, "/outlets/")
    office.goes(briefing)
    sends(office, "/kit/")
    sends(speaker, "/words/")
    draft = re.search(r"/replies/(\d+)/", page.url).group(1)  # type: ignore[union-attr]
    words = WRITTEN.replace("48名", "46名").replace("布署", "部署").replace("各位家长", "各位记者")
    speaker.fills(text=words)
    goes_through_the_chain(speaker, chain, draft)
    speaker.goes(briefing)
    speaker.sees("可以举行")
    sends(speaker, "/held/")
    speaker.fills(text="三食堂二楼窗口的蒸箱漏电，没有人受伤；46名学生转到一食堂用餐。")
    sends(speaker, "/said/")
    speaker.sees("没有不一致")


def corrects(speaker: Somebody, chain: list[Somebody], draft: str, citizen: Somebody) -> None:
    """A mistake in what is public is corrected in public, with the old text marked and still there."""
    speaker.goes(f"/replies/{draft}/")
    speaker.page.locator("main form[action$='/correct/'] button[value='no']").click()
    speaker.page.wait_for_url(lambda url: f"/replies/{draft}/" not in url)
    again = re.search(r"/replies/(\d+)/", speaker.page.url).group(1)  # type: ignore[union-attr]
    speaker.fills(
        text="此前的说明把检测结果的公布日期写早了一天，应为11月27日前公布。\n青禾市第九中学\n2026年11月24日"
    )
    goes_through_the_chain(speaker, chain, again)
    publishes(speaker, again)
    citizen.goes(Draft.objects.get(pk=int(draft)).public_path)
    said = citizen.page.locator("body").inner_text()
    assert "更正" in said and "11月26日前公布" in said


def sends_the_flash_report(office: Somebody, number: str) -> None:
    """The paper is begun from the case, looked at page by page, issued and kept as PDF and Word."""
    office.goes(f"/cases/{number}/")
    sends(office, "/reports/new/flash/")
    office.fills(to="青禾市教育局")
    office.presses("保存，看排版")
    paper = re.search(r"/reports/(\d+)/", office.page.url).group(1)  # type: ignore[union-attr]
    picture = office.page.request.get(f"{office.base}/reports/{paper}/pages/1.png")
    assert picture.headers["content-type"] == "image/png" and len(picture.body()) > 10_000
    sends(office, f"/reports/{paper}/issue/")
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert office.page.request.get(f"{office.base}/reports/{paper}/paper.{form}").body().startswith(magic)


def ends(office: Somebody, head: Somebody, case: Case) -> None:
    """What is still owed is waived with a reason; closed, reviewed, archived, the package whole."""
    number = case.number
    while row := case.owed.filter(state__in=["open", "missed"], closing=False).order_by("due_at").first():
        acts(head, number, "waive", choose_obligation=row.key, reason="当面办过，留此说明")
    acts(office, number, "close", summary="蒸箱已更换，检测结果已公布。")
    office.goes(f"/library/{number}/review/")
    office.fills(summary="当日核实、断电、公布。", lessons="设备先检后用，数字先定口径。")
    office.presses("存入案例库")
    sends(office, f"/library/{number}/archive/")
    office.sees("已归档")
    with office.page.expect_download() as package:
        office.page.get_by_role("link", name="下载归档包").click()
    assert flaws(Path(package.value.path()).read_bytes()) == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_serious_case_from_its_lines_to_its_archive(
    browser: Browser, desk: LiveServer, world: World
) -> None:
    names = ("duty", "head", "office", "spokesperson", "reviewer", "deputy")
    people = {name: signs_in(browser, desk, name) for name in names}
    duty, head, office, speaker = (people[name] for name in names[:4])
    chain = [people["reviewer"], people["deputy"], head]
    number = begins(duty, head, office)
    case = Case.objects.get(number=number)
    agrees_on_lines(office, head, number)
    draft = writes_and_mends(speaker, number)
    goes_through_the_chain(speaker, chain, draft)
    publishes(speaker, draft)
    meets_the_press(speaker, office, chain, number)
    corrects(speaker, chain, draft, Somebody.sits_down(browser, desk.url, width=390))
    sends_the_flash_report(office, number)
    ends(office, head, case)
    kinds = set(case.entries.values_list("kind", flat=True))
    assert {Kind.LINES_SET, Kind.PUBLISHED, Kind.REPORTED, Kind.CLOSED, Kind.REVIEWED, Kind.ARCHIVED} <= kinds
    assert case.drafts.filter(state=Draft.State.PUBLISHED).count() == 3
    assert verify_all() == []
    assert [complaint for person in people.values() for complaint in person.complaints] == []
