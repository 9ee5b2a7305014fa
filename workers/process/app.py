"""The worker: a FastStream app around a `Deduplicator`, put together in one place.

FastStream reads the consumer group in batches and calls the handler; acknowledgement is
the commit script's, so the ack policy is manual. Beside it run loops of our own: one takes over
what dead workers left pending, one keeps others from doing so with what is in hand here, one
retries what waits for another worker, one forgets what is past the window, one sends what comes
out of embargo, one applies editors' rules, one looks whether all of this is still so.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from faststream import AckPolicy, FastStream
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import BatchStreamMessage, RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.streams import GROUP
from service.stories.decide import Thresholds
from workers.connection.clients import broker_options, connect
from workers.errors import WentBack, WorkerBroken
from workers.metrics.look import look
from workers.metrics.meter import NO_METER, Meter
from workers.metrics.metered_store import MeteredStore
from workers.metrics.pulse import CONSUME, START, Pulse, on_answer
from workers.metrics.tracing import PASS_ON, Tracer
from workers.models import models
from workers.placing.context import Grounds
from workers.placing.deduplicator import Deduplicator
from workers.placing.neighbours import FaissNeighbours
from workers.placing.plan import Planner
from workers.placing.window import Window
from workers.process.pool import PARENT
from workers.process.reclaim import Reclaimer
from workers.process.sweep import Sweeper
from workers.rules.editor import Editor
from workers.settings import Settings
from workers.state.entries import Entry
from workers.state.era import greeting
from workers.state.store import UNAVAILABLE, Store

log = logging.getLogger("onestory.worker")

RETRY_PAUSE_S = 0.5
REVISIT_S = 0.02
PARENT_CHECK_MS = 500
LOOK_MS = 1_000
KEPT_IN_TIME = 5
"""How often entries in hand are said to be in good hands, in the time after which others may claim
them: a step or two may come late."""
LOOPS_END_WITHIN_S = 5.0
"""After a signal to stop; longer than any step takes but a sweep."""


def consumer_name() -> str:
    """Host and process: two workers must never share a name, or they share a pending list."""
    return f"{socket.gethostname()}-{os.getpid()}"


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
    consumer: str
    pulse: Pulse = field(default_factory=Pulse)
    meter: Meter = NO_METER
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _broken: str | None = None
    """What ended that must not."""
    _reading: list[asyncio.Task[Any]] | None = None
    """FastStream's tasks that read the stream, while it should read."""

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; finishes or hands back what is in hand.

        Raises:
            ModelMismatch: the namespace holds fingerprints of another model.
            RedisError: the server can't be reached at start.
            WorkerBroken: a part of it ended that must not.
        """
        self.pulse.begin(START)
        await self.store.prepare(self.deduplicator.fingerprinter.model.version)
        await self.editor.prepare()
        await self._catch_up()
        self.pulse.is_caught_up = True
        self.pulse.end(START)
        known = len(self.deduplicator.window)
        log.info("ready: consumer %s, %d articles in the window", self.consumer, known)
        steps = {
            self._reclaim: self.settings.reclaim_interval_ms,
            self._keep: self.settings.reclaim_idle_ms // KEPT_IN_TIME,
            self._sweep: self.settings.sweep_interval_ms,
            self._revisit: int(REVISIT_S * 1000),
            self._release: self.settings.release_interval_ms,
            self._edit: self.settings.commands_interval_ms,
            self._watch_parent: PARENT_CHECK_MS,
            self._look: LOOK_MS,
        }
        loops = [
            asyncio.create_task(self._every(step, interval_ms), name=step.__name__)
            for step, interval_ms in steps.items()
        ]
        for task in loops:
            task.add_done_callback(self._loop_ended)
        try:
            await self._consume_until_stopped()
        finally:
            self._stopping.set()
            await _ended(loops)
            with contextlib.suppress(RedisError, *UNAVAILABLE):
                handed_back = await self.reclaimer.hand_back()
                log.info("stopped: %d entries handed back", handed_back)
            await self.redis.aclose()
        if self._broken is not None:
            raise WorkerBroken(f"{self._broken}; this worker ends, to be started anew")

    async def _catch_up(self) -> None:
        """Follow the log to its end, and anew where the server goes back meanwhile."""
        while True:
            try:
                await self.deduplicator.catch_up()
            except WentBack as error:
                log.warning("%s", error)
            else:
                return

    async def _consume_until_stopped(self) -> None:
        """Run the FastStream app until a signal, and anew when the group was lost.

        `FastStream.run` is not used: it ends with exit code 0 when the group is lost, and
        does not say that this was why.
        """
        loop = asyncio.get_running_loop()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_, self._stop)
        while not self._stopping.is_set():
            self._ended.clear()
            broker = self._broker()
            on_answer(await broker.connect(), "XREADGROUP", partial(self.pulse.turn, CONSUME))
            self.pulse.begin(CONSUME, self.settings.poll_ms / 1000)
            app = _App(broker, self._ended)
            await app.start()
            self._reading = cast(Any, broker.subscribers[0]).tasks
            await self._ended.wait()
            self._reading = None
            await app.stop()
            if not self._stopping.is_set() and await self.store.ensure_group():
                # Made anew at 0, it finds every entry that is still in the stream.
                log.warning("consumer group %s was gone and has been created anew", GROUP)

    def _stop(self) -> None:
        self._stopping.set()
        self._ended.set()

    def _break(self, why: str) -> None:
        self._broken = self._broken or why
        self._stop()

    def _loop_ended(self, loop: asyncio.Task[None]) -> None:
        if not self._stopping.is_set():
            self._break(f"the loop {loop.get_name()} ended")

    async def handle(self, entries: list[Entry]) -> None:
        """One batch; outlives a server that is away or full, since every step may be repeated."""
        ids = {entry.id for entry in entries}
        self.deduplicator.in_hand |= ids
        self.pulse.begin(CONSUME, self.settings.poll_ms / 1000)
        try:
            while not self._stopping.is_set():
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

    def _broker(self) -> RedisBroker:
        settings = self.settings
        broker = RedisBroker(
            **broker_options(settings),
            logger=logging.getLogger("onestory.faststream"),
            log_level=logging.DEBUG,  # else two lines a batch
            apply_types=False,
            graceful_timeout=30.0,
        )
        broker.subscriber(
            stream=StreamSub(
                settings.streams.articles,
                group=GROUP,
                consumer=self.consumer,
                batch=True,
                max_records=settings.read_at_once,
                polling_interval=settings.poll_ms,
            ),
            ack_policy=AckPolicy.MANUAL,
            parser=_message,
            decoder=_entries,
            no_reply=True,
        )(self.handle)
        return broker

    async def _every(self, step: Callable[[], Awaitable[Any]], interval_ms: int) -> None:
        # Ended by the event, never by cancelling: redis-py turns a cancellation that hits
        # it in a read into its own timeout error, and the loop would go on for ever.
        loop = step.__name__.removeprefix("_")
        self.pulse.begin(loop, interval_ms / 1000)
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), interval_ms / 1000)
                return
            try:
                await step()
            except (RedisError, *UNAVAILABLE) as error:
                log.warning("%s failed, will be repeated: %s", step.__name__, error)
                if isinstance(error, UNAVAILABLE):
                    self.meter.unavailable()
                    self.pulse.away()
            except Exception:
                log.exception("%s failed, will be repeated", step.__name__)
            self.pulse.turn(loop)

    async def _reclaim(self) -> None:
        await self.reclaimer.reclaim()

    async def _keep(self) -> None:
        """Beside `_reclaim`, which is busy for as long as it tries what others left."""
        await self.reclaimer.keep_own()

    async def _sweep(self) -> None:
        await self.sweeper.sweep()
        # A worker that has nothing to do must let go of killed articles too.
        await self.deduplicator.catch_up()

    async def _release(self) -> None:
        await self.store.release()

    async def _edit(self) -> None:
        await self.editor.apply()

    async def _watch_parent(self) -> None:
        """A worker of a command that was killed -9 must not outlive it."""
        parent = os.environ.get(PARENT)
        if parent is not None and os.getppid() != int(parent):
            log.warning("the command that started this worker is gone")
            os.kill(os.getpid(), signal.SIGTERM)

    async def _look(self) -> None:
        """For health, and for what FastStream does not notice."""
        seen = await look(self.redis, self.settings)
        self.pulse.behind = max(0, seen.last_number - self.deduplicator.window.last)
        self.meter.clock_is_ahead(time.time() - seen.at)
        self.pulse.has_group = seen.has_group
        if not seen.has_group and await self.store.ensure_group():
            log.warning("consumer group %s was gone and has been created anew", GROUP)
        self.pulse.has_group = True
        if self._reading is not None and all(task.done() for task in self._reading):
            # FastStream restarts a reader that failed, but not one that was cancelled.
            self._break("FastStream's reader of the stream ended")

    async def _revisit(self) -> None:
        if self.deduplicator.waiting:
            await self.deduplicator.revisit()


async def _ended(loops: Sequence[asyncio.Task[None]]) -> None:
    """Returns when all have finished their step. A sweep of a large window takes minutes; it is
    broken off like any other step that takes long, and done again by whoever sweeps next.
    """
    _, left = await asyncio.wait(loops, timeout=LOOPS_END_WITHIN_S)
    for task in left:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)


class _App(FastStream):
    """Tells when FastStream wants to end: it calls `exit` when the group is gone."""

    def __init__(self, broker: RedisBroker, ended: asyncio.Event) -> None:
        super().__init__(broker, logger=log)
        self._ended = ended

    def exit(self) -> None:
        """Asked to end; whoever runs the app decides."""
        self._ended.set()


async def _message(raw: BatchStreamMessage, _original: object) -> RedisBatchStreamMessage:
    """FastStream's own parser fails a whole batch on one bad body; this one reads nothing."""
    return RedisBatchStreamMessage(raw_message=raw, body=b"", consumer=cast(Any, None), group=None)


