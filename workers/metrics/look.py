"""A look at the server now and then: what a worker's own work does not show it."""

from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.settings import Settings

_SCRIPT = """
local time, has_group = redis.call('TIME'), 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    if group[2] == ARGV[1] then has_group = 1 end
  end
end
local last = redis.call('HGET', ARGV[2] .. 'clock', 'n') or '0'
return {time[1], time[2], tonumber(last), has_group}
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the server said."""

    at: float
    """Its clock: seconds since 1970."""
    last_number: int
    """Of the newest entry of the log."""
    has_group: bool


async def look(redis: Redis, settings: Settings) -> Looked:
    """Asks; one round trip.

    Raises:
        RedisError: the server can't be reached.
    """
    stream, prefix = settings.streams.articles, settings.keys.prefix
    answer = await cast(Any, redis.eval)(_SCRIPT, 1, stream, GROUP, prefix)
    seconds, microseconds, last, has_group = map(int, answer)
    return Looked(seconds + microseconds / 1e6, last, bool(has_group))
