"""Lists of stories: filtered, sorted, searched, a page at a time.

A cursor names the last story of its page by what it was sorted by, so stories that change while
somebody pages neither repeat what was shown nor hide others: the one that changed moves, alone.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

import numpy as np

from workers.archive.columns import CLOSED, HIDDEN, OPEN, Columns, Mask, Rows, top
from workers.archive.folding import asked, folded
from workers.archive.records import Story
from workers.archive.shelf import Shelf

Sort = Literal["activity", "opened", "size"]
State = Literal["open", "closed", "all"]
_MUCH_FEWER = 4
"""Looking up a row costs some four times as much as copying one."""
_FIRST_KEY = {"activity": "active", "opened": "opened", "size": "size"}


class BadCursor(ValueError):
    """A cursor that this list didn't give."""


NO_CURSOR = "the cursor is none that this service gave"
_ENTRY_ID = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Query:
    """Which stories, in which order."""

    q: str = ""
    """Words, or beginnings of words, in any order; in titles, outlets and ids."""
    langs: Sequence[str] = ()
    """All of them must be among the story's languages."""
    source: str = ""
    min_size: int = 1
    max_size: int | None = None
    since_ms: int | None = None
    """Changed at this time or later."""
    until_ms: int | None = None
    """Opened before this time."""
    state: State = "open"
    cross_lingual: bool | None = None
    sort: Sort = "activity"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Stories of one page."""

    stories: list[Story]
    next: str | None
    total: int


def page_of(shelf: Shelf, query: Query) -> Page:
    """The stories of a page.

    Raises:
        BadCursor: the cursor is none of a list in this order.
    """
    shelf.settle()
    columns = shelf.catalogue.columns
    rows = np.flatnonzero(_mask(columns, query))
    rows = _searched(shelf, rows, query)
    total = len(rows)
    first, second = getattr(columns, _FIRST_KEY[query.sort])[rows], columns.opened[rows]
    if query.cursor is not None:
        after, then = _keys(query.cursor, query.sort)
        behind = (first < after) | ((first == after) & (second < then))
        rows, first, second = rows[behind], first[behind], second[behind]
    chosen = top(rows, first, second, query.limit)
    stories = [story for row in chosen if (story := columns.stories[row]) is not None]
    is_last = len(rows) <= query.limit
    following = None
    if not is_last:
        row = chosen[-1]
        keys = [int(getattr(columns, _FIRST_KEY[query.sort])[row]), int(columns.opened[row])]
        following = cursor_of(query.sort, *keys)
    return Page(stories, following, total)


def cursor_of(kind: str, *keys: int | str) -> str:
    """The cursor behind an item with these keys."""
    return urlsafe_b64encode(json.dumps([kind, *keys]).encode()).decode().rstrip("=")


def cursor_parts(cursor: str, kind: str) -> list[object]:
    """The keys in a cursor.

    Raises:
        BadCursor: it is none of this kind.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(urlsafe_b64decode(padded))
    except (ValueError, RecursionError) as error:
        raise BadCursor(NO_CURSOR) from error
    if not isinstance(found, list) or not found or found[0] != kind:
        raise BadCursor(f"the cursor is of another list than {kind!r}")
    return found[1:]


def cursor_number(cursor: str, kind: str) -> int:
    """The one number in a cursor.

    Raises:
        BadCursor: it holds none.
    """
    match cursor_parts(cursor, kind):
        case [int(number)]:
            return number
        case _:
            raise BadCursor(NO_CURSOR)


def cursor_word(cursor: str, kind: str) -> str:
    """The id of a stream's entry in a cursor.

    Raises:
        BadCursor: it holds none.
    """
    match cursor_parts(cursor, kind):
        case [str(word)] if _ENTRY_ID.fullmatch(word):
            return word
        case _:
            raise BadCursor(NO_CURSOR)


def _keys(cursor: str, kind: str) -> tuple[int, int]:
    match cursor_parts(cursor, kind):
        case [int(first), int(second)] if max(abs(first), abs(second)) < 2**63:
            return first, second
        case _:
            raise BadCursor(NO_CURSOR)


def _mask(columns: Columns, query: Query) -> Mask:
    size, state, languages = columns.size, columns.state, columns.languages
    mask: Mask
    match query.state:
        case "open":
            mask = state == OPEN
        case "closed":
            mask = state == CLOSED
        case "all":
            mask = state != HIDDEN
    if query.min_size > 1:
        mask &= size >= query.min_size
    if query.max_size is not None:
        mask &= size <= query.max_size
    if query.since_ms is not None:
        mask &= columns.active_ms >= query.since_ms
    if query.until_ms is not None:
        mask &= columns.opened_ms < query.until_ms
    for lang in query.langs:
        mask &= (languages & columns.known_bit(lang)) != 0
    if query.cross_lingual is not None:
        mask &= ((languages & (languages - 1)) != 0) == query.cross_lingual
    return mask


def _searched(shelf: Shelf, rows: Rows, query: Query) -> Rows:
    """Those of the rows that hold the words, and the outlet."""
    columns, index = shelf.catalogue.columns, shelf.catalogue.index
    for word in asked(query.q):
        rows = _among(rows, index.beginning(word))
    if query.source:
        outlet = folded(query.source)
        for found in sorted(map(index.holding, outlet), key=len):
            rows = _among(rows, found)
        rows = _fitting(columns, rows, partial(_is_of, " ".join(outlet)))
    for lang in query.langs:
        if columns.is_shared(lang):
            rows = _fitting(columns, rows, partial(_speaks, lang))
    return rows


def _among(rows: Rows, found: set[int]) -> Rows:
    """The rows that were found."""
    if len(rows) < len(found) // _MUCH_FEWER:
        return np.array([row for row in rows.tolist() if row in found], np.int64)
    if not len(rows):
        return rows
    is_found = np.zeros(int(rows.max()) + 1, np.bool_)
    hits = np.fromiter(found, np.int64, len(found))
    is_found[hits[hits < len(is_found)]] = True
    return rows[is_found[rows]]


def _fitting(columns: Columns, rows: Rows, fits: Callable[[Story], bool]) -> Rows:
    """The rows whose stories fit, one by one."""
    stories = ((row, columns.stories[row]) for row in rows.tolist())
    return np.array([row for row, story in stories if story is not None and fits(story)], np.int64)


def _is_of(outlet: str, story: Story) -> bool:
    return any(
        article.source is not None and _outlet(article.source) == outlet
        for article in story.members.values()
    )


def _speaks(lang: str, story: Story) -> bool:
    return any(each.lang == lang for each in story.members.values())


@lru_cache(maxsize=4_096)
def _outlet(source: str) -> str:
    return " ".join(folded(source))
