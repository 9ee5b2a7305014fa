"""The scripts of ``workers/state/lua``, called in pipelines."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from workers.state.era import REFUSED, Era

_NAMES = (
    *("register", "stories", "whole", "change", "bury"),
    *("expired", "trim", "release", "redact"),
)

Call = tuple[str, tuple[str, ...], tuple[Any, ...]]
"""A script's name, its keys and its arguments."""


class Scripts:
    """The scripts as one server knows them."""

    def __init__(self, redis: Redis, era: Era) -> None:
        self._redis = redis
        self._era = era
        self._sha: dict[str, str] = {}

    async def load(self) -> None:
        """Make the scripts known to the server."""
        folder = files("workers.state") / "lua"
        fence = (folder / "fence.lua").read_text("utf-8")
        for name in _NAMES:
            source = (folder / f"{name}.lua").read_text("utf-8")
            self._sha[name] = await self._redis.script_load(fence + source)

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
                pipe.evalsha(self._sha[name], len(keys), *keys, *args, era)
            try:
                answers = await pipe.execute()
            except NoScriptError:
                await self.load()
                continue
            if REFUSED in answers:
                self._era.end(era)
            return answers
        raise NoScriptError("the server forgets scripts as fast as they are loaded")
