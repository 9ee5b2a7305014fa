"""What Redis knows of one article at this moment: its record, its entry, what holds it back."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic_core import from_json
from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.archive.records import whole_ms
from workers.archive.shelf import entry_key
from workers.errors import Unprocessable
from workers.keys import StreamEntries
from workers.settings import Settings
from workers.state.backlog import backlog
from workers.state.entries import Entry, article_of
from workers.state.group import group_of
from workers.state.readable_id import readable_id
from workers.state.schema import Article as Record
from workers.state.scripts import Scripts

SCANNED = 2_000
"""Entries that are looked through for an article that no worker has registered: the newest of
those that wait, and of those in work."""
_CHUNK = 200
"""Looked through by one call, which holds the server up for about a millisecond."""


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
    """`schema.Article` says what its fields are."""
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
        embargo_ms=None if embargo is None else whole_ms(embargo),
        would=_noted(would),
        now_ms=seconds * 1000 + micros // 1000,
    )
    found.entry_id = entry_id or found.record.get(Record.PENDING_ENTRY)
    is_known = found.is_held or {Record.NUMBER, Record.KILLED} & found.record.keys()
    if found.entry_id is None and not is_known:
        await _find(redis, settings, article_id, found)
    if found.entry_id is not None:
        await _look_at(redis, settings, article_id, found)
    return found


def _noted(would: bytes | None) -> dict[str, Any]:
    """Where it would go; nothing of a note that can't be read."""
    try:
        noted = from_json(would or b"{}")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}


async def _look_at(redis: Redis, settings: Settings, article_id: str, found: Whereabouts) -> None:
    """What became of one entry."""
    stream, at = settings.streams.articles, cast(str, found.entry_id)
    group = await group_of(redis, stream)
    delivered = None if group is None else group.delivered
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
    group = await group_of(redis, settings.streams.articles)
    behind = "-" if group is None else f"({group.delivered.decode()}"
    waiting = await backlog(redis, settings)
    seeker = _Seeker(redis, settings, article_id)
    found.entry_id = await seeker.waiting(behind) or await seeker.in_work(waiting.pending)
    if found.entry_id is None:
        found.not_scanned = max(0, waiting.lag + waiting.pending - seeker.seen)


@dataclass(slots=True)
class _Seeker:
    """Looks through a stream for an article; the server does, a chunk at a time."""

    redis: Redis
    settings: Settings
    article_id: str
    seen: int = 0

    async def waiting(self, behind: str) -> str | None:
        """Among the newest entries behind one."""
        above, seen = "+", 0
        while seen < SCANNED:
            count, last, entry_id = await self._seek("", above, behind)
            if entry_id is not None or not count:
                return entry_id
            seen += count
            above = f"({last.decode()}"
        return None

    async def in_work(self, pending: int) -> str | None:
        """Among the oldest entries that are pending."""
        start, seen = "-", 0
        while seen < min(pending, SCANNED):
            count, last, entry_id = await self._seek(GROUP, "+", start)
            if entry_id is not None or not count:
                return entry_id
            seen += count
            start = f"({last.decode()}"
        return None

    async def _seek(self, group: str, upper: str, lower: str) -> tuple[int, bytes, str | None]:
        stream, words = self.settings.streams.articles, _spellings(self.article_id)
        count, last, *hits = await Scripts(self.redis).answer(
            "seek", self.settings.keys, group, upper, lower, _CHUNK, *words
        )
        self.seen += count
        for hit in hits:
            entries = cast(StreamEntries, await self.redis.xrange(stream, min=hit, max=hit))
            if any(_is_of(each, self.article_id, self.settings) for each in entries):
                return count, last, hit.decode()
        return count, last, None


def _spellings(article_id: str) -> list[str]:
    """How an id may stand in an entry: as it is, and as JSON writes it."""
    escaped = json.dumps(article_id)[1:-1]
    plain = json.dumps(article_id, ensure_ascii=False)[1:-1]
    written = (article_id, plain, escaped, plain.replace("/", "\\/"), escaped.replace("/", "\\/"))
    upper = re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), escaped)
    return list(dict.fromkeys((*written, upper)))


def _is_of(entry: tuple[bytes, dict[bytes, bytes]], article_id: str, settings: Settings) -> bool:
    read = Entry(entry[0].decode(), entry[1])
    try:
        return article_of(read, settings.max_entry_bytes).id == article_id
    except Unprocessable:  # it will be a dead letter
        return readable_id(read) == article_id
