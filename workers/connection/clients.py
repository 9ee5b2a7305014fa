"""Clients of Redis: one place for all of them.

A connection asks where its server is each time it is opened, and is closed as soon as the server
says that it is not, or not now, the one to write to. What a caller sees is a broken connection;
whoever repeats the call reaches the server that took over.
"""

import asyncio
import re
from typing import Any

import redis
from redis.asyncio import Redis
from redis.asyncio import connection as aio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from workers.connection.url import CLASSES, Server, server_of
from workers.settings import Settings

_AWAY = (AskError, ClusterDownError, MasterDownError, ReadOnlyError, TryAgainError)
"""MOVED is a kind of ASK here."""
_AWAY_WORDS = re.compile(
    r"(^|-)(READONLY|NOREPLICAS|UNBLOCKED|MISCONF)\b|non local key in a cluster"
)
"""The same where redis-py has no class for it, or a script met it. NOREPLICAS: too few replicas
(``min-replicas-to-write``); MISCONF: its disk is full."""

_PAUSES = ExponentialWithJitterBackoff(base=0.05, cap=0.5)
QUICK, PATIENT = 3, 100
"""Attempts at a call: 3 take half a second, 100 some 25 seconds, longer than a failover."""
_READ_ATTEMPTS = 10
"""Some three seconds: after a read that failed FastStream pauses for five."""

_ASYNC: dict[str, Any] = {
    "redis": aio.Connection,
    "rediss": aio.SSLConnection,
    "unix": aio.UnixDomainSocketConnection,
}


def connect(to: Settings | str, *, name: str | None = None, **options: Any) -> Redis:
    """An asynchronous client that answers in bytes and gives up on a silent server after 10 s.

    Args:
        to: settings; or a URL, but not of a Cluster, where the namespace says which node.
        name: of its connections, as CLIENT LIST shows it.
        options: of redis-py's connections.

    Raises:
        BadRedisUrl: the URL can't be used.
    """
    given = connection_options(to) | {"client_name": name} | options
    return Redis.from_pool(aio.ConnectionPool(**given))


def client(to: Settings | str) -> "redis.Redis":
    """A synchronous client that answers in bytes, and waits out a failover once it has reached
    the server. What it sends may then arrive twice.

    Raises:
        BadRedisUrl: the URL can't be used.
        RedisError: the server does not answer.
    """
    made = _synchronous(_server(to))
    try:
        made.ping()
    except BaseException:
        made.close()
        raise
    made.set_retry(Retry(_PAUSES, PATIENT))
    return made


def client_for_threads(to: Settings | str) -> "redis.Redis":
    """A synchronous client that connects when it is first used, and gives up as early as one of
    `connect`: whoever waits for its answer is told soon that there is none.

    Raises:
        BadRedisUrl: the URL can't be used.
    """
    return _synchronous(_server(to), socket_timeout=10.0, socket_connect_timeout=5.0)


def client_for_a_look(to: Settings | str) -> "redis.Redis":
    """A synchronous client that tries once, and waits two seconds at most.

    Raises:
        BadRedisUrl: the URL can't be used.
    """
    made = _synchronous(_server(to), socket_timeout=2.0, socket_connect_timeout=2.0)
    made.set_retry(Retry(NoBackoff(), 0))
    return made


def connection_options(to: Settings | str, *, attempts: int = QUICK) -> dict[str, Any]:
    """What an asynchronous connection pool is made of."""
    server = _server(to)
    return {
        "socket_timeout": 10.0,
        "socket_connect_timeout": 5.0,
        "retry": AsyncRetry(_PAUSES, attempts),
        **server.options,
        "connection_class": _found_async(server, _ASYNC[server.scheme]),
    }


def broker_options(settings: Settings) -> dict[str, Any]:
    """What FastStream's broker is made of: a URL for the kind of server, the rest as options."""
    return {
        "url": f"{_server(settings).scheme}:///",
        **connection_options(settings, attempts=_READ_ATTEMPTS),
    }


def _synchronous(server: Server, **options: Any) -> "redis.Redis":
    given = {
        **options,
        "retry": Retry(_PAUSES, QUICK),
        **server.options,
        "connection_class": _found(server, CLASSES[server.scheme]),
    }
    return redis.Redis.from_pool(redis.ConnectionPool(**given))


def _server(to: Settings | str) -> Server:
    if isinstance(to, str):
        return server_of(to, None)
    if to.redis_url is None:
        raise ValueError("settings name no Redis server; the command line starts one if absent")
    return server_of(to.redis_url, to.keys.prefix)


def _away(error: ResponseError) -> RedisConnectionError | None:
    """What a caller sees of a server that is not, or not now, the one to write to.

    Raises:
        OutOfMemoryError: it is full, and a script met that; redis-py knows it of commands alone.
    """
    if "-OOM " in str(error):
        raise OutOfMemoryError(str(error)) from error
    if isinstance(error, _AWAY) or _AWAY_WORDS.search(str(error)):
        return RedisConnectionError(f"the server can't be written to now: {error}")
    return None


def _found(server: Server, base: Any) -> type[Any]:
    class Found(base):  # type: ignore[misc]  # the URL says which class
        def _connect(self) -> Any:
            if server.locate is not None:
                self.host, self.port = server.locate()
            return super()._connect()

        def read_response(self, *args: Any, **more: Any) -> Any:
            try:
                return super().read_response(*args, **more)
            except ResponseError as error:
                if (away := _away(error)) is None:
                    raise
                self.disconnect()
                raise away from error

    return Found


def _found_async(server: Server, base: Any) -> type[Any]:
    class Found(base):  # type: ignore[misc]  # as above
        async def _connect(self) -> None:
            if server.locate is not None:
                self.host, self.port = await asyncio.to_thread(server.locate)
            await super()._connect()

        async def send_packed_command(self, *args: Any, **more: Any) -> None:
            try:
                await super().send_packed_command(*args, **more)
            except RuntimeError as error:
                # What uvloop says of a connection that the peer has reset since its last use.
                await self.disconnect(nowait=True)
                raise RedisConnectionError(str(error)) from error

        async def read_response(self, *args: Any, **more: Any) -> Any:
            try:
                return await super().read_response(*args, **more)
            except ResponseError as error:
                if (away := _away(error)) is None:
                    raise
                await self.disconnect(nowait=True)
                raise away from error

    return Found
