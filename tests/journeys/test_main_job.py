"""The main job as one journey: from an empty machine to a matter that was heard, handled, answered, closed and archived."""

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from huiying.desk.library.bag import flaws
from tests.journeys.people import PASSWORD, Somebody
from tests.journeys.running import Running

NAMES = ("甲校长", "乙副校长", "丙值班", "丁审核", "戊发言", "己后勤", "庚教务", "辛学工")
ANSWER = (
    "各位家长、同学：\n"
    "反映食堂午餐有异味的情况，学校已收到并核实。经查，二楼三号窗口所用一批食用油存放不当，产生异味，"
    "已全部停用并退货，留样已送检。后勤处负责整改。检测结果一出即公布。感谢监督。\n"
    "青禾市第九中学\n"
)


def founds(browser: Browser, desk: Running, around: str) -> Somebody:
    """The founder walks through the first run."""
    office = Somebody.sits_down(browser, desk.base)
    office.goes(desk.door)
    office.presses("开始")
    office.fills(name="张办公", username="office", password=PASSWORD)
    office.presses("下一步")
    office.chooses("plan", "school")
    office.presses("用这个预案")
    office.fills(
        name="青禾市第九中学", short_name="九中", higher_body="青禾市教育局", lines="后勤处\n教务处\n学工处"
    )
    office.presses("下一步")
    for row, name in enumerate(NAMES, 1):
        office.fills(**{f"form-{row}-name": name})
    office.presses("下一步", exact=False)
    office.presses("排班")
    for row in range(9):
        office.chooses(f"form-{row}-channel", "webhook")
        office.fills(**{f"form-{row}-address": f"{around}/robot/p{row}"})
    office.presses("下一步", exact=False)
    office.presses("开始值班")
    return office


def invites(browser: Browser, desk: Running, office: Somebody) -> dict[str, Somebody]:
    """Everybody gets a link, sets a password and is in."""
    people = {}
    office.goes("/settings/people/")
    pages = office.page.locator("main a[href^='/settings/people/']").evaluate_all(
        "links => [...new Set(links.map(a => a.getAttribute('href')))]"
    )
    for address in [page for page in pages if re.fullmatch(r"/settings/people/\d+/", page)]:
        office.goes(address)
        name = office.page.locator("main h1").inner_text().strip()
        if name not in NAMES:
            continue
        office.presses("发邀请链接")
        link = re.findall(r"http\S+/invited/[\w-]+/", office.page.content())[0]
        people[name[1:]] = Somebody.sits_down(browser, desk.base)
        people[name[1:]].accepts(link)
    assert len(people) == len(NAMES)
    return people


def listens(office: Somebody, around: str) -> None:
    """A source is tried, saved and read; a watch is set."""
    office.goes("/sources/add/feed/")
    office.fills(address=f"{around}/forum", name="青禾论坛")
    office.chooses("tier", "local")
    office.page.get_by_role("button", name="试一试").click()
    office.sees("九中")
    office.presses("保存")
    office.goes("/listen/watches/new/")
    office.fills(name="食堂", matter="食堂的饭菜与供餐", query="(九中 OR 第九中学) AND 食堂")
    office.presses("保存")


def hears(duty: Somebody) -> None:
    """The duty officer finds a story about the canteen and opens it."""
    duty.waits_until("/listen/", lambda page: page.locator("main a.title", has_text="食堂").count() > 0)
    with duty.page.expect_navigation():
        duty.page.locator("main a.title", has_text="食堂").first.click()
    duty.sees("为什么是这个级别")


def opens(duty: Somebody, title: str = "二食堂午餐有异味") -> str:
    """A case from the story; gives its number."""
    duty.presses("立案")
    duty.fills(title=title)
    duty.page.locator("main form button.primary").last.click()
    duty.page.wait_for_url(re.compile(r"/cases/\d{4}-\d{4}/"))
    return re.search(r"\d{4}-\d{4}", duty.page.url).group()  # type: ignore[union-attr]


def acts(who: Somebody, number: str, verb: str, **fields: str) -> None:
    """A verb of the case on a page of its own; `choose_x` picks, `x` types."""
    who.goes(f"/cases/{number}/{verb}/")
    for name, value in fields.items():
        if name.startswith("choose_"):
            who.chooses(name.removeprefix("choose_"), value)
        else:
            who.fills(**{name: value})
    button = who.page.locator("main form:not([role=search]) .form-actions button").first
    if button.get_attribute("data-confirm"):
        button.click()
        who.agrees()
        return
    with who.page.expect_navigation():
        button.click()


