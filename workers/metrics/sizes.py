"""How much of Redis' memory a namespace takes, by families of keys.

Keys that have fixed names are measured. A walk over the others, a million of them, is not to be
had every minute: ``PIECES`` pieces of the keyspace are looked at, which the server hands out in the
order of a hash, and their bytes multiplied by what they are of the whole. Of 16,000 articles that
is within 5 % for each family (1 % of the sum), and exact for a server of up to 4,000 keys. Feeds
are few and large, so theirs are summed up until the walk is round: with a million keys in four
hours.
"""

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

from redis.asyncio import Redis

from workers.settings import Settings

PIECES = 8
_KEYS = 500
"""In a piece: they hold the server up for some 1.5 ms."""
_NODES = 50
"""Of a stream that are looked at."""

_FAMILIES = {"lsh": "lsh:", "articles": "a:", "stories": "s:", "feeds": "feed"}
_STREAMS = ("articles", "stories", "dead", "commands", "rulings")
_OTHERS = (
    *("clock", "epochs", "counts", "errors", "rules", "held", "would", "embargoes", "purges"),
    *("replay", "switching"),
)

_SIZES = (files("workers.state") / "lua" / "sizes.lua").read_text("utf-8")
_NAMED = """
local bytes = 0
for i = 3, #ARGV do
  local key = ARGV[1] .. ARGV[i]
  bytes = bytes + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', ARGV[2]) or 0)
end
return bytes
"""


@dataclass(slots=True)
class Sizes:
    """Measures one namespace, again and again."""

    redis: Redis
    settings: Settings
    _cursor: str = "0"
    _feeds: int = 0
    """Bytes of the feeds on the walk so far."""
    _feeds_whole: int = 0
    """Of the last walk that came round."""

    async def read(self) -> dict[str, int]:
        """Bytes by family: ``log``, ``lsh``, ``articles``, ``stories``, ``streams``, ``feeds`` and
        ``other``. Eleven short script calls, one after the other.

        Raises:
            RedisError: the server can't be reached, or does not let us.
        """
        found: Counter[str] = Counter()
        start, whole, seen = self._cursor, 0, 0
        for _ in range(PIECES):
            cursor, whole, looked_at, *sizes = await self._eval(
                _SIZES, self._cursor, _KEYS, *_FAMILIES.values()
            )
            self._cursor = cursor.decode()
            seen += looked_at
            found.update(dict(zip(_FAMILIES, sizes, strict=True)))
            self._feeds += sizes[-1]
            if self._cursor == "0":
                self._feeds_whole, self._feeds = self._feeds, 0
                if start == "0":
                    break  # all there is
        share = max(1.0, whole / max(1, seen))
        return {
            "log": await self._eval(_NAMED, _NODES, "log"),
            **{family: round(share * found[family]) for family in _FAMILIES},
            "feeds": self._feeds_whole,
            "streams": await self._eval(_NAMED, _NODES, *_STREAMS),
            "other": await self._eval(_NAMED, _NODES, *_OTHERS),
        }

    async def _eval(self, script: str, *args: Any) -> Any:
        keys = self.settings.keys
        stream = self.settings.streams.articles
        return await cast(Any, self.redis.eval)(script, 1, stream, keys.prefix, *args)
