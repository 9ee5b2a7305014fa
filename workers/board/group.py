"""What the workers' consumer group says of the articles stream."""

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from contracts.streams import GROUP
from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class Group:
    """How far the workers are."""

    lag: int | None = 0
    """Entries that were not delivered yet; None where Redis can't tell: before 7.0, with
    ``ONESTORY_KEEP_INPUT``."""
    pending: int = 0
    delivered: str = "0-0"
    """Id of the last entry that was delivered."""


async def group_of(redis: Redis, settings: Settings) -> Group:
    """The group's figures; of a namespace where no worker has run, all entries wait."""
    stream = settings.streams.articles
    try:
        groups: list[dict[str, Any]] = await redis.xinfo_groups(stream)
    except ResponseError as error:
        if "no such key" not in str(error):
            raise
        return Group()
    found = next((each for each in groups if each["name"] == GROUP.encode()), None)
    length = int(await redis.xlen(stream))
    if found is None:
        return Group(lag=length)
    pending = int(found["pending"])
    lag = found.get("lag")
    if lag is None and not settings.keep_input:
        lag = max(0, length - pending)  # what was handled is deleted
    return Group(lag, pending, found["last-delivered-id"].decode())
