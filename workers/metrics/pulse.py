"""Signs of life of a worker, given by its loops and read by other threads.

A loop is alive if it made a turn lately. Most of them share one lock, held for a batch at a time,
so while the batch of one of them goes on (a stage of it began or ended), none of these is stuck;
nor while a slow encoder is at work in a thread, up to ``SLOWEST_ENCODER_S``. The event loop itself
is seen by the loops that never wait for the lock. While Redis is away nothing turns, and a
restart would not help.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from redis.asyncio import Redis

CONSUME, START, LOOK = "consume", "start", "look"
LOOPS = (CONSUME, "reclaim", "sweep", "release", "edit")
"""Those that are told to Prometheus."""
WITHOUT_LOCK = frozenset({"release", "keep", LOOK, "watch_parent"})
SLOWEST_ENCODER_S = 900.0
"""Of one batch; above all what a large model takes on a small machine."""

_loop: ContextVar[str] = ContextVar("loop", default="")
"""In whose name the current task runs."""


class Pulse:
    """The times of the last signs. Each is one assignment, so threads need no lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._excused_until = 0.0
        """By progress, by a slow encoder, or by Redis coming back."""
        self.away_because = ""
        """Why Redis could not be used last; empty if it could."""
        self.has_group = True
        """Whether the consumer group is there."""
        self.is_caught_up = False
        """Whether the log has been followed to its end once."""
        self.behind = 0
        """Entries of the log that this worker's window lacks."""
        self.evicted = 0
        """Keys that the server has evicted since this worker began to look."""

    def begin(self, loop: str, pause_s: float = 0.0) -> None:
        """The current task is this loop from now on, which pauses so long between its turns."""
        _loop.set(loop)
        self._pauses[loop] = pause_s
        self.turn(loop)

    def turn(self, loop: str) -> None:
        """A loop made a turn."""
        self._turns[loop] = self._clock()

    def end(self, loop: str) -> None:
        """A loop is over, as it should be."""
        self._turns.pop(loop, None)

    @property
    def is_away(self) -> bool:
        """Whether Redis could not be used last."""
        return self.away_because != ""

    def away(self, why: str) -> None:
        """Redis can't be used."""
        self.away_because = why

    def answered(self) -> None:
        """Redis answered the current task, whose loop so goes on."""
        if self.is_away:
            self.away_because = ""
            self._excused_until = self._clock()
        if (loop := _loop.get()) in self._turns:
            self.turn(loop)

    def progress(self) -> None:
        """The batch under the lock goes on."""
        self._excused_until = self._clock()

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Within it a batch may take very long, in a thread of its own."""
        self._excused_until = self._clock() + SLOWEST_ENCODER_S
        try:
            yield
        finally:
            self.progress()

    def ages(self) -> dict[str, float]:
        """Seconds since each loop's last turn."""
        now = self._clock()
        return {loop: now - turn for loop, turn in list(self._turns.items())}

    def silence_s(self) -> float:
        """How long a look at Redis is overdue: in a network that drops packets a call fails after
        half a minute, with all its attempts.
        """
        return self.ages().get(LOOK, 0.0) - self._pauses.get(LOOK, 0.0)

    def stuck(self, limit_s: float) -> dict[str, float]:
        """The loops that gave no sign for longer than this, with the ages of their last turns."""
        now = self._clock()
        found = {}
        for loop, turn in list(self._turns.items()):
            last = turn if loop in WITHOUT_LOCK else max(turn, self._excused_until)
            quiet = now - last - self._pauses.get(loop, 0.0)
            if quiet > limit_s and not (self.is_away and loop not in WITHOUT_LOCK):
                found[loop] = now - turn
        return found


def on_answer(redis: Redis, command: str, tell: Callable[[], None]) -> None:
    """Has ``tell`` called with every answer that this client gets to a command, in the task that
    asked; also with none, and in pipelines.
    """
    parse: Callable[..., Any] | None = redis.response_callbacks.get(command)

    def parsed(answer: Any, **options: Any) -> Any:
        tell()
        return answer if parse is None else parse(answer, **options)

    redis.set_response_callback(command, cast(Any, parsed))
