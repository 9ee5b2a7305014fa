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
from typing import Any

from redis.asyncio import Redis

from workers.keys import Key
from workers.settings import Settings
from workers.state.scripts import Scripts

PIECES = 8
_KEYS = 500
"""In a piece: they hold the server up for some 1.5 ms."""
_NODES = 50
"""Of a stream that are looked at."""

_FAMILIES = {
    "articles": Key.ARTICLE,
    "stories": Key.STORY,
    "feeds": Key.FEED.removesuffix(":"),  # and their items
}
_STREAMS = (Key.ARTICLES, Key.STORIES, Key.DEAD, Key.COMMANDS, Key.RULINGS)
_OTHERS = (
    *(Key.CLOCK, Key.EPOCHS, Key.COUNTS, Key.ERRORS, Key.TRIES, Key.RULES, Key.HELD, Key.WOULD),
    *(Key.EMBARGOES, Key.PURGES, Key.REPLAY, Key.SWITCHING),
)


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
        """Bytes by family: ``log``, ``articles``, ``stories``, ``streams``, ``feeds`` and
        ``other``. Eleven short script calls, one after the other.

        Raises:
            RedisError: the server can't be reached, or does not let us.
        """
        found: Counter[str] = Counter()
        start, whole, seen = self._cursor, 0, 0
        for _ in range(PIECES):
            cursor, whole, looked_at, *sizes = await self._answer(
                "sizes", self._cursor, _KEYS, *_FAMILIES.values()
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
            "log": await self._answer("named_sizes", _NODES, Key.LOG),
            **{family: round(share * found[family]) for family in _FAMILIES},
            "feeds": self._feeds_whole,
            "streams": await self._answer("named_sizes", _NODES, *_STREAMS),
            "other": await self._answer("named_sizes", _NODES, *_OTHERS),
        }

    async def _answer(self, script: str, *args: Any) -> Any:
        return await Scripts(self.redis).answer(script, self.settings.keys, *args)
