"""What happens while the page is open."""

from playwright.sync_api import expect

from tests.browser import wire
from tests.browser.site import Site
from tests.browser.tabs import Tabs


def test_a_story_appears_and_grows_without_a_reload(tabs: Tabs, site: Site) -> None:
    russian, english = wire.tunnel("zarnovik")
    page = tabs.open()
    expect(page.locator("#connection")).to_have_text("Live")
    page.evaluate("window.loadedOnce = true")

    site.place(russian)

    story = page.locator(".row", has_text="Зарновик")
    expect(story).to_be_visible()
    expect(page.locator(".row").first).to_contain_text("Зарновик")
    expect(story).to_contain_text("not in English")

    site.place(english)

    expect(story).to_contain_text("Zarnovik opens")
    expect(story.locator(".figure-main")).to_contain_text("2 articles.")
    assert page.evaluate("window.loadedOnce") is True


def test_nothing_moves_under_a_reader(tabs: Tabs, site: Site) -> None:
    russian, english = wire.tunnel("melkudar")
    site.place(russian)
    page = tabs.open()
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator(".row").first).to_contain_text("Мелькудар")
    page.keyboard.press("j")
    page.keyboard.press("j")
    before = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.id)")

    site.place(english, wire.article("lone-1", "Вестник", "Ливень в Омутнике залил подвалы", "…"))

    pill = page.get_by_role("button", name="with news: show")
    expect(pill).to_be_visible()
    after = page.locator(".row").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    assert after == before
    expect(page.locator(".row").first).to_contain_text("Melkudar opens")
    expect(page.locator(".row-link").nth(1)).to_be_focused()

    page.keyboard.press("n")

    expect(page.locator(".row").first).to_contain_text("Ливень в Омутнике")
    expect(pill).to_be_hidden()


def test_the_page_survives_the_api_going_away(tabs: Tabs, site: Site) -> None:
    russian, _ = wire.tunnel("tobrest")
    page = tabs.open()
    expect(page.locator("#connection")).to_have_text("Live")

    site.api.stop()

    expect(page.locator("#connection")).to_have_text("No connection")
    expect(page.locator(".row").first).to_be_visible()

    site.api.start()
    site.place(russian)

    expect(page.locator("#connection")).to_have_text("Live", timeout=20_000)
    expect(page.locator(".row", has_text="Тобрест")).to_be_visible()


def test_a_page_opened_while_the_api_is_silent_says_what_to_do(tabs: Tabs) -> None:
    page = tabs.open()
    expect(page.locator(".row").first).to_be_visible()
    page.route("**/v1/stories/*", lambda route: route.abort())

    page.locator(".row-link").first.click()

    expect(page.get_by_text("The service does not answer.")).to_be_visible()
    page.unroute("**/v1/stories/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".member").first).to_be_visible()
