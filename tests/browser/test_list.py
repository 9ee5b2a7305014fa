"""The list of stories: both languages side by side, filters, pages."""

from urllib.parse import unquote

from playwright.sync_api import expect

from tests.browser.tabs import Tabs


def test_headlines_stand_side_by_side_in_russian_and_english(tabs: Tabs) -> None:
    page = tabs.open()

    story = page.locator(".row", has_text="Fire on Aurelia ferry")

    russian, english = story.locator("bdi[lang=ru]").first, story.locator("bdi[lang=en]").first
    expect(russian).to_contain_text("«Аурелия»")
    left, right = russian.bounding_box(), english.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 4


def test_a_row_says_how_many_articles_languages_and_independent_sources(tabs: Tabs) -> None:
    page = tabs.open()

    story = page.locator(".row", has_text="Fire on Aurelia ferry")

    expect(story.locator(".row-figures")).to_contain_text("7 articles. ")
    expect(story.locator(".row-figures")).to_contain_text("2 languages. ")
    expect(story.locator(".row-figures")).to_contain_text("independent source")
    exact = story.locator("time").first.get_attribute("title")
    assert exact is not None
    assert "2026" in exact


def test_search_finds_words_of_either_language_and_the_address_keeps_them(tabs: Tabs) -> None:
    page = tabs.open()
    expect(page.locator(".row").first).to_be_visible()

    page.get_by_label("Search headlines").fill("землетрясение")

    expect(page.locator(".row").first).to_contain_text("Орван")
    expect(page.locator(".row", has_text="Aurelia")).to_have_count(0)
    assert "q=землетрясение" in unquote(page.url)


def test_an_address_with_filters_shows_what_they_let_through(tabs: Tabs) -> None:
    page = tabs.open("#/stories?cross=1&size=5-9")

    expect(page.locator(".row").first).to_be_visible()
    languages = page.locator(".row-figures .figure:nth-child(2) .figure-value").all_inner_texts()
    articles = page.locator(".figure-main .figure-value").all_inner_texts()

    assert all(int(count) >= 2 for count in languages)
    assert all(5 <= int(count) <= 9 for count in articles)
    expect(page.get_by_label("Across languages only")).to_be_checked()


def test_filters_that_nothing_passes_say_what_to_do(tabs: Tabs) -> None:
    page = tabs.open("#/stories?q=no-such-words-anywhere")

    expect(page.get_by_text("No story matches these filters.")).to_be_visible()
    expect(page.get_by_text("Take one away")).to_be_visible()


def test_more_brings_the_next_page(tabs: Tabs) -> None:
    page = tabs.open()
    expect(page.locator(".row")).to_have_count(50)

    page.get_by_role("button", name="More stories").click()

    expect(page.locator(".row").nth(55)).to_be_visible()
    ids = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    assert len(ids) == len(set(ids))
