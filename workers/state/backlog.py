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
from typing import NamedTuple

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.keys import Keys
from workers.settings import Settings
from workers.state.scripts import Scripts

MOST_COUNTED = 10_000
_COUNTED_AT_ONCE = 500
"""By one script call, which holds the server up for some 1.5 ms."""
_PENDING_SEEN = 1_000
"""Oldest pending entries of which the longest idle is looked for."""


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


class Answer(NamedTuple):
    """What ``lua/backlog.lua`` answers; ids are empty where there is no such entry."""

    now_ms: bytes
    """The server's clock."""
    length: int
    delivered: bytes
    """Id of the entry that was delivered last."""
    counted: int
    """The lag as the server counts it; -1 where it can't."""
    pending: int
    idle_ms: int
    first: bytes
    """Id of the stream's first entry."""
    oldest: bytes
    """Of the first one that is pending."""
    waiting: bytes
    """Of the first one that was not delivered."""

    def lag(self, *, keeps_input: bool) -> int | None:
        """What can be told from this; None where entries must be counted one by one."""
        if not self.waiting:
            return 0
        if not self.delivered:
            return self.length
        if self.counted >= 0:
            return self.counted
        if keeps_input or (_precedes(self.first, self.waiting) and self.first != self.oldest):
            return None
        return max(1, self.length - self.pending)


async def backlog(redis: Redis, settings: Settings) -> Backlog:
    """The backlog of a namespace's articles stream; a stream or group that is absent is empty.

    One round trip and some 50 µs of the server's time, but for a long backlog of kept input.

    Raises:
        RedisError: the server can't be reached.
    """
    scripts, keys = Scripts(redis), settings.keys
    found = Answer(*await scripts.answer("backlog", keys, GROUP, _PENDING_SEEN))
    lag = found.lag(keeps_input=settings.keep_input)
    if lag is None:
        lag = await _behind(scripts, keys, found.delivered)
    return Backlog(
        lag=min(lag, found.length),
        pending=found.pending,
        oldest_idle_ms=found.idle_ms,
        oldest_waiting_ms=max(0, int(found.now_ms) - _ms(found.waiting)) if found.waiting else 0,
    )


async def _behind(scripts: Scripts, keys: Keys, entry_id: bytes) -> int:
    counted = 0
    while counted < MOST_COUNTED:
        more, entry_id = await scripts.answer("behind", keys, entry_id, _COUNTED_AT_ONCE)
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
