"""Texts cut into chunks, and every chunk's number: a batch of texts in a handful of array steps.

A text is cut at white space, as by ``str.split``, and at line breaks, which are chunks of their
own. What lies between is known by 64 bits: the sum of its characters, each times the random factor
of its place. A table of these keys gives the chunk's number, and by number stands what the chunk
holds (``tokens``), worked out once. So of a chunk seen before no string is made: splitting and
asking a dictionary took 60 µs for 3 kB, and twice that of a table that no cache holds; this 25.

The factors are drawn anew in each process, so that nobody can write two chunks of one key, and by
chance a full table holds two once in a hundred million times (Carter and Wegman 1979).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh32_intdigest

from service.text.table import (
    LIMIT,
    LIMIT_CHARACTERS,
    Column,
    Growing,
    ListAsArray,
    Numbers,
    Table,
    ranges,
)
from service.text.tokens import LINE_END, Chunk, chunk_of

Keys = NDArray[np.uint64]

_UNITS = 1 << 16
"""Of UTF-16, in which texts are cut; white space is one unit each."""
_LINE_BREAK = ord("\n")
_TOGETHER = 1 << 15
"""Units that are cut together: their arrays stay in a core's cache."""


def _worth(unit: int) -> int:
    """What a unit adds to its chunk's key; nothing for white space."""
    return 0 if chr(unit).isspace() and unit != _LINE_BREAK else unit + 1


_WORTH = np.fromiter(map(_worth, range(_UNITS)), np.uint32, _UNITS)


class _Keyed:
    """Key → number; open addressing with linear probing, for arrays of keys at once."""

    def __init__(self) -> None:
        self._bits = 14
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._keys = np.zeros(1 << self._bits, np.uint64)
        self._numbers = np.full(1 << self._bits, -1, np.int32)

    def _slots(self, keys: Keys) -> Numbers:
        return (keys >> np.uint64(64 - self._bits)).astype(np.intp)

    def numbers(self, keys: Keys) -> Numbers:
        """Numbers of keys, -1 where a key has none."""
        slots = self._slots(keys)
        found = self._numbers.take(slots).astype(np.intp)
        wrong = np.flatnonzero((self._keys.take(slots) != keys) & (found >= 0))
        while len(wrong):
            slots[wrong] = (slots[wrong] + 1) % len(self._keys)
            found[wrong] = self._numbers[slots[wrong]]
            is_other = (self._keys[slots[wrong]] != keys[wrong]) & (found[wrong] >= 0)
            wrong = wrong[is_other]
        return found

    def put(self, keys: Keys, numbers: Numbers) -> None:
        """Keys that are not there yet, each once."""
        self._count += len(keys)
        if 2 * self._count > len(self._keys):
            self._grow()
        slots = self._slots(keys)
        while len(keys):
            is_free = self._numbers[slots] < 0
            self._numbers[slots[is_free]] = numbers[is_free]
            has_lost = self._numbers[slots] != numbers
            self._keys[slots[~has_lost]] = keys[~has_lost]
            keys, numbers = keys[has_lost], numbers[has_lost]
            slots = (slots[has_lost] + 1) % len(self._keys)

    def _grow(self) -> None:
        keys, numbers = self._keys, self._numbers
        self._bits = max(self._bits + 1, int(2 * self._count).bit_length())
        self._begin()
        self._count -= (held := np.flatnonzero(numbers >= 0)).size
        self.put(keys[held], numbers[held].astype(np.intp))


