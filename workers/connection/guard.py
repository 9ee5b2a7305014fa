"""Whether a server may be worked on: what it is given must stay until onestory takes it away.

A server whose ``maxmemory_policy`` is another than ``noeviction`` drops keys when it is full, and
says nothing to anybody: with ``volatile-lru`` the memories of kills go first, the only keys that
expire, and what was killed is published; with ``allkeys-lru`` the articles themselves. The policy
counts also where ``maxmemory`` is 0: a limit can come at any time, and managed servers hide theirs.
All of it is read from INFO, since managed servers hide CONFIG.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, cast

from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from workers.connection.server_binary import OLDEST, dotted
from workers.errors import EvictingServer, RedisTooOld

log = logging.getLogger("onestory.server")

EVERY_S = 10.0
"""Between two looks of a process that goes on; INFO takes a tenth of a millisecond."""
KEEPS_ALL = "noeviction"
PATCHED = {
    "redis": {(6, 2): 20, (7, 2): 11, (7, 4): 6, (8, 0): 4, (8, 2): 2},
    "valkey": {(7, 2): 11, (8, 0): 6, (8, 1): 4},
}
"""First patch levels, by product and line, in which a Lua script can't run code of its own
(CVE-2025-49844). Lines that are not here are newer, or (7.0) never got it from their makers."""

_EVICTED = (
    "%d keys were evicted since %s: articles, stories or the memory of kills may be lost "
    "(deploy/RUNBOOK.md, OnestoryEvicted)"
)

Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ServerSaid:
    """What a server says of itself."""

    product: str
    """``redis`` or ``valkey``."""
    version: Version
    policy: str
    max_memory: int
    """0: none is told."""
    evicted_keys: int
    """Since the server started."""
    appends: bool
    """Whether it writes an append-only file."""

    @classmethod
    def read(cls, info: Mapping[str, Any]) -> Self:
        """Of what INFO answers."""
        is_valkey = "valkey_version" in info
        return cls(
            "valkey" if is_valkey else "redis",
            _version(info["valkey_version" if is_valkey else "redis_version"]),
            str(info.get("maxmemory_policy", KEEPS_ALL)),
            int(info.get("maxmemory", 0)),
            int(info.get("evicted_keys", 0)),
            bool(int(info.get("aof_enabled", 1))),
        )

    def must_keep_all(self, *, allow_eviction: bool) -> None:
        """``allow_eviction``: what the settings say.

        Raises:
            EvictingServer: it may drop what it is given.
        """
        if self.policy != KEEPS_ALL and not allow_eviction:
            raise EvictingServer(self.policy)


def refuse_too_old(redis: SyncRedis) -> None:
    """By HELLO, which every user may say.

    Raises:
        RedisTooOld: the server is older than the oldest that this project supports.
    """
    try:
        said = cast(Any, redis.execute_command("HELLO"))  # type: ignore[no-untyped-call]
    except NoPermissionError:
        return
    except ResponseError as error:
        if "unknown command" in str(error).lower():  # before 6.0
            raise RedisTooOld(_too_old("older than 6.0")) from error
        raise
    named = said if isinstance(said, dict) else dict(zip(said[::2], said[1::2], strict=True))
    by_name = {_text(name): _text(value) for name, value in named.items()}
    version = _version(by_name["version"])
    if by_name["server"] == "redis" and version < OLDEST:
        raise RedisTooOld(_too_old(dotted(version)))


def said_by(redis: SyncRedis) -> ServerSaid | None:
    """None where INFO is refused: users that only publish could not say it before."""
    try:
        return ServerSaid.read(cast(Any, redis.info()))
    except NoPermissionError:
        return None


def warnings_of(said: ServerSaid, redis: SyncRedis) -> Iterator[str]:
    """What an operator should know of a server that is worked on, a line each."""
    if said.policy != KEEPS_ALL:
        yield (
            f"maxmemory-policy is {said.policy}, which ONESTORY_ALLOW_EVICTION allows: a full "
            "server drops articles, stories and the memory of kills"
        )
    if not said.appends and (saves := _saves(redis)) != "yes":
        seen = "save is empty" if saves == "no" else "whether it saves snapshots can't be seen"
        yield (
            f"the server writes no append-only file, and {seen}: a restart loses all stories and "
            "what waits; set appendonly yes (deploy/redis.conf)"
        )
    if said.max_memory == 0:
        yield (
            "the server names no memory limit (maxmemory 0): without one the kernel ends it when "
            "the machine is full; a limit makes that an error which workers wait out"
        )
    if (first := _patched(said)) is not None:
        yield (
            f"{said.product.capitalize()} {dotted(said.version)} is by its number older than "
            f"{first}, which mends CVE-2025-49844 (a script runs code of its own); a distribution "
            "may have mended it under the old number"
        )


@dataclass(slots=True)
class Guard:
    """Looks at the server of a process that goes on, now and then."""

    redis: Redis
    allow_eviction: bool
    evicted: int = 0
    """Keys that were evicted since this process began to look."""
    refused: str | None = None
    """Why nothing may be given to the server now."""
    _last: int | None = None
    _looked_at: float = field(default=float("-inf"))
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self, *, now: bool = False) -> None:
        """If the last look is ``EVERY_S`` old, or ``now``.

        Raises:
            EvictingServer: the server may drop what it is given.
            RedisError: it can't be reached.
        """
        if not now and time.monotonic() - self._looked_at < EVERY_S:
            return
        try:
            said = ServerSaid.read(cast(Any, await self.redis.info()))
        except NoPermissionError:
            self._looked_at = time.monotonic()
            return
        self._looked_at = time.monotonic()
        self._count(said.evicted_keys)
        try:
            said.must_keep_all(allow_eviction=self.allow_eviction)
        except EvictingServer as error:
            self.refused = str(error)
            raise
        self.refused = None

    async def follow(self) -> None:
        """Look until `stop` is called; outlives a server that is away."""
        while not self._stopping.is_set():
            with suppress(EvictingServer, RedisError, OSError):
                await self.look(now=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), EVERY_S)

    def stop(self) -> None:
        """Let `follow` end."""
        self._stopping.set()

    def _count(self, evicted: int) -> None:
        if self._last is None:
            if evicted:
                # Also of a process that takes the place of one which would have seen it.
                log.warning(_EVICTED, evicted, "the server started")
        else:
            # A server that was restarted begins at 0.
            fresh = evicted - self._last if evicted >= self._last else evicted
            self.evicted += fresh
            if fresh:
                log.error(_EVICTED, fresh, "the last look")
        self._last = evicted


def _saves(redis: SyncRedis) -> str:
    """``yes``, ``no``, or ``?`` where CONFIG is refused."""
    try:
        return "yes" if cast(Any, redis.config_get("save")).get("save") else "no"
    except ResponseError:
        return "?"


def _patched(said: ServerSaid) -> str | None:
    """The first release that is mended, if this one is older by its number."""
    lines = PATCHED[said.product]
    line, patch = said.version[:2], said.version[2]
    if line in lines:
        return dotted((*line, lines[line])) if patch < lines[line] else None
    later = [each for each in lines if each > line]
    return dotted((*min(later), lines[min(later)])) if later else None


def _version(text: object) -> Version:
    major, minor, patch, *_ = *map(int, str(text).split(".")[:3]), 0, 0, 0
    return major, minor, patch


def _too_old(found: str) -> str:
    return (
        f"the server is Redis {found}, expected {dotted(OLDEST)} or newer, or Valkey: "
        "install a newer one, or name another in REDIS_URL"
    )


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
