"""A server that went back in time: noticed before anything that it answers is used.

Redis syncs its file once a second, and a replica is some commands behind. After a kill -9 or a
failover the last writes are gone, and numbers, revisions and positions are given once more,
to other things. A worker's memory (window, rules, registered articles) would then speak of what
never happened. Three parts keep it from that:

1. Every connection of a worker begins with ``lua/era.lua``: the first one to a server that is
   new, or has become a master, begins an era: a random word in ``{NS}:clock``.
2. Every script call carries the era that the worker's memory is of, and is refused in any other
   (``lua/fence.lua``). What is read into memory without a script is read together with the era.
   So an answer is never used with the memory of another era, whatever restarts between two calls.
3. A refused worker takes up the new era and registers again what it has in hand
   (``placing/turns.py``). Its window it keeps if the era before was its own and ended behind all
   that the window has followed: nothing of that is lost; and if no other worker of the host has
   blanked a word of it, for a kill that may be lost. Else it reads the window anew.

Whoever begins an era also has the server write its append-only file anew. A file that was cut
within the writes of a script is mended in memory only: the beginning of the transaction stays in
it, and the next restart would run that together with what was written since, so an event would
be there twice (Redis 6.2.14 does; mended in Valkey in August 2026, valkey-io/valkey#4342).
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, cast

from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from workers.errors import WentBack
from workers.keys import Keys
from workers.state.lua_source import source

REFUSED = b"ERA"
"""What ``lua/fence.lua`` answers."""


@dataclass(slots=True)
class Era:
    """The era that a worker's memory is of."""

    current: str = ""
    """Empty before the first: calls are then not refused."""
    _ended: str | None = None
    _before: str = ""
    _last: int = 0
    _floor: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the server has refused it."""
        return self.current != "" and self._ended == self.current

    def check(self, found: bytes | None) -> None:
        """Compare with what the server says.

        Raises:
            WentBack: it is in another era.
        """
        if self.current and found != self.current.encode():
            self.end(self.current)

    def must_be(self, era: str) -> None:
        """For who read something in an era and now writes, without a turn around it.

        Raises:
            WentBack: this worker has taken up another one meanwhile.
        """
        if era != self.current:
            raise WentBack

    def end(self, era: str) -> None:
        """Note that an era is over.

        Raises:
            WentBack: always.
        """
        self._ended = era
        raise WentBack

    async def take_up(self, redis: Redis, keys: Keys) -> None:
        """The server's era becomes this one."""
        over = self.current if self.is_over else ""
        era, before, self._last, self._floor = await redis.eval(*_call(keys, over))
        self.current, self._before = era.decode(), before.decode()

    def continues(self, era: str, last: int, floor: int) -> bool:
        """Whether all that was followed through number ``last`` of an era, and cut below
        ``floor``, is in this one too.
        """
        return era == self._before and last <= self._last and floor <= self._floor


def era_of(redis: SyncRedis, keys: Keys) -> bytes:
    """The server's era, begun if need be."""
    call = _call(keys, "")
    era = cast(bytes, cast(Any, redis.eval(*call))[0])
    if _is_begun_by(call, era) and cast(Any, redis.info("persistence"))["aof_enabled"]:
        with suppress(ResponseError):
            redis.bgrewriteaof()
    return era


def greeting(keys: Keys) -> Callable[[Any], Awaitable[None]]:
    """What a connection of a worker does first; for redis-py's ``redis_connect_func``."""

    async def greet(connection: Any) -> None:
        await connection.on_connect()
        call = _call(keys, "")
        era, *_ = await _asked(connection, "EVAL", *call)
        if _is_begun_by(call, era):
            with suppress(ResponseError):  # it is at it already, or its users may not
                if b"aof_enabled:1" in await _asked(connection, "INFO", "persistence"):
                    await _asked(connection, "BGREWRITEAOF")

    return greet


async def _asked(connection: Any, *words: Any) -> Any:
    await connection.send_command(*words)
    return await connection.read_response()


def _is_begun_by(call: tuple[Any, ...], era: bytes) -> bool:
    return bool(era.decode() == call[-2])


def _call(keys: Keys, over: str) -> tuple[Any, ...]:
    # Whole and unfenced: a new server knows no script yet, and this is what begins an era.
    script = source("era", is_fenced=False)
    return (script, 1, keys.streams.articles, keys.prefix, token_hex(6), over)
