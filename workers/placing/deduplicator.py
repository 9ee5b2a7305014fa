"""A batch of stream entries in, decided articles out: read, decide, commit.

Round trips for a batch, whatever its size: register, follow the log (only where other
workers write too), snapshot, commit; with new versions of placed articles one more. A batch
that holds several versions of one article, or a kill, is cut there: what comes of a batch is
what would come of its entries one by one.

Anything may be called again with the same entries after a crash or a broken connection:
every step is idempotent, and what an entry's article became is decided exactly once, by
the commit script.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from contracts.article import Article
from contracts.dead_letter import DeadLetter
from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.fingerprinter import Fingerprinter
from service.matching.verify import Verifier
from service.stories.intent import Intent, Wish, intent
from service.stories.rules import Rules
from service.stories.sources import outlet
from workers.errors import Unprocessable
from workers.metrics.meter import NO_METER, Meter
from workers.placing.candidates import candidates
from workers.placing.context import Prepared
from workers.placing.kill import kills_nothing, retraction
from workers.placing.plan import Planner
from workers.placing.segments import Read, segments
from workers.placing.window import Window
from workers.settings import Settings
from workers.state.answers import Busy, Kind, Registered, Registration, Snapshot
from workers.state.article_record import hold_of
from workers.state.attempts import rounds
from workers.state.entries import Entry, article_of, dead_letter
from workers.state.log_entry import Logged
from workers.state.store import UNAVAILABLE, Store

log = logging.getLogger("onestory.worker")


@dataclass(slots=True)
class Deduplicator:
    """Places articles. One batch at a time: the window is this worker's alone."""

    settings: Settings
    store: Store
    fingerprinter: Fingerprinter
    verifier: Verifier
    window: Window
    planner: Planner
    meter: Meter = NO_METER
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while window and rules are in use."""
    _waiting: dict[str, Prepared] = field(default_factory=dict)
    _busy: dict[str, Entry] = field(default_factory=dict)
    in_hand: set[str] = field(default_factory=set)
    """Ids of entries that this worker is trying, however long the server is unavailable."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Ids of entries set aside until another worker has decided what they match, or another
        version of their article.
        """
        return (*self._waiting, *self._busy)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Window and rules for the caller alone, and of the history that the server tells; what was
        tried before is settled.

        Raises:
            RedisError: one of `store.UNAVAILABLE`, when something of that had to be done.
        """
        async with self.lock:
            if self.store.era.is_over:
                await self._begin_anew()
            await self.store.tries.settle()
            yield

    async def _begin_anew(self) -> None:
        # The number of what is set aside may be another article's now.
        self._busy |= {item.entry.id: item.entry for item in self._waiting.values()}
        self._waiting.clear()
        self.planner.grounds.rules = Rules()
        before = self.store.era.current
        await self.store.prepare(self.fingerprinter.model.version)
        if not self.store.era.continues(before, self.window.last, self.window.floor):
            log.warning("the server has lost what it wrote last: reading the window anew")
            self.window.clear()
        await self.followed()
        log.warning("the server has changed: %d articles in the window", len(self.window))

    async def catch_up(self) -> int:
        """Follow the fingerprint log to its end; how many entries were new."""
        async with self.turn():
            return await self.followed()

    async def followed(self) -> int:
        """The same for a caller that holds the lock."""
        before = self.window.last
        while entries := await self.store.log_after(self.window.last):
            self.window.follow(entries)
        return self.window.last - before

    async def handle(self, entries: Sequence[Entry]) -> None:
        """Place, acknowledge or dead-letter entries; what fails stays pending.

        An error in one article must not cost its neighbours: the batch is then tried
        article by article, and only the one that fails again is left for redelivery.

        Raises:
            RedisError: one of `store.UNAVAILABLE`; call again with the same entries.
        """
        async with self.turn():
            await self._handle(entries)

    async def handle_apart(self, entries: Sequence[Entry]) -> set[str]:
        """Handle suspects, for a caller in its `turn`; ids of those that wait for a decision.

        They are not kept for `revisit`: there others are in hand beside them, whom a death would
        speak against.
        """
        ids = {entry.id for entry in entries}
        self.in_hand |= ids
        try:
            await self._handle(entries)
        finally:
            self.in_hand -= ids
            aside = ids & {*self.waiting}
            for entry_id in aside:
                self._waiting.pop(entry_id, None)
                self._busy.pop(entry_id, None)
        return aside

    async def revisit(self) -> None:
        """Try again to place what was set aside."""
        async with self.turn():
            busy, self._busy = self._busy, {}
            try:
                busy |= await self._placed_again()
                if busy:
                    await self._handle(list(busy.values()))
            except UNAVAILABLE:
                self._busy = busy | self._busy
                raise

    async def _placed_again(self) -> dict[str, Entry]:
        """Place what waits. If one fails, entries that are to be handled anew: the one that fails
        there would fail here for ever, and hold up all others.
        """
        try:
            await self._place(sorted(self._waiting.values(), key=lambda item: item.number))
        except UNAVAILABLE:
            raise
        except Exception:  # noqa: BLE001 - handled anew, it is told apart and noted
            left = {item.entry.id: item.entry for item in self._waiting.values()}
            self._waiting.clear()
            return left
        return {}

    async def _handle(self, entries: Sequence[Entry]) -> None:
        try:
            await self._process(entries)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must cost one article
            if len(entries) == 1:
                why = f"{type(error).__name__}: {error}"[:500]
                await self.store.tries.note_failure(entries[0].id, why)
                return
            for entry in entries:
                await self._handle([entry])

    async def _process(self, entries: Sequence[Entry]) -> None:
        self.meter.batch(len(entries))
        with self.planner.grounds.tracer.batch(entries):
            await self._placed(entries)

    async def _placed(self, entries: Sequence[Entry]) -> None:
        with self.meter.stage("parse"):
            read, letters = self._read(entries)
        await self.store.bury(letters)
        for segment in segments(read):
            if segment[0].intent.wish is Wish.KILL:
                await self._kill(segment[0])
            else:
                await self._place(await self._prepare(segment))

    def _read(self, entries: Sequence[Entry]) -> tuple[list[Read], list[DeadLetter]]:
        read, letters = [], []
        for entry in entries:
            try:
                article = article_of(entry, self.settings.max_entry_bytes)
                read.append(Read(entry, article, intent(article)))
            except Unprocessable as error:
                letters.append(
                    dead_letter(
                        entry,
                        error.reason,
                        error.detail,
                        error.remedy,
                        deliveries=entry.deliveries,
                    )
                )
        return read, letters

    async def _prepare(self, read: Sequence[Read]) -> list[Prepared]:
        """Fingerprint, register, and verify the candidates of articles; in number order."""
        if not read:
            return []
        with self.meter.stage("fingerprint"):
            fingerprints = await self._fingerprints([item.article for item in read])
        with self.meter.stage("register"):
            answers = await self.store.register(
                [
                    _registration(item, fingerprint)
                    for item, fingerprint in zip(read, fingerprints, strict=True)
                ]
            )
        found = [
            (item, fingerprint, answer)
            for item, fingerprint, answer in zip(read, fingerprints, answers, strict=True)
            if isinstance(answer, Registered)
        ]
        for item, answer in zip(read, answers, strict=True):
            if isinstance(answer, Busy):
                self._busy[item.entry.id] = item.entry
        if not found:
            return []
        if any(answer.number <= self.window.last for *_, answer in found if answer.is_first):
            # The log was longer than that: even without a new connection, it is another one.
            self.store.era.end(self.store.era.current)
        with self.meter.stage("follow"):
            await self._follow(found)
        self.window.drop_below(max(answer.floor for *_, answer in found))
        judged = candidates(
            [(fingerprint, answer) for _, fingerprint, answer in found],
            self.window,
            self.verifier,
            self.settings,
            self.meter,
        )
        prepared = [
            Prepared(item.entry, item.article, fingerprint, answer, own)
            for (item, fingerprint, answer), own in zip(found, judged, strict=True)
        ]
        return sorted(prepared, key=lambda item: item.number)

    async def _fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        if self.settings.uses_bundled_encoder:
            return self.fingerprinter.fingerprints(articles)
        # A big model or an endpoint takes seconds a batch, and a loop held up for that long
        # neither stops nor tells the group that this worker is alive.
        with self.meter.slow():
            return await asyncio.to_thread(self.fingerprinter.fingerprints, articles)

    async def _follow(self, own: Sequence[tuple[Read, Fingerprint, Registered]]) -> None:
        """Bring the window up to the highest own number."""
        entries = {
            answer.number: Logged(
                answer.number, answer.event_ms, item.article.id, fingerprint.payload
            )
            for item, fingerprint, answer in own
            if answer.kind is not Kind.HELD
        }
        # What is held back has no number: all that are there come before it.
        highest = max(answer.number - (answer.kind is Kind.HELD) for _, _, answer in own)
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
        pending, needs = list(prepared), set[str]()
        for _ in rounds():
            if not pending:
                return
            needs |= {item.registered.story_id for item in pending if item.registered.story_id}
            with self.meter.stage("snapshot"):
                whole = (await self.store.whole([], list(needs))).stories if needs else {}
                snapshot = await self._snapshot(pending)
            held = {
                story_id: story
                for story_id, story in whole.items()
                if snapshot.stories.get(story_id, story).revision == story.revision
            }
            with self.meter.stage("decide"):
                plan = self.planner.plan(pending, snapshot, held, datetime.now(UTC))
            with self.meter.stage("commit"):
                outcomes = await self.store.commit([commit for _, commit in plan.commits])
            overtaken = []
            for (item, _), is_done in zip(plan.commits, outcomes, strict=True):
                if is_done:
                    self._waiting.pop(item.entry.id, None)
                else:
                    overtaken.append(item)
            if not plan.left and not overtaken:
                self._waiting |= {item.entry.id: item for item in plan.waiting}
                return
            again = [*plan.waiting, *plan.left, *await self._registered_again(overtaken)]
            pending = sorted(again, key=lambda item: item.number)
            needs.update(plan.needs)

    async def _snapshot(self, pending: Sequence[Prepared]) -> Snapshot:
        """Where the plan's articles are, under the rules that are in force at that moment."""
        while True:
            snapshot = await self.store.snapshot(self.planner.asks_for(pending))
            if int(snapshot.rules_revision or 0) == self.planner.grounds.rules.revision:
                return snapshot
            self.planner.grounds.rules = await self.store.rules()

    async def _registered_again(self, overtaken: Sequence[Prepared]) -> list[Prepared]:
        """Those of overtaken articles that are still to be decided, with what is known of them
        now: another worker changed a story of theirs, or placed or killed the article itself.
        """
        if not overtaken:
            return []
        answers = await self.store.register(
            [
                _registration(
                    Read(item.entry, item.article, intent(item.article)), item.fingerprint
                )
                for item in overtaken
            ]
        )
        again = []
        for item, answer in zip(overtaken, answers, strict=True):
            self._waiting.pop(item.entry.id, None)
            if isinstance(answer, Registered):
                again.append(replace(item, registered=answer))
            elif isinstance(answer, Busy):
                self._busy[item.entry.id] = item.entry
        return again

    async def _kill(self, item: Read) -> None:
        """Retract what a kill names, or remember it for when it comes."""
        subject, wish = item.intent.subject, item.intent
        if wish.is_guess and not (await self.store.whole([subject])).records[subject]:
            found = await self._meant(item)
            if found is None:
                await self.store.bury([kills_nothing(item.entry, item.article)])
                return
            subject = found
        for _ in rounds():
            whole = await self.store.whole([subject])
            commit = retraction(
                item.entry.id,
                subject,
                wish.through,
                whole,
                self.settings.event_source,
                self.planner.grounds.rules,
                self.settings.kills_ms,
                datetime.now(UTC),
                traceparent=self.planner.grounds.tracer.traceparent(item.entry),
            )
            if (await self.store.commit([commit]))[0]:
                return
            self.planner.grounds.rules = await self.store.rules()

    async def _meant(self, item: Read) -> str | None:
        """The article of the same outlet whose text a kill repeats, if one is placed."""
        if not item.article.has_words:
            return None
        held = Read(item.entry, item.article, Intent(Wish.HOLD, item.article.id, 0))
        for prepared in await self._prepare([held]):
            mine = outlet(item.article.source)
            for candidate in prepared.candidates:
                fingerprint = self.window.fingerprint(candidate.number)
                if (
                    candidate.probability >= self.verifier.join_threshold
                    and fingerprint is not None
                    and outlet(fingerprint.source) == mine
                ):
                    return candidate.article_id
        return None


def _registration(item: Read, fingerprint: Fingerprint) -> Registration:
    return Registration(
        item.entry.id,
        item.article.id,
        item.article.version,
        fingerprint.published_ms,
        fingerprint.payload,
        fingerprint.bands,
        hold_of(
            item.article,
            is_held=item.intent.wish is Wish.HOLD,
            is_explicit="version" in item.article.model_fields_set,
        ),
    )
