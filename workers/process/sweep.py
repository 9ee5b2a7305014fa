"""Forget what is past the window: log entries, stories, old events; and what else must not grow for
ever: dead letters, names of workers that died.

An epoch (slice of event time) is over when it lies a window behind the event clock and
nothing was filed in it lately; late arrivals and backfills keep their own slices open as
long as they come. The log is cut below the smallest article number of the epochs that remain, the
floor, and a story goes when all its members are below it.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from redis.asyncio import Redis

from service.stories.ledger import Ledger
from workers.keys import Key, StreamEntries
from workers.process.former import FormerBuckets
from workers.process.mend import Mender
from workers.process.purge import Purger
from workers.settings import HOUR_MS, Settings
from workers.state.clock import Now, utc_now
from workers.state.commit import Commit, fresh_mark
from workers.state.schema import Clock, Log
from workers.state.store import Store

log = logging.getLogger("onestory.worker")

QUIET_ARTICLES = 100
"""Articles that must pass without one for an epoch before it counts as quiet.

An archive in shuffled order visits each of its days more often than that.
"""
CONSUMERS_KEPT_MS = HOUR_MS
"""Longer than any worker takes from one sign to the next while it has nothing pending."""
_CLOCK = (Clock.EVENT_MS, Clock.NUMBER, Clock.FLOOR)
_CHUNK = 500


class _Span(NamedTuple):
    """Article numbers of one epoch."""

    first: int
    newest: int


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Sweeps one namespace; any worker may, one at a time does."""

    redis: Redis
    settings: Settings
    store: Store
    consumer: str
    former: FormerBuckets
    now: Now = utc_now

    async def sweep(self) -> int:
        """Drop what is over; returns the floor, the smallest article number still held."""
        keys = self.settings.keys
        lease_ms = max(1_000, 10 * self.settings.sweep_interval_ms)
        if not await self.redis.set(keys.sweeper, self.consumer, nx=True, px=lease_ms):
            return 0
        try:
            await Mender(self.settings, self.store).mend()
            await self._cut_events()
            await Purger(self.redis, self.settings, self.store).purge()
            floor = await self._forget()
            await self._let_go()
            await self.former.let_go()
            return floor
        finally:
            await self.redis.delete(keys.sweeper)

    async def _forget(self) -> int:
        keys, era = self.settings.keys, self.store.era.current
        clock = await cast(Any, self.redis.hmget(keys.clock, _CLOCK))
        if clock[0] is None:
            return 0
        event_ms, last, noted = (int(value or 0) for value in clock)
        spans = {
            int(epoch): _Span(*map(int, span.split(b":")))
            for epoch, span in (await cast(Any, self.redis.hgetall(keys.epochs))).items()
        }
        epoch_ms = self.settings.epoch_ms
        oldest_open = (event_ms - self.settings.window_ms) // epoch_ms
        newest_open = event_ms // epoch_ms + 1
        over = {
            epoch: span
            for epoch, span in spans.items()
            if not oldest_open <= epoch <= newest_open and last - span.newest >= QUIET_ARTICLES
        }
        kept = spans.keys() - await self._dropped(over, era)
        floor = max(noted, min((spans[each].first for each in kept), default=last + 1))
        if floor > noted:
            await self._note(era, floor)
        # Also where nothing is over: a sweep that was killed half way is gone on with.
        await self._cut_log(floor, era)
        return floor

    async def _dropped(self, over: Mapping[int, _Span], era: str) -> set[int]:
        """Those that are dropped now: what was filed in one since it was read keeps it open."""
        drops = []
        for epoch, span in over.items():
            commit = Commit()
            commit.requires(Key.EPOCHS, str(epoch), f"{span.first}:{span.newest}")
            commit.forgets(Key.EPOCHS, epoch)
            drops.append(commit)
        outcomes = await self._commit(era, drops)
        return {epoch for epoch, is_done in zip(over, outcomes, strict=True) if is_done}

    async def _note(self, era: str, floor: int) -> None:
        commit = Commit()
        commit.notes(Key.CLOCK, {Clock.FLOOR: floor})
        await self._commit(era, [commit])

    async def _commit(self, era: str, commits: Sequence[Commit]) -> list[bool]:
        """Not by a plain command: that could reach another server than the one that was read."""
        self.store.era.must_be(era)
        return await self.store.commit(commits)

    async def _cut_log(self, floor: int, era: str) -> None:
        """Forget stories below the floor, then the log entries: a crash between repeats it."""
        keys = self.settings.keys
        while entries := cast(
            StreamEntries,
            await self.redis.xrange(keys.log, min="-", max=f"({floor}-0", count=_CHUNK),
        ):
            began = time.monotonic()
            gone = (fields.get(Log.ARTICLE.encode()) for _, fields in entries)
            await self._close(floor, [each for each in gone if each is not None])
            commit = Commit()
            commit.cuts(Key.LOG, int(entries[-1][0].split(b"-")[0]) + 1)
            await self._commit(era, [commit])
            await _give_way(began)

    async def _close(self, floor: int, article_ids: list[bytes]) -> None:
        """Tell of the stories that end with these articles, and forget them."""
        if not article_ids:
            return
        now, mark = self.now(), fresh_mark()
        while over := await self.store.expired(floor, article_ids):
            commits = []
            for story in over:
                ledger = Ledger({story.id: story}, self.settings.event_source, mark)
                ledger.closed(story.id, now)
                commit = Commit()
                commit.takes(ledger.take())
                commits.append(commit)
            # One that was overtaken is looked at again: it is open, or closes next time.
            await self.store.commit(commits)

    async def _let_go(self) -> None:
        """Of dead letters that nobody deals with, and of the names of dead workers."""
        settings = self.settings
        trimmed = await self.store.trim_letters(settings.dead_ms, settings.dead_bytes)
        if trimmed:
            log.warning(
                "%d dead letters that nobody had dealt with were deleted: older than %g days, or "
                "over %d bytes in all (ONESTORY_DEAD_DAYS, ONESTORY_DEAD_BYTES)",
                *(trimmed, settings.dead_days, settings.dead_bytes),
            )
        await self.store.prune_consumers(CONSUMERS_KEPT_MS)

    async def _cut_events(self) -> None:
        seconds, _ = await self.redis.time()
        oldest_ms = seconds * 1000 - int(self.settings.events_hours * HOUR_MS)
        await self.redis.xtrim(self.settings.streams.stories, minid=str(oldest_ms))


async def _give_way(began: float) -> None:
    """Leave the server as much time as was taken: articles are in a hurry, expiry is not."""
    await asyncio.sleep(time.monotonic() - began)
