"""Story events for many clients: one reader of the stream, a bounded queue for each client.

The reader's ``position`` is the id of the last entry it has passed on. Entries up to it are in
the stream, those behind it come through the queues. So a client that resumes at an id reads the
stream in chunks until it has reached the position, and takes its place among the listeners in
the same step of the event loop: no entry is missed, and none told twice. Since nothing is queued
while it reads, a client that is far behind needs no more memory than another.

A client that does not keep up is let go; the id of the last event it saw takes it on from there.
"""

import asyncio
import contextlib
import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic_core import from_json
from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.keys import StreamEntries
from workers.settings import Settings
from workers.state.store import UNAVAILABLE

log = logging.getLogger("onestory.api")

EntryId = tuple[int, int]
START: EntryId = (0, 0)
_ID = re.compile(r"([0-9]{1,19})(?:-([0-9]{1,19}))?")
_MOST_QUEUED = 1_000
"""Events of one client; their bytes are shared by all clients."""
_CHUNK = 200
"""Events of one write to a client, and of one read of what it missed."""
_READ_AT_ONCE = 50
"""Fewer, or a client that catches up would never reach the reader while both are behind."""
_BLOCK_MS = 400
"""Also what a stop waits for at most."""
_PAUSE_S = 0.5
_AWAY = (RedisError, *UNAVAILABLE)
"""Refusals too: who is let go of with them never comes back."""


def entry_id_of(text: str) -> EntryId:
    """``"17-2"`` → ``(17, 2)``.

    Raises:
        ValueError: it is no id of a stream's entry.
    """
    found = _ID.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:60]!r} is no id of a stream entry, such as 1763812345678-0")
    return int(found[1]), int(found[2] or 0)


@dataclass(slots=True, eq=False)
class Listener:
    """What waits for one client."""

    after: EntryId
    """It has what is up to here."""
    _queue: deque[bytes] = field(default_factory=deque)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    """Nothing more comes: it was too slow, is gone, or the server stops."""

    def offer(self, entry_id: EntryId, frame: bytes) -> None:
        """Queue an event; a full queue is the end, and is let go of at once."""
        if self.is_over or entry_id <= self.after:
            return
        if len(self._queue) == _MOST_QUEUED:
            self.end()
            return
        self._queue.append(frame)
        self._woken.set()

    def end(self) -> None:
        """Queue nothing more and forget what is queued."""
        self.is_over = True
        self._queue.clear()
        self._woken.set()

    async def take(self, wait_s: float) -> bytes:
        """Frames as they come; empty if none came in time, or none will."""
        if not self._queue and not self.is_over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._woken.wait()
        self._woken.clear()
        taken = [self._queue.popleft() for _ in range(min(_CHUNK, len(self._queue)))]
        return b"".join(taken)


class Hub:
    """Reads the events of one namespace for all clients of this process."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._stream = settings.streams.stories
        self.listeners: set[Listener] = set()
        """Clients that have caught up."""
        self._is_closed = False
        self._ready = asyncio.Event()
        self.position = START
        self.clients = 0
        """Connected, whether they listen or still catch up."""

    async def follow(self) -> None:
        """Read until `close`; outlives a server that is away."""
        while not self._is_closed:
            try:
                if not self._ready.is_set():
                    self.position = await self._newest()
                    self._ready.set()
                await self._read()
            except _AWAY as error:
                log.warning("event stream: Redis unavailable, trying again: %s", error)
                await asyncio.sleep(_PAUSE_S)

    def close(self) -> None:
        """End every client's stream."""
        self._is_closed = True
        self._ready.set()  # who waits for it has waited long enough
        for listener in self.listeners:
            listener.end()

    async def beginning(self, asked: EntryId | None) -> tuple[EntryId, bool]:
        """The entry behind which a client that asked to begin behind one begins (None: now), and
        whether events between these are lost. Waits while Redis is away.
        """
        await self._ready.wait()
        while not self._is_closed:
            try:
                is_gap = asked not in {None, START} and await self._is_gap(asked)
            except _AWAY:
                await asyncio.sleep(_PAUSE_S)
                continue
            if asked is None or (is_gap and asked > self.position):
                return self.position, is_gap  # of a stream that is gone: nothing here is behind it
            return asked, is_gap
        return self.position, False

    @contextlib.contextmanager
    def listening(self, after: EntryId) -> Iterator[Listener]:
        """A listener that gets what comes after an entry; what is up to `position` is missed."""
        listener = Listener(after)
        listener.is_over = self._is_closed
        self.listeners.add(listener)
        try:
            yield listener
        finally:
            self.listeners.discard(listener)

    async def missed(self, after: EntryId) -> AsyncIterator[tuple[EntryId, bytes]]:
        """Frames after an entry up to `position`, as that moves on: last id, and a chunk."""
        while after < self.position and not self._is_closed:
            # Taken before asking: the position may move on before the answer is here.
            goal = self.position
            entries = cast(
                StreamEntries,
                await self._redis.xrange(
                    self._stream, f"({_text(after)}", _text(goal), count=_CHUNK
                ),
            )
            after = _id(entries[-1][0]) if len(entries) == _CHUNK else goal
            yield after, b"".join([frame for _, frame in map(_framed, entries)])

    async def _is_gap(self, after: EntryId) -> bool:
        """Whether events after an entry are lost: trimmed, or the entry is of another stream."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.xrange(self._stream, count=1)
        pipe.exists(self._stream)
        oldest, exists = await pipe.execute()
        newest = await self._last_given() if exists else START
        if after > newest:
            return True
        return after < newest if not oldest else START < after < _id(oldest[0][0])

    async def _last_given(self) -> EntryId:
        about = cast(Any, await self._redis.xinfo_stream(self._stream))
        return _id(about["last-generated-id"])

    async def _newest(self) -> EntryId:
        if not await self._redis.exists(self._stream):
            return START
        return await self._last_given()

    async def _read(self) -> None:
        answer = await self._redis.xread(
            {self._stream: _text(self.position)}, count=_READ_AT_ONCE, block=_BLOCK_MS
        )
        for _, entries in cast(list[tuple[bytes, StreamEntries]], answer):
            for entry in entries:
                entry_id, frame = _framed(entry)
                self.position = entry_id
                for listener in self.listeners:
                    listener.offer(entry_id, frame)


def _text(entry_id: EntryId) -> str:
    return f"{entry_id[0]}-{entry_id[1]}"


def _id(entry_id: bytes) -> EntryId:
    return entry_id_of(entry_id.decode())


def _framed(entry: tuple[bytes, dict[bytes, bytes]]) -> tuple[EntryId, bytes]:
    """An entry as server-sent event: id, type, and the CloudEvent on one line."""
    entry_id, fields = entry
    # In JSON line ends stand between tokens only.
    data = b" ".join(fields.get(b"data", b"{}").splitlines())
    try:
        kind = str(from_json(data)["type"])
    except (ValueError, KeyError, TypeError):
        kind = ""
    named = kind if re.fullmatch(r"[\w.-]{1,60}", kind) else "message"
    return _id(entry_id), b"id: %b\nevent: %b\ndata: %b\n\n" % (entry_id, named.encode(), data)
