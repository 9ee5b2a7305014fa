"""One story: members, evidence, history, and two articles side by side."""

import re

from playwright.sync_api import expect

from tests.browser.site import Site
from tests.browser.tabs import Tabs


def test_a_story_shows_its_members_and_why_each_is_in_it(tabs: Tabs, site: Site) -> None:
    page = tabs.open(site.story_url("demo-05"))

    translation = page.locator('.member[data-id="demo-06"]')
    expect(translation).to_contain_text("translation")
    expect(translation.locator(".why")).to_contain_text("Translation of “Fire on Aurelia")
    translation.get_by_text("Evidence").click()

    expect(translation.locator(".bars")).to_contain_text("Meaning")
    expect(translation.locator(".chip", has_text="Котка = Kotka")).to_be_visible()
    widths = translation.locator(".meter-fill").evaluate_all(
        "fills => fills.map((fill) => fill.getBoundingClientRect().width)"
    )
    assert len(widths) == 4
    assert max(widths) > 10
    expect(page.get_by_role("img", name="Time line of 7 articles")).to_be_visible()
    assert page.locator(".timeline .mark").count() == page.locator(".member").count()
    assert page.locator(".timeline .curve-translation").count() >= 1


def test_the_interface_words_the_evidence_in_russian_too(tabs: Tabs, site: Site) -> None:
    page = tabs.open(site.story_url("demo-05"), locale="ru-RU")

    translation = page.locator('.member[data-id="demo-06"]')

    expect(translation.locator(".why")).to_contain_text("Перевод материала «Fire on Aurelia ferry")
    expect(translation.locator(".why")).to_contain_text("Котка = Kotka")
    expect(page.locator(".history li").last).to_contain_text("открыт")


def test_a_story_is_found_by_its_link_and_back_leads_to_where_the_list_was(tabs: Tabs) -> None:
    page = tabs.open()
    link = page.locator(".row", has_text="Fire on Aurelia").locator(".row-link")
    link.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    link.click()
    expect(page.locator(".story-head")).to_contain_text("Aurelia")
    expect(page).to_have_title(re.compile("«Аурелия».* · onestory"))
    fresh = tabs.open(page.url)
    expect(fresh.locator(".story-head")).to_contain_text("Aurelia")

    page.go_back()

    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == scrolled


def test_a_story_that_is_not_there_says_so(tabs: Tabs) -> None:
    page = tabs.open("#/story/st_00000000000000000000")

    expect(page.locator(".state-failed")).to_contain_text("404")
    expect(page.locator(".state-failed")).to_contain_text("Check the id")


def test_two_articles_stand_side_by_side_with_what_they_share_marked(
    tabs: Tabs, site: Site
) -> None:
    page = tabs.open(site.story_url("demo-05"))
    for article in ("demo-05", "demo-08"):
        page.locator(f'.member[data-id="{article}"] input[type=checkbox]').check()
    page.get_by_role("button", name="Compare side by side").click()

    sides = page.locator(".side")
    expect(sides).to_have_count(2)
    english = sides.nth(0).locator("mark", has_text="Aurelia").first
    group = english.get_attribute("data-group")
    russian = sides.nth(1).locator(f'mark[data-group="{group}"]').first
    expect(russian).to_contain_text("Аурели")
    ground = "element => getComputedStyle(element).backgroundColor"
    assert english.evaluate(ground) == russian.evaluate(ground)
    expect(sides.nth(0).locator("mark", has_text="214").first).to_be_visible()

    english.hover()

    expect(russian).to_have_class(re.compile(r"\blit\b"))
    page.keyboard.press("Escape")
    expect(page.locator(".member").first).to_be_visible()


def test_where_no_text_is_kept_the_comparison_says_so(tabs: Tabs, site: Site) -> None:
    site.redis.xtrim(site.settings.streams.articles, maxlen=0, approximate=False)
    page = tabs.open("#/compare/flash-1/flash-2")

    expect(page.locator(".side").first).to_contain_text("The text is not kept.")
    expect(page.locator(".verdict")).to_contain_text("too little to join")
