"""A look at the server now and then: what a worker's own work does not show it."""

from dataclasses import dataclass

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.settings import Settings
from workers.state.scripts import Scripts


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
    answer = await Scripts(redis).answer("look", settings.keys, GROUP)
    seconds, microseconds, last, has_group = map(int, answer)
    return Looked(seconds + microseconds / 1e6, last, bool(has_group))
