"""Take over what dead workers left in the pending entries list.

Nobody knows which of a dead worker's entries killed it, if any did. They are tried again in
groups that become smaller with each death (``process/trials.py``), each group with nothing
else in hand: only an entry that failed or killed alone, again and again, is given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from redis.asyncio import Redis

from contracts.dead_letter import Reason
from contracts.streams import GROUP
from workers.errors import Unprocessable
from workers.placing.deduplicator import Deduplicator
from workers.process.trials import Trial, trials, turns
from workers.settings import Settings
from workers.state.entries import Entry, article_of, dead_letter
from workers.state.pages import entry_at
from workers.state.readable_id import readable_id
from workers.state.scripts import Scripts
from workers.state.store import Store
from workers.state.tries import Suspect

_MOST_OWN = 10_000
_UNKNOWN_ERROR = "no error was recorded: its worker was killed or ran out of memory each time"


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
        most = self.settings.read_at_once
        # In a turn, else this worker's last trial may not be settled.
        async with self.deduplicator.turns.take():
            found = await self.store.tries.suspects(most)
        # What this worker has in hand is no suspect, should it have been slow to say so.
        own = {*self.deduplicator.aside.ids, *self.deduplicator.in_hand}
        idle = [each for each in found if each.entry_id not in own]
        over = [each for each in idle if each.record.failures >= self.settings.max_deliveries]
        tried = [each for each in idle if each.record.failures < self.settings.max_deliveries]
        gone: list[Entry] = []
        for turn in turns(trials(tried, most), most):
            async with self.deduplicator.turns.take():
                for group in turn:
                    gone += await self._try(group)
        # At the end: even burying it may be too much for a worker.
        if over:
            async with self.deduplicator.turns.take():
                for suspect in over:
                    entry = await self._stored(suspect)
                    if entry.fields:
                        await self.give_up(entry, suspect.record.failures)
                    else:
                        gone.append(entry)
        if gone:
            async with self.deduplicator.turns.take():
                await self._bury_gone(gone)
        return len(idle)

    async def _try(self, group: Trial) -> list[Entry]:
        """Those of the group that others deleted from the stream.

        Claimed any earlier, entries would be in hand while others are tried.
        """
        tries = self.store.tries
        claimed, gone = await tries.claim(self.consumer, [each.entry_id for each in group])
        if claimed:
            tries.set_aside(await self.deduplicator.handle_apart(claimed))
        await tries.settle()
        return gone

    async def hand_back(self) -> int:
        """Make this consumer's pending entries claimable at once; how many there were.

        A consumer that has nothing pending is deleted instead, so that restarts do not
        leave a trail of names in the group.
        """
        stream = self.settings.streams.articles
        own = cast(
            list[dict[str, Any]],
            await self.redis.xpending_range(stream, GROUP, "-", "+", _MOST_OWN, self.consumer),
        )
        if not own:
            await self.redis.xgroup_delconsumer(stream, GROUP, self.consumer)
            return 0
        await self.store.tries.hand_back(
            self.consumer, [item["message_id"].decode() for item in own]
        )
        return len(own)

    async def keep_own(self) -> None:
        """Entries in hand or set aside are in good hands: keep everybody from claiming them."""
        await self.store.tries.keep(
            self.consumer, {*self.deduplicator.aside.ids, *self.deduplicator.in_hand}
        )

    async def give_up(self, entry: Entry, failures: int) -> None:
        """Move an entry to the dead letters."""
        error = await self.store.last_error(entry) or _UNKNOWN_ERROR
        letter = dead_letter(
            entry,
            Reason.TOO_MANY_DELIVERIES,
            f"failed {failures} times, each time alone in hand; last error: {error}",
            deliveries=entry.deliveries,
            article_id=self._article_id(entry),
        )
        await self.store.bury([letter])

    async def _bury_gone(self, entries: Sequence[Entry]) -> None:
        """Dead letters for what can't be read any more. What one had registered is forgotten with
        it, else its matches would wait for its decision for ever.
        """
        registered = await self.store.registered_by({entry.id for entry in entries})
        await self.store.bury(
            [
                dead_letter(
                    entry,
                    Reason.VANISHED,
                    "the entry was trimmed or deleted by another client before it was placed",
                    deliveries=entry.deliveries,
                    article_id=registered.get(entry.id),
                )
                for entry in entries
            ]
        )

    async def _stored(self, suspect: Suspect) -> Entry:
        found = await entry_at(Scripts(self.redis), self.settings, suspect.entry_id)
        entry = found or Entry(suspect.entry_id, {})
        return replace(entry, deliveries=suspect.deliveries)

    def _article_id(self, entry: Entry) -> str | None:
        try:
            return article_of(entry, self.settings.max_entry_bytes).id
        except Unprocessable:
            return readable_id(entry)
