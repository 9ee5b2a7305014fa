"""The reader of the articles stream: all that runs FastStream.

It reads the consumer group in batches and calls the handler; acknowledgement is the commit
script's, so the ack policy is manual. What it reads is bounded in bytes (``Intake``).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import starmap
from typing import Any, cast

from faststream import AckPolicy, FastStream
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import BatchStreamMessage, RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.streams import GROUP
from workers.connection.clients import broker_options
from workers.connection.faults import fault_of
from workers.metrics.pulse import CONSUME, Pulse, on_answer
from workers.settings import Settings
from workers.state.entries import Entry, told, whole_or_cut
from workers.state.scripts import Scripts
from workers.state.store import UNAVAILABLE, Store

log = logging.getLogger("onestory.worker")

RETRY_PAUSE_S = 0.5

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
            app = _App(broker, self._ended)
            try:
                await self._begin(broker, app)
            except (RedisError, OSError, *UNAVAILABLE) as error:
                # Answered until just now, or there would be no reader.
                log.warning("Redis unavailable, trying again: %s", fault_of(error))
                await asyncio.sleep(RETRY_PAUSE_S)
            else:
                await self._ended.wait()
            self._reading = None
            await app.stop()

    async def _begin(self, broker: RedisBroker, app: FastStream) -> None:
        await self.ensure_group()
        client = await broker.connect()
        for command in ("XREADGROUP", "EVALSHA"):
            on_answer(client, command, partial(self.pulse.turn, CONSUME))
        cast(Any, client).xreadgroup = Intake(client, self.settings).read
        self.pulse.begin(CONSUME, self.settings.poll_ms / 1000)
        await app.start()
        self._reading = cast(Any, broker.subscribers[0]).tasks

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
        logger = logging.getLogger("onestory.faststream")
        logger.addFilter(one_line)
        broker = RedisBroker(
            **broker_options(settings),
            logger=logger,
            log_level=logging.DEBUG,  # else two lines a batch
            apply_types=False,
            graceful_timeout=30.0,
        )
        subscriber = broker.subscriber(
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
        )
        # Should it have to make the group: at $, as it would, it skips what is there.
        cast(Any, subscriber).last_id = "0"
        subscriber(handle)
        return broker


class Intake:
    """Reads in place of redis-py's ``xreadgroup``, which asks for a number of entries however large
    they are: what waits is taken by a script that measures it first (``lua/read.lua``).

    A script can't wait. So while nothing waits, the plain command waits for one entry, and
    what came with it is taken behind that.
    """

    def __init__(self, client: Redis, settings: Settings) -> None:
        self._wait = client.xreadgroup
        self._scripts = Scripts(client)
        self._settings = settings

    async def read(
        self,
        groupname: str,
        consumername: str,
        streams: Mapping[str, str],
        *,
        count: int,
        block: int,
        noack: bool,
    ) -> list[tuple[bytes, list[tuple[bytes, Entry]]]]:
        """As FastStream calls it; answers with `Entry` where redis-py has a dictionary."""
        (stream,) = streams
        most_bytes = self._settings.max_entry_bytes
        entries = await self._taken(consumername, count, most_bytes)
        if not entries:
            answer: Any = await self._wait(
                groupname, consumername, {stream: ">"}, count=1, block=block, noack=noack
            )
            if not answer:
                return []
            entries = [whole_or_cut(at, fields, most_bytes) for at, fields in answer[0][1]]
            left = most_bytes - entries[0].size
            if left > 0 and count > 1:
                entries += await self._taken(consumername, count - 1, left)
        return [(stream.encode(), [(each.id.encode(), each) for each in entries])]

    async def _taken(self, consumer: str, count: int, most_bytes: int) -> list[Entry]:
        limits = (count, most_bytes, self._settings.max_entry_bytes)
        answer = await self._scripts.answer("read", self._settings.keys, GROUP, consumer, *limits)
        return list(starmap(told, answer))


def one_line(record: logging.LogRecord) -> bool:
    """FastStream tells of a server that is away with a traceback, every five seconds: said in a
    line, it is a repetition like others (``commands/log_repeats.py``).
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, RedisError):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = "%s: %s", (record.getMessage(), error)
        record.exc_info = record.exc_text = None
    return True


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
    return cast(list[Entry], message.raw_message["data"])
