"""The reader of the articles stream: all that runs FastStream.

It reads the consumer group in batches and calls the handler; acknowledgement is the commit
script's, so the ack policy is manual.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from faststream import AckPolicy, FastStream
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import BatchStreamMessage, RedisBatchStreamMessage

from contracts.streams import GROUP
from workers.connection.clients import broker_options
from workers.metrics.pulse import CONSUME, Pulse, on_answer
from workers.settings import Settings
from workers.state.entries import Entry
from workers.state.store import Store

log = logging.getLogger("onestory.worker")

Handler = Callable[[list[Entry]], Awaitable[None]]
"""Takes the entries of one batch."""


@dataclass(slots=True)
class Reader:
    """Reads for one worker, whose name in the group is ``consumer``."""

    settings: Settings
    store: Store
    consumer: str
    pulse: Pulse
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _is_stopping: bool = False
    _reading: list[asyncio.Task[Any]] | None = None
    """FastStream's tasks that read the stream, while it should read."""

    async def read(self, handle: Handler) -> None:
        """Hand batches to ``handle`` until `stop`, and go on where the group was lost.

        `FastStream.run` is not used: it ends with exit code 0 when the group is lost, and
        does not say that this was why.
        """
        while not self._is_stopping:
            self._ended.clear()
            broker = self._broker(handle)
            on_answer(await broker.connect(), "XREADGROUP", partial(self.pulse.turn, CONSUME))
            self.pulse.begin(CONSUME, self.settings.poll_ms / 1000)
            app = _App(broker, self._ended)
            await app.start()
            self._reading = cast(Any, broker.subscribers[0]).tasks
            await self._ended.wait()
            self._reading = None
            await app.stop()
            if not self._is_stopping:
                await self.ensure_group()

    def stop(self) -> None:
        """No batch after the one that is being handled."""
        self._is_stopping = True
        self._ended.set()

    async def ensure_group(self) -> None:
        """Made anew at 0, the group finds every entry that is still in the stream."""
        if await self.store.ensure_group():
            log.warning("consumer group %s was gone and has been created anew", GROUP)

    @property
    def has_stopped_reading(self) -> bool:
        """FastStream restarts a reader that failed, but not one that was cancelled."""
        return self._reading is not None and all(task.done() for task in self._reading)

    def _broker(self, handle: Handler) -> RedisBroker:
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
        )(handle)
        return broker


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
