"""LSH buckets in a worker's memory: who shares a band with an article.

An entry is one number of 64 bits: the bucket's key in the upper half, the article's number in the
lower. Sorted, a bucket's articles lie side by side in the order of registration, so those before an
article are found by one binary search for its own entry, and the newest of them are the ones just
before that place, however many a template has put there.

Entries lie in three sorted runs, the newest articles in the shortest. A run that has grown too long
is merged into the next one, so that an entry is moved a few dozen times in all, two nanoseconds
each, and a search looks into three places (a log-structured merge tree: O'Neil and others 1996).
What is gone stays there until its run is merged into the oldest, and does not count.

A binary search of millions of entries waits for memory at each step. Keys are hashes, so the oldest
run is cut by their uppermost bits into cells of some 16 entries: a table tells where each begins,
and the search goes on within it.

An article takes 24 entries of 8 bytes. In batches of 50, filing one takes 2 to 6 µs, and looking it
up 9 to 13 at 100,000 articles, 14 to 17 at 1,000,000 (``tests/benchmarks/buckets.py``).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.bands import BANDS, NO_KEY, Keys

_NUMBER_BITS = np.uint64(32)
_NUMBER = np.uint64(0xFFFFFFFF)
"""The half of an entry that holds a number, counted from the oldest one held."""
CAPACITY = 16
"""Newest articles of a bucket that count: a template fills its buckets for ever."""
_NEWER, _NEWEST = 8_192 * BANDS, 512 * BANDS
"""Entries that the two younger runs may have before they are merged into the next one; but for a
large window a share of its length, else all of it were moved for each 8,192 articles."""
_NEWER_SHARE, _NEWEST_SHARE = 16, 32
_CELL = 16
"""Entries in a cell, of a key that is not a template's."""
_AT_ONCE = 1 << 16
"""Of a large window's entries, or cells, when all are gone through."""

Entries = NDArray[np.uint64]


