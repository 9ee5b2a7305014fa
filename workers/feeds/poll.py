"""The poller: asks each feed at its interval and publishes what is new or changed.

One poll is one GET, and one transaction that holds the articles, the letters and what is
remembered of the feed: a poller that is killed between the two does the same poll again.

A feed that fails, or answers with what is no feed, is asked again after twice its interval, then
four times, up to ``LONGEST_PAUSE_S`` or what its server asked for, whichever is longer. No jitter:
feeds have their own intervals, and a delay that can be computed can be tested.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Event
from time import time

from redis import Redis
from redis.exceptions import RedisError

from contracts.article import Article
from workers.feeds.changes import DAMAGE, Changes
from workers.feeds.deliver import MOST_LETTERS, add_article, add_letter
from workers.feeds.exchange import FetchFailed, Request
from workers.feeds.feed_list import Feed
from workers.feeds.fetch import Response, fetch, former_origin_of, origin_of
from workers.feeds.formats import (
    AUTO,
    FORMATS,
    JSONL,
    UNKNOWN,
    Format,
    as_document,
    detected,
    of_media_type,
)
from workers.feeds.memory import FeedState, Memory
from workers.feeds.reader import LONGEST_FRAGMENT, BadItem, Document, Item, Note, NotUnderstood
from workers.settings import Settings
from workers.state.clock import server_now
from workers.state.entries import vouched

log = logging.getLogger("onestory.feeds")

LONGEST_PAUSE_S = 3_600.0
"""Of the back-off: an outage of a night costs an hour of news at most."""
LONGEST_ASKED_S = 86_400.0
"""A server that asks for a longer pause is asked again after a day."""
REDIS_PAUSE_S = 5.0
_NOTES_LOGGED = 3
"""Of one document; all are counted."""
AT_ONCE = 8
"""Feeds asked at once, so that a slow one holds up few others."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of a feed brought."""

    url: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    notes: int = 0
    """Things said wrongly that cost no item."""
    failure: str = ""
    """Why no document came; empty if one did, or the one held is the newest."""