@pytest.mark.browser
@pytest.mark.slow
def test_from_nothing_to_an_archived_case(browser: Browser, running: Running, around: str) -> None:
    office = founds(browser, running, around)
    people = invites(browser, running, office)
    duty, head = people["值班"], people["校长"]
    listens(office, around)
    hears(duty)
    number = opens(duty)

    acts(
        duty,
        number,
        "verify",
        choose_outcome="true",
        facts="二楼三号窗口的一批食用油存放不当，有异味；没有人住院。",
    )
    acts(head, number, "confirm", choose_level="3", reason="影响限于校内，照预案")
    office.goes(f"/cases/{number}/")
    office.sees("后")  # a deadline counts down
    acts(office, number, "assign", choose_unit="hqc", choose_part="lead", text="查清异味来源并整改")
    acts(people["后勤"], number, "accept")
    acts(
        office,
        number,
        "report",
        choose_to="higher",
        choose_means="phone",
        text="食堂午餐有异味，已核实，正在处置。",
    )
    agrees_on_lines(office, head, number)
    text = answers(people["发言"], [people["审核"], head], number)
    is_read_by_the_public(browser, running, text)
    acts(people["后勤"], number, "unit-report", text="食用油已全部更换，窗口恢复，供餐台账已补齐。")
    acts(people["后勤"], number, "fix", text="问题食用油已退货，异味消除。")
    records_the_copy(people["发言"], text, f"{around}/forum/answer")
    ends(office, number)
    is_acknowledged(duty, around)
    for words in (("verify",), ("rebuild",)):
        checked = running.command(*words)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    for person in (office, *people.values()):
        assert person.complaints == []


def records_the_copy(speaker: Somebody, draft: str, address: str) -> None:
    """The answer was copied under the post by hand; its final address is written down."""
    speaker.goes(f"/replies/{draft}/")
    place = speaker.page.locator("main form[action*='/places/']:has(input[name=address])").first
    place.locator("input[name=address]").fill(address)
    with speaker.page.expect_navigation():
        place.locator("button").first.click()


def ends(office: Somebody, number: str) -> None:
    """Closed when nothing is owed, reviewed, archived."""
    acts(office, number, "close", summary="异味系食用油存放不当，已整改并公开答复。")
    office.sees("已办结")
    office.goes(f"/library/{number}/review/")
    office.fills(summary="家长反映午餐异味，当日核实并答复。", lessons="先说在查什么、何时给结果。")
    office.presses("存入案例库")
    with office.page.expect_navigation():
        office.page.locator(f"main form[action='/library/{number}/archive/'] button").click()
    office.sees("已归档")
    with office.page.expect_download() as package:
        office.page.get_by_role("link", name="下载归档包").click()
    assert flaws(package.value.path().read_bytes()) == []


def is_acknowledged(duty: Somebody, around: str) -> None:
    """A notice arrived at the robot; its link acknowledges it."""
    with urlopen(f"{around}/notices/") as answer:
        arrived = answer.read().decode()
    link = re.search(r"http://127\.0\.0\.1:\d+/a/[\w-]+/", arrived)
    assert link, arrived
    duty.goes(link.group())
    duty.page.locator("main form button, .sheet form button.primary").last.click()
    duty.sees("签收")


def agrees_on_lines(office: Somebody, head: Somebody, number: str) -> None:
    """The office writes the lines to take; the head makes them binding."""
    office.goes(f"/replies/cases/{number}/lines/")
    office.fills(facts="二楼三号窗口所用一批食用油存放不当，产生异味\n问题食用油已全部停用并退货\n留样已送检")
    office.page.locator("main form[action$='/lines/write/'] button.primary").click()
    head.goes(f"/replies/cases/{number}/lines/")
    head.page.locator("main form[action*='/approve/'] button.primary").click()
    head.sees("第 1 版")


def answers(speaker: Somebody, chain: list[Somebody], number: str) -> str:
    """The spokesperson drafts, the chain approves, the spokesperson publishes; gives the text."""
    speaker.goes(f"/replies/cases/{number}/new/")
    speaker.chooses("form", "statement")
    speaker.chooses("stage", "formal")
    speaker.page.locator("main form button.primary").first.click()
    speaker.page.wait_for_url(re.compile(r"/replies/\d+/"))
    draft = re.search(r"/replies/(\d+)/", speaker.page.url).group(1)  # type: ignore[union-attr]
    speaker.fills(title="关于食堂午餐异味的情况说明", text=ANSWER)
    speaker.page.locator("main button[formaction$='/submit/']").click()
    speaker.sees("待审批")
    for person in chain:
        person.goes(f"/replies/{draft}/")
        button = person.page.locator("main form[action$='/approve/'] button.primary")
        if button.count():
            with person.page.expect_navigation():
                button.click()
    speaker.goes(f"/replies/{draft}/publish/")
    speaker.page.locator("main form button.primary").last.click()
    speaker.agrees()
    speaker.sees("已发布")
    return draft


def is_read_by_the_public(browser: Browser, desk: Running, draft: str) -> None:
    """A citizen with a phone finds the answer, signed by the institution."""
    citizen = Somebody.sits_down(browser, desk.base, width=390)
    citizen.goes("/public/")
    citizen.page.get_by_role("link", name="关于食堂午餐异味的情况说明").first.click()
    body = citizen.page.locator("body")
    assert "青禾市第九中学" in body.inner_text() and "存放不当" in body.inner_text()
    assert citizen.page.evaluate("document.documentElement.scrollWidth") <= 390
