"""The scripts of ``workers/state/lua``, called in pipelines."""

from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from workers.keys import Keys
from workers.state.era import REFUSED, Era
from workers.state.lua_source import sha, source

_NAMES = (
    *("register", "stories", "whole", "change", "bury"),
    *("expired", "release", "redact", "look"),
    *("claim", "settle", "fail", "missed"),
    *("read", "page", "present", "strays", "prune", "letters"),
)
"""Those that a worker calls. All others only read, and are loaded where somebody asks."""

Call = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""A script's name, its keys and its arguments, of which the first is the prefix of keys."""


class Scripts:
    """The scripts as one server knows them; who only looks has no era, and is never refused."""

    def __init__(self, redis: Redis, era: Era | None = None) -> None:
        self._redis = redis
        self._era = era or Era()

    async def load(self, names: Iterable[str] = _NAMES) -> None:
        """Make scripts known to the server."""
        for name in names:
            await self._redis.script_load(source(name))

    async def run(self, calls: Iterable[Call]) -> list[Any]:
        """The answers of calls, in one round trip; a restarted server is told the scripts again.

        Raises:
            RedisError: a call failed, or the server can't be reached.
            WentBack: the server is in another era; calls before may have been answered.
        """
        calls, era = list(calls), self._era.current
        for _attempt in range(2):
            pipe = self._redis.pipeline(transaction=False)
            for name, keys, args in calls:
                pipe.evalsha(sha(name), len(keys), *keys, *args, era)
            try:
                answers = await pipe.execute()
            except NoScriptError:
                await self.load(dict.fromkeys(name for name, *_ in calls))
                continue
            if REFUSED in answers:
                self._era.end(era)
            return answers
        raise NoScriptError("the server forgets scripts as fast as they are loaded")

    async def answer(self, name: str, keys: Keys, *args: Any, stream: str | None = None) -> Any:
        """The answer of one script. ``stream``: which it is about, by default the articles'.

        Raises:
            RedisError: it failed, or the server can't be reached.
            WentBack: the server is in another era.
        """
        about = stream or keys.streams.articles
        (answer,) = await self.run([(name, (about,), (keys.prefix, *args))])
        return answer
