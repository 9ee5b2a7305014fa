"""Numbers for strings, and arrays of what is known of each.

A text as an array of word numbers is hashed, marked and embedded by a handful of array
look-ups, where a look-up in a dictionary for each word and each question would cost
ten times as much.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]

_ROOM = 1 << 14
LIMIT = 1 << 18
"""Strings after which a table starts over: five times what a day of news needs."""
LIMIT_CHARACTERS = 1 << 24
"""The same for their length, so that noise without spaces can't fill the memory."""


def ranges(begins: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Owner and place of every member of the ranges, one range after the other.

    >>> ranges(np.array([7, 0, 3]), np.array([2, 0, 1]))
    (array([0, 0, 2]), array([7, 8, 3]))
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return owners, np.arange(len(owners)) + (begins - before)[owners]


Item = TypeVar("Item")


class Growing:
    """An array to whose end values are added."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room = np.zeros(_ROOM, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> NDArray[Any]:
        """All that were added, in order."""
        return self._room[: self._count]

    def add(self, values: Sequence[Any] | NDArray[Any]) -> None:
        """Put values behind the last."""
        end = self._count + len(values)
        if end > len(self._room):
            self._room = np.concatenate([self._room, np.zeros(end, self._room.dtype)])
        self._room[self._count : end] = values
        self._count = end


class ListAsArray(Generic[Item]):
    """A copy of a growing list as an array, from which many items are taken at a third of the
    price of ``[items[number] for number in numbers]``.
    """

    def __init__(self) -> None:
        self._copied = Growing(np.object_)

    def taken(self, items: list[Item], numbers: Numbers) -> list[Item]:
        """``items`` with these numbers; only what came to them since the last call is copied."""
        count = len(self._copied)
        if count < len(items):
            # Not by assignment of a list: tuples would become rows.
            new = np.fromiter(islice(items, count, None), np.object_, len(items) - count)
            self._copied.add(new)
        taken: list[Item] = self._copied.values.take(numbers).tolist()
        return taken


class Table(dict[str, int]):
    """String → its number, given at the first look-up.

    Numbers are good until it starts over, between batches; what was made before keeps
    ``texts``, so that its own numbers can still be spelled out.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        super().__init__()
        self._limit = limit
        self._characters = 0
        self.generation = 0
        """How often the table has started over."""
        self.texts: list[str] = []
        """By number."""
        self._array: ListAsArray[str] = ListAsArray()

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self.texts)
        self.texts.append(text)
        self._characters += len(text)
        return number

    def spelled(self, numbers: Numbers) -> list[str]:
        """The strings with these numbers."""
        return self._array.taken(self.texts, numbers)

    @property
    def is_full(self) -> bool:
        """Whether it should start over before the next batch."""
        return len(self.texts) > self._limit or self._characters > LIMIT_CHARACTERS

    def start_over(self) -> None:
        """Forget everything; numbers given before are void."""
        self.clear()
        self.texts = []
        self._array = ListAsArray()
        self._characters = 0
        self.generation += 1


class Column:
    """A value for each string of a table, worked out when first asked for."""

    def __init__(
        self,
        table: Table,
        derive: Callable[[str], Any],
        dtype: type[np.generic],
        shape: tuple[int, ...] = (),
    ) -> None:
        """``derive`` gives a value of ``shape``, and always the same one."""
        self._table = table
        self._derive = derive
        self._dtype, self._shape = dtype, shape
        self.forget()

    def __getitem__(self, numbers: Numbers) -> NDArray[Any]:
        """Values of the strings with these numbers, shape (len(numbers), *shape)."""
        if self._generation != self._table.generation:
            self.forget()
        if len(self._table.texts) > len(self._known):
            self._grow()
        known = self._known.take(numbers)
        if not known.all():
            new = np.unique(numbers[~known])
            self._values[new] = list(map(self._derive, self._table.spelled(new)))
            self._known[new] = True
        return self._values.take(numbers, axis=0)

    def forget(self) -> None:
        """Work everything out anew; what a full table took is given back."""
        self._generation = self._table.generation
        self._values = np.zeros((_ROOM, *self._shape), self._dtype)
        self._known = np.zeros(_ROOM, np.bool_)

    def _grow(self) -> None:
        room = 2 * len(self._table.texts)
        values = np.zeros((room, *self._values.shape[1:]), self._values.dtype)
        values[: len(self._values)] = self._values
        known = np.zeros(room, np.bool_)
        known[: len(self._known)] = self._known
        self._values, self._known = values, known
