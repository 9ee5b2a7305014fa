"""What an editor says, by buttons: the story really changes, or the page says why not."""

import re

from playwright.sync_api import Page, expect

from tests.browser import wire
from tests.browser.site import Site
from tests.browser.tabs import Tabs


def say(page: Page, reason: str, by: str = "anna") -> None:
    """Fill the dialog's reason and name, and send it."""
    page.get_by_label("Why").fill(reason)
    page.get_by_label("Who says so").fill(by)
    page.locator("dialog .primary").click()


def test_keep_apart_splits_the_story_and_revoking_is_one_button(tabs: Tabs, site: Site) -> None:
    russian, english = wire.tunnel("osvindal")
    site.place(russian, english)
    page = tabs.open(site.story_url("osvindal-ru"))
    expect(page.locator(".member")).to_have_count(2)

    page.locator('.member[data-id="osvindal-en"] [data-rule=apart]').click()
    expect(page.get_by_role("radio", name="В городе Освиндаль")).to_be_checked()
    say(page, "Two tunnels")

    expect(page.locator(".ruling-accepted")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".member")).to_have_count(1)
    expect(page.locator("#rules")).to_contain_text("anna")
    expect(page.locator("#rules")).to_contain_text("Two tunnels")
    left, kept = site.story_of("osvindal-en"), site.story_of("osvindal-ru")
    assert left is not None
    assert kept is not None
    assert left["id"] != kept["id"]

    page.locator("[data-revoke]").click()
    expect(page.get_by_label("Who says so")).to_have_value("anna")
    say(page, "My mistake")

    expect(page.locator(".ruling-accepted")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#rules")).to_contain_text("Nothing about these articles.")


def test_keep_together_joins_an_article_of_another_story(tabs: Tabs, site: Site) -> None:
    site.place(wire.tunnel("karpelin")[0], wire.tunnel("lunzhary")[0])
    page = tabs.open(site.story_url("karpelin-ru"))

    page.locator('.member[data-id="karpelin-ru"] [data-rule=together]').click()
    page.locator("#picker-search").fill("Лунжары")
    page.get_by_role("radio", name="В городе Лунжары").check()
    page.locator("#picker-search").fill("Аурелия")
    expect(page.locator(".picker-option", has_text="Aurelia")).to_be_visible()
    expect(page.get_by_role("radio", name="В городе Лунжары")).to_be_checked()
    say(page, "One opening day")

    expect(page.locator(".ruling-accepted")).to_contain_text("merged")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".member")).to_have_count(2)
    expect(page.get_by_role("heading", name="Lineage")).to_be_visible()


def test_a_refused_rule_shows_the_rules_in_the_way(tabs: Tabs, site: Site) -> None:
    russian, english = wire.tunnel("vestogor")
    site.place(russian, english)
    page = tabs.open(site.story_url("vestogor-ru"))
    expect(page.locator(".member")).to_have_count(2)
    site.rule("together", "vestogor-ru", "vestogor-en", reason="One tunnel")

    page.locator('.member[data-id="vestogor-en"] [data-rule=apart]').click()
    say(page, "Two tunnels", by="pavel")

    refusal = page.locator(".ruling-refused")
    expect(refusal).to_contain_text("In the way stands this rule")
    expect(refusal).to_contain_text("One tunnel")
    expect(refusal.get_by_role("button", name="Revoke")).to_be_visible()
    assert len((site.story_of("vestogor-ru") or {})["members"]) == 2


def test_another_article_leads(tabs: Tabs, site: Site) -> None:
    russian, english = wire.tunnel("dromlin")
    site.place(russian, english)
    page = tabs.open(site.story_url("dromlin-ru"))

    page.locator('.member[data-id="dromlin-en"] [data-rule=lead]').click()
    say(page, "It has the figures")

    expect(page.locator(".ruling-accepted")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.locator('.member[data-id="dromlin-en"]')).to_have_class(re.compile("member-lead"))
