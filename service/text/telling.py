"""What each chunk tells by itself: its names, and facts that no neighbour changes.

Worked out when a chunk is first met, and kept by its number in arrays, so that the names and
facts of a batch are a handful of array look-ups. An *item* is one name or fact.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.text.anchors import KEYS, Kind
from service.text.chunks import CHUNKS
from service.text.facts import lone_facts
from service.text.known_names import KNOWN
from service.text.naming import OPENS_PHRASE, names_in
from service.text.table import Numbers, Shelf
from service.text.tokens import Mark

_CAPITAL, _FACT = int(Mark.CAPITAL), int(Mark.FACT)
_STOPS = int(Mark.BREAKS | Mark.ENDS)
_NAME = int(Kind.NAME)

_VERB_ENDS = (
    "ала",
    "яла",
    "ела",
    "ила",
    "али",
    "яли",
    "или",
    "ал",
    "ял",
    "ло",
    "ся",
    "ть",
    "ет",
    "ют",
)
"""A Russian sentence may begin with its verb: «Приехал Бездетко»."""

OPENS, IN_CONTEXT, STOPS = 1, 2, 4
"""Flags of a chunk: it may open a phrase; its facts depend on words around it, always; no name
runs on behind it, because of a sign or a verb."""
HEAD, PROVED, OPENER = 1, 2, 4
"""Flags of a name: it is the first word of its chunk; a capital proves nothing about it, since
it is known; it is none but in a phrase."""

Row = tuple[int, ...]


class Chunks(NamedTuple):
    """Rows of some chunks, columns of shape (chunks,) each."""

    flags: Numbers
    begins: Numbers
    """Index of its first item; names come first."""
    names: Numbers
    """How many."""
    facts: Numbers
    written: Numbers
    """Words of two letters and more."""
    shouted: Numbers
    """Those all in capitals."""
    titled: Numbers
    """Words of four letters and more that begin with a capital."""


class Items(NamedTuple):
    """Names and facts, columns of shape (items,) each."""

    keys: Numbers
    """Numbers in ``KEYS``."""
    kinds: Numbers
    weights: Numbers
    flags: Numbers


class _Told:
    """Of the chunks met so far."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._generation = CHUNKS.generation
        self._row_of = np.zeros(0, np.int32)
        self._rows = _Rows(len(Chunks._fields))
        self._items = _Rows(len(Items._fields))
        self._surfaces: list[str] = []
        self._shelf: Shelf[str] = Shelf()

    @property
    def items_count(self) -> int:
        """How many there are."""
        return self._items.count

    def chunks(self, numbers: Numbers) -> Chunks:
        """What the chunks of a batch tell, by their numbers in ``CHUNKS``.

        Numbers of items and keys are good until the next batch.
        """
        if self._generation != CHUNKS.generation or KEYS.is_full:
            KEYS.start_over()
            self._begin()
        if len(self._row_of) < len(CHUNKS.texts):
            grown = np.full(2 * len(CHUNKS.texts), -1, np.int32)
            grown[: len(self._row_of)] = self._row_of
            self._row_of = grown
        rows = self._row_of[numbers]
        if len(new := np.unique(numbers[rows < 0])):
            self._learn(new.tolist())
            rows = self._row_of[numbers]
        return Chunks(*self._rows.taken(rows))

    def items(self, numbers: Numbers) -> Items:
        """Items by their numbers."""
        return Items(*self._items.taken(numbers))

    def surfaces(self, numbers: Numbers) -> list[str]:
        """Items as written."""
        return self._shelf.taken(self._surfaces, numbers)

    def _learn(self, numbers: list[int]) -> None:
        rows: list[Row] = []
        items: list[Row] = []
        begin, known = self._items.count, self._rows.count
        for number in numbers:
            words, surfaces, mark = CHUNKS.held[number]
            names = names_in(words, surfaces) if mark & _CAPITAL else ()
            facts = lone_facts(CHUNKS.texts[number], words, surfaces) if mark & _FACT else ()
            for key, surface, weight, is_head in names:
                flags = OPENER * (key[0] == OPENS_PHRASE) | PROVED * (key[0] == KNOWN)
                items.append((KEYS[key], _NAME, weight, flags | HEAD * is_head))
                self._surfaces.append(surface)
            for kind, key, surface, weight, _ in facts or ():
                items.append((KEYS[key], kind, weight, PROVED))
                self._surfaces.append(surface)
            opens = bool(names) and names[0][0][0] == OPENS_PHRASE
            stops = mark & _STOPS > 0 or (mark & _CAPITAL and words[0].endswith(_VERB_ENDS))
            flags = OPENS * opens | IN_CONTEXT * (facts is None) | STOPS * bool(stops)
            rows.append((flags, begin, len(names), len(facts or ()), *_capitals(surfaces)))
            begin += len(names) + len(facts or ())
        self._items.add(items)
        self._rows.add(rows)
        self._row_of[numbers] = np.arange(known, known + len(numbers))


def _capitals(surfaces: Sequence[str]) -> tuple[int, int, int]:
    written = shouted = titled = 0
    for surface in surfaces:
        if len(surface) > 1:
            written += 1
            shouted += surface.isupper()
            titled += len(surface) > 3 and surface[0].isupper()
    return written, shouted, titled


class _Rows:
    """Rows of numbers in one array that grows."""

    def __init__(self, width: int) -> None:
        self._room = np.zeros((width, 1 << 12), np.int32)
        self.count = 0

    def add(self, rows: list[Row]) -> None:
        end = self.count + len(rows)
        while end > self._room.shape[1]:
            self._room = np.concatenate([self._room, np.zeros_like(self._room)], axis=1)
        added = np.fromiter(chain.from_iterable(rows), np.int32)
        self._room[:, self.count : end] = added.reshape(-1, len(self._room)).T
        self.count = end

    def taken(self, numbers: NDArray[np.integer]) -> NDArray[np.intp]:
        return self._room.take(numbers, axis=1).astype(np.intp)


TOLD = _Told()