class Poller:
    """Polls feeds into one namespace."""

    def __init__(
        self,
        redis: Redis,
        settings: Settings,
        *,
        get: Callable[[Request], Response] = fetch,
        now_ms: Callable[[], int] = lambda: int(time() * 1000),
    ) -> None:
        self._redis = redis
        self._settings = settings
        self._memory = Memory(redis, settings.keys)
        self._get = get
        self._now_ms = now_ms
        self._adopted: set[str] = set()

    def run(self, feeds: Sequence[Feed], told: Callable[[Polled], None], stop: Event) -> None:
        """Polls until ``stop``; a feed that came due while no poller ran is asked at once.

        A lost Redis is waited for: what was not written is polled again.
        """
        while not stop.is_set():
            try:
                due = [self._state(feed).due_ms for feed in feeds]
                now = self._now_ms()
                pairs = zip(feeds, due, strict=True)
                for polled in self.poll_all([feed for feed, each in pairs if each <= now]):
                    told(polled)
            except RedisError as error:
                told(Polled("Redis", failure=f"{error}; tried again in {REDIS_PAUSE_S:g} s"))
                stop.wait(REDIS_PAUSE_S)
                continue
            stop.wait(max(0, min(due) - now) / 1000)

    def poll_all(self, feeds: Sequence[Feed]) -> Iterable[Polled]:
        """Polls each feed once, due or not, ``AT_ONCE`` at a time."""
        with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
            yield from threads.map(self._guarded, feeds)

    def _guarded(self, feed: Feed) -> Polled:
        """A fault of ours in one feed's document must not silence the other feeds."""
        try:
            return self.poll(feed)
        except RedisError:
            raise
        except Exception as error:
            log.exception("feed %s", origin_of(feed.url))
            origin = origin_of(feed.url)
            fault = FetchFailed(f"could not be read: {type(error).__name__}, see the log")
            return self._failed(feed, origin, self._memory.state(origin), fault)

    def poll(self, feed: Feed) -> Polled:
        """Polls one feed and remembers when it is due next.

        Raises:
            RedisError: nothing was published, and the poll is to be done again.
        """
        origin = origin_of(feed.url)
        state = self._state(feed)
        request = Request(
            feed.address,
            etag=state.etag,
            last_modified=state.last_modified,
            most_bytes=self._settings.max_document_bytes,
            allow_private=self._settings.feeds_allow_private,
        )
        try:
            response = self._get(request)
        except FetchFailed as error:
            return self._failed(feed, origin, state, error)
        due_ms = self._now_ms() + int(feed.interval_s * 1000)
        digest = sha256(response.body).hexdigest()[:32]
        if response.status == 304 or digest == state.digest:
            return self._same(origin, replace(state, due_ms=due_ms, failures=0, told=False))
        document = as_document(response.body, origin, response.content_type)
        format_, items = _read(feed, response.content_type, document)
        if no_feed := next((each for each in items if isinstance(each, NotUnderstood)), None):
            return self._failed(feed, origin, state, FetchFailed(no_feed.detail), no_feed)
        return self._publish(
            feed,
            origin,
            format_,
            [_as_told(item, feed) for item in items],
            document.text.count(DAMAGE.encode()),
            FeedState(response.etag, response.last_modified, due_ms, 0, digest),
        )

    def _state(self, feed: Feed) -> FeedState:
        origin, former = origin_of(feed.url), former_origin_of(feed.url)
        if former not in {origin, *self._adopted}:
            self._memory.adopt(former, origin)
            self._adopted.add(former)
        return self._memory.state(origin)

    def _failed(
        self,
        feed: Feed,
        origin: str,
        state: FeedState,
        error: FetchFailed,
        no_feed: NotUnderstood | None = None,
    ) -> Polled:
        """``no_feed``: what came in a feed's place. It has a letter, and what comes after it has
        none, until a feed comes: such pages carry the time or a number, so each is another one.
        """
        failures = state.failures + 1
        asked_s = min(error.retry_after_s, LONGEST_ASKED_S)
        pause_s = max(back_off_s(feed.interval_s, failures), asked_s)
        due_ms = self._now_ms() + int(pause_s * 1000)
        pipe = self._redis.pipeline(transaction=True)
        if no_feed and not state.told:
            at = server_now(self._redis)
            add_letter(pipe, self._settings.streams, no_feed, feed.format, origin, at)
        told = state.told or no_feed is not None
        self._memory.keep(pipe, origin, replace(state, due_ms=due_ms, failures=failures, told=told))
        pipe.execute()
        return Polled(origin, failure=f"{error}; asked again in {pause_s:g} s")

    def _same(self, origin: str, state: FeedState) -> Polled:
        pipe = self._redis.pipeline(transaction=True)
        self._memory.keep(pipe, origin, state)
        pipe.execute()
        return Polled(origin)

    def _publish(
        self,
        feed: Feed,
        origin: str,
        format_: Format,
        items: Sequence[Item],
        damages: int,
        state: FeedState,
    ) -> Polled:
        """``damages``: how often the document has U+FFFD."""
        sent_by = vouched(feed.sender, feed.speaks_for)
        pipe = self._redis.pipeline(transaction=True)
        held = self._memory.items(origin)
        changes = Changes(
            held,
            [item for item in items if isinstance(item, Article)],
            states_versions=format_.states_versions,
            now_ms=self._now_ms(),
            damages=damages,
            is_broken=any(isinstance(item, BadItem) for item in items),
        )
        bad = letters = notes = 0
        for item in items:
            if isinstance(item, Article):
                for sent in changes.to_publish(item):
                    add_article(pipe, self._settings.streams, sent, sent_by)
            elif isinstance(item, BadItem):
                bad += 1
                if letters < MOST_LETTERS and changes.to_tell(item):
                    letters += 1
                    at = server_now(self._redis)
                    add_letter(pipe, self._settings.streams, item, format_.name, origin, at)
            elif isinstance(item, Note):
                notes += 1
                if notes <= _NOTES_LOGGED:
                    log.info("feed %s: %s: %s", origin, item.where, item.detail)
        if changes.waits:  # a 304, or the same bytes, would leave it waiting
            state = FeedState(due_ms=state.due_ms)
        self._memory.keep_items(pipe, origin, held, changes.fresh)
        self._memory.keep(pipe, origin, state)
        pipe.execute()
        return Polled(origin, changes.new, changes.changed, changes.unchanged, bad, notes)


def _read(feed: Feed, content_type: str, document: Document) -> tuple[Format, list[Item]]:
    """The items of an answer. By its looks, or its media type, it is never taken for JSON lines:
    what is no feed, such as a page of an API, would be read as articles under any ids it holds.
    """
    if feed.format != AUTO:
        return FORMATS[feed.format], list(FORMATS[feed.format].read(document))
    found = detected(document, document.origin)
    if found is UNKNOWN:
        found = of_media_type(content_type) or found
    if found is not JSONL:
        return found, list(found.read(document))
    refused = NotUnderstood(
        "document",
        'articles in JSON, which are taken only if the list of feeds says format = "jsonl"',
        "say so in the list of feeds, if that is what it sends",
        document.text[:LONGEST_FRAGMENT],
    )
    return found, [refused]


def _as_told(item: Item, feed: Feed) -> Item:
    """An article with the source and language that the list of feeds gives it."""
    if not isinstance(item, Article):
        return item
    given = {"source": feed.source, "lang": feed.lang}
    return item.model_copy(update={name: each for name, each in given.items() if each})


def back_off_s(interval_s: float, failures: int) -> float:
    """Seconds to the next attempt after so many failures in a row.

    >>> [back_off_s(300, failures) for failures in (1, 2, 3, 4, 50)]
    [600.0, 1200.0, 2400.0, 3600.0, 3600.0]
    >>> back_off_s(7200, 1)
    7200
    """
    return max(interval_s, min(interval_s * float(1 << min(failures, 20)), LONGEST_PAUSE_S))
