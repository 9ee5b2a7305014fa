"""The live window in a worker's memory: every fingerprint of the log, searchable.

It holds nothing of its own: dropped and rebuilt from the log it is the same. Of an article it takes
12 bytes beside its payload, which the workers of a host share (``payloads.py``), and its place in
the index.
"""

import logging
from collections.abc import Iterable, Sequence

import numpy as np

from service.fingerprints.bands import Keys, band_keys
from service.fingerprints.batches import checked
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.layout import LANG
from workers.state.log_entry import Logged
from workers.window.buckets import Buckets
from workers.window.by_number import ByNumber
from workers.window.neighbours import NearestNeighbours
from workers.window.payloads import Payloads

log = logging.getLogger("onestory.worker")

_NOT_HELD = -(1 << 63)
"""Event time of what is not held: further than any window from every other."""


class Window:
    """Fingerprints by article number, their LSH buckets and their nearest neighbours."""

    def __init__(self, neighbours: NearestNeighbours, payloads: Payloads | None = None) -> None:
        """``payloads``: where fingerprints are kept; by default in this worker's own memory."""
        self._neighbours = neighbours
        self._buckets = Buckets()
        self._keys: dict[bytes, Keys] = {}
        """By payload, of the entries that were followed last: most of those are asked for next."""
        self._payloads = payloads or Payloads()
        self._event_ms = ByNumber(np.int64, _NOT_HELD)
        self._langs = ByNumber(np.uint32, 0)
        """As a payload's header writes them."""
        self._count = 0
        self._floor = 0
        self.last = 0
        """Number of the last entry followed; the log is read from here on."""

    def __len__(self) -> int:
        return self._count

    @property
    def floor(self) -> int:
        """Articles with smaller numbers were forgotten."""
        return self._floor

    def __contains__(self, number: int) -> bool:
        return self._event_ms[number] != _NOT_HELD

    def follow(self, entries: Sequence[Logged]) -> None:
        """Take in entries of the log, in order; those already held are ignored."""
        fresh = [entry for entry in entries if entry.number > self.last]
        if not fresh:
            return
        gone = {entry.drops for entry in fresh if entry.drops is not None}
        self._take_in([each for each in fresh if each.drops is None and each.number not in gone])
        self._forget([number for number in gone if number in self])
        self.last = fresh[-1].number

    def _take_in(self, entries: Sequence[Logged]) -> None:
        judged = list(zip(entries, checked([each.payload for each in entries]), strict=True))
        known = [(entry, each) for entry, each in judged if isinstance(each, Fingerprint)]
        if len(known) < len(judged):
            _warn(judged)
        if not known:
            return
        numbers = [entry.number for entry, _ in known]
        payloads = [each.payload for _, each in known]
        fingerprints = [each for _, each in known]
        self._payloads.put(numbers, payloads)
        self._event_ms.put(numbers, [entry.event_ms for entry, _ in known])
        self._langs.put(numbers, [_lang(each) for each in payloads])
        self._count += len(numbers)
        keys = band_keys(fingerprints)
        self._keys = dict(zip(payloads, keys, strict=True))
        self._buckets.add(numbers, keys)
        self._neighbours.add(numbers, fingerprints)

    def is_whole(self) -> bool:
        """Whether it has every word of what it holds; 1 µs an article. Not so where another worker
        of the host has read that an article is gone, which this one has not, or will not.
        """
        return self._payloads.are_whole()

    def drop_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers: they have left the log."""
        if floor <= self._floor:
            return
        self._floor = floor
        self._count -= self._event_ms.drop_below(floor)
        self._langs.drop_below(floor)
        self._payloads.drop_below(floor)
        self._neighbours.remove_below(floor)
        self._buckets.remove_below(floor)

    def clear(self) -> None:
        """Forget everything; the log is followed from its start again."""
        self._neighbours.remove_below(self.last + 1)
        for held in (self._payloads, self._event_ms, self._langs, self._buckets):
            held.clear()
        self._count = self._floor = self.last = 0

    def _forget(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._event_ms.take_away(number)
            self._payloads.take_away(number)
        self._count -= len(numbers)
        self._neighbours.remove(numbers)
        self._buckets.remove(numbers)

    def fingerprint(self, number: int) -> Fingerprint | None:
        """The fingerprint of an article, or None if it is not held."""
        return Fingerprint(self._payloads[number]) if number in self else None

    def __getitem__(self, number: int) -> Fingerprint:
        """The fingerprint of an article that is held.

        Raises:
            KeyError: it is not.
        """
        return Fingerprint(self._payloads[number])

    def article_id(self, number: int) -> str:
        """The id of an article that is held.

        Raises:
            KeyError: it is not.
        """
        return self[number].article_id

    def event_ms(self, number: int) -> int:
        """The event time of an article that is held, milliseconds since 1970 UTC.

        Raises:
            KeyError: it is not.
        """
        if number not in self:
            raise KeyError(number)
        return self._event_ms[number]

    def abroad(self, numbers: Iterable[int], fingerprint: Fingerprint) -> list[int]:
        """Those of some articles that are held that are in another language than a fingerprint."""
        first, langs = self._langs.first, self._langs.values
        lang = _lang(fingerprint.payload)
        return [number for number in numbers if langs[number - first] != lang]

    def nearest(self, fingerprints: Sequence[Fingerprint], count: int) -> list[dict[int, float]]:
        """For each query the numbers of the nearest articles with their cosines: up to ``count`` in
        its language and half as many in others.
        """
        return self._neighbours.nearest(fingerprints, count)

    def mates(self, fingerprints: Sequence[Fingerprint], numbers: Sequence[int]) -> list[list[int]]:
        """For each query, registered under a number, the articles with smaller numbers that share
        its LSH buckets; who shares most comes first.
        """
        if not fingerprints:
            return []
        known = [self._keys.get(each.payload) for each in fingerprints]
        rows = [each for each in known if each is not None]
        keys = np.stack(rows) if len(rows) == len(known) else band_keys(fingerprints)
        return self._buckets.mates(numbers, keys)

    def within(
        self, numbers: Iterable[int], before: int, event_ms: int, window_ms: int
    ) -> list[int]:
        """Those held, registered before ``before``, and no further than the window in time."""
        first, held = self._event_ms.first, self._event_ms.values
        before = min(before, self._event_ms.end)
        return [
            number
            for number in numbers
            if first <= number < before and abs(held[number - first] - event_ms) <= window_ms
        ]


def _warn(judged: Iterable[tuple[Logged, Fingerprint | ValueError]]) -> None:
    """Entries of a layout that this version does not know are no candidates."""
    for entry, found in judged:
        if isinstance(found, ValueError):
            log.warning("entry %d of the fingerprint log is left out: %s", entry.number, found)


def _lang(payload: bytes) -> int:
    return int.from_bytes(payload[LANG], "little")
