"""What the poller remembers of a feed, in Redis, so that a restart fetches and publishes
nothing anew.

``{NS}:feed:URL``: see `schema.Feed`. ``{NS}:feeditems:URL``: item id → ``version digest seen``, and
for an item that came damaged a fourth word, see ``Seen``; bad items are there too, so that each has
one dead letter. URL stands without its secrets, as `fetch.origin_of` makes it. Both are forgotten
``FORGOTTEN_S`` after the last poll.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis
from redis.client import Pipeline

from workers.keys import Keys
from workers.state.schema import Feed

FORGOTTEN_S = 30 * 86_400
MOST_ITEMS = 5_000
"""Items remembered of a feed beside those of its last document: about 1 MB. One that left the
document for so many others does not come back."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a feed's last polls went."""

    etag: str = ""
    last_modified: str = ""
    due_ms: int = 0
    """When to ask next; in the past for a feed that was never asked."""
    failures: int = 0
    """Polls in a row that brought no document."""
    digest: str = ""
    """Of the last document: some servers know no conditional requests."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An item as it was published last."""

    version: int
    """1 where the feed named none, as the article's contract has it."""
    digest: str
    seen_ms: int
    damaged: str = ""
    """Digest of content with U+FFFD that came since and waits; the same as ``digest`` if what was
    published has some itself."""


class Memory:
    """The remembered feeds of one namespace."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    def adopt(self, former: str, url: str) -> None:
        """Take over what is remembered by a former name, which held keys, and forget that name."""
        for name in (self._keys.feed, self._keys.feed_items):
            held = cast(dict[bytes, bytes], self._redis.hgetall(name(former)))
            if not held:
                continue
            pipe = self._redis.pipeline(transaction=True)
            pipe.hset(name(url), mapping=cast(Any, held))
            pipe.expire(name(url), FORGOTTEN_S)
            pipe.hdel(name(former), *map(bytes.decode, held))  # all of it, and so the key
            pipe.execute()

    def state(self, url: str) -> FeedState:
        """The feed's state; a new one for a feed that is not remembered."""
        found = cast(dict[bytes, bytes], self._redis.hgetall(self._keys.feed(url)))
        held = {name.decode(): value.decode() for name, value in found.items()}
        return FeedState(
            held.get(Feed.ETAG, ""),
            held.get(Feed.MODIFIED, ""),
            int(held.get(Feed.DUE_MS, 0)),
            int(held.get(Feed.FAILURES, 0)),
            held.get(Feed.DIGEST, ""),
        )

    def items(self, url: str) -> dict[str, Seen]:
        """The items that are remembered, by id."""
        found = cast(dict[bytes, bytes], self._redis.hgetall(self._keys.feed_items(url)))
        seen = {}
        for name, value in found.items():
            version, digest, seen_ms, *damaged = value.decode().split()
            seen[name.decode()] = Seen(int(version), digest, int(seen_ms), *damaged[:1])
        return seen

    def keep(self, pipe: Pipeline, url: str, state: FeedState) -> None:
        """Queues the feed's new state."""
        key = self._keys.feed(url)
        fields = {
            Feed.ETAG: state.etag,
            Feed.MODIFIED: state.last_modified,
            Feed.DUE_MS: state.due_ms,
            Feed.FAILURES: state.failures,
            Feed.DIGEST: state.digest,
        }
        pipe.hset(key, mapping=cast(Any, fields))
        pipe.expire(key, FORGOTTEN_S)
        pipe.expire(self._keys.feed_items(url), FORGOTTEN_S)

    def keep_items(
        self, pipe: Pipeline, url: str, held: Mapping[str, Seen], fresh: Mapping[str, Seen]
    ) -> None:
        """Queues the items of the newest document; the ones seen longest ago give way."""
        key = self._keys.feed_items(url)
        if fresh:
            values = {
                name: f"{seen.version} {seen.digest} {seen.seen_ms} {seen.damaged}".rstrip()
                for name, seen in fresh.items()
            }
            pipe.hset(key, mapping=cast(Any, values))
        earlier = sorted(held.keys() - fresh.keys(), key=lambda name: held[name].seen_ms)
        surplus = earlier[: max(0, len(earlier) - MOST_ITEMS)]
        if surplus:
            pipe.hdel(key, *surplus)
