"""Whose turn it is: a worker's window and rules serve one loop at a time, and only while they are
of the history that the server tells.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from service.stories.rules import Rules
from workers.placing.aside import Aside
from workers.placing.context import Grounds
from workers.state.store import Store

log = logging.getLogger("onestory.worker")


@dataclass(slots=True)
class Turns:
    """Turns of one worker's loops: fresh batches, trials, editors' rules, the sweep."""

    store: Store
    grounds: Grounds
    aside: Aside
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Window and rules for the caller alone, and of the history that the server tells; what was
        tried before is settled.

        Raises:
            RedisError: one of `store.UNAVAILABLE`, when something of that had to be done.
        """
        async with self._lock:
            if self.store.era.is_over:
                await self._begin_anew()
            await self.store.tries.settle()
            yield

    async def _begin_anew(self) -> None:
        # The number of what is set aside may be another article's now.
        self.aside.busy |= self.aside.take_waiting()
        grounds, window = self.grounds, self.grounds.window
        grounds.rules = Rules()
        before = self.store.era.current
        await self.store.prepare(grounds.fingerprinter.model.version)
        era = self.store.era
        # A kill that was lost may have been followed by another worker that shares the payloads.
        if not (era.continues(before, window.last, window.floor) and window.is_whole()):
            log.warning("the server has lost what it wrote last: reading the window anew")
            window.clear()
        await self.followed()
        log.warning("the server has changed: %d articles in the window", len(window))

    async def catch_up(self) -> int:
        """Follow the fingerprint log to its end; how many entries were new."""
        async with self.take():
            return await self.followed()

    async def followed(self) -> int:
        """The same for a caller whose turn it is."""
        window = self.grounds.window
        before = window.last
        while entries := await self.store.log_after(window.last):
            window.follow(entries)
        return window.last - before
