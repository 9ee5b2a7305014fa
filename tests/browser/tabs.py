"""Tabs of the browser under test, each with nothing remembered and everything watched."""

from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

DESK = (1280, 800)
PHONE = (360, 740)


@dataclass  # no slots: Playwright keeps an attribute of its own beside a bound method
class Tabs:
    """Opens tabs; `close` fails if one of them did what no page here may do."""

    browser: Browser
    url: str
    faults: list[str] = field(default_factory=list)
    _pages: list[Page] = field(default_factory=list)

    def open(
        self,
        where: str = "",
        *,
        size: tuple[int, int] = DESK,
        locale: str = "en-GB",
        dark: bool = False,
        **more: Any,
    ) -> Page:
        """A tab of a browser that nobody has used before, at an address of the page."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme="dark" if dark else "light",
            timezone_id="UTC",
            **more,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        self._watch(page)
        page.goto(where if where.startswith("http") else self.url + where)
        self._pages.append(page)
        return page

    def close(self) -> None:
        """Close all tabs."""
        for page in self._pages:
            page.context.close()
        assert not self.faults, "\n".join(self.faults)

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # A refusal that the page handles is logged by the browser all the same.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.faults.append(f"a request elsewhere: {request.url}")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return cast(int, page.evaluate(script))
