"""How the service is, what waits for somebody, and where an item is."""

import re

from playwright.sync_api import expect

from tests.browser import wire
from tests.browser.site import Site
from tests.browser.tabs import Tabs


def test_figures_are_plotted(tabs: Tabs) -> None:
    page = tabs.open("#/health")

    expect(page.locator(".tile", has_text="Workers")).to_contain_text("1")
    articles = page.get_by_role("region", name="Articles/s")
    expect(articles.locator(".plot-line")).to_have_count(1)
    expect(articles.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("between .* and .*, now")
    )
    sizes = page.locator(".plot-box", has_text="Articles a story")
    expect(sizes.locator(".bar")).to_have_count(6)


def test_what_is_held_and_what_is_dead_is_listed_with_what_to_do(tabs: Tabs, site: Site) -> None:
    site.hold(
        wire.article("held-1", "Вестник", "Доклад о паводке в Лемурге", "…", status="withheld")
    )
    site.bury(b"[1, 2, 3]")
    page = tabs.open("#/health")

    expect(page.locator("#held")).to_contain_text("Доклад о паводке в Лемурге")
    expect(page.locator("#held")).to_contain_text("until a later version says otherwise")
    dead = page.locator("#dead .reason").first
    expect(dead).to_contain_text("What to do:")


def test_where_an_item_is_can_be_asked_and_linked(tabs: Tabs) -> None:
    page = tabs.open("#/health")

    page.get_by_label("Where is my item?").fill("demo-06")
    page.keyboard.press("Enter")

    expect(page.locator(".trace-state")).to_contain_text("placed")
    assert "item=demo-06" in page.url
    page.get_by_role("link", name="To its story").click()
    expect(page.locator('.member[data-id="demo-06"]')).to_be_visible()


def test_an_item_nobody_knows_is_unknown(tabs: Tabs) -> None:
    page = tabs.open("#/health?item=no%2Fsuch%3Fitem")

    expect(page.locator(".trace-state")).to_contain_text("unknown")
