"""Why Redis can't be used now, in words that say what to look at."""

import asyncio
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    InvalidResponse,
    NoPermissionError,
    RedisError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

_WITHIN_S: Final = 1.0
"""Of a probe, which whoever asks gives up on soon; a server that works answers in milliseconds."""
_NAMED: Final[tuple[tuple[type[Exception], str], ...]] = (
    (AuthenticationError, "it refuses the user or password of REDIS_URL"),
    (AuthorizationError, "its user may not do this"),
    (NoPermissionError, "its user may not do this"),
    (BusyLoadingError, "it is loading its data"),
    (InvalidResponse, "what answers there is no Redis"),
    (RedisTimeoutError, "it does not answer"),
)


def fault_of(error: BaseException) -> str:
    """An error of a client of Redis, by its cause; its own words where they say more.

    >>> fault_of(AuthenticationError("WRONGPASS invalid username-password pair"))
    'it refuses the user or password of REDIS_URL (WRONGPASS invalid username-password pair)'
    """
    said = str(error) or type(error).__name__
    return next((f"{words} ({said})" for kind, words in _NAMED if isinstance(error, kind)), said)


async def why_away(redis: Redis) -> str | None:
    """Why the server can't be used now; None if it answers. Takes a second at most."""
    ping = asyncio.ensure_future(_pinged(redis))
    # Not `asyncio.timeout`: redis-py takes the end of that for its own, and tries again.
    await asyncio.wait((ping,), timeout=_WITHIN_S)
    if ping.done():
        return ping.result()
    ping.cancel()
    return f"it does not answer within {_WITHIN_S:g} s"


async def _pinged(redis: Redis) -> str | None:
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        return fault_of(error)
    return None
