"""One worker process: what is read is placed, and what else must be done is done beside it.

A `Reader` hands over batches. Beside it run loops: one takes over what dead workers left pending,
one keeps others from doing so with what is in hand here, one retries what waits for another
worker, one forgets what is past the window, one sends what comes out of embargo, one applies
editors' rules, one looks whether all of this is still so.
"""

import asyncio
import contextlib
import logging
import os
import signal
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.connection.guard import Guard
from workers.errors import EvictingServer, OnestoryError, WentBack, WorkerBroken
from workers.metrics.look import Looked, look
from workers.metrics.meter import NO_METER, Meter
from workers.metrics.pulse import CONSUME, LOOK, START, Pulse
from workers.placing.deduplicator import Deduplicator
from workers.process.loops import Loops
from workers.process.pool import PARENT
from workers.process.reader import RETRY_PAUSE_S, Reader
from workers.process.reclaim import Reclaimer
from workers.process.sweep import Sweeper
from workers.rules.editor import Editor
from workers.settings import Settings
from workers.state.entries import Entry
from workers.state.store import UNAVAILABLE, Store

log = logging.getLogger("onestory.worker")

REVISIT_MS = 20
PARENT_CHECK_MS = 500
LOOK_MS = 1_000
KEPT_IN_TIME = 5
"""How often entries in hand are said to be in good hands, in the time after which others may claim
them: a step or two may come late."""


@dataclass(slots=True)
class Worker:
    """One worker process of a namespace."""

    settings: Settings
    redis: Redis
    store: Store
    deduplicator: Deduplicator
    reclaimer: Reclaimer
    sweeper: Sweeper
    editor: Editor
    reader: Reader
    guard: Guard
    pulse: Pulse = field(default_factory=Pulse)
    meter: Meter = NO_METER
    _is_stopping: bool = False
    _broken: str | None = None
    """What ended that must not."""
    _refused: OnestoryError | None = None
    """Why the server can't be worked on any longer."""

    @property
    def consumer(self) -> str:
        """Its name in the group."""
        return self.reader.consumer

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; finishes or hands back what is in hand.

        Raises:
            EvictingServer: the server may drop what it is given, now or at any time later.
            ModelMismatch: the namespace holds fingerprints of another model.
            RedisError: the server can't be reached at start.
            WorkerBroken: a part of it ended that must not.
        """
        self.pulse.begin(START)
        await self.guard.look(now=True)
        await self._look_at_the_clock()
        await self.store.prepare(self.deduplicator.grounds.fingerprinter.model.version)
        # Before anything is read: what was missed so far is told, or is none of this version's.
        with contextlib.suppress(WentBack):
            await self._tell_missed()
        await self.editor.prepare()
        await self._catch_up()
        self.pulse.is_caught_up = True
        self.pulse.end(START)
        known = len(self.deduplicator.grounds.window)
        log.info("ready: consumer %s, %d articles in the window", self.consumer, known)
        running = asyncio.get_running_loop()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            running.add_signal_handler(signal_, self._stop)
        settings = self.settings
        loops = Loops(self.pulse, self.meter, lambda name: self._break(f"the loop {name} ended"))
        loops.start(
            {
                "reclaim": (self.reclaimer.reclaim, settings.reclaim_interval_ms),
                "keep": (self.reclaimer.keep_own, settings.reclaim_idle_ms // KEPT_IN_TIME),
                "sweep": (self._sweep, settings.sweep_interval_ms),
                "revisit": (self._revisit, REVISIT_MS),
                "release": (self.store.release, settings.release_interval_ms),
                "edit": (self.editor.apply, settings.commands_interval_ms),
                "watch_parent": (self._watch_parent, PARENT_CHECK_MS),
                LOOK: (self._look, LOOK_MS),
            }
        )
        try:
            await self.reader.read(self.handle)
        finally:
            self._is_stopping = True
            await loops.stop()
            with contextlib.suppress(RedisError, *UNAVAILABLE):
                handed_back = await self.reclaimer.hand_back()
                log.info("stopped: %d entries handed back", handed_back)
            await self.redis.aclose()
        if self._refused is not None:
            raise self._refused
        if self._broken is not None:
            raise WorkerBroken(f"{self._broken}; this worker ends, to be started anew")

    async def _catch_up(self) -> None:
        """Follow the log to its end, and anew where the server goes back meanwhile."""
        while True:
            try:
                await self.deduplicator.turns.catch_up()
            except WentBack as error:
                log.warning("%s", error)
            else:
                return

    def _stop(self) -> None:
        self._is_stopping = True
        self.reader.stop()

    def _break(self, why: str) -> None:
        self._broken = self._broken or why
        self._stop()

    async def handle(self, entries: list[Entry]) -> None:
        """One batch; outlives a server that is away or full, since every step may be repeated."""
        ids = {entry.id for entry in entries}
        self.deduplicator.in_hand |= ids
        self.pulse.begin(CONSUME, self.settings.poll_ms / 1000)
        try:
            while not self._is_stopping:
                try:
                    await self.deduplicator.handle(entries)
                except UNAVAILABLE as error:
                    log.warning("Redis or encoder unavailable, trying again: %s", error)
                    self.meter.unavailable()
                    await asyncio.sleep(RETRY_PAUSE_S)
                    self.pulse.turn(CONSUME)
                else:
                    return
        finally:
            self.deduplicator.in_hand -= ids

    async def _sweep(self) -> None:
        await self.sweeper.sweep()
        # A worker that has nothing to do must let go of killed articles too.
        await self.deduplicator.turns.catch_up()

    async def _watch_parent(self) -> None:
        """A worker of a command that was killed -9 must not outlive it."""
        parent = os.environ.get(PARENT)
        if parent is not None and os.getppid() != int(parent):
            log.warning("the command that started this worker is gone")
            os.kill(os.getpid(), signal.SIGTERM)

    async def _look(self) -> None:
        """For health, and for what FastStream does not notice."""
        try:
            await self.guard.look()
        except EvictingServer as error:
            # Not paused, but ended: whoever supervises shows it, and starts it again when it helps.
            self._refused = error
            self._stop()
        self.pulse.evicted = self.guard.evicted
        seen = await self._look_at_the_clock()
        self.pulse.behind = max(0, seen.last_number - self.deduplicator.grounds.window.last)
        self.pulse.has_group = seen.has_group
        if not seen.has_group:
            await self.reader.ensure_group()
        self.pulse.has_group = True
        if self.reader.has_stopped_reading:
            self._break("FastStream's reader of the stream ended")
        await self._tell_missed()

    async def _tell_missed(self) -> None:
        if missed := await self.store.missed.tell():
            log.error(
                "%d entries of the articles stream were trimmed or deleted by another client "
                "before any worker read them; a dead letter says where",
                missed,
            )

    async def _look_at_the_clock(self) -> Looked:
        clock = self.store.clock
        began = clock.own()
        seen = await look(self.redis, self.settings)
        clock.seen(began, seen.at, clock.own())
        self.meter.clock_is_ahead(clock.ahead_s)
        return seen

    async def _revisit(self) -> None:
        if self.deduplicator.aside.ids:
            await self.deduplicator.revisit()
