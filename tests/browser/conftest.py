"""One browser and one site for all tests of the page; a fresh tab for each."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import wire
from tests.browser.find_browser import HOW, found_browser
from tests.browser.site import Site, running_site
from tests.browser.tabs import Tabs


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    # A busy machine is slow; what never comes fails all the same.
    expect.set_options(timeout=15_000)
    path = found_browser()
    if path is None:
        pytest.fail(HOW)
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def site(redis_url: str) -> Iterator[Site]:
    """A page of stories, and the sample feed above them, placed by a real worker."""
    with running_site(redis_url, keep_input=True) as running:
        running.place(*wire.flashes(40), *wire.sample_feed())
        yield running


@pytest.fixture
def tabs(browser: Browser, site: Site) -> Iterator[Tabs]:
    """Opens tabs on the site, and at the end looks at what went wrong in them."""
    opened = Tabs(browser, site.url)
    yield opened
    opened.close()
