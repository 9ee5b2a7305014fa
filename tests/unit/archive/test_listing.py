"""Lists of stories: filters, order, search, and pages that hold while stories change."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events import Change
from tests.support.api.shelves import STEPS, Teller, feed, histories, shelf_of
from tests.support.builders.story_events import in_order, joined, merged, opened, revised
from workers.archive.columns import top
from workers.archive.folding import MOST_WORDS, asked, folded
from workers.archive.listing import BadCursor, Query, Sort, cursor_of, page_of
from workers.archive.records import Story, ms_of
from workers.archive.shelf import Shelf

_ALSO_TOUCHED = ("merged_into", "moved_to")
T0 = datetime(2026, 3, 17, tzinfo=UTC)


def ids(shelf: Shelf, **query: Any) -> list[str]:
    return [story.id for story in page_of(shelf, Query(**query)).stories]


def at(event: Any, minutes: int) -> Any:
    return event.model_copy(update={"time": T0 + timedelta(minutes=minutes)})


@pytest.fixture
def shelf() -> Shelf:
    """Story big: three articles in two languages; old: opened first; deep: Russian."""
    events = in_order(
        at(opened("old", "o1", title="Bridge opens", source="Harbour Post"), 0),
        at(opened("big", "b1", title="Ferry burns", source="Harbour Post"), 10),
        at(opened("deep", "d1", title="Тоннель под рекой", lang="ru", source="Волна"), 20),
        at(joined("big", 2, "b2", title="Горит паром «Ёлка»", lang="ru", source="Волна"), 30),
        at(joined("big", 3, "volna:117", title="Ferry fire", source="Coastline Wire"), 40),
        at(revised("old", 2, Change.LEAD, "o1", lead="o1"), 50),
    )
    return shelf_of(*events)


def test_stories_come_by_their_latest_change(shelf: Shelf) -> None:
    assert ids(shelf) == ["old", "big", "deep"]


def test_stories_come_by_when_they_opened_or_by_size_if_asked(shelf: Shelf) -> None:
    assert ids(shelf, sort="opened") == ["deep", "big", "old"]
    assert ids(shelf, sort="size") == ["big", "deep", "old"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"langs": ["ru"]}, {"big", "deep"}),
        ({"langs": ["ru", "en"]}, {"big"}),
        ({"langs": ["xx"]}, set()),
        ({"source": "harbour post"}, {"old", "big"}),
        ({"source": "Harbour"}, set()),
        ({"source": "волна", "langs": ["en"]}, {"big"}),
        ({"min_size": 2}, {"big"}),
        ({"max_size": 1}, {"old", "deep"}),
        ({"cross_lingual": True}, {"big"}),
        ({"cross_lingual": False}, {"old", "deep"}),
        ({"since_ms": ms_of("2026-03-17T00:40:00Z")}, {"old", "big"}),
        ({"until_ms": ms_of("2026-03-17T00:10:00Z")}, {"old"}),
        ({"state": "closed"}, set()),
        ({"state": "all"}, {"old", "big", "deep"}),
    ],
)
def test_each_filter_leaves_what_fits(shelf: Shelf, query: Any, expected: set[str]) -> None:
    assert set(ids(shelf, **query)) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("ferry", {"big"}),
        ("FERR", {"big"}),
        ("erry", set()),
        ("burns Ferry", {"big"}),
        ("паром елка", {"big"}),
        ("ЁЛКА ferry", {"big"}),
        ("волн", {"big", "deep"}),
        ("coastline", {"big"}),
        ("volna:117", {"big"}),
        ("deep", {"deep"}),
        ("ferry tunnel", set()),
        ("", {"old", "big", "deep"}),
        ("\x00\x1b[31m", set()),
        ("<script>alert(1)</script>", set()),
        ("%_*'\"\\", {"old", "big", "deep"}),
        ("ё" * 10_000, set()),
        ("a " * 5_000, set()),
        ("\ud800", {"old", "big", "deep"}),
        ("…«»—", {"old", "big", "deep"}),
    ],
)
def test_search_finds_beginnings_of_words_in_any_order(
    shelf: Shelf, q: str, expected: set[str]
) -> None:
    assert set(ids(shelf, q=q)) == expected


@given(st.text(max_size=200))
def test_search_accepts_anything(q: str) -> None:
    shelf = shelf_of(opened("s", "a", title=q))

    assert ids(shelf, q=q) == ["s"]


@given(st.text())
def test_a_folded_word_folds_to_itself(text: str) -> None:
    words = folded(text)

    assert folded(" ".join(words)) == words


def test_only_the_longest_words_of_a_query_count() -> None:
    words = [f"{'abcdefghijklmnopqrst'[length]}{'x' * length}" for length in range(20)]

    assert asked(" ".join(words)) == words[: -MOST_WORDS - 1 : -1]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99)), max_size=40, unique=True),
    st.integers(1, 10),
)
def test_the_top_of_a_list_is_that_of_the_sorted_list(
    keys: list[tuple[int, int]], count: int
) -> None:
    rows = np.arange(len(keys))
    first, second = (np.array([key[n] for key in keys], np.int64) for n in (0, 1))

    found = top(rows, first, second, count)

    assert [keys[row] for row in found] == sorted(keys, reverse=True)[:count]


def pages(shelf: Shelf, sort: Sort, limit: int) -> list[list[Story]]:
    """All pages of a shelf that does not change."""
    found, cursor = [], None
    while True:
        page = page_of(shelf, Query(sort=sort, limit=limit, cursor=cursor, state="all"))
        found.append(page.stories)
        cursor = page.next
        if cursor is None:
            return found


@given(histories(), st.sampled_from(["activity", "opened", "size"]), st.integers(1, 4))
def test_pages_together_are_the_whole_list(teller: Teller, sort: Sort, limit: int) -> None:
    shelf = shelf_of(*teller.events)

    listed = [story.id for page in pages(shelf, sort, limit) for story in page]

    assert listed == ids(shelf, sort=sort, limit=1_000, state="all")
    assert len(listed) == len(set(listed)) == page_of(shelf, Query(state="all")).total


@given(
    histories(),
    st.lists(STEPS, min_size=1, max_size=10),
    st.sampled_from(["activity", "opened", "size"]),
    st.integers(1, 3),
)
def test_stories_that_nothing_touches_are_listed_once_while_others_change(
    teller: Teller, steps: list[tuple[str, str, str]], sort: Sort, limit: int
) -> None:
    """Between any two pages a step is taken."""
    shelf = shelf_of(*teller.events)
    told = len(teller.events)
    before = {story.id for page in pages(shelf, sort, 50) for story in page}
    following, cursor = itertools.cycle(steps), None
    listed: list[str] = []
    touched: set[str] = set()

    while True:
        page = page_of(shelf, Query(sort=sort, limit=limit, cursor=cursor, state="all"))
        listed += [story.id for story in page.stories]
        cursor = page.next
        if cursor is None:
            break
        known = len(teller.events)
        teller.tell(*next(following))
        # An article of a closed story that comes once more takes its place in another one.
        placed = {getattr(event.data, "article_id", "") for event in teller.events[known:]}
        touched |= {story.id for story in shelf.stories.values() if placed & story.members.keys()}
        feed(shelf, teller.events[known:], known + 1)

    for event in teller.events[told:]:
        data: Any = event.data
        touched |= {data.story_id, *(getattr(data, name, "") for name in _ALSO_TOUCHED)}
    for story_id in before - touched:
        assert listed.count(story_id) == 1


def test_a_story_that_merges_away_while_somebody_pages_takes_no_other_along() -> None:
    events = in_order(*(opened(f"s{n}", f"a{n}") for n in range(6)))
    shelf = shelf_of(*events)
    first = page_of(shelf, Query(limit=2))

    feed(shelf, [in_order(*events, merged("s4", 2, "s0", "a4"))[-1]], 7)
    rest = page_of(shelf, Query(limit=9, cursor=first.next))

    assert [story.id for story in first.stories] == ["s5", "s4"]
    assert [story.id for story in rest.stories] == ["s3", "s2", "s1"]  # s0 moved to the top


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "не курсор",
        "e30",
        "A" * 5_000,
        "bnVsbA",
        cursor_of("opened", 1, 2),
        cursor_of("activity"),
        cursor_of("activity", "1", "2"),
        cursor_of("activity", 2**63, 1),
        cursor_of("activity", 1, 2, 3),
        "W1tbW1tbW1tbW1tb" * 300,
    ],
)
def test_a_cursor_that_is_none_of_this_list_is_refused(shelf: Shelf, cursor: str) -> None:
    with pytest.raises(BadCursor):
        page_of(shelf, Query(cursor=cursor))


def test_a_page_behind_the_end_is_empty(shelf: Shelf) -> None:
    page = page_of(shelf, Query(cursor=cursor_of("activity", 0, 0)))

    assert (page.stories, page.next, page.total) == ([], None, 3)


def test_a_hundred_languages_are_told_apart() -> None:
    """More than there are bits."""
    langs = [f"l{n}" for n in range(100)]
    shelf = shelf_of(*in_order(*(opened(f"s{n}", n, lang=n) for n in langs)))

    for lang in ("l0", "l61", "l62", "l63", "l99"):
        assert ids(shelf, langs=[lang]) == [f"s{lang}"]
