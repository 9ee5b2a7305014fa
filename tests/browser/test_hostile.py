"""Whoever can write an article must not be able to do anything in an editor's browser.

The tabs fail by themselves on a dialog, an uncaught error, a console error (a breach of the
content security policy is one) and a request to another host; see tabs.py.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import wire
from tests.browser.site import Site
from tests.browser.tabs import PHONE, Tabs, overflow

SCRIPT = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
EVIL = (
    f"{SCRIPT}</script></title></textarea>--><svg onload=alert(1)>"
    "${7*7}{{constructor.constructor('alert(1)')()}}<a href=javascript:alert(1)>x</a>"
    "\u202eesrever\u202c \u2066isolate \x1b[31m\x08 "
)
LONG = "ы" * 100_000


@pytest.fixture(scope="module")
def hostile(site: Site) -> str:
    """A story of two articles that try everything; the id of one of them."""
    for number, language in ((1, "ru"), (2, "en")):
        site.place(
            wire.article(
                f"evil/{number}?<b>#%2e%2e",
                EVIL + "outlet" * 20,
                f"Гремлун {number} \x1b\u202e {EVIL}",
                f"{EVIL} Гремлун извергался 17 марта, 4321 человек покинули Тарнсбюль. {LONG}",
                url=("javascript:window.hit=1", "data:text/html,<script>alert(1)</script>")[
                    number - 1
                ],
                lang=language,
            )
        )
    site.place(wire.article("evil-long", "Лента", LONG[:4_000], LONG))
    return "evil/1?<b>#%2e%2e"


def is_unharmed(page: Page) -> bool:
    """Nothing ran, and nothing of an article became an element."""
    foreign = (
        "document.querySelectorAll('main script, main img, main svg[onload], main a[href^=java]')"
    )
    return page.evaluate(f"window.hit === undefined && {foreign}.length === 0") is True


@pytest.mark.usefixtures("hostile")
def test_hostile_articles_are_only_words_in_the_list(tabs: Tabs) -> None:
    page = tabs.open()

    expect(page.locator(".row", has_text="<script>window.hit = 1</script>").first).to_be_visible()

    assert is_unharmed(page)
    assert overflow(page) <= 0
    title = page.locator(".row", has_text="ыыыы").locator(".headline-text").inner_text()
    assert len(title) <= 220
    assert title.endswith("…")
    shown = page.locator(".row", has_text="Гремлун").first.inner_text()
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    assert "␛" in shown


def test_hostile_articles_are_only_words_in_their_story(
    tabs: Tabs, site: Site, hostile: str
) -> None:
    page = tabs.open(site.story_url(hostile), size=PHONE)

    expect(page.locator(".member").first).to_contain_text("<img src=x onerror=")

    assert is_unharmed(page)
    assert overflow(page) <= 0
    assert page.locator("a.outward").count() == 0


def test_hostile_articles_are_only_words_side_by_side(tabs: Tabs, site: Site, hostile: str) -> None:
    page = tabs.open(site.story_url(hostile))
    expect(page.locator(".member").first).to_be_visible()
    page.goto(f"{site.url}#/compare/{ENCODED[0]}/{ENCODED[1]}")

    expect(page.locator(".side").first).to_contain_text("<script>window.hit = 1</script>")

    assert is_unharmed(page)
    assert overflow(page) <= 0


def test_a_hostile_address_is_only_an_address(tabs: Tabs) -> None:
    page = tabs.open()
    for address in (
        "#/story/%00%ff%zz",
        "#/<img src=x onerror=alert(1)>",
        "#/compare/a",
        "#/health?item=%22%3E",
    ):
        page.goto(tabs.url + address)
        expect(page.locator("main")).not_to_be_empty()
        assert is_unharmed(page)


ENCODED = ("evil%2F1%3F%3Cb%3E%23%252e%252e", "evil%2F2%3F%3Cb%3E%23%252e%252e")
