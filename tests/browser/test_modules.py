"""The page's pure functions, run in the browser that they are for."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import Site


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab of this origin without the page in it, so that nothing else runs."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{site.url}page/icon.svg")
    yield tab
    context.close()


def run(page: Page, module: str, expression: str, *values: Any) -> Any:
    """An expression over ``m``, a module, and ``v``, values."""
    script = f"async (v) => {{ const m = await import('/page/{module}.js'); return {expression}; }}"
    return page.evaluate(script, list(values))


def test_marks_are_counted_in_code_points(page: Page) -> None:
    text = "🚒 Орван и 🚒 Орван"

    cut = run(page, "marks", "m.pieces(v[0], v[1])", text, [[12, 17, 3], [2, 7, 3]])

    assert "".join(piece["text"] for piece in cut) == text
    assert [piece["text"] for piece in cut if piece["group"] == 3] == ["Орван", "Орван"]


@pytest.mark.parametrize(
    ("marks", "most", "expected"),
    [
        ([[0, 3, 1], [2, 5, 2]], 9, [("abc", 1), ("de", 2), ("f", None)]),
        ([[4, 99, 1]], 9, [("abcd", None), ("ef", 1)]),
        ([[8, 9, 1]], 9, [("abcdef", None)]),
        ([[3, 6, 1]], 4, [("abc", None), ("d", 1)]),
    ],
)
def test_marks_that_overlap_or_overshoot_are_cut(
    page: Page, marks: list[list[int]], most: int, expected: list[tuple[str, int | None]]
) -> None:
    cut = run(page, "marks", "m.pieces('abcdef', v[0], v[1])", marks, most)

    assert [(piece["text"], piece["group"]) for piece in cut] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_events_are_read_however_the_stream_is_cut(page: Page, end: str) -> None:
    lines = (
        ": beat",
        "",
        "id: 7-0",
        "event: story.joined",
        'data: {"a":',
        "data: 1}",
        "",
        "id: 8-0",
        "",
    )
    stream = end.join((*lines, "data: x", "", ""))

    for size in (1, 2, 3, 1000):
        chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
        events = run(
            page,
            "sse",
            "((p) => v[0].flatMap((c) => p.push(c)))(new m.SseParser())",
            [*chunks, "\n"],
        )
        assert events == [
            {"id": "7-0", "type": "story.joined", "data": '{"a":\n1}'},
            {"id": "8-0", "type": "message", "data": "x"},
        ]


@pytest.mark.parametrize(
    ("shown", "answered", "whole", "order", "moved", "gone"),
    [
        ("abc", "abc", True, "abc", "", ""),
        ("abc", "xabc", True, "xabc", "x", ""),
        ("abc", "cab", True, "cab", "c", ""),
        ("abc", "bxc", True, "bxc", "x", "a"),
        ("abcde", "xab", False, "xabcde", "x", ""),
    ],
)
def test_a_newer_answer_says_what_rose_and_what_is_gone(
    page: Page, shown: str, answered: str, *, whole: bool, order: str, moved: str, gone: str
) -> None:
    merged = run(page, "order", "m.merged(v[0], v[1], v[2])", [*shown], [*answered], whole)

    assert merged == {"order": [*order], "moved": [*moved], "gone": [*gone]}


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/a?b=1", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        (" java\tscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("ftp://example.org", False),
        ("not an address", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(page: Page, url: str, *, followed: bool) -> None:
    link = run(page, "dom", "m.outward(v[0], 'x')?.getAttribute('rel') ?? null", url)

    assert link == ("noopener noreferrer nofollow" if followed else None)


@pytest.mark.parametrize(
    ("key", "code", "shift", "named"),
    [
        ("j", "KeyJ", False, "j"),
        ("о", "KeyJ", False, "j"),
        ("Л", "KeyK", True, "k"),
        (".", "Slash", False, "/"),
        (",", "Slash", True, "?"),
        ("?", "Digit7", True, "?"),
        ("Enter", "Enter", False, "Enter"),
    ],
)
def test_keys_are_where_they_are_in_a_russian_layout_too(
    page: Page, key: str, code: str, *, shift: bool, named: str
) -> None:
    pressed = {"key": key, "code": code, "shiftKey": shift}

    assert run(page, "keys", "m.keyOf(v[0])", pressed) == named


def test_control_characters_are_shown_one_for_one(page: Page) -> None:
    shown = run(page, "dom", "m.harmless(v[0])", "a\x00\x1b\u202eb\u202d\x85\nc")

    assert shown == "a␀␛\ufffdb\ufffd\ufffd\nc"


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.03, 0.05), (1, 1), (7, 10), (120, 200)])
def test_an_axis_ends_at_a_round_number(page: Page, value: float, top: float) -> None:
    assert run(page, "scale", "m.roundUp(v[0])", value) == pytest.approx(top)