async def _entries(message: RedisBatchStreamMessage, _original: object) -> list[Entry]:
    raw = message.raw_message
    return [
        Entry(entry_id.decode(), fields)
        for entry_id, fields in zip(raw["message_ids"], raw["data"], strict=True)
    ]


def build_worker(
    settings: Settings,
    *,
    consumer: str | None = None,
    pulse: Pulse | None = None,
    meter: Meter = NO_METER,
    tracer: Tracer = PASS_ON,
) -> Worker:
    """The composition root: a worker with real parts.

    Args:
        settings: of the worker.
        consumer: its name in the group; by default host and process.
        pulse: takes its signs of life, ``meter`` what it does.
        meter: see ``pulse``.
        tracer: follows entries to their events.

    Raises:
        ValueError: the settings name no Redis server.
        BadRedisUrl: it can't be used.
        OnestoryError: encoder or verifier can't be used.
    """
    if settings.redis_url is None:
        raise ValueError("a worker needs settings.redis_url; the command line starts one if absent")
    consumer = consumer or consumer_name()
    pulse = pulse or Pulse()
    redis = connect(
        settings,
        name=settings.keys.client(consumer),
        redis_connect_func=greeting(settings.keys),
    )
    for command in ("EVALSHA", "EVAL", "XRANGE", "XTRIM"):
        on_answer(redis, command, pulse.answered)
    store = MeteredStore(redis, settings, meter, tracer)
    fingerprinter, verifier = models(settings)
    window = Window(FaissNeighbours())
    grounds = Grounds(
        settings,
        fingerprinter,
        verifier,
        window,
        Thresholds(join=verifier.join_threshold, merge=verifier.merge_threshold),
        tracer,
    )
    planner = Planner(grounds)
    deduplicator = Deduplicator(settings, store, fingerprinter, verifier, window, planner, meter)
    return Worker(
        settings,
        redis,
        store,
        deduplicator,
        Reclaimer(redis, settings, store, deduplicator, consumer),
        Sweeper(redis, settings, store, consumer),
        Editor(redis, settings, store, deduplicator, consumer),
        consumer,
        pulse,
        meter,
    )
