"""Logs that stay readable through an outage: what a loop says twice a second, once in a while."""

import logging
import math
import time
from collections.abc import Callable

EVERY_S = 30.0
_MOST_KNOWN = 1_000


class Sparing(logging.Filter):
    """Lets the same warning of the same logger through once in ``every_s`` seconds.

    The next one that passes tells how many were left out. Warnings that differ in a word, errors
    and whatever has a traceback always pass.
    """

    def __init__(
        self, every_s: float = EVERY_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._every_s = every_s
        self._clock = clock
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be shown; one that stands for others says so."""
        if record.levelno != logging.WARNING or record.exc_info:
            return True
        said, now = record.getMessage(), self._clock()
        told_at, left_out = self._told.get((record.name, said), (-math.inf, 0))
        if now - told_at < self._every_s:
            self._told[record.name, said] = told_at, left_out + 1
            return False
        if len(self._told) >= _MOST_KNOWN:
            self._told.clear()
        self._told[record.name, said] = now, 0
        if left_out:
            record.msg, record.args = f"{said} (repeats not shown: {left_out})", ()
        return True
