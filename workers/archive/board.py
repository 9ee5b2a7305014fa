"""The board: a shelf that follows the streams of one namespace.

It reads story events and dead letters from their start and then as they come. A stream can turn
out to be another one: the namespace was deleted, the server was restored or replaced. Then
everything is forgotten and read again:

* the stream's last entry is older than the last one seen, or there is no stream any more;
* the server is another one (``run_id``): it may have lost the newest entries and told others;
* what comes next doesn't continue the positions, and nothing of what was seen is still there.
"""

import asyncio
import gc
import logging
import time
from typing import Any, cast

from pydantic_core import from_json
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from workers.archive.figures import Counts, counts_of
from workers.archive.letters import Letter, LetterBox
from workers.archive.shelf import EntryId, Shelf, entry_key
from workers.keys import StreamEntries
from workers.settings import Settings
from workers.state.backlog import backlog
from workers.state.pages import pages
from workers.state.scripts import Scripts

log = logging.getLogger("onestory.board")

_CHUNK = 500
_LETTERS_AT_ONCE = 100
_SLICE_S = 0.008
"""For so long events are applied before others get a turn."""
_BLOCK_MS = 200
_LOOK_S = 1.0
_LAG_S = 10.0
_COUNTS_S = 5.0
_PAUSE_S = 0.5
_FREEZE_AFTER = 2_000
"""Events: 10 ms."""
_START = b"0-0"


