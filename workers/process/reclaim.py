"""Take over what dead workers left in the pending entries list.

An entry that was delivered once is claimed with its whole batch: its worker probably just
died. One that was delivered more often is claimed alone, immediately before it is tried,
so that the poison which kills its worker runs out of deliveries while the innocent
entries beside it do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from redis.asyncio import Redis

from contracts.dead_letter import Reason
from contracts.streams import GROUP
from workers.errors import Unprocessable
from workers.keys import StreamEntries
from workers.placing.deduplicator import Deduplicator
from workers.settings import Settings
from workers.state.entries import Entry, article_of, dead_letter
from workers.state.store import UNAVAILABLE, Store

_SCAN = 200
_IN_ONE_TURN = 25
"""Single entries, some 10 ms each. With a turn for each they would wait for a whole batch of fresh
ones before each: a hundred of them for minutes."""
_UNKNOWN_ERROR = "no error was recorded: its worker was killed or ran out of memory each time"


@dataclass(frozen=True, slots=True)
class _Pending:
    entry_id: str
    deliveries: int


@dataclass(frozen=True, slots=True)
class Reclaimer:
    """Claims idle pending entries for one consumer."""

    redis: Redis
    settings: Settings
    store: Store
    deduplicator: Deduplicator
    consumer: str

    async def reclaim(self) -> int:
        """Handle every entry that is idle for too long; how many there were."""
        await self._keep_own()
        idle = await self._pending(_SCAN, idle=self.settings.reclaim_idle_ms)
        first = [item.entry_id for item in idle if item.deliveries <= 1]
        if first:
            async with self.deduplicator.turn():
                await self._try(first, deliveries=1)
        # What killed its worker most often comes last, or all others would wait for its end.
        again = sorted(
            (item for item in idle if item.deliveries > 1), key=lambda item: item.deliveries
        )
        for start in range(0, len(again), _IN_ONE_TURN):
            async with self.deduplicator.turn():
                for item in again[start : start + _IN_ONE_TURN]:
                    await self._again(item)
        return len(idle)

    async def _again(self, item: _Pending) -> None:
        if item.deliveries >= self.settings.max_deliveries:
            await self.give_up(await self._stored(item.entry_id), item.deliveries)
        else:
            await self._try([item.entry_id], item.deliveries)

    async def _try(self, entry_ids: Sequence[str], deliveries: int) -> None:
        try:
            await self.deduplicator.handle_claimed(partial(self._claim, entry_ids), deliveries + 1)
        except UNAVAILABLE:
            # The server failed, not the articles: that was no delivery.
            await self._reclaim_as(entry_ids, deliveries, idle_ms=0)
            raise

    async def hand_back(self) -> int:
        """Make this consumer's pending entries claimable at once; how many there were.

        A consumer that has nothing pending is deleted instead, so that restarts do not
        leave a trail of names in the group.
        """
        streams = self.settings.streams
        own = await self._pending(count=10_000, consumername=self.consumer)
        if not own:
            await self.redis.xgroup_delconsumer(streams.articles, GROUP, self.consumer)
            return 0
        for item in own:
            # Being handed back is no failed delivery either.
            await self._reclaim_as(
                [item.entry_id],
                max(0, item.deliveries - 1),
                idle_ms=10 * self.settings.reclaim_idle_ms,
            )
        return len(own)

    async def _reclaim_as(self, entry_ids: Sequence[str], deliveries: int, idle_ms: int) -> None:
        await self.redis.xclaim(
            self.settings.streams.articles,
            GROUP,
            self.consumer,
            min_idle_time=0,
            message_ids=cast(Any, list(entry_ids)),
            idle=idle_ms,
            retrycount=deliveries,
            justid=True,
        )

    async def _pending(self, count: int, **only: Any) -> list[_Pending]:
        """Pending entries, oldest first; ``only`` narrows as XPENDING's options do."""
        pending = await self.redis.xpending_range(
            self.settings.streams.articles, GROUP, min="-", max="+", count=count, **only
        )
        return [
            _Pending(item["message_id"].decode(), item["times_delivered"])
            for item in cast(list[dict[str, Any]], pending)
        ]

    async def _claim(self, entry_ids: Sequence[str]) -> list[Entry]:
        claimed = await self.redis.xclaim(
            self.settings.streams.articles,
            GROUP,
            self.consumer,
            min_idle_time=self.settings.reclaim_idle_ms,
            message_ids=cast(Any, list(entry_ids)),
        )
        return [
            Entry(entry_id.decode(), fields)
            for entry_id, fields in cast(StreamEntries, claimed)
            if fields  # an entry that others deleted is claimed without a body
        ]

    async def _keep_own(self) -> None:
        """Entries in hand or set aside are in good hands: keep everybody from claiming them."""
        own = {*self.deduplicator.waiting, *self.deduplicator.in_hand}
        if own:
            await self.redis.xclaim(
                self.settings.streams.articles,
                GROUP,
                self.consumer,
                min_idle_time=0,
                message_ids=cast(Any, list(own)),
                justid=True,
            )

    async def give_up(self, entry: Entry, deliveries: int) -> None:
        """Move an entry to the dead letters; one without fields was deleted by others."""
        if entry.fields:
            reason = Reason.TOO_MANY_DELIVERIES
            error = await self.store.last_error(entry) or _UNKNOWN_ERROR
            detail = f"delivered {deliveries} times; last error: {error}"
            remedy = "report the error with this letter, then `onestory dead retry` it"
        else:
            reason = Reason.VANISHED
            detail = "the entry was trimmed or deleted by another client before it was placed"
            remedy = "send the article again; do not trim the articles stream below its group"
        letter = dead_letter(
            entry,
            reason,
            detail,
            remedy,
            deliveries=deliveries,
            article_id=self._article_id(entry),
        )
        await self.store.bury([letter])

    async def _stored(self, entry_id: str) -> Entry:
        found = await self.redis.xrange(self.settings.streams.articles, min=entry_id, max=entry_id)
        entries = cast(StreamEntries, found)
        return Entry(entry_id, entries[0][1] if entries else {})

    def _article_id(self, entry: Entry) -> str | None:
        try:
            return article_of(entry, self.settings.max_entry_bytes).id
        except Unprocessable:
            return None
