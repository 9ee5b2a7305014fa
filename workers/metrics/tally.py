"""Counters and histograms that a busy loop can afford, read by the thread that is scraped.

A histogram of prometheus_client takes a lock for each value. These are written by one thread and
read without a lock: a scrape in the middle of a batch sees part of it.
"""

from bisect import bisect_left
from collections.abc import Sequence

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LONG_SECONDS = (*SECONDS[3:], 30.0, 60.0, 300.0, 1_800.0)
"""Of entries, which may have waited for a worker."""


class Histogram:
    """How many values are in each bucket, and their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """One value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    @property
    def buckets(self) -> list[tuple[str, float]]:
        """Upper bounds with how many values are at or below each, as Prometheus has it."""
        found: list[tuple[str, float]] = []
        total = 0
        for bound, count in zip((*self._bounds, float("inf")), list(self._counts), strict=True):
            total += count
            found.append(("+Inf" if bound == float("inf") else repr(float(bound)), total))
        return found

    @property
    def sum(self) -> float:
        """Of all values."""
        return self._sum
