"""Integers by article number: an array from the floor to the newest."""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np


class ByNumber:
    """Where nothing was put, or it was taken away, ``nothing`` stands."""

    def __init__(self, kind: type[np.integer[Any]], nothing: int) -> None:
        """``kind``: of the integers."""
        self._nothing = nothing
        self.first = 0
        # One by one an array of the standard library is read three times as fast as numpy's.
        self.values = array(np.dtype(kind).char)
        """Of the numbers from ``first`` on."""

    def __getitem__(self, number: int) -> int:
        at = number - self.first
        return self.values[at] if 0 <= at < len(self.values) else self._nothing

    @property
    def end(self) -> int:
        """One more than the newest number."""
        return self.first + len(self.values)

    def put(self, numbers: Sequence[int], values: Sequence[int]) -> None:
        """Put values under numbers that rise, none of them below the first."""
        if not self.values:
            self.first = numbers[0]
        if numbers[0] == self.end and numbers[-1] - numbers[0] == len(numbers) - 1:
            self.values.extend(values)  # as good as always
            return
        missing = numbers[-1] + 1 - self.end
        self.values.extend([self._nothing] * missing)
        for number, value in zip(numbers, values, strict=True):
            self.values[number - self.first] = value

    def take_away(self, number: int) -> None:
        """Forget one."""
        at = number - self.first
        if 0 <= at < len(self.values):
            self.values[at] = self._nothing

    def drop_below(self, floor: int) -> int:
        """Forget all with smaller numbers; how many there were."""
        gone = self.values[: max(0, floor - self.first)]
        del self.values[: len(gone)]
        self.first += len(gone)
        return len(gone) - gone.count(self._nothing)

    def clear(self) -> None:
        """Forget all."""
        del self.values[:]