class Chunks:
    """Chunk → its number; by number, what it holds.

    Numbers are good until the table starts over, between batches (``make_room``).
    """

    def __init__(self, words: Table) -> None:
        self._words = words
        self._limit = LIMIT
        self._factors = np.zeros(0, np.uint64)
        self.generation = 0
        """How often the table has started over."""
        self._begin()

    def _begin(self) -> None:
        self._keyed = _Keyed()
        self._characters = 0
        self.texts: list[str] = []
        """As written, by number."""
        self.held: list[Chunk] = []
        self._text_array: ListAsArray[str] = ListAsArray()
        self._held_array: ListAsArray[Chunk] = ListAsArray()
        self._flat = Growing(np.int32)
        self._starts = Growing(np.int32)
        self._counts = Growing(np.int32)
        self._marks = Growing(np.uint8)

    def make_room(self) -> None:
        """Both tables start over together: a chunk's words are numbers of the other."""
        is_full = len(self.texts) > self._limit or self._characters > LIMIT_CHARACTERS
        if is_full or self._words.is_full:
            self.generation += 1
            self._begin()
            self._words.start_over()

    def cut(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Numbers of the chunks of all texts, end to end; and where each text's begin, and the end
        of the last, shape (texts + 1,).
        """
        encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
        raw = b" \0".join([*encoded, b""])
        units = np.frombuffer(raw, "<u2")
        edges = np.cumsum([0, *[len(each) // 2 + 1 for each in encoded]])
        parts = [self._part(units, *part) for part in _parts(edges.tolist())]
        starts = np.concatenate([part[0] for part in parts])
        keys = np.concatenate([part[1] for part in parts])
        numbers = self._keyed.numbers(keys)
        if len(new := np.flatnonzero(numbers < 0)):
            first = new[np.sort(np.unique(keys[new], return_index=True)[1])]
            ends = np.append(starts[1:], len(units))[first]
            self._learn(_spelled(raw, starts[first], ends), keys[first])
            numbers[new] = self._keyed.numbers(keys[new])
        return numbers, np.searchsorted(starts, edges)

    def _part(self, units: NDArray[np.uint16], begin: int, end: int) -> tuple[Numbers, Keys]:
        """Where the chunks of ``units[begin:end]`` begin, and their keys."""
        units = units[begin:end]
        worth = _WORTH.take(units, mode="clip")
        is_line, is_inside = units == _LINE_BREAK, worth > 0
        begins = is_inside.copy()
        begins[1:] &= ~is_inside[:-1] | is_line[:-1]
        begins |= is_line
        starts = np.flatnonzero(begins)
        if not len(starts):
            return starts, np.zeros(0, np.uint64)
        places = np.ones(len(units), np.int32)
        places[0] = 0
        places[starts] -= np.diff(starts, prepend=0).astype(np.int32)
        np.cumsum(places, out=places)
        while len(self._factors) < len(units):
            drawn = np.random.default_rng().integers(1 << 64, size=_TOGETHER, dtype=np.uint64)
            self._factors = np.concatenate([self._factors, drawn])
        terms = self._factors.take(places, mode="clip")
        terms *= worth
        return starts + begin, np.add.reduceat(terms, starts)

    def _learn(self, texts: list[str], keys: Keys) -> None:
        first = len(self.texts)
        chunks = list(map(chunk_of, texts))
        self.texts += texts
        self.held += chunks
        self._characters += sum(map(len, texts))
        counts = np.array([len(chunk[0]) for chunk in chunks], np.int32)
        self._starts.add(len(self._flat) + np.cumsum(counts) - counts)
        self._counts.add(counts)
        self._flat.add([self._words[word] for chunk in chunks for word in chunk[0]])
        self._marks.add([chunk[2] for chunk in chunks])
        self._keyed.put(keys, np.arange(first, len(self.texts)))

    def spelled(self, numbers: Numbers) -> list[str]:
        """These chunks as written."""
        return self._text_array.taken(self.texts, numbers)

    def holding(self, numbers: Numbers) -> list[Chunk]:
        """What these chunks hold."""
        return self._held_array.taken(self.held, numbers)

    def marks(self, numbers: Numbers) -> NDArray[np.uint8]:
        """``Mark`` flags of each chunk."""
        marks: NDArray[np.uint8] = self._marks.values.take(numbers)
        return marks

    def words(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Numbers of the words in these chunks, end to end, and how many each chunk has."""
        counts = self._counts.values.take(numbers).astype(np.intp)
        _, places = ranges(self._starts.values.take(numbers), counts)
        return self._flat.values.take(places).astype(np.intp), counts


def _parts(edges: list[int]) -> Iterator[tuple[int, int]]:
    """Ranges of whole texts, ``_TOGETHER`` units each or one text that has more."""
    begin = 0
    for edge, following in pairwise(edges):
        if following - begin > _TOGETHER and edge > begin:
            yield begin, edge
            begin = edge
    yield begin, edges[-1]


def _spelled(raw: bytes, starts: Numbers, ends: Numbers) -> list[str]:
    """What stands there in UTF-16, without the white space behind it."""
    return [
        raw[2 * start : 2 * end].decode("utf-16-le", "surrogatepass").rstrip() or LINE_END
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


WORDS = Table()
"""Word in normal form → its number."""
CHUNKS = Chunks(WORDS)
HASHES = Column(WORDS, lambda word: xxh32_intdigest(word.encode()), np.uint32)
"""xxh32 of each word's UTF-8."""
