"""What Redis keeps of tries: which entries failed or died alone, and which may be tried together.

A worker claims suspects with the note that they kill it (``lua/claim.lua``) and puts that right
if it lives. While the server is away it can't; then that is the first thing it does afterwards,
or a death in the middle of something else would stand against entries that were not in hand.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, starmap
from typing import Any, Self, cast

from redis.asyncio import Redis

from contracts.streams import GROUP
from workers.settings import Settings
from workers.state.entries import Entry, told
from workers.state.era import Era
from workers.state.scripts import Scripts

PARTS = 8
"""Into which a group comes that killed its worker."""
_AT_ONCE = 500
"""By one script call, which holds the server up for some 5 ms."""
_RECORD = re.compile(rb"(\d+):(\d+)(?: (\d+):(\d+) ([0-9a-f]*))?")


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an entry that was in hand at a death, or failed."""

    failures: int = 0
    """How often it failed with an error, or its worker died, when it was tried alone."""
    limit: int = 0
    """How many may be in hand together at its next try; 0 if it has no record."""

    @classmethod
    def read(cls, text: bytes | None, era: str) -> Self:
        """As ``lua/claim.lua`` keeps it; what was noted beforehand in another era never was."""
        found = _RECORD.fullmatch(text or b"")
        if found is None:
            return cls()
        failures, limit, failures_before, limit_before, its_era = found.groups()
        if its_era is not None and its_era.decode() != era:
            failures, limit = failures_before, limit_before
        return cls(int(failures), int(limit))


@dataclass(frozen=True, slots=True)
class Suspect:
    """An entry that is pending with a worker that gives no sign of life, or failed."""

    entry_id: str
    deliveries: int = 1
    record: Record = Record()


class Tries:
    """Tries of one namespace's entries, by one worker."""

    def __init__(self, redis: Redis, settings: Settings, scripts: Scripts, era: Era) -> None:
        self._redis = redis
        self._settings = settings
        self._keys = settings.keys
        self._stream = settings.streams.articles
        self._scripts = scripts
        self._era = era
        self._unsettled: dict[str, int] = {}
        """How long each is idle from then on, in ms."""
        self._claimed_by = ""

    async def suspects(self, count: int) -> list[Suspect]:
        """Entries that nobody has touched for ``reclaim_idle_ms``, oldest first, so many at
        most.
        """
        pending = await self._redis.xpending_range(
            self._stream, GROUP, "-", "+", count, idle=self._settings.reclaim_idle_ms
        )
        if not pending:
            return []
        found = [
            (item["message_id"].decode(), item["times_delivered"])
            for item in cast(list[dict[str, Any]], pending)
        ]
        records = await cast(Any, self._redis.hmget(self._keys.tries, [each for each, _ in found]))
        return [
            Suspect(entry_id, deliveries, Record.read(text, self._era.current))
            for (entry_id, deliveries), text in zip(found, records, strict=True)
        ]

    async def claim(
        self, consumer: str, entry_ids: Sequence[str]
    ) -> tuple[list[Entry], list[Entry]]:
        """Claim those that are still idle, to be tried together with nothing else in hand.

        Returns:
            Those that were claimed, as many as ``max_entry_bytes`` hold, and without fields those
            that others deleted from the stream.
        """
        # Also if the answer is lost: the server may have noted that they kill this worker.
        self._claimed_by, self._unsettled = consumer, dict.fromkeys(entry_ids, 0)
        idle_ms, most_bytes = self._settings.reclaim_idle_ms, self._settings.max_entry_bytes
        claimed, gone = await self._run(
            "claim", GROUP, consumer, idle_ms, PARTS, most_bytes, *entry_ids
        )
        return list(starmap(told, claimed)), [
            Entry(entry_id.decode(), {}, deliveries) for entry_id, deliveries in gone
        ]

    def set_aside(self, entry_ids: Iterable[str]) -> None:
        """These of the claimed wait for something; once settled, anyone may claim them at once."""
        self._unsettled |= dict.fromkeys(entry_ids, self._claimable)

    async def settle(self) -> None:
        """The worker has lived through its last trial: what came to no end has its record back.

        Raises:
            RedisError: one of `store.UNAVAILABLE`; nothing may be handled before this holds.
        """
        if self._unsettled:
            await self._say(self._claimed_by, self._unsettled, puts_back=True)
            self._unsettled = {}

    async def hand_back(self, consumer: str, entry_ids: Iterable[str]) -> None:
        """Anyone may claim these at once, as if this worker had never tried them."""
        await self._say(consumer, dict.fromkeys(entry_ids, self._claimable), puts_back=True)

    async def keep(self, consumer: str, entry_ids: Iterable[str]) -> None:
        """These are in good hands: nobody may claim them."""
        await self._say(consumer, dict.fromkeys(entry_ids, 0), puts_back=False)

    async def note_failure(self, entry_id: str, error: str) -> None:
        """An entry failed, alone, with an error: kept for the dead letter that it may become."""
        await self._run("fail", GROUP, entry_id, error)

    @property
    def _claimable(self) -> int:
        return 10 * self._settings.reclaim_idle_ms

    async def _say(self, consumer: str, idle_ms: dict[str, int], *, puts_back: bool) -> None:
        pairs = list(idle_ms.items())
        for start in range(0, len(pairs), _AT_ONCE):
            words = chain.from_iterable(pairs[start : start + _AT_ONCE])
            await self._run("settle", GROUP, consumer, "1" if puts_back else "", *words)

    async def _run(self, name: str, *args: Any) -> Any:
        call = (name, (self._stream,), (self._keys.prefix, *args))
        (answer,) = await self._scripts.run([call])
        return answer
