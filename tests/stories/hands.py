"""Somebody at a screen: uses what a page shows by the words on it, and keeps pictures of it."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class Hands:
    """On one page of one person. Every step waits for the page it leads to."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self.pictures = pictures

    def goes_to(self, url: str, status: int = 200) -> None:
        response = self.page.goto(url)
        assert response is not None
        assert response.status == status, url

    def presses(self, name: str, within: Locator | None = None) -> None:
        self._follows((within or self.page).get_by_role("button", name=name).first)

    def follows(self, name: str, within: Locator | None = None) -> None:
        self._follows((within or self.page).get_by_role("link", name=name).first)

    def opens(self, name: str) -> None:
        """Something folded on this page."""
        self.page.locator("summary").filter(has_text=name).first.click()

    def chooses_from_menu(self, name: str) -> None:
        self.page.get_by_label("More", exact=True).first.click()
        self.follows(name)

    def writes(self, words: dict[str, str]) -> None:
        """What to put where, by the labels of the fields."""
        for label, text in words.items():
            self.field(label).fill(text)

    def picks(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def ticks(self, *labels: str) -> None:
        for label in labels:
            self.field(label).check()

    def only(self, name: str, of: str) -> None:
        """This one of some to tick, and no other."""
        for box in self.page.get_by_role("group", name=of).get_by_role("checkbox").all():
            box.uncheck()
        self.page.get_by_role("group", name=of).get_by_role("checkbox", name=name).check()

    def field(self, label: str) -> Locator:
        controls = self.page.get_by_label(label).and_(self.page.locator("input, select, textarea"))
        return controls.locator("visible=true").first

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each).locator("visible=true").first).to_be_visible()

    def keeps(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def _follows(self, control: Locator) -> None:
        expect(control).to_be_visible()
        with self.page.expect_navigation(wait_until="load"):
            control.click()
