"""The live window in a worker's memory: every fingerprint of the log, searchable.

It holds nothing of its own: dropped and rebuilt from the log it is the same.
"""

import logging
from collections.abc import Iterable, Sequence

import numpy as np

from service.fingerprints.bands import Keys, band_keys
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.layout import LANG
from workers.placing.buckets import Buckets
from workers.placing.neighbours import NearestNeighbours
from workers.state.log_entry import Logged

log = logging.getLogger("onestory.worker")


class Window:
    """Fingerprints by article number, their LSH buckets and their nearest neighbours.

    Fingerprints are kept as they came from the log, about 1.1 kB each; those handed out
    are views of that.
    """

    def __init__(self, neighbours: NearestNeighbours) -> None:
        self._neighbours = neighbours
        self._buckets = Buckets()
        self._keys: dict[bytes, Keys] = {}
        """By payload, of the entries that were followed last: most of those are asked for next."""
        self._payloads: dict[int, bytes] = {}
        self._event_ms: dict[int, int] = {}
        self._article_ids: dict[int, str] = {}
        self._floor = 0
        self.last = 0
        """Number of the last entry followed; the log is read from here on."""

    def __len__(self) -> int:
        return len(self._payloads)

    @property
    def floor(self) -> int:
        """Articles with smaller numbers were forgotten."""
        return self._floor

    def __contains__(self, number: int) -> bool:
        return number in self._payloads

    def follow(self, entries: Sequence[Logged]) -> None:
        """Take in entries of the log, in order; those already held are ignored."""
        fresh = [entry for entry in entries if entry.number > self.last]
        if not fresh:
            return
        gone = {entry.drops for entry in fresh if entry.drops is not None}
        numbers, fingerprints = [], []
        for entry in fresh:
            if entry.drops is not None or entry.number in gone:
                continue
            fingerprint = _readable(entry)
            if fingerprint is None:
                continue
            self._payloads[entry.number] = entry.payload
            self._event_ms[entry.number] = entry.event_ms
            self._article_ids[entry.number] = entry.article_id
            numbers.append(entry.number)
            fingerprints.append(fingerprint)
        if numbers:
            keys = band_keys(fingerprints)
            self._keys = dict(zip([each.payload for each in fingerprints], keys, strict=True))
            self._buckets.add(numbers, keys)
            self._neighbours.add(numbers, fingerprints)
        self._forget([number for number in gone if number in self._payloads])
        self.last = fresh[-1].number

    def drop_below(self, floor: int) -> None:
        """Forget the articles with smaller numbers: they have left the log."""
        if floor <= self._floor:
            return
        self._floor = floor
        gone = []
        for number in self._payloads:  # insertion order is number order
            if number >= floor:
                break
            gone.append(number)
        for number in gone:
            del self._payloads[number], self._event_ms[number], self._article_ids[number]
        self._neighbours.remove_below(floor)
        self._buckets.remove_below(floor)

    def clear(self) -> None:
        """Forget everything; the log is followed from its start again."""
        self._neighbours.remove_below(self.last + 1)
        self._buckets.clear()
        for held in (self._payloads, self._event_ms, self._article_ids):
            held.clear()
        self._floor = self.last = 0

    def _forget(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            del self._payloads[number], self._event_ms[number], self._article_ids[number]
        self._neighbours.remove(numbers)
        self._buckets.remove(numbers)

    def fingerprint(self, number: int) -> Fingerprint | None:
        """The fingerprint of an article, or None if it is not held."""
        return self[number] if number in self._payloads else None

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
        return self._article_ids[number]

    def event_ms(self, number: int) -> int:
        """The event time of an article that is held, milliseconds since 1970 UTC.

        Raises:
            KeyError: it is not.
        """
        return self._event_ms[number]

    def abroad(self, numbers: Iterable[int], fingerprint: Fingerprint) -> list[int]:
        """Those of some articles that are held that are in another language than a fingerprint."""
        payloads, lang = self._payloads, fingerprint.payload[LANG]
        return [number for number in numbers if payloads[number][LANG] != lang]

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
        held = self._event_ms
        return [
            number
            for number in numbers
            if number < before and number in held and abs(held[number] - event_ms) <= window_ms
        ]


def _readable(entry: Logged) -> Fingerprint | None:
    """None for an entry of a layout that this version does not know: it is no candidate."""
    try:
        return Fingerprint.checked(entry.payload)
    except ValueError as error:
        log.warning("entry %d of the fingerprint log is left out: %s", entry.number, error)
        return None