class Buckets:
    """The buckets of a window's articles, by number."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all; numbers may begin anew."""
        self._runs: list[Entries] = [np.empty(0, np.uint64) for _ in range(3)]
        """Oldest first."""
        self._index()
        self._base = self._next = self._floor = 0
        self._held = np.empty(0, np.bool_)
        """Whether an article counts; by number, from ``_base`` on."""

    def add(self, numbers: Sequence[int], keys: Keys) -> None:
        """File articles by their ``band_keys``; numbers ascend, beyond all that were filed."""
        if not numbers:
            return
        if not self._next:
            self._base = numbers[0]
        self._next = numbers[-1] + 1
        offsets = self._offsets(numbers)
        self._hold(offsets)
        entries = (keys.astype(np.uint64) << _NUMBER_BITS | offsets[:, None])[keys != NO_KEY]
        entries.sort()
        _merge(self._runs[2], entries)
        newer = max(_NEWER, len(self._runs[0]) // _NEWER_SHARE)
        if len(self._runs[2]) > max(_NEWEST, newer // _NEWEST_SHARE):
            self._empty(2)
        if len(self._runs[1]) > newer:
            self._compact()

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these articles."""
        offsets = np.asarray(numbers, np.int64) - self._base
        self._held[offsets[offsets >= 0]] = False

    def remove_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers."""
        self._floor = max(self._floor, floor)

    def mates(self, numbers: Sequence[int], keys: Keys) -> list[list[int]]:
        """For each article, by its number and ``band_keys``, those held with smaller numbers that
        share a bucket; who shares most comes first.
        """
        asking = np.flatnonzero(keys != NO_KEY)
        own = self._offsets(numbers)[asking // BANDS]
        wanted = keys.ravel()[asking].astype(np.uint64) << _NUMBER_BITS | own
        order = np.argsort(wanted)  # a search that goes on where the last one was is twice as fast
        asking = asking[order]
        places, found = self._before(wanted[order])
        # Bands of an article side by side, and the oldest of a bucket first.
        order = np.lexsort((found, asking[places]))
        articles = asking[places[order]] // BANDS
        mates = (found[order].astype(np.int64) + self._base).tolist()
        bounds = np.searchsorted(articles, np.arange(len(numbers) + 1)).tolist()
        return [
            [number for number, _ in Counter(mates[start:end]).most_common()]
            for start, end in pairwise(bounds)
        ]

    def _before(self, wanted: Entries) -> tuple[NDArray[np.intp], Entries]:
        """The newest of the same bucket before each of some sorted entries, as pairs: whose they
        are, by place, and their numbers.
        """
        floor = np.uint64(max(0, self._floor - self._base))
        missing = np.full(len(wanted), CAPACITY)
        back = np.arange(1, CAPACITY + 1)
        places, found = [np.empty(0, np.intp)], [np.empty(0, np.uint64)]
        for run in reversed(self._runs):
            if not len(run):
                continue
            ends = self._ends(wanted) if run is self._runs[0] else np.searchsorted(run, wanted)
            active = np.flatnonzero(run[ends - 1] >> _NUMBER_BITS == wanted >> _NUMBER_BITS)
            while len(active):
                at = ends[active, None] - back
                entries = run[np.maximum(at, 0)]
                numbers = entries & _NUMBER
                same = (at >= 0) & (numbers >= floor)
                same &= entries >> _NUMBER_BITS == wanted[active, None] >> _NUMBER_BITS
                counted = same & self._held[numbers]
                counted &= counted.cumsum(axis=1) <= missing[active, None]
                rows, columns = np.nonzero(counted)
                places.append(active[rows])
                found.append(numbers[rows, columns])
                missing[active] -= counted.sum(axis=1)
                ends[active] -= CAPACITY
                active = active[same[:, -1] & (missing[active] > 0)]
        return np.concatenate(places), np.concatenate(found)

    def _ends(self, wanted: Entries) -> NDArray[np.int64]:
        """As ``searchsorted`` in the oldest run, by its cells."""
        oldest = self._runs[0]
        cells = wanted >> self._cell_bits
        low: NDArray[np.int64] = self._starts[cells].astype(np.int64)
        high = self._starts[cells + np.uint64(1)].astype(np.int64)
        for _ in range(int((high - low).max(initial=0)).bit_length()):
            middle = low + high >> 1
            is_less = (low < high) & (oldest[np.minimum(middle, len(oldest) - 1)] < wanted)
            low, high = np.where(is_less, middle + 1, low), np.where(is_less, high, middle)
        return low

    def _index(self) -> None:
        """Note where each cell of the oldest run begins."""
        bits = max(1, (len(self._runs[0]) // _CELL).bit_length())
        self._cell_bits = np.uint64(64 - bits)
        self._starts = np.full((1 << bits) + 1, len(self._runs[0]), np.uint32)
        for first in range(0, 1 << bits, _AT_ONCE):
            cells = np.arange(first, min(first + _AT_ONCE, 1 << bits), dtype=np.uint64)
            found = np.searchsorted(self._runs[0], cells << self._cell_bits)
            self._starts[first : first + len(cells)] = found

    def _offsets(self, numbers: Sequence[int]) -> Entries:
        """Numbers as entries have them; one before all that are held counts as the oldest."""
        offsets = np.asarray(numbers, np.int64) - self._base
        return np.maximum(offsets, 0).astype(np.uint64)

    def _hold(self, offsets: Entries) -> None:
        size = int(offsets[-1]) + 1
        if size > len(self._held):
            self._held.resize(size + size // 4, refcheck=False)
        self._held[offsets] = True

    def _empty(self, run: int) -> None:
        _merge(self._runs[run - 1], self._runs[run])
        self._runs[run].resize(0, refcheck=False)

    def _compact(self) -> None:
        """Bring all into the oldest run, without what is gone."""
        for run in (2, 1):
            self._empty(run)
        oldest, kept = self._runs[0], 0
        floor = max(0, min(self._floor, self._next) - self._base)
        self._held[:floor] = False
        for start in range(0, len(oldest), _AT_ONCE):
            chunk = oldest[start : start + _AT_ONCE]
            chunk = chunk[self._held[chunk & _NUMBER]]
            oldest[kept : kept + len(chunk)] = chunk - np.uint64(floor)
            kept += len(chunk)
        oldest.resize(kept, refcheck=False)
        self._index()
        self._held = self._held[floor:].copy()
        self._base += floor


def _merge(run: Entries, younger: Entries) -> None:
    """Lengthen a sorted run by another one, where it lies: two sorted runs are what timsort merges
    in one pass.
    """
    held = len(run)
    run.resize(held + len(younger), refcheck=False)
    run[held:] = younger
    run.sort(kind="stable")
