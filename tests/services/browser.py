"""Chromium for tests: contexts of any width, light or dark, that complain about broken pages."""

import os
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.services.chromium import FLAGS, find

PHONE = {"width": 390, "height": 844}


class Browsers:
    """One running Chromium; every opened page has cookies and storage of its own."""

    def __init__(self) -> None:
        path = os.environ.get("CHROMIUM_PATH") or find()[0]
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=path or None, args=FLAGS)
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def opener(self, base_url: str) -> Callable[..., Page]:
        def open_page(
            width: int = 1280, height: int = 800, dark: bool = False, javascript: bool = True, **options: Any
        ) -> Page:
            context = self._browser.new_context(
                base_url=base_url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                java_script_enabled=javascript,
                locale="en-GB",
                **options,
            )
            context.set_default_timeout(10_000)
            self._contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
            page.on("console", self._listen)
            return page

        return open_page

    def _listen(self, message: ConsoleMessage) -> None:
        """A broken content security policy is a broken page; a page that answers 404 is not."""
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def close_contexts(self) -> None:
        """Close what the test opened. Raises AssertionError when a page complained."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        complaints, self.complaints = self.complaints, []
        assert not complaints, "the browser complained: " + "; ".join(complaints)

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()
