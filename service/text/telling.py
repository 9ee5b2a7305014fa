"""What each chunk tells by itself: its names, and facts that no neighbour changes.

Worked out when a chunk is first met, and kept by its number in arrays, so that the names and
facts of a batch are a handful of array look-ups. An *item* is one name or fact.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.text.anchors import KEYS, Kind
from service.text.chunks import CHUNKS
from service.text.facts import lone_facts
from service.text.known_names import KNOWN
from service.text.naming import OPENS_PHRASE, names_in
from service.text.table import Growing, Numbers
from service.text.tokens import Mark

_CAPITAL, _FACT = int(Mark.CAPITAL), int(Mark.FACT)
_STOPS = int(Mark.BREAKS | Mark.ENDS)
_NAME = int(Kind.NAME)

VERB_ENDS = tuple("ала яла ела ила али яли или ал ял ло ся ть ет ют".split())
"""A Russian sentence may begin with its verb: «Приехал Бездетко»."""

OPENS, IN_CONTEXT, STOPS = 1, 2, 4
"""Flags of a chunk: it may open a phrase; its facts depend on words around it, always; no name
runs on behind it, because of a sign or a verb."""
HEAD, PROVED, OPENER = 1, 2, 4
"""Flags of a name: it is the first word of its chunk; a capital proves nothing about it, since
it is known; it is none but in a phrase."""


class Told(NamedTuple):
    """What some chunks tell, columns of shape (chunks,) each."""

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


class _ByChunk:
    """What the chunks met so far tell."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._generation = CHUNKS.generation
        self._row_of = np.zeros(0, np.int32)
        self._rows = Growing(np.int32)
        self._items = Growing(np.int32)
        self._surfaces = Growing(np.object_)

    @property
    def items_count(self) -> int:
        """How many there are."""
        return len(self._surfaces)

    def chunks(self, numbers: Numbers) -> Told:
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
        return Told(*_columns(self._rows, len(Told._fields), rows))

    def items(self, numbers: Numbers) -> Items:
        """Items by their numbers."""
        return Items(*_columns(self._items, len(Items._fields), numbers))

    def surfaces(self, numbers: Numbers) -> list[str]:
        """Items as written."""
        surfaces: list[str] = self._surfaces.values[numbers].tolist()
        return surfaces

    def _learn(self, numbers: list[int]) -> None:
        rows: list[int] = []
        items: list[int] = []
        written: list[str] = []
        first, known = self.items_count, len(self._rows) // len(Told._fields)
        for number in numbers:
            words, surfaces, mark = CHUNKS.held[number]
            names = names_in(words, surfaces) if mark & _CAPITAL else ()
            facts = lone_facts(CHUNKS.texts[number], words, surfaces) if mark & _FACT else ()
            for key, surface, weight, is_head in names:
                flags = OPENER * (key[0] == OPENS_PHRASE) | PROVED * (key[0] == KNOWN)
                items += KEYS[key], _NAME, weight, flags | HEAD * is_head
                written.append(surface)
            for kind, key, surface, weight, _ in facts or ():
                items += KEYS[key], kind, weight, PROVED
                written.append(surface)
            opens = bool(names) and names[0][0][0] == OPENS_PHRASE
            stops = mark & _STOPS > 0 or (mark & _CAPITAL and words[0].endswith(VERB_ENDS))
            flags = OPENS * opens | IN_CONTEXT * (facts is None) | STOPS * bool(stops)
            begin = first + len(written) - len(names) - len(facts or ())
            rows += flags, begin, len(names), len(facts or ()), *_capitals(surfaces)
        self._items.add(items)
        self._rows.add(rows)
        self._surfaces.add(written)
        self._row_of[numbers] = np.arange(known, known + len(numbers))


def _capitals(surfaces: Sequence[str]) -> tuple[int, int, int]:
    written = shouted = titled = 0
    for surface in surfaces:
        if len(surface) > 1:
            written += 1
            shouted += surface.isupper()
            titled += len(surface) > 3 and surface[0].isupper()
    return written, shouted, titled


def _columns(rows: Growing, width: int, numbers: NDArray[np.integer]) -> NDArray[np.intp]:
    """Of the rows with these numbers."""
    taken = rows.values.reshape(-1, width).take(numbers, axis=0)
    return np.ascontiguousarray(taken.T, np.intp)


TOLD = _ByChunk()
