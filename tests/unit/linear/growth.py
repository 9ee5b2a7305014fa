"""How the time of a reader grows with the length of what it reads.

Time is that of this thread alone, and the least of some runs, so that a busy machine changes
little. What is fast enough at its longest is not measured further: whatever it does, it hurts
nobody.
"""

import time
from collections.abc import Callable

MOST_A_DOUBLING = 2.5
"""A linear reader takes twice the time for twice the length, one that sorts a little more, a
quadratic one four times."""
_SUSPECTED = 4
"""Times that a suspicion is measured again."""


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds that this thread takes for one run."""
    began = time.thread_time()
    run()
    return time.thread_time() - began


def growth(run: Callable[[int], Callable[[], object]], size: int, harmless_s: float) -> float:
    """The factor by which the time grows for a doubled length, from ``size`` to four times it.

    ``run`` makes one reading of a length, and makes it anew: what is remembered does not count.
    1 where the longest takes less than ``harmless_s``.
    """
    factor = 1.0
    for attempt in range(_SUSPECTED):
        repeats = attempt + 1
        times = []
        for length in (size, 4 * size) if attempt == 0 else (size, 2 * size, 4 * size):
            times.append(min(seconds(run(length)) for _ in range(repeats)))
            if times[-1] > 10 * harmless_s:
                break  # what takes so long is not waited for at its longest
        if times[-1] < harmless_s:
            return 1.0
        if attempt == 0:
            continue
        doublings = len(times) - 1
        factor = (times[-1] / max(times[0], 1e-6)) ** (1 / doublings) if doublings else 1e3
        if factor <= MOST_A_DOUBLING:
            return factor
    return factor
