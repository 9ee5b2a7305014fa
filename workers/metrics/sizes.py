"""How much of Redis' memory a namespace takes, by families of keys.

A walk over a million keys is not to be had every minute, so most of it is estimated: streams from
``NODES`` of their nodes, LSH buckets from ``SHARDS`` of the hashes, articles and stories from
``ARTICLES`` articles drawn from the log. Not seen: ids of killed articles, and whatever is no key
of this namespace. The keys of feeds have names that nothing else tells; they are looked for in
pieces of ``SCANNED`` keys a time, and what is reported is the last whole round.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, cast

from redis.asyncio import Redis

from workers.keys import LSH_SHARDS
from workers.settings import Settings

NODES = 50
SHARDS = 256
ARTICLES = 128
SCANNED = 10_000

_SIZES = (files("workers") / "lua" / "sizes.lua").read_text("utf-8")
_BOUNDS = """
local function number(found) return found[1] and string.match(found[1][1], '^%d+') or '0' end
local log = ARGV[1] .. 'log'
return {
  number(redis.call('XRANGE', log, '-', '+', 'COUNT', 1)),
  number(redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)),
  redis.call('XLEN', log),
}
"""
"""Smallest and largest number in the log, and its length."""


@dataclass(slots=True)
class Sizes:
    """Measures one namespace, again and again."""

    redis: Redis
    settings: Settings
    _random: random.Random = field(default_factory=random.Random)
    _cursor: str = "0"
    _feeds: int = 0
    """Of the round that goes on."""
    _feeds_whole: int = 0
    """Of the last round that came to its end."""

    async def read(self) -> dict[str, int]:
        """Bytes by family: ``log``, ``lsh``, ``articles``, ``stories``, ``streams``, ``feeds`` and
        ``other``. Two script calls, the second of some 3 ms.

        Raises:
            RedisError: the server can't be reached, or does not let us.
        """
        shards = self._random.sample(range(LSH_SHARDS), SHARDS)
        first, last, length = map(int, await self._eval(_BOUNDS, ()))
        drawn = [self._random.randint(first, last) for _ in range(ARTICLES if length else 0)]
        log, streams, lsh, found, articles, stories, other, feeds, cursor = await self._eval(
            _SIZES, (NODES, self._cursor, SCANNED, SHARDS, *shards, *drawn)
        )
        self._feeds += feeds
        self._cursor = cursor.decode()
        if self._cursor == "0":
            self._feeds_whole, self._feeds = self._feeds, 0
        return {
            "log": log,
            "lsh": lsh * LSH_SHARDS // SHARDS,
            "articles": length * articles // max(1, found),
            "stories": length * stories // max(1, found),
            "streams": streams,
            "feeds": self._feeds_whole,
            "other": other,
        }

    async def _eval(self, script: str, args: Sequence[Any]) -> Any:
        keys = self.settings.keys
        stream = self.settings.streams.articles
        return await cast(Any, self.redis.eval)(script, 1, stream, keys.prefix, *args)
