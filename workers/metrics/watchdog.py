"""Ends a worker that is stuck, so that whoever started it starts another.

Its event loop can't do that, so a thread does, with `os._exit`: nothing is handed back, and other
workers take over what it had in hand when it has been idle for ``ONESTORY_RECLAIM_IDLE_MS``.
"""

import faulthandler
import logging
import os
import sys
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from workers.metrics.pulse import Pulse

STUCK = 70
"""Exit code of a worker that was stuck: EX_SOFTWARE of sysexits.h."""
_EVERY_S = 0.5
_LOOKS = 4
"""In a row that find it stuck: a process that was stopped for a while (SIGSTOP, a paused machine)
looks stuck for a moment when it goes on."""

log = logging.getLogger("onestory.worker")


class Watchdog:
    """Looks at a pulse as long as the context is open."""

    def __init__(
        self, pulse: Pulse, limit_s: float, exit_with: Callable[[int], object] = os._exit
    ) -> None:
        """``limit_s``: without a sign of life, s; 0 looks at nothing."""
        self._pulse = pulse
        self._limit_s = limit_s
        self._exit_with = exit_with
        self._over = Event()
        self._thread = Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        if self._limit_s:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._limit_s:
            self._thread.join()

    def _watch(self) -> None:
        looks = 0
        while not self._over.wait(_EVERY_S):
            stuck = self._pulse.stuck(self._limit_s)
            looks = looks + 1 if stuck else 0
            if looks == _LOOKS:
                said = ", ".join(f"{loop} ({age:.0f} s)" for loop, age in sorted(stuck.items()))
                log.critical(
                    "no sign of life from %s: ending with exit code %d; where it is stuck:",
                    said,
                    STUCK,
                )
                faulthandler.dump_traceback(sys.stderr, all_threads=True)
                self._exit_with(STUCK)
                return
