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
from workers.deduplicator import Deduplicator
from workers.entries import Entry, article_of, dead_letter
from workers.errors import Unprocessable
from workers.settings import Settings
from workers.store import Store

_SCAN = 200
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
        await self._keep_waiting()
        idle = await self._idle()
        first = [item.entry_id for item in idle if item.deliveries <= 1]
        if first:
            await self.deduplicator.handle_claimed(partial(self._claim, first), deliveries=2)
        for item in idle:
            if item.deliveries <= 1:
                continue
            if item.deliveries >= self.settings.max_deliveries:
                await self._give_up(item)
            else:
                await self.deduplicator.handle_claimed(
                    partial(self._claim, [item.entry_id]), deliveries=item.deliveries + 1
                )
        return len(idle)

    async def hand_back(self) -> int:
        """Make this consumer's pending entries claimable at once; how many there were.

        A consumer that has nothing pending is deleted instead, so that restarts do not
        leave a trail of names in the group.
        """
        streams = self.settings.streams
        own = await self.redis.xpending_range(
            streams.articles, GROUP, min="-", max="+", count=10_000, consumername=self.consumer
        )
        if not own:
            await self.redis.xgroup_delconsumer(streams.articles, GROUP, self.consumer)
            return 0
        for item in own:
            # RETRYCOUNT: being handed back is no failed delivery.
            await self.redis.xclaim(
                streams.articles,
                GROUP,
                self.consumer,
                min_idle_time=0,
                message_ids=[item["message_id"]],
                idle=10 * self.settings.reclaim_idle_ms,
                retrycount=max(0, item["times_delivered"] - 1),
                justid=True,
            )
        return len(own)

    async def _idle(self) -> list[_Pending]:
        pending = await self.redis.xpending_range(
            self.settings.streams.articles,
            GROUP,
            min="-",
            max="+",
            count=_SCAN,
            idle=self.settings.reclaim_idle_ms,
        )
        return [_Pending(item["message_id"].decode(), item["times_delivered"]) for item in pending]

    async def _claim(self, entry_ids: Sequence[str]) -> list[Entry]:
        claimed = await self.redis.xclaim(
            self.settings.streams.articles,
            GROUP,
            self.consumer,
            min_idle_time=self.settings.reclaim_idle_ms,
            message_ids=cast(Any, list(entry_ids)),
        )
        return [
            Entry(entry_id.decode(), fields) for entry_id, fields in claimed if fields is not None
        ]

    async def _keep_waiting(self) -> None:
        """Entries set aside are in good hands: keep others from claiming them."""
        waiting = self.deduplicator.waiting
        if waiting:
            await self.redis.xclaim(
                self.settings.streams.articles,
                GROUP,
                self.consumer,
                min_idle_time=0,
                message_ids=cast(Any, list(waiting)),
                justid=True,
            )

    async def _give_up(self, item: _Pending) -> None:
        found = await self.redis.xrange(
            self.settings.streams.articles, min=item.entry_id, max=item.entry_id
        )
        if not found:
            entry = Entry(item.entry_id, {})
            reason = Reason.VANISHED
            detail = "the entry was trimmed or deleted by another client before it was placed"
            remedy = "send the article again; do not trim the articles stream below its group"
        else:
            entry = Entry(item.entry_id, found[0][1])
            reason = Reason.TOO_MANY_DELIVERIES
            detail = (
                f"delivered {item.deliveries} times; last error: "
                f"{await self.store.last_error(entry) or _UNKNOWN_ERROR}"
            )
            remedy = "report the error with this letter, then `onestory dead retry` it"
        await self.store.bury(
            [
                dead_letter(
                    entry,
                    reason,
                    detail,
                    remedy,
                    deliveries=item.deliveries,
                    article_id=self._article_id(entry),
                )
            ]
        )

    def _article_id(self, entry: Entry) -> str | None:
        try:
            return article_of(entry, self.settings.max_entry_bytes).id
        except Unprocessable:
            return None
