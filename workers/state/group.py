"""Who reads a stream: the workers' consumer group, and the workers that are connected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis as SyncRedis
from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.keys import Keys


@dataclass(frozen=True, slots=True)
class Group:
    """The workers' group of a stream."""

    delivered: bytes
    """Id of the entry that was delivered last."""
    pending: int
    """Entries that were delivered and not acknowledged."""


async def group_of(redis: Redis, stream: str) -> Group | None:
    """None while there is no such stream, or nobody has begun to read it."""
    return _ours(await redis.xinfo_groups(stream)) if await redis.exists(stream) else None


def group_seen(redis: SyncRedis, stream: str) -> Group | None:
    """The same through a synchronous client."""
    return _ours(cast(Any, redis.xinfo_groups(stream))) if redis.exists(stream) else None


def _ours(groups: Sequence[dict[str, Any]]) -> Group | None:
    ours = (each for each in groups if each["name"] == GROUP.encode())
    return next((Group(each["last-delivered-id"], each["pending"]) for each in ours), None)


@dataclass(frozen=True, slots=True)
class Connected:
    """One connection of a worker."""

    consumer: str
    database: str


async def connected_workers(redis: Redis, keys: Keys) -> list[Connected]:
    """Connections with a worker's name; a worker has several.

    Consumers of the group would not do: one that never got an entry is none yet, and before Redis
    7.2 their idle time grows while they wait.

    Raises:
        ResponseError: the user may not ask for that.
    """
    prefix = keys.client("")
    return [
        Connected(each["name"].removeprefix(prefix), each["db"])
        for each in await redis.client_list()
        if each["name"].startswith(prefix)
    ]
