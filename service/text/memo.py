"""A bounded memo: surface form in, derived value out.

News repeats itself: after ten thousand articles 95 of 100 surface forms have been seen
before, and a look-up costs 0.1 µs where the work behind it costs microseconds.
"""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

GENERATION_SIZE = 1 << 17
"""Entries of each of the two generations; two full ones of chunks take about 130 MB."""

MEMO_KEY_LENGTH = 40
"""Longer keys (URLs, unspaced scripts) hardly come twice; they are computed, not kept."""


class Memo(dict[str, Value]):
    """A dictionary that computes what it lacks; read it with ``memo[key]``.

    When it is full its entries become the old generation and the former old one is
    dropped. A key found among the old moves back, so common forms are never lost, at
    no cost for a hit: the memo of a least-recently-used cache pays on every one.
    """

    __slots__ = ("_derive", "_old", "_size")

    def __init__(self, derive: Callable[[str], Value], size: int = GENERATION_SIZE) -> None:
        super().__init__()
        self._derive = derive
        self._size = size
        self._old: dict[str, Value] = {}

    def __missing__(self, key: str) -> Value:
        value = self._old[key] if key in self._old else self._derive(key)
        if len(key) <= MEMO_KEY_LENGTH:
            if len(self) >= self._size:
                self._old = dict(self)
                self.clear()
            self[key] = value
        return value
