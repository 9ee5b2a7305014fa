"""Which namespaces a server has, for whoever mistyped the name of one."""

from typing import Any, cast

from redis import Redis
from redis.exceptions import NoPermissionError

from contracts.streams import Streams
from workers.keys import Keys

_AT_ONCE = 10_000
"""Keys that one SCAN call looks at: some 3 ms of the server's time."""
_CALLS = 100
"""A million keys, so of a window of a million articles not all: others may be there too."""


def holds_nothing(redis: Redis, keys: Keys) -> bool:
    """Whether no article was ever sent to a namespace, or placed in it; rules may have been.

    False where the user may not ask: it is no reason to refuse what it may read.
    """
    streams = keys.streams
    asked = (streams.articles, streams.stories, streams.dead, keys.clock, keys.model)
    try:
        return not redis.exists(*asked)
    except NoPermissionError:
        return False


def namespaces_on(redis: Redis) -> list[str]:
    """Names of namespaces that articles were sent to, sorted; none where the user may not ask."""
    found: set[str] = set()
    cursor = 0
    try:
        for _ in range(_CALLS):
            cursor, names = cast(
                Any, redis.scan(cursor, match="{*}:*", count=_AT_ONCE, _type="stream")
            )
            found.update(map(_namespace_of, names))
            if cursor == 0:
                break
    except NoPermissionError:
        return []
    return sorted(found - {""})


def _namespace_of(key: bytes) -> str:
    name = key.decode("utf-8", "replace").partition("}")[0].removeprefix("{")
    try:
        streams = Streams(name)
    except ValueError:  # a hash tag of somebody else
        return ""
    return name if key.decode() in {streams.articles, streams.stories} else ""
