"""The store with meter and tracer beside it: what was committed, what ended without that."""

from collections.abc import Sequence

from redis.asyncio import Redis

from contracts.dead_letter import DeadLetter
from workers.metrics.meter import Meter
from workers.metrics.tracing import Tracer
from workers.settings import Settings
from workers.state.answers import Answer, Registration, Seen
from workers.state.commit import Commit
from workers.state.store import Store


class MeteredStore(Store):
    """Tells both what the server answered."""

    def __init__(self, redis: Redis, settings: Settings, meter: Meter, tracer: Tracer) -> None:
        super().__init__(redis, settings)
        self._meter = meter
        self._tracer = tracer

    async def register(self, batch: Sequence[Registration]) -> list[Answer]:
        """As `Store.register`; what needs nothing done has come to an end."""
        answers = await super().register(batch)
        seen = [
            item.entry_id
            for item, answer in zip(batch, answers, strict=True)
            if isinstance(answer, Seen)
        ]
        self._meter.ended("repeated", len(seen))
        for entry_id in seen:
            self._tracer.ended(entry_id, "repeated")
        return answers

    async def commit(self, commits: Sequence[Commit], stream: str | None = None) -> list[bool]:
        """As `Store.commit`."""
        outcomes = await super().commit(commits, stream)
        self._meter.committed(commits, outcomes)
        self._tracer.committed(commits, outcomes)
        return outcomes

    async def bury(self, letters: Sequence[DeadLetter], stream: str | None = None) -> int:
        """As `Store.bury`."""
        written = await super().bury(letters, stream)
        self._meter.ended("dead", written)
        for letter in letters:
            self._tracer.ended(letter.entry_id, "dead")
        return written

    async def release(self, count: int = 100) -> int:
        """As `Store.release`."""
        sent = await super().release(count)
        self._meter.ended("released", sent)
        return sent
