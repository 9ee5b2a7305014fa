"""What a screen reader is told: names of controls, landmarks, languages of words."""

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.tabs import Tabs

VIEWS = {
    "list": ("", ".row"),
    "story": ("story", ".member"),
    "compare": ("#/compare/demo-05/demo-08", ".side"),
    "health": ("#/health", ".tile"),
}
_UNNAMED = """() => {
    const named = (element) => {
        const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
            .map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
        const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
        return [element.getAttribute('aria-label'), by, labels,
            ['INPUT', 'SELECT'].includes(element.tagName) ? '' : element.textContent]
            .some((name) => (name ?? '').trim() !== '');
    };
    return [...document.querySelectorAll('a, button, input, select, summary, svg[role=img]')]
        .filter((element) => !named(element)).map((element) => element.outerHTML.slice(0, 200));
}"""
_TWICE = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
_HEADINGS = (
    "[...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]))"
)


def shown(tabs: Tabs, site: Site, view: str) -> Page:
    """A view, once it is there."""
    where, element = VIEWS[view]
    page = tabs.open(site.story_url("demo-05") if where == "story" else where)
    expect(page.locator(element).first).to_be_visible()
    return page


@pytest.mark.parametrize("view", VIEWS)
def test_controls_have_names_and_headings_make_an_outline(
    tabs: Tabs, site: Site, view: str
) -> None:
    page = shown(tabs, site, view)

    assert page.evaluate(_UNNAMED) == []
    assert page.evaluate(_TWICE) == []
    for role in ("banner", "main", "navigation"):
        expect(page.get_by_role(role)).to_have_count(1)
    levels = page.evaluate(_HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_words_of_an_article_are_in_their_own_language_and_direction(
    tabs: Tabs, site: Site
) -> None:
    page = shown(tabs, site, "story")

    titles = page.locator(".member-title")

    for place in range(titles.count()):
        assert titles.nth(place).get_attribute("lang") in {"ru", "en"}
        assert titles.nth(place).get_attribute("dir") == "auto"
