"""What filing an article in its LSH buckets, and looking it up, takes at a full window.

``python -m tests.benchmarks.buckets [ARTICLES]``: random keys, none of which comes twice; CPU time
of this process. Prints a table.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from service.fingerprints.bands import BANDS, Keys
from workers.bench.machine import memory
from workers.window.buckets import Buckets

ARTICLES = 100_000
BATCH = 50
_BATCHES = 400
_FILLED_AT_ONCE = 500


def main() -> None:
    """Measure and print."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    draw = np.random.default_rng(1)
    found, before = Buckets(), memory(os.getpid()).resident
    for start in range(0, articles, _FILLED_AT_ONCE):
        numbers = range(start, start + _FILLED_AT_ONCE)
        found.add(numbers, _keys(draw, _FILLED_AT_ONCE))
    filed, looked_up = [], []
    for start in range(articles, articles + _BATCHES * BATCH, BATCH):
        numbers, keys = range(start, start + BATCH), _keys(draw, BATCH)
        filed.append(_spent(found.add, numbers, keys))
        looked_up.append(_spent(found.mates, numbers, keys))
        found.remove_below(start - articles)
    print(f"{articles:,} articles, batches of {BATCH}")
    print(f"file      {sum(filed) / len(filed) / BATCH:6.1f} us an article")
    print(f"  longest {max(filed) / 1_000:6.1f} ms a batch")
    print(f"look up   {median(looked_up) / BATCH:6.1f} us an article")
    print(f"memory    {(memory(os.getpid()).resident - before) / articles:6.0f} bytes an article")


def _keys(draw: np.random.Generator, count: int) -> Keys:
    return draw.integers(1, 1 << 32, (count, BANDS), np.uint32)


def _spent(call: Callable[..., Any], *args: Any) -> float:
    """Microseconds."""
    began = time.process_time()
    call(*args)
    return (time.process_time() - began) * 1e6


if __name__ == "__main__":
    main()
