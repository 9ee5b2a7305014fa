"""The payloads of a window by article number: held once for all workers of the host where they can
share them, else by this worker alone.
"""

import logging
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from service.fingerprints.fingerprint import has_words, without_words
from workers.window.by_number import ByNumber
from workers.window.payload_file import NUMBERS, PayloadFile
from workers.window.shared_folder import SharedFolder

log = logging.getLogger("onestory.worker")


class Payloads:
    """Some 1.1 kB an article."""

    def __init__(self, shared: SharedFolder | None = None) -> None:
        """``shared``: where other workers of the namespace have theirs; without it all are this
        worker's own.
        """
        self._shared = shared
        self._files: dict[int, PayloadFile] = {}
        """By the place of their numbers among all."""
        self._starts = ByNumber(np.uint32, 0)
        """Of each payload in its file; 0 for those that are in none."""
        self._own: dict[int, bytes] = {}
        self._is_warned = False

    def put(self, numbers: Sequence[int], payloads: Sequence[bytes]) -> None:
        """Hold payloads under numbers that rise, beyond all that are there."""
        starts: list[int] = []
        for place, group in groupby(numbers, lambda number: number // NUMBERS):
            slots = [number % NUMBERS for number in group]
            starts += self._shared_starts(place, slots, payloads[len(starts) :][: len(slots)])
        self._starts.put(numbers, starts)
        if not all(starts):
            each = zip(numbers, payloads, starts, strict=True)
            self._own |= {number: payload for number, payload, start in each if not start}

    def _shared_starts(
        self, place: int, slots: Sequence[int], payloads: Sequence[bytes]
    ) -> list[int]:
        if self._shared is None:
            return [0] * len(slots)
        try:
            if place not in self._files:
                self._files[place] = PayloadFile(self._shared.file(place))
            return self._files[place].hold(slots, payloads)
        except OSError as error:
            if not self._is_warned:
                log.warning(
                    "this worker holds part of its window alone: %s (ONESTORY_WINDOW_FOLDER)", error
                )
            self._is_warned = True
            return [0] * len(slots)

    def __getitem__(self, number: int) -> bytes:
        """The payload of a number.

        Raises:
            KeyError: there is none.
        """
        start = self._starts[number]
        return self._files[number // NUMBERS][start] if start else self._own[number]

    def are_whole(self) -> bool:
        """Whether each has its words still, of which another worker may have read that they go."""
        return all(
            has_words(self._files[number // NUMBERS][start])
            for number, start in enumerate(self._starts.values, self._starts.first)
            if start
        )

    def take_away(self, number: int) -> None:
        """Forget one that is there. Its words go now, also for workers that still hold it: these
        see blanks, and what they decide on them does not hold (``state/lua/change.lua``).
        """
        if start := self._starts[number]:
            self._files[number // NUMBERS].change(start, without_words(self[number]))
            self._starts.take_away(number)
        else:
            del self._own[number]

    def drop_below(self, floor: int) -> None:
        """Forget all with smaller numbers."""
        for number in [each for each in self._own if each < floor]:
            del self._own[number]
        self._starts.drop_below(floor)
        place = floor // NUMBERS
        self._files = {each: file for each, file in self._files.items() if each >= place}
        if self._shared is not None:
            self._shared.remove_below(place)

    def clear(self) -> None:
        """Forget all. What is shared stays for the others."""
        self._files.clear()
        self._starts.clear()
        self._own.clear()
