"""Phone and desk, light and dark, Russian and English."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import Site
from tests.browser.tabs import PHONE, Tabs, overflow


def test_nothing_scrolls_sideways_on_a_phone(tabs: Tabs, site: Site) -> None:
    page = tabs.open(size=PHONE, locale="ru-RU")
    expect(page.locator(".row").first).to_be_visible()
    assert overflow(page) <= 0
    page.get_by_text("Фильтры").click()
    assert overflow(page) <= 0

    for where, shows in (
        (site.story_url("demo-05"), ".member"),
        (f"{site.url}#/compare/demo-05/demo-08", ".side"),
        (f"{site.url}#/health?item=demo-05", ".trace-state"),
    ):
        page.goto(where)
        expect(page.locator(shows).first).to_be_visible()
        assert overflow(page) <= 0, where
    page.goto(site.story_url("demo-05"))
    page.locator("[data-rule=together]").first.click()
    expect(page.locator(".picker-option").first).to_be_visible()
    assert overflow(page) <= 0


def test_headlines_stand_one_below_the_other_on_a_phone(tabs: Tabs) -> None:
    page = tabs.open("#/stories?q=Aurelia", size=PHONE)

    russian = page.locator(".row bdi[lang=ru]").first.bounding_box()
    english = page.locator(".row bdi[lang=en]").first.bounding_box()

    assert russian is not None
    assert english is not None
    assert english["y"] >= russian["y"] + russian["height"]


@pytest.mark.parametrize("dark", [False, True])
def test_colours_follow_the_system_until_the_reader_chooses(tabs: Tabs, *, dark: bool) -> None:
    page = tabs.open(dark=dark)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    assert (sum(map(int, before[4:-1].split(","))) < 384) is dark

    page.get_by_role("button", name="Light colours" if dark else "Dark colours").click()

    after = page.evaluate(ground)
    assert (sum(map(int, after[4:-1].split(","))) < 384) is not dark
    page.reload()
    assert page.evaluate(ground) == after


def test_the_language_is_the_browsers_until_the_reader_chooses(tabs: Tabs) -> None:
    page = tabs.open(locale="ru-RU")
    expect(page.get_by_role("link", name="Сюжеты", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "ru"
    expect(page.locator(".list-count")).to_contain_text("сюжет")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("link", name="Stories", exact=True)).to_be_visible()
    expect(page.locator(".row").first).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(page.get_by_role("link", name="Stories", exact=True)).to_be_visible()


def test_numbers_take_the_plural_form_of_their_language(tabs: Tabs) -> None:
    page = tabs.open(locale="ru-RU")
    expect(page.locator(".row").first).to_be_visible()

    counted = page.evaluate(
        """async () => {
            const { t } = await import('/page/i18n.js');
            return [1, 3, 5, 11, 21, 112].map((n) => t('figures.articles', { n }));
        }"""
    )

    assert counted == [
        "1 материал",
        "3 материала",
        "5 материалов",
        "11 материалов",
        "21 материал",
        "112 материалов",
    ]


def test_less_motion_is_no_motion(tabs: Tabs) -> None:
    page = tabs.open(reduced_motion="reduce")
    expect(page.locator(".row").first).to_be_visible()

    moving = page.evaluate(
        """() => {
            const row = document.querySelector('.row');
            row.classList.add('row-fresh');
            return getComputedStyle(row).animationName;
        }"""
    )

    assert moving == "none"
