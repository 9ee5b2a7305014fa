"""One row a story, in columns: what lists are filtered and sorted by.

60,000 stories are filtered in under a millisecond as arrays, and in tens of them as objects.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from workers.archive.records import Story

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

OPEN, CLOSED, RETRACTED, HIDDEN = 0, 1, 2, 3
"""States of a row; a hidden one holds no story that could be listed."""
_STATES = {"open": OPEN, "closed": CLOSED, "retracted": RETRACTED}
_COLUMNS = ("active", "active_ms", "opened", "opened_ms", "size", "languages", "state")
_LAST_BIT = 62
"""Languages after so many share a bit: a feed may invent any number of them."""


class Columns:
    """Rows of stories; a forgotten story's row is used again."""

    def __init__(self, capacity: int = 1024) -> None:
        self._columns = {name: np.zeros(capacity, np.int64) for name in _COLUMNS}
        self._columns["state"][:] = HIDDEN
        self.stories: list[Story | None] = []
        self._free: list[int] = []
        self._bits: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_columns"][name][: len(self.stories)]
        except KeyError:
            raise AttributeError(name) from None

    def bit(self, lang: str) -> int:
        """The bit of a language."""
        return self._bits.setdefault(lang, 1 << min(len(self._bits), _LAST_BIT))

    def known_bit(self, lang: str) -> int:
        """The bit of a language; 0 if no story has it."""
        return self._bits.get(lang, 0)

    def is_shared(self, lang: str) -> bool:
        """Whether other languages have the same bit, so that a hit must be looked at."""
        return self._bits.get(lang, 0) == 1 << _LAST_BIT

    def write(self, story: Story) -> None:
        """Bring a story's row up to date."""
        row = story.row
        is_listed = story.members or story.retracted
        columns = self._columns
        columns["active"][row] = story.active
        columns["active_ms"][row] = story.active_ms
        columns["opened"][row] = story.opened
        columns["opened_ms"][row] = story.opened_ms
        columns["size"][row] = len(story.members)
        columns["languages"][row] = story.languages
        columns["state"][row] = _STATES[story.state] if is_listed else HIDDEN

    def remove(self, story: Story) -> None:
        """Its row is free."""
        if story.row >= 0:
            self._columns["state"][story.row] = HIDDEN
            self.stories[story.row] = None
            self._free.append(story.row)
            story.row = -1

    def add(self, story: Story) -> None:
        """Give it a row."""
        if self._free:
            story.row = self._free.pop()
            self.stories[story.row] = story
            return
        story.row = len(self.stories)
        self.stories.append(story)
        capacity = len(self._columns["state"])
        if story.row >= capacity:
            for name, column in self._columns.items():
                self._columns[name] = np.concatenate([column, np.zeros(capacity, np.int64)])


def top(rows: Rows, first: Rows, second: Rows, count: int) -> Rows:
    """The ``count`` rows with the greatest first key, of equals the greatest second key, in
    descending order; ``rows``, ``first`` and ``second`` belong together. Without sorting them all.
    """
    if len(rows) > count:
        least = np.partition(first, len(first) - count)[len(first) - count]
        sure, ties = np.flatnonzero(first > least), np.flatnonzero(first == least)
        needed = count - len(sure)
        if len(ties) > needed:
            among = second[ties]
            ties = ties[np.argpartition(among, len(among) - needed)[len(among) - needed :]]
        kept = np.concatenate([sure, ties])
        rows, first, second = rows[kept], first[kept], second[kept]
    chosen: Rows = rows[np.lexsort((second, first))[::-1]]
    return chosen
