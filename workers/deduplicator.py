"""A batch of stream entries in, decided articles out: read, decide, commit.

Round trips for a batch, whatever its size: register, follow the log (only where other
workers write too), snapshot (only where something matched), commit.

Anything may be called again with the same entries after a crash or a broken connection:
every step is idempotent, and what an entry's article became is decided exactly once, by
the commit script.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contracts.article import Article
from contracts.dead_letter import DeadLetter
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from workers.candidates import candidates
from workers.entries import Entry, article_of, dead_letter
from workers.errors import Unprocessable
from workers.placement import Planner, Prepared
from workers.settings import Settings
from workers.store import CONFLICT, UNAVAILABLE, Registered, Registration, Store
from workers.window import Logged, Window


@dataclass(frozen=True, slots=True)
class Read:
    """An entry that holds an article."""

    entry: Entry
    article: Article


@dataclass(slots=True)
class Deduplicator:
    """Places articles. One batch at a time: the window is this worker's alone."""

    settings: Settings
    store: Store
    fingerprinter: Fingerprinter
    verifier: Verifier
    window: Window
    planner: Planner
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: dict[str, Prepared] = field(default_factory=dict)
    in_hand: set[str] = field(default_factory=set)
    """Ids of entries that this worker is trying, however long the server is unavailable."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Ids of entries set aside until another worker has decided what they match."""
        return tuple(self._waiting)

    async def catch_up(self) -> int:
        """Follow the fingerprint log to its end; how many entries were new."""
        before = self.window.last
        while entries := await self.store.log_after(self.window.last):
            self.window.follow(entries)
        return self.window.last - before

    async def handle(self, entries: Sequence[Entry], deliveries: int = 1) -> None:
        """Place, acknowledge or dead-letter entries; what fails stays pending.

        An error in one article must not cost its neighbours: the batch is then tried
        article by article, and only the one that fails again is left for redelivery.

        Raises:
            RedisError: one of `store.UNAVAILABLE`; call again with the same entries.
        """
        async with self._lock:
            await self._handle(entries, deliveries)

    async def handle_claimed(
        self, claim: Callable[[], Awaitable[list[Entry]]], deliveries: int
    ) -> None:
        """Claim entries when their turn has come, and handle them.

        Claimed any earlier, an entry would wait behind a batch that may hold poison, and
        lose a delivery without having been tried.
        """
        async with self._lock:
            if entries := await claim():
                await self._handle(entries, deliveries)

    async def revisit(self) -> None:
        """Try again to place what was set aside."""
        async with self._lock:
            await self._place(sorted(self._waiting.values(), key=lambda item: item.number))

    async def _handle(self, entries: Sequence[Entry], deliveries: int) -> None:
        try:
            await self._process(entries, deliveries)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must cost one article
            if len(entries) == 1:
                await self.store.note_errors(
                    {entries[0].id: f"{type(error).__name__}: {error}"[:500]}
                )
                return
            for entry in entries:
                await self._handle([entry], deliveries)

    async def _process(self, entries: Sequence[Entry], deliveries: int) -> None:
        read, letters = self._read(entries, deliveries)
        await self.store.bury(letters)
        firsts = {item.article.id: item for item in reversed(read)}
        chosen = [item for item in read if firsts[item.article.id] is item]
        await self._place(await self._prepare(chosen))
        repeats = [item for item in read if firsts[item.article.id] is not item]
        if repeats:
            await self._place(await self._prepare(repeats))

    def _read(
        self, entries: Sequence[Entry], deliveries: int
    ) -> tuple[list[Read], list[DeadLetter]]:
        read, letters = [], []
        for entry in entries:
            try:
                read.append(Read(entry, article_of(entry, self.settings.max_entry_bytes)))
            except Unprocessable as error:
                letters.append(
                    dead_letter(
                        entry, error.reason, error.detail, error.remedy, deliveries=deliveries
                    )
                )
        return read, letters

    async def _prepare(self, read: Sequence[Read]) -> list[Prepared]:
        """Fingerprint, register, and verify the candidates of articles; in number order."""
        if not read:
            return []
        fingerprints = await self._fingerprints([item.article for item in read])
        registrations = [
            Registration(
                item.entry.id,
                item.article.id,
                item.article.version,
                fingerprint.published_ms,
                fingerprint.payload,
                fingerprint.bands,
            )
            for item, fingerprint in zip(read, fingerprints, strict=True)
        ]
        answers = await self.store.register(registrations)
        new = [
            (item, fingerprint, answer)
            for item, fingerprint, answer in zip(read, fingerprints, answers, strict=True)
            if isinstance(answer, Registered)
        ]
        if not new:
            return []
        await self._follow(new)
        self.window.drop_below(max(answer.floor for *_, answer in new))
        found = candidates(
            [(fingerprint, answer) for _, fingerprint, answer in new],
            self.window,
            self.verifier,
            self.settings,
        )
        prepared = [
            Prepared(item.entry, item.article, fingerprint, answer.number, answer.event_ms, own)
            for (item, fingerprint, answer), own in zip(new, found, strict=True)
        ]
        return sorted(prepared, key=lambda item: item.number)

    async def _fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        if self.settings.uses_bundled_encoder:
            return self.fingerprinter.fingerprints(articles)
        # A big model or an endpoint takes seconds a batch, and a loop held up for that long
        # neither stops nor tells the group that this worker is alive.
        return await asyncio.to_thread(self.fingerprinter.fingerprints, articles)

    async def _follow(self, own: Sequence[tuple[Read, Fingerprint, Registered]]) -> None:
        """Bring the window up to the highest own number."""
        entries = {
            answer.number: Logged(
                answer.number, answer.event_ms, item.article.id, fingerprint.payload
            )
            for item, fingerprint, answer in own
        }
        highest = max(entries)
        fresh = sorted(number for number in entries if number > self.window.last)
        if fresh == list(range(self.window.last + 1, highest + 1)):
            # Nobody else registered in between: what was just written need not be read.
            self.window.follow([entries[number] for number in fresh])
            return
        while self.window.last < highest:
            entries_after = await self.store.log_after(self.window.last)
            if not entries_after:
                break  # own entries expired meanwhile: nothing is left to compare with
            self.window.follow(entries_after)

    async def _place(self, prepared: Sequence[Prepared]) -> None:
        """Commit decisions; what waits for another worker is set aside for `revisit`."""
        pending = list(prepared)
        while pending:
            snapshot = await self.store.snapshot(self.planner.article_ids(pending))
            commits, waiting = self.planner.plan(pending, snapshot, datetime.now(UTC))
            for item in waiting:
                self._waiting[item.entry.id] = item
            outcomes = await self.store.commit([commit for _, commit in commits])
            pending = []
            for (item, _), outcome in zip(commits, outcomes, strict=True):
                if outcome == CONFLICT:
                    # Another worker was faster with one of its stories: decide again.
                    pending.append(item)
                else:
                    self._waiting.pop(item.entry.id, None)
