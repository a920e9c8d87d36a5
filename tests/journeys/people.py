"""People at their browsers."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "correct-horse-battery"


def open_browser(playwright: Playwright) -> Browser:
    """Debian's chromium without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@dataclass(slots=True)
class Somebody:
    """One person, one browser of their own; complaints of the page's console are kept."""

    base: str
    page: Page
    complaints: list[str]

    @classmethod
    def sits_down(cls, browser: Browser, base: str, width: int = 1440) -> "Somebody":
        """A fresh browser, as wide as said."""
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        page.set_default_timeout(15_000)
        person = cls(base, page, [])
        page.on(
            "console",
            lambda said: (
                person.complaints.append(f"{said.text} {said.location}") if said.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: person.complaints.append(str(error)))
        return person

    def goes(self, path: str) -> None:
        """Opens an address of the desk."""
        self.page.goto(path if path.startswith("http") else self.base + path)

    def fills(self, **fields: str) -> None:
        """Types into fields of the page's main part, by name."""
        for name, value in fields.items():
            self.field(name).fill(value)

    def field(self, name: str):  # type: ignore[no-untyped-def]
        """The visible field of that name."""
        return self.page.locator(f"main [name='{name}']:visible").first

    def chooses(self, name: str, value: str) -> None:
        """One of a list, or a button among several."""
        place = self.page.locator(f"main select[name='{name}']:visible")
        if place.count():
            place.first.select_option(value)
        else:
            self.page.locator(f"main input[name='{name}'][value='{value}']").first.check(force=True)

    def presses(self, words: str, exact: bool = True) -> None:
        """A button or link that says so; waits for the page that follows."""
        button = self.page.locator("main").get_by_role("button", name=words, exact=exact)
        target = (
            button
            if button.count()
            else self.page.locator("main").get_by_role("link", name=words, exact=exact)
        )
        with self.page.expect_navigation():
            target.first.click()

    def agrees(self) -> None:
        """Says yes to the question that the page asks before something that cannot be taken back."""
        with self.page.expect_navigation():
            self.page.locator("dialog#confirm [data-yes]").click()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """The page says so; waits a little for it."""
        expect(self.page.locator("main")).to_contain_text(words)

    def waits_until(self, path: str, holds: Callable[[Page], bool], seconds: int = 40) -> None:
        """Looks at an address again and again until it shows what is waited for."""
        for _look in range(seconds * 2):
            self.goes(path)
            if holds(self.page):
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path} never showed it:\n{self.page.locator('main').inner_text()[:2000]}")

    def accepts(self, link: str) -> None:
        """Takes an invitation."""
        self.goes(link)
        self.fills(password=PASSWORD, again=PASSWORD)
        self.presses("设密码并登录")
