"""Takes the pictures of the README: the sample school, played to its end and partly handled. `make screens` runs it."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.people import Somebody, open_browser
from tests.journeys.running import started
from tests.journeys.test_main_job import ANSWER, acts, opens

INTO = Path(__file__).resolve().parents[2] / "docs" / "screens"
WIDE, PHONE = (1440, 900), (390, 844)


def becomes(person: Somebody, username: str) -> None:
    """Steps into another's shoes."""
    person.goes("/sample/people/")
    button = person.page.locator(f"form[action='/sample/as/{username}/'] button")
    if button.count():
        with person.page.expect_navigation():
            button.click()


def shows(
    person: Somebody, name: str, path: str, sizes: tuple[tuple[int, int], ...] = (WIDE,), dark: bool = False
) -> None:
    """A picture of a page as it opens, by day or by night."""
    theme = "dark" if dark else "light"
    person.page.context.add_cookies([{"name": "theme", "value": theme, "url": person.base}])
    for width, height in sizes:
        person.page.set_viewport_size({"width": width, "height": height})
        person.goes(path)
        person.page.wait_for_timeout(900)
        person.page.screenshot(path=INTO / f"{name}-{width}.png")
    person.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def handles(it: Somebody) -> tuple[str, str]:
    """The canteen's case, up to an answer that waits for its approval; gives its number and the draft's address."""
    becomes(it, "duty1")
    it.goes("/listen/?q=食堂")
    with it.page.expect_navigation():
        it.page.locator("main a.title", has_text="食堂").first.click()
    number = opens(it, "食堂午餐有异味，家长等学校说明")
    acts(
        it,
        number,
        "verify",
        choose_outcome="partly",
        facts="二楼三号窗口一批食用油存放不当，有异味；没有学生住院。",
    )
    becomes(it, "head")
    acts(it, number, "confirm", choose_level="2", reason="多个平台在谈，家长集中")
    becomes(it, "office")
    acts(
        it,
        number,
        "report",
        choose_to="higher",
        choose_means="phone",
        text="食堂午餐有异味，已核实并停用问题食用油。",
    )
    acts(it, number, "assign", choose_unit="hqc", choose_part="lead", text="查清来源，更换供货，公开留样结果")
    it.goes(f"/replies/cases/{number}/lines/")
    it.fills(facts="二楼三号窗口一批食用油存放不当，产生异味\n问题食用油已全部停用并退货\n没有学生住院")
    it.page.locator("main form[action$='/lines/write/'] button.primary").click()
    becomes(it, "head")
    it.goes(f"/replies/cases/{number}/lines/")
    it.page.locator("main form[action*='/approve/'] button.primary").click()
    becomes(it, "spokesperson")
    it.goes(f"/replies/cases/{number}/new/")
    it.chooses("form", "statement")
    it.page.locator("main form button.primary").first.click()
    it.page.wait_for_url(re.compile(r"/replies/\d+/"))
    it.fills(
        title="关于食堂午餐异味的情况说明", text=ANSWER.replace("留样已送检", "留样将于5个工作日内出结果")
    )
    it.page.wait_for_timeout(2500)
    return number, re.sub(r"^https?://[^/]+", "", it.page.url)


def _played(it: Somebody, door: str) -> None:
    """The sample filled in and played to its end."""
    it.goes(door)
    with it.page.expect_navigation():
        it.page.locator("button[name=sample]").click()
    it.presses("填入示例并开始")
    it.waits_until("/sample/people/", lambda page: "已经放完" in page.content(), seconds=420)
    it.page.wait_for_timeout(30_000)


def _taken(it: Somebody, number: str, draft: str) -> None:
    """Every picture."""
    shows(it, "editor", draft)
    becomes(it, "office")
    shows(it, "today", "/", (WIDE, PHONE))
    shows(it, "listen", "/listen/")
    shows(it, "case", f"/cases/{number}/", (WIDE, PHONE))
    shows(it, "night", "/", dark=True)
    shows(it, "wall", "/wall/", dark=True)
    shows(it, "plan", "/plans/")


def main() -> int:
    """Play the sample, handle a case, take the pictures."""
    INTO.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        started(Path(home), "", "--offer-sample") as desk,
    ):
        it = Somebody.sits_down(open_browser(playwright), desk.base)
        _played(it, desk.door)
        number, draft = handles(it)
        _taken(it, number, draft)
    return 0


if __name__ == "__main__":
    sys.exit(main())