class Board:
    """What a namespace holds, as far as its events tell. Lives as long as `follow` runs."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._streams = settings.streams
        self.shelf = Shelf()
        self.box = LetterBox()
        self.ready = False
        """Whether everything that was there has been read. It stays true while Redis is away."""
        self.last = _START
        """Id of the entry that was read last."""
        self._last_letter = _START
        self._run_id: bytes | None = None
        self.look_every_s = _LOOK_S
        """How often server, stream and dead letters are looked at."""
        self._looked = self._lag_noted = 0.0
        self.count_every_s = _COUNTS_S
        self.owns_process = False
        """Whether it may take what it holds out of the sight of Python's garbage collector, which
        else walks over it now and then: for 0.8 s at 100,000 articles. What is let go of is freed
        all the same, since nothing in it is circular then."""
        self._unfrozen = 0
        self._counts: Counts | None = None
        self._counted = 0.0
        self._stopping = False

    async def follow(self) -> None:
        """Follow the streams until this is cancelled, or `stop` is called; outlives a server that
        is away.
        """
        task = cast("asyncio.Task[None]", asyncio.current_task())
        # redis-py may turn a cancellation that hits it in a read into an error of its own.
        while not self._stopping and not task.cancelling():
            try:
                await self.step()
            except (RedisError, OSError, TimeoutError) as error:
                if not task.cancelling():
                    log.warning("the board can't read on, will try again: %s", error)
                    await asyncio.sleep(_PAUSE_S)
            except Exception:
                log.exception("the board can't read on, will try again")
                await asyncio.sleep(_PAUSE_S)

    def stop(self) -> None:
        """Let `follow` end with the read that it is in."""
        self._stopping = True

    def letters(self) -> list[Letter]:
        """The dead letters, oldest first. Those of killed articles are not told, though they may
        be in the stream for some seconds yet.
        """
        return [each for each in self.box.letters.values() if not self._is_purged(each)]

    async def counts(self) -> Counts:
        """What is counted over all open stories; at most five seconds old."""
        now = time.monotonic()
        if self._counts is None or now - self._counted >= self.count_every_s:
            self._counts, self._counted = await counts_of(self.shelf), now
        return self._counts

    def _is_purged(self, letter: Letter) -> bool:
        kill = self.shelf.killed.get(letter.article_id or "")
        return kill is not None and kill.ms >= letter.ms

    async def step(self) -> None:
        """Read on once; waits up to 200 ms for events.

        Raises:
            RedisError: the server is away; the next step goes on.
        """
        now = time.monotonic()
        if now - self._looked >= self.look_every_s:
            await self._look()
            await self._read_letters()
            self._looked = now
        if self.ready and now - self._lag_noted >= _LAG_S:
            self._lag_noted = now
            lag = (await backlog(self._redis, self._settings)).lag
            self.shelf.series.at(int(time.time() * 1000)).lag = lag
        entries = await self._read(self._streams.stories, self.last, _CHUNK, _BLOCK_MS)
        if entries and self.ready and await self._is_another(entries[0]):
            self._start_anew("its events don't continue those that were read")
            return
        if entries:
            await self._apply(entries)
        # Not "nothing more came": on a busy namespace something always does.
        if not self.ready and len(entries) < _CHUNK:
            self.ready = True
            self._freeze()
            log.info("the board holds %d articles", len(self.shelf.articles))

    async def _apply(self, entries: StreamEntries) -> None:
        began = time.monotonic()
        for entry_id, fields in entries:
            self.last = entry_id
            try:
                event: Any = from_json(fields[b"data"])
            except (KeyError, ValueError) as error:
                log.warning("entry %s holds no event: %s", entry_id.decode(), error)
                continue
            self.shelf.apply(entry_id, event)
            if time.monotonic() - began > _SLICE_S:
                await asyncio.sleep(0)
                began = time.monotonic()
        self.shelf.settle()
        await asyncio.sleep(0)
        self._unfrozen += len(entries)
        if self._unfrozen >= _FREEZE_AFTER:
            self._freeze()

    def _freeze(self) -> None:
        if self.owns_process:
            gc.collect()  # only what came since the last time: garbage must not be frozen
            gc.freeze()
        self._unfrozen = 0

    async def _look(self) -> None:
        """See whether the stream and the server are still those that were read."""
        run_id = await self._server()
        if self._run_id is not None and run_id != self._run_id:
            self._start_anew("the server is another one")
        self._run_id = run_id
        found = await self._info(self._streams.stories)
        if found is None:
            if self.last != _START:
                self._start_anew("its stream of events is gone")
            return
        if entry_key(found["last-generated-id"]) < entry_key(self.last):
            self._start_anew("its stream of events ends before what was read")
        elif (first := _first_of(found)) is not None:
            self.shelf.forget_before(first)
        elif self.ready:
            self.shelf.forget_before(entry_key(self.last))

    async def _is_another(self, entry: tuple[bytes, dict[bytes, bytes]]) -> bool:
        """Whether new entries are of another stream than what was read before."""
        if self.last == _START:
            return False
        try:
            data = from_json(entry[1][b"data"])["data"]
            continues = data.get("redacted") or data["position"] == self.shelf.position + 1
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        if continues:
            return False
        found = await self._info(self._streams.stories)
        first = None if found is None else _first_of(found)
        return first is None or first > entry_key(self.last)

    async def _read_letters(self) -> None:
        stream, box = self._streams.dead, self.box
        after, scripts = self._last_letter.decode(), Scripts(self._redis)
        async for letters in pages(
            scripts, self._settings.keys, stream, count=_LETTERS_AT_ONCE, after=after
        ):
            for letter in letters:
                self._last_letter = letter.id.encode()
                box.add(self._last_letter, letter.fields.get(b"data", b""))
        # Sent again, dropped, or purged with a killed article: nobody tells of that.
        if int(await self._redis.xlen(stream)) < len(box.letters) + box.let_go:
            self.box, self._last_letter = LetterBox(), _START
            await self._read_letters()

    async def _read(
        self, stream: str, last: bytes, count: int, block_ms: int | None
    ) -> StreamEntries:
        answer = cast(Any, await self._redis.xread({stream: last}, count=count, block=block_ms))
        return cast(StreamEntries, answer[0][1] if answer else [])

    async def _info(self, stream: str) -> dict[str, Any] | None:
        try:
            return await self._redis.xinfo_stream(stream)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return None

    async def _server(self) -> bytes | None:
        """The server's own name of this run; None where asking is not allowed."""
        try:
            found = cast(Any, await self._redis.info("server"))
        except (NoPermissionError, ResponseError):
            return None
        return str(found.get("run_id")).encode()

    def _start_anew(self, why: str) -> None:
        log.warning("the board of %s is built anew: %s", self._settings.namespace, why)
        self.shelf, self.box, self.ready = Shelf(), LetterBox(), False
        self.last = self._last_letter = _START
        self._counts = None


def _first_of(info: dict[str, Any]) -> EntryId | None:
    """The oldest entry that a stream holds."""
    entry = info["first-entry"]
    return None if not entry else entry_key(entry[0])
