"""Tokens: asked for, kept for the tab, and what a token that may only read means."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.site import Api, Site
from tests.browser.tabs import Tabs
from tests.support.api.client import READ, WRITE, with_tokens


@pytest.fixture(scope="module")
def guarded(site: Site) -> Iterator[Api]:
    """The same namespace, closed to strangers."""
    api = Api(with_tokens(site.settings))
    api.start()
    yield api
    api.stop()


@pytest.fixture
def tabs(tabs: Tabs, guarded: Api) -> Tabs:
    """Tabs on the closed API."""
    tabs.url = guarded.url
    return tabs


def test_the_page_asks_for_a_token_and_keeps_it_in_the_tab(tabs: Tabs) -> None:
    page = tabs.open()
    prompt = page.get_by_role("dialog", name="Token needed")
    expect(prompt).to_be_visible()

    prompt.get_by_label("Token").fill("no-such-token")
    prompt.get_by_role("button", name="Enter").click()
    expect(prompt).to_contain_text("does not know this token")
    prompt.get_by_label("Token").fill(WRITE)
    prompt.get_by_role("button", name="Enter").click()

    expect(page.locator(".row").first).to_be_visible()
    expect(page.locator("#connection")).to_have_text("Live")
    page.reload()
    expect(page.locator(".row").first).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('onestory.token')") == WRITE

    page.get_by_role("button", name="Sign out").click()

    expect(prompt).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('onestory.token')") is None


def test_a_token_that_may_only_read_switches_rules_off_and_says_why(tabs: Tabs, site: Site) -> None:
    story = site.story_of("demo-05")
    assert story is not None
    page = tabs.open(f"#/story/{story['id']}")
    page.get_by_role("textbox", name="Token").fill(READ)
    page.get_by_role("button", name="Enter").click()

    page.locator('.member[data-id="demo-06"] [data-rule=lead]').click()
    page.get_by_label("Why").fill("a test")
    page.get_by_label("Who says so").fill("anna")
    page.locator("dialog .primary").click()

    expect(page.locator("dialog")).to_contain_text("may only read")
    expect(page.locator("dialog .primary")).to_be_disabled()
    page.get_by_role("button", name="Close").click()
    expect(page.locator('.member[data-id="demo-06"] [data-rule=lead]')).to_be_disabled()
    expect(page.locator("#rules")).to_contain_text("may only read")
