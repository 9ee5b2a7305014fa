"""What Redis knows of one article at this moment: its record, its entry, what holds it back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.backlog import backlog
from workers.board.shelf import entry_key
from workers.entries import Entry, article_of
from workers.errors import Unprocessable
from workers.keys import StreamEntries
from workers.settings import Settings

SCANNED = 2_000
"""Entries that are looked through for an article that no worker has registered: the newest of
those that wait, and of those in work."""
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that a worker has got and not finished."""

    deliveries: int
    idle_ms: int
    consumer: str


@dataclass(slots=True)
class Whereabouts:
    """Everything at once; see `whereabouts_of`."""

    record: dict[str, str] = field(default_factory=dict)
    """``lua/register.lua`` says what its fields are."""
    is_held: bool = False
    embargo_ms: int | None = None
    would: dict[str, Any] = field(default_factory=dict)
    entry_id: str | None = None
    """Of the entry that waits or is in work; of the one asked for, if one was."""
    pending: Pending | None = None
    error: str | None = None
    """Why its last attempt failed."""
    waits: bool = False
    """It was not delivered yet."""
    is_there: bool = False
    """The entry is in the stream, and is this article's."""
    not_scanned: int | None = None
    """Older entries in the stream that were not looked through; None if the article was found."""
    now_ms: int = 0


async def whereabouts_of(
    redis: Redis, settings: Settings, article_id: str, entry_id: str | None
) -> Whereabouts:
    """What is known of an article; ``entry_id`` names the entry that it was published as."""
    keys = settings.keys
    pipe = redis.pipeline(transaction=True)
    pipe.hgetall(keys.article(article_id))
    pipe.hexists(keys.held, article_id)
    pipe.zscore(keys.embargoes, article_id)
    pipe.hget(keys.would, article_id)
    pipe.time()
    record, is_held, embargo, would, (seconds, micros) = await pipe.execute()
    found = Whereabouts(
        record={name.decode(): value.decode() for name, value in record.items()},
        is_held=bool(is_held),
        embargo_ms=None if embargo is None else int(embargo),
        would=json.loads(would) if would else {},
        now_ms=seconds * 1000 + micros // 1000,
    )
    found.entry_id = entry_id or found.record.get("pe")
    if found.entry_id is None and not found.is_held and "k" not in found.record:
        await _find(redis, settings, article_id, found)
    if found.entry_id is not None:
        await _look_at(redis, settings, article_id, found)
    return found


async def _look_at(redis: Redis, settings: Settings, article_id: str, found: Whereabouts) -> None:
    """What became of one entry."""
    stream, at = settings.streams.articles, cast(str, found.entry_id)
    delivered = await _delivered(redis, stream)
    entries = cast(StreamEntries, await redis.xrange(stream, min=at, max=at))
    found.is_there = any(_is_of(each, article_id, settings) for each in entries)
    found.waits = found.is_there and (
        delivered is None or entry_key(at.encode()) > entry_key(delivered)
    )
    if delivered is None:
        return
    pending: Any = await redis.xpending_range(stream, GROUP, at, at, 1)
    if pending:
        (one,) = pending
        consumer = one["consumer"].decode("utf-8", "replace")
        found.pending = Pending(one["times_delivered"], one["time_since_delivered"], consumer)
    error = await cast(Any, redis.hget(settings.keys.errors, at))
    found.error = error.decode("utf-8", "replace") if error else None


async def _find(redis: Redis, settings: Settings, article_id: str, found: Whereabouts) -> None:
    """Look for an article that is in no record: it waits, or its worker died early."""
    stream = settings.streams.articles
    delivered = await _delivered(redis, stream)
    behind = "-" if delivered is None else f"({delivered.decode()}"
    above, seen = "+", 0
    while seen < SCANNED:
        entries = cast(
            StreamEntries,
            await redis.xrevrange(stream, max=above, min=behind, count=_CHUNK),
        )
        if not entries:
            break
        if (match := _first(entries, article_id, settings)) is not None:
            found.entry_id = match
            return
        seen += len(entries)
        above = f"({entries[-1][0].decode()}"
    waiting = await backlog(redis, settings)
    found.not_scanned = max(0, waiting.lag - seen)
    if waiting.pending:
        await _find_pending(redis, settings, article_id, found, waiting.pending)


async def _find_pending(
    redis: Redis, settings: Settings, article_id: str, found: Whereabouts, count: int
) -> None:
    stream = settings.streams.articles
    pending: Any = await redis.xpending_range(stream, GROUP, "-", "+", SCANNED)
    ids = [each["message_id"] for each in pending]
    for start in range(0, len(ids), _CHUNK):
        pipe = redis.pipeline(transaction=False)
        for each in ids[start : start + _CHUNK]:
            pipe.xrange(stream, min=each, max=each)
        entries = [entry for answer in await pipe.execute() for entry in answer]
        if (match := _first(entries, article_id, settings)) is not None:
            found.entry_id, found.not_scanned = match, None
            return
    found.not_scanned = (found.not_scanned or 0) + max(0, count - len(ids))


async def _delivered(redis: Redis, stream: str) -> bytes | None:
    """Id of the last entry that was delivered to a worker; None while there is no group."""
    if not await redis.exists(stream):
        return None
    groups: list[dict[str, Any]] = await redis.xinfo_groups(stream)
    found = (each["last-delivered-id"] for each in groups if each["name"] == GROUP.encode())
    return next(found, None)


def _first(entries: Iterable[Any], article_id: str, settings: Settings) -> str | None:
    hits = (each for each in entries if _is_of(each, article_id, settings))
    return next((entry_id.decode() for entry_id, _ in hits), None)


def _is_of(entry: tuple[bytes, dict[bytes, bytes]], article_id: str, settings: Settings) -> bool:
    entry_id, fields = entry
    # An id is written as it is, or with \\u escapes, which this can't know.
    quick = article_id.encode()
    if not any(quick in value or b"\\u" in value or b"\\/" in value for value in fields.values()):
        return False
    try:
        article = article_of(Entry(entry_id.decode(), fields), settings.max_entry_bytes)
    except Unprocessable:
        return False
    return article.id == article_id
