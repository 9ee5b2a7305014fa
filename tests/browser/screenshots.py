"""Pictures of the page for the papers: ``python tests/browser/screenshots.py FOLDER``.

The sample feed goes through a real worker and the real API, on a private Redis.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser import wire
from tests.browser.find_browser import HOW, found_browser
from tests.browser.site import Site, running_site
from tests.support.redis.servers import private_redis

DESK, PHONE = (1200, 740), (390, 844)
STORY = "demo-05"


def take(browser: Browser, site: Site, folder: Path) -> None:
    """Every picture."""
    story = site.story_url(STORY)
    compare = f"{site.url}#/compare/demo-05/demo-08"
    health = f"{site.url}#/health?item=demo-08"
    pictures: list[tuple[str, str, str, tuple[int, int], str, str]] = [
        ("list-light", site.url, ".row", DESK, "light", "en-GB"),
        ("list-dark", site.url, ".row", DESK, "dark", "ru-RU"),
        ("story-light", story, ".timeline svg", DESK, "light", "ru-RU"),
        ("story-dark", story, ".timeline svg", DESK, "dark", "en-GB"),
        ("compare", compare, ".side", DESK, "light", "en-GB"),
        ("compare-dark", compare, ".side", DESK, "dark", "ru-RU"),
        ("health", health, ".plot svg", DESK, "light", "en-GB"),
        ("health-dark", health, ".plot svg", DESK, "dark", "ru-RU"),
        ("phone-list", site.url, ".row", PHONE, "light", "ru-RU"),
        ("phone-story", story, ".timeline svg", PHONE, "dark", "en-GB"),
        ("phone-compare", compare, ".side", PHONE, "light", "en-GB"),
    ]
    for name, where, shows, size, scheme, locale in pictures:
        _take(browser, folder / f"{name}.png", where, shows, size, scheme, locale, _nothing)
    _take(browser, folder / "evidence.png", story, ".member", DESK, "light", "en-GB", _evidence)
    _take(browser, folder / "rule.png", story, ".member", DESK, "light", "en-GB", _rule)


def _take(
    browser: Browser,
    path: Path,
    where: str,
    shows: str,
    size: tuple[int, int],
    scheme: str,
    locale: str,
    do: Callable[[Page], None],
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=locale,
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(where)
    page.locator(shows).first.wait_for()
    page.locator(".live-live").wait_for()
    if "health" in where:
        page.locator(".trace-state").wait_for()
    do(page)
    page.screenshot(path=path)
    context.close()
    print(f"{path}  {path.stat().st_size // 1000} kB")


def _nothing(_page: Page) -> None:
    """As it opens."""


def _evidence(page: Page) -> None:
    member = page.locator('.member[data-id="demo-08"]')
    member.locator("summary").click()
    member.evaluate("element => scrollBy(0, element.getBoundingClientRect().top - 200)")


def _rule(page: Page) -> None:
    page.locator('.member[data-id="demo-08"] [data-rule=apart]').click()
    page.get_by_label("Why").fill("Two different fires")
    page.get_by_label("Who says so").fill("anna")


def main() -> int:
    """Take them all; exit code 1 without a browser."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    path = found_browser()
    if path is None:
        print(HOW, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with private_redis() as url, running_site(url, keep_input=True) as site:
        site.place(*wire.sample_feed())
        # A desk with something to do.
        site.hold(
            wire.article(
                "held-1",
                "Ministry desk",
                "Ministry report on the Lemurg flood, held for the lawyers",
                "…",
                status="withheld",
            )
        )
        site.bury(b'{"id": "wire-1201", "title": " "}')
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            take(browser, site, folder)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
