"""Without a mouse: everything an editor does, and everything can be reached."""

from playwright.sync_api import expect

from tests.browser.site import Site
from tests.browser.tabs import Tabs


def test_an_editor_walks_from_the_list_into_a_comparison_and_back(tabs: Tabs) -> None:
    page = tabs.open("#/stories?q=Aurelia")
    expect(page.locator(".row")).to_have_count(1)

    page.keyboard.press("j")
    expect(page.locator(".row-link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".member").first).to_be_visible()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("x")
    expect(page.get_by_text("Two articles chosen.")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator(".side")).to_have_count(2)

    page.keyboard.press("Escape")
    expect(page.locator(".member").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".row")).to_have_count(1)
    assert "q=Aurelia" in page.url


def test_a_slash_searches_and_escape_leaves_the_field(tabs: Tabs) -> None:
    page = tabs.open("#/health")
    expect(page.locator(".tiles")).to_be_visible()

    page.keyboard.press("/")

    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jjj?")
    expect(page.locator("#search")).to_have_value("jjj?")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).not_to_be_focused()


def test_a_question_mark_shows_the_keys(tabs: Tabs) -> None:
    page = tabs.open()
    expect(page.locator(".row").first).to_be_visible()

    page.keyboard.press("?")

    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("compare the two chosen")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_first_tab_skips_to_the_content(tabs: Tabs) -> None:
    page = tabs.open()
    expect(page.locator(".row").first).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    expect(page.locator(".row").first).to_be_visible()


def test_tab_reaches_every_control_of_a_story_and_shows_where_it_is(tabs: Tabs, site: Site) -> None:
    page = tabs.open(site.story_url("demo-05"))
    expect(page.locator(".member").first).to_be_visible()
    controls = page.locator(
        "a[href], button:not(:disabled), input, summary, select, details[open] button"
    ).filter(visible=True)
    count = controls.count()

    reached = set()
    for _ in range(count + 2):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(INDEX))
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")

    assert len(reached - {-1}) >= count


# At the end of the page the focus leaves it, for the browser's own controls.
SEEN = """document.activeElement === document.body
    || getComputedStyle(document.activeElement).outlineStyle !== 'none'"""
INDEX = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
