"""What waits on the articles stream: entries nobody was given yet, and entries in work.

The lag is the number of entries behind the group's last delivered one. No server says that in
every case:

* Redis 7 and later count it, but answer nothing while an entry was deleted that lies behind one
  which is still there, and placed entries are deleted; 6.2 does not count it.
* Where placed entries are deleted, what is neither waiting nor pending is gone: the lag is the
  stream's length less what is pending. Too small by the pending entries that somebody else
  deleted or trimmed, until they are dead letters (``workers/process/reclaim.py``).
* Where they are kept (``ONESTORY_KEEP_INPUT``) neither helps, and what waits is counted, up to
  ``MOST_COUNTED``: that number means "at least".
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.settings import Settings

MOST_COUNTED = 10_000
_COUNTED_AT_ONCE = 500
"""By one script call, which holds the server up for some 1.5 ms."""
_PENDING_SEEN = 1_000
"""Oldest pending entries of which the longest idle is looked for."""

_LUA = files("workers.state") / "lua"
_BACKLOG = (_LUA / "backlog.lua").read_text("utf-8")
_BEHIND = (_LUA / "behind.lua").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits on a stream at one moment."""

    lag: int
    """Entries that were not delivered to any worker yet."""
    pending: int
    """Entries that a worker has in hand, or had when it died."""
    oldest_idle_ms: int
    """Longest time that a pending entry was not touched by its worker; 0 if none is pending."""
    oldest_waiting_ms: int
    """Age of the oldest entry that was not delivered; 0 if there is none."""


async def backlog(redis: Redis, settings: Settings) -> Backlog:
    """The backlog of a namespace's articles stream; a stream or group that is absent is empty.

    One round trip and some 50 µs of the server's time, but for a long backlog of kept input.

    Raises:
        RedisError: the server can't be reached.
    """
    stream = settings.streams.articles
    answer = await cast(Any, redis.eval)(_BACKLOG, 1, stream, GROUP, _PENDING_SEEN)
    now, length, delivered, counted, pending, idle, first, oldest, waiting = answer
    if not waiting:
        lag = 0
    elif not delivered:
        lag = length
    elif counted >= 0:
        lag = counted
    elif settings.keep_input or (_precedes(first, waiting) and first != oldest):
        lag = await _behind(redis, stream, delivered)
    else:
        lag = max(1, length - pending)
    return Backlog(
        lag=min(lag, length),
        pending=pending,
        oldest_idle_ms=idle,
        oldest_waiting_ms=max(0, int(now) - _ms(waiting)) if waiting else 0,
    )


async def _behind(redis: Redis, stream: str, entry_id: bytes) -> int:
    counted = 0
    while counted < MOST_COUNTED:
        more, entry_id = await cast(Any, redis.eval)(_BEHIND, 1, stream, entry_id, _COUNTED_AT_ONCE)
        counted += more
        if more < _COUNTED_AT_ONCE:
            break
    return counted


def _ms(entry_id: bytes) -> int:
    return int(entry_id.split(b"-")[0])


def _precedes(one: bytes, other: bytes) -> bool:
    """Whether one entry id is smaller: the entry came first."""
    first, second = (tuple(map(int, each.split(b"-"))) for each in (one, other))
    return first < second
