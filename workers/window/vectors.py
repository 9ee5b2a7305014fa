"""Retrieval vectors by article number: one matrix of int8, which ends at the newest article.

Numbers are given one after the other, so a row is a number less the first, and gaps are few.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_ROOM = 4096
"""Rows at first. Later a fourth more than are needed; those not written to take no memory."""


class Vectors:
    """Whose are forgotten keep their rows until ``trim``."""

    def __init__(self, dimensions: int) -> None:
        self._rows = np.empty((_ROOM, dimensions), np.int8)
        self._is_held = np.zeros(_ROOM, np.bool_)
        self._first = self._end = 0
        """Number of the first row, and how many rows are in use."""
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, numbers: Numbers, vectors: Floats) -> None:
        """Hold the vectors of articles, shape (n, dimensions), n > 0.

        Args:
            numbers: rising, and beyond all that are held.
            vectors: of integers from -127 to 127.
        """
        if not self._count:
            self._first, self._end = int(numbers[0]), 0
        rows = numbers - self._first
        end = int(rows[-1]) + 1
        if end > len(self._rows):
            self._grow(end + end // 4)
        self._is_held[self._end : end] = False
        self._rows[rows], self._is_held[rows] = vectors, True
        self._end, self._count = end, self._count + len(rows)

    def holds(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Which of some articles are held, in the shape of ``numbers``."""
        rows = numbers - self._first
        inside = (rows >= 0) & (rows < self._end)
        held: NDArray[np.bool_] = self._is_held[np.where(inside, rows, 0)] & inside
        return held

    def __getitem__(self, numbers: Numbers) -> NDArray[np.int8]:
        """The vectors of articles that have rows; of others any row."""
        return self._rows.take(numbers - self._first, axis=0, mode="clip")

    def forget(self, numbers: Numbers) -> None:
        """Hold these no longer."""
        self._is_held[numbers[self.holds(numbers)] - self._first] = False
        self._count = int(np.count_nonzero(self._is_held[: self._end]))

    def forget_below(self, floor: int) -> None:
        """Hold those with smaller numbers no longer."""
        self._is_held[: max(0, floor - self._first)] = False
        self._count = int(np.count_nonzero(self._is_held[: self._end]))

    def trim(self) -> None:
        """Give the rows before the first that is needed to those behind, in place: new memory for
        200 MB costs five times as much.
        """
        before = int(np.argmax(self._is_held[: self._end])) if self._count else self._end
        if not before:
            return
        step = max(before, _ROOM)  # few steps, also where few rows have gone
        for start in range(before, self._end, step):
            stop = min(start + step, self._end)
            for array in (self._rows, self._is_held):
                array[start - before : stop - before] = array[start:stop]
        self._first, self._end = self._first + before, self._end - before

    def _grow(self, room: int) -> None:
        rows = np.empty((room, self._rows.shape[1]), np.int8)
        is_held = np.zeros(room, np.bool_)
        rows[: self._end], is_held[: self._end] = (
            self._rows[: self._end],
            self._is_held[: self._end],
        )
        self._rows, self._is_held = rows, is_held
