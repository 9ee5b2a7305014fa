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
from workers.settings import Settings
from workers.state.backlog import backlog
from workers.state.entries import Entry, article_of
from workers.state.group import group_of
from workers.state.pages import entry_at
from workers.state.readable_id import readable_id
from workers.state.schema import Article as Record
from workers.state.scripts import Scripts

SCANNED = 2_000
"""Entries that are looked through for an article that no worker has registered: the newest of
those that wait, and of those in work."""
_CHUNK, _CHUNK_BYTES = 200, 500_000
"""Looked through by one call, which holds the server up for about a millisecond; one entry may be
larger."""
SCANNED_BYTES = 64_000_000
"""Of entries that are looked through in all."""


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
    entry = await entry_at(Scripts(redis), settings, at)
    found.is_there = entry is not None and _is_of(entry, article_id, settings)
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
    bytes_seen: int = 0

    async def waiting(self, behind: str) -> str | None:
        """Among the newest entries behind one."""
        above, seen = "+", 0
        while seen < SCANNED and self.bytes_seen < SCANNED_BYTES:
            count, last, entry_id = await self._seek("", above, behind)
            if entry_id is not None or not count:
                return entry_id
            seen += count
            above = f"({last.decode()}"
        return None

    async def in_work(self, pending: int) -> str | None:
        """Among the oldest entries that are pending."""
        start, seen = "-", 0
        while seen < min(pending, SCANNED) and self.bytes_seen < SCANNED_BYTES:
            count, last, entry_id = await self._seek(GROUP, "+", start)
            if entry_id is not None or not count:
                return entry_id
            seen += count
            start = f"({last.decode()}"
        return None

    async def _seek(self, group: str, upper: str, lower: str) -> tuple[int, bytes, str | None]:
        scripts, words = Scripts(self.redis), _spellings(self.article_id)
        count, last, size, *hits = await scripts.answer(
            "seek", self.settings.keys, group, upper, lower, _CHUNK, _CHUNK_BYTES, *words
        )
        self.seen += count
        self.bytes_seen += size
        for hit in hits:
            entry = await entry_at(scripts, self.settings, hit.decode())
            if entry is not None and _is_of(entry, self.article_id, self.settings):
                return count, last, entry.id
        return count, last, None


def _spellings(article_id: str) -> list[str]:
    """How an id may stand in an entry: as it is, and as JSON writes it."""
    escaped = json.dumps(article_id)[1:-1]
    plain = json.dumps(article_id, ensure_ascii=False)[1:-1]
    written = (article_id, plain, escaped, plain.replace("/", "\\/"), escaped.replace("/", "\\/"))
    upper = re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), escaped)
    return list(dict.fromkeys((*written, upper)))


def _is_of(entry: Entry, article_id: str, settings: Settings) -> bool:
    try:
        return article_of(entry, settings.max_entry_bytes).id == article_id
    except Unprocessable:  # it will be a dead letter
        return readable_id(entry) == article_id
