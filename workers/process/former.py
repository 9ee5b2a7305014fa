"""What a version before this one kept in Redis, and nobody reads any more."""

import time
from dataclasses import dataclass, field

from redis.asyncio import Redis

from workers.keys import FORMER_SHARDS, Keys

SHARDS_AT_ONCE = 2_048
"""Of names, with or without a key. The server frees the memory of 150,000 buckets beside its work
(UNLINK)."""
QUIET_S = 600.0
"""Workers of both versions run side by side for so long while they are exchanged: those of the one
before still find by these buckets what they filed themselves."""


@dataclass(slots=True)
class FormerBuckets:
    """Lets go of the LSH buckets in Redis, once a process, some at each sweep."""

    redis: Redis
    keys: Keys
    quiet_s: float = QUIET_S
    _began: float = field(default_factory=time.monotonic)
    _done: int = 0

    async def let_go(self) -> None:
        """Some of them, if this worker has run for long enough."""
        if self._done == FORMER_SHARDS or time.monotonic() - self._began < self.quiet_s:
            return
        names = range(self._done, min(self._done + SHARDS_AT_ONCE, FORMER_SHARDS))
        await self.redis.unlink(*map(self.keys.former_shard, names))
        self._done = names.stop
