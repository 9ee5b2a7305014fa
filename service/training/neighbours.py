"""Which pairs a run compares: near neighbours within the window, and band mates.

Neighbours of heads and of bodies are searched apart and united: a flash is nearest
to its story by the head, a rewrite by the body. Brute force, so exact; the service's
index is approximate, but among so few neighbours it misses none that matter.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.bands import NO_KEY, band_keys
from service.fingerprints.fingerprint import Fingerprint

NEIGHBOURS = 8
"""Of each of the two vectors."""
WINDOW_MS = 72 * 3_600_000
_BLOCK = 512
_LATEST = 40
"""Members of a bucket that are compared; a fuller one holds boilerplate."""


def earlier_candidates(
    prints: Sequence[Fingerprint], count: int = NEIGHBOURS, window_ms: int = WINDOW_MS
) -> list[list[int]]:
    """For each fingerprint, in time order, the earlier ones it is compared with."""
    times = np.array([one.published_ms or 0 for one in prints])
    firsts = np.minimum(np.searchsorted(times, times - window_ms), np.arange(len(prints)))
    found = [set(mates) for mates in _band_mates(prints)]
    for vectors in ([p.head_vector for p in prints], [p.body_vector for p in prints]):
        stacked = np.stack(vectors).astype(np.float32)
        for index, near in _nearest(stacked, firsts, count):
            found[index] |= near
    return [
        sorted(other for other in mates if other >= firsts[index])
        for index, mates in enumerate(found)
    ]


def _nearest(
    vectors: NDArray[np.float32], firsts: NDArray[np.intp], count: int
) -> list[tuple[int, set[int]]]:
    found = []
    for start in range(0, len(vectors), _BLOCK):
        stop = min(start + _BLOCK, len(vectors))
        for index, row in enumerate(vectors[start:stop] @ vectors[:stop].T, start):
            first = int(firsts[index])
            reachable = row[first:index]
            if len(reachable):
                best = np.argpartition(-reachable, min(count, len(reachable) - 1))[:count]
                found.append((index, {first + int(one) for one in best}))
    return found


def _band_mates(prints: Sequence[Fingerprint]) -> list[list[int]]:
    buckets: dict[int, list[int]] = defaultdict(list)
    mates: list[list[int]] = []
    for index, row in enumerate(band_keys(prints)):
        keys = row[row != NO_KEY].tolist()
        mates.append([mate for key in keys for mate in buckets[key][-_LATEST:]])
        for key in keys:
            buckets[key].append(index)
    return mates
