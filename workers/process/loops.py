"""Steps that a worker repeats beside reading: each in a loop of its own, until the worker stops."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

from workers.connection.faults import fault_of
from workers.metrics.meter import Meter
from workers.metrics.pulse import Pulse
from workers.state.store import UNAVAILABLE

log = logging.getLogger("onestory.worker")

LOOPS_END_WITHIN_S = 5.0
"""After a signal to stop; longer than any step takes but a sweep."""

Step = Callable[[], Awaitable[Any]]


@dataclass(slots=True)
class Loops:
    """Loops of one worker. A step that fails is repeated; a loop that ends breaks the worker."""

    pulse: Pulse
    meter: Meter
    on_end: Callable[[str], None]
    """Told which loop ended that must not."""
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, steps: Mapping[str, tuple[Step, int]]) -> None:
        """Begin a loop for each step, by the loop's name: the step, and ms between its calls."""
        for name, (step, interval_ms) in steps.items():
            task = asyncio.create_task(self._every(name, step, interval_ms), name=name)
            task.add_done_callback(self._ended)
            self._tasks.append(task)

    async def stop(self) -> None:
        """Returns when all have finished their step. A sweep of a large window takes minutes; it is
        broken off like any other step that takes long, and done again by whoever sweeps next.
        """
        self._stopping.set()
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=LOOPS_END_WITHIN_S)
        for task in left:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, loop: asyncio.Task[None]) -> None:
        if not self._stopping.is_set():
            self.on_end(loop.get_name())

    async def _every(self, name: str, step: Step, interval_ms: int) -> None:
        # Ended by the event, never by cancelling: redis-py turns a cancellation that hits
        # it in a read into its own timeout error, and the loop would go on for ever.
        self.pulse.begin(name, interval_ms / 1000)
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), interval_ms / 1000)
                return
            try:
                await step()
            except (RedisError, *UNAVAILABLE) as error:
                log.warning("%s failed, will be repeated: %s", name, error)
                if isinstance(error, UNAVAILABLE):
                    self.meter.unavailable()
                    self.pulse.away(fault_of(error))
            except Exception:
                log.exception("%s failed, will be repeated", name)
            self.pulse.turn(name)
