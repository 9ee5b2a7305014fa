"""A stream read a page at a time, in bounded memory."""

from collections.abc import AsyncIterator, Iterator
from itertools import starmap
from typing import Any, cast

from redis import Redis as SyncRedis

from workers.keys import Keys
from workers.settings import Settings
from workers.state.entries import Entry, told
from workers.state.lua_source import source
from workers.state.scripts import Scripts

PAGE_BYTES = 32_000_000
"""Twice the largest dead letter that the largest entry makes; most pages have some kilobytes."""


async def pages(
    scripts: Scripts, keys: Keys, stream: str, *, count: int, after: str = "0-0"
) -> AsyncIterator[list[Entry]]:
    """Its entries behind ``after``, oldest first: so many at a time, or as many as ``PAGE_BYTES``
    hold. One that is larger is told by its beginning.

    Raises:
        RedisError: the server can't be reached.
    """
    while True:
        words = (f"({after}", "+", count, PAGE_BYTES)
        answer = await scripts.answer("page", keys, *words, stream=stream)
        if not answer:
            return
        page = list(starmap(told, answer))
        after = page[-1].id
        yield page


def pages_seen(
    redis: SyncRedis, keys: Keys, stream: str, *, count: int, after: str = "0-0", last: str = "+"
) -> Iterator[list[Entry]]:
    """The same through a synchronous client, up to the entry ``last``.

    Raises:
        RedisError: the server can't be reached.
    """
    script = redis.register_script(source("page"))
    while True:
        words = (keys.prefix, f"({after}", last, count, PAGE_BYTES, "")
        answer = cast(Any, script(keys=[stream], args=words))
        if not answer:
            return
        page = list(starmap(told, answer))
        after = page[-1].id
        yield page


async def entry_at(scripts: Scripts, settings: Settings, entry_id: str) -> Entry | None:
    """One entry of the articles stream, cut if it is larger than an entry may be; None if it is not
    there.

    Raises:
        RedisError: the server can't be reached, or the id is none.
    """
    words = (entry_id, entry_id, 1, settings.max_entry_bytes)
    answer = await scripts.answer("page", settings.keys, *words)
    return told(*answer[0]) if answer else None
