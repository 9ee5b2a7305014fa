"""Workers whose handling is a stand-in that dies, fails or waits as its entries say.

Redis, scripts, reclaiming and the turns of the deduplicator are the real ones. A worker runs from
one moment to the next, a moment being just before or just after the server is asked something:
there it may be killed, or find the server away, or let the other worker go first. So a plan says
all that happens, and two runs of one plan are the same.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from contracts.streams import GROUP
from tests.support.wire import harness
from tests.support.wire.desk import Died
from workers.connection.clients import connect
from workers.placing.deduplicator import Deduplicator
from workers.process.reclaim import Reclaimer
from workers.settings import Settings
from workers.state.commit import Commit
from workers.state.entries import Entry
from workers.state.scripts import Call
from workers.state.store import UNAVAILABLE, Store
from workers.state.tries import Record

KILLED, AWAY = "killed", "away"
_DONE = "done"
"""Hash of the stand-in: how often each entry was placed."""


@dataclass(frozen=True, slots=True)
class Case:
    """What an entry does to whoever handles it."""

    kills: bool = False
    fails: bool = False
    waits_for: int | None = None
    """Number of an entry that must have come to its end before."""

    @property
    def is_poison(self) -> bool:
        return self.kills or self.fails


@dataclass
class StandIn(Deduplicator):
    """Does to its worker what its entries say."""

    nurse: "Nurse" = field(kw_only=True)

    async def _read_ahead(self, entries: Sequence[Entry]) -> None:
        """No encoder reads what is no text."""

    async def _process(self, entries: Sequence[Entry]) -> None:
        ward, ready = self.nurse.ward, []
        for entry in entries:
            case = ward.cases[number_of(entry)]
            if case.waits_for is not None and not ward.has_ended(case.waits_for):
                self.aside.busy[entry.id] = entry
            else:
                ready.append((entry, case))
        if any(case.kills for _, case in ready):
            raise Died
        if failing := [entry for entry, case in ready if case.fails]:
            if len(entries) == 1:
                ward.alone[failing[0].id] += 1
            raise ValueError("a text that can't be read")
        await self.store.commit([_done(entry) for entry, _ in ready])


def _done(entry: Entry) -> Commit:
    """Like an article that is placed, an entry has no effect a second time."""
    commit = Commit(entry.id, "placed")
    commit.requires(_DONE, entry.id, "")
    commit.advances(_DONE, entry.id)
    return commit


@dataclass(slots=True)
class Nurse:
    """One worker, from its start to its death."""

    ward: "Ward"
    name: str
    plan: dict[int, str]
    """What happens at its moments, by their number."""
    store: Store = field(init=False)
    deduplicator: StandIn = field(init=False)
    reclaimer: Reclaimer = field(init=False)
    hand: set[str] = field(default_factory=set)
    """Ids of entries that it has in hand, as the server would say it."""
    moments: int = 0
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        redis, settings = connect(self.ward.settings), self.ward.settings
        self.store = Store(redis, settings)
        self.deduplicator = StandIn(self.store, cast(Any, None), nurse=self)
        self.reclaimer = Reclaimer(redis, settings, self.store, self.deduplicator, self.name)
        await self.store.prepare("stand-in")
        run = self.store._scripts.run

        async def watched(calls: Iterable[Call]) -> list[Any]:
            calls = list(calls)
            await self._moment()
            answers = await run(calls)
            name = calls[0][0] if calls else ""
            if name == "claim":
                self.hand = {entry_id.decode() for entry_id, *_ in answers[0][0]}
            elif name == "settle":
                self.hand = set()
            await self._moment()
            return answers

        cast(Any, self.store._scripts).run = watched

    async def work(self) -> None:
        """A fresh batch, what others left, what waits: as the loops of a worker do it."""
        settings = self.ward.settings
        answer: Any = await self.reclaimer.redis.xreadgroup(
            GROUP, self.name, {settings.streams.articles: ">"}, count=settings.batch_size
        )
        fresh = [
            Entry(entry_id.decode(), fields) for _, each in answer for entry_id, fields in each
        ]
        if fresh:
            await self._until_done(lambda: self.deduplicator.handle(fresh), fresh)
        try:
            await self.reclaimer.reclaim()
        except UNAVAILABLE:
            return
        if self.deduplicator.aside.ids:
            waiting = list(self.deduplicator.aside.busy.values())
            await self._until_done(self.deduplicator.revisit, waiting)

    async def _until_done(self, step: Callable[[], Any], entries: Sequence[Entry]) -> None:
        while True:
            # Before these are handled, what was tried before must be settled.
            if not self.hand:
                self.hand = {entry.id for entry in entries}
            try:
                await step()
            except UNAVAILABLE:
                continue
            self.hand = set()
            return

    async def _moment(self) -> None:
        self.waits.set()
        await self.goes_on.wait()
        self.goes_on.clear()
        event = self.plan.get(self.moments)
        self.moments += 1
        if event == KILLED:
            raise Died
        if event == AWAY:
            raise RedisConnectionError("the server is away")


@dataclass(slots=True)
class Ward:
    """Entries, and workers that come and go."""

    redis: Redis
    settings: Settings
    cases: Sequence[Case]
    plans: list[dict[int, str]] = field(default_factory=list)
    """Of the workers in the order in which they start; who comes later is left in peace."""
    order: list[int] = field(default_factory=list)
    """Which worker goes on to its next moment; behind the last one they take turns."""
    alone: Counter[str] = field(default_factory=Counter)
    """How often an entry failed, or its worker died, while it was the only one in hand."""
    deaths: list[int] = field(default_factory=list)
    """How many were in hand at each death."""
    ids: list[str] = field(default_factory=list)
    _hired: int = 0

    async def run(self, workers: int, rounds: int) -> None:
        """Until all entries have come to their end; fails if that takes more rounds."""
        self.redis.xgroup_create(self.settings.streams.articles, GROUP, id="0", mkstream=True)
        for number in range(len(self.cases)):
            sent = self.redis.xadd(self.settings.streams.articles, {"data": json.dumps(number)})
            self.ids.append(cast(bytes, sent).decode())
        nurses = [await self._hire() for _ in range(workers)]
        try:
            for _ in range(rounds):
                await self._round(nurses)
                self._check_counts(nurses)
                if not self.redis.xlen(self.settings.streams.articles):
                    return
                self._age(nurses)
        finally:
            for nurse in nurses:
                await nurse.reclaimer.redis.aclose()
        raise AssertionError(f"not all is done after {rounds} rounds: {self.deaths}")

    def has_ended(self, number: int) -> bool:
        """Whether an entry was placed or buried."""
        entry_id = self.ids[number]
        return not self.redis.xrange(self.settings.streams.articles, entry_id, entry_id)

    @property
    def placed(self) -> dict[int, int]:
        """How often entries were placed, by number."""
        done = cast(dict[bytes, bytes], self.redis.hgetall(self.settings.keys.prefix + _DONE))
        return {self.ids.index(entry_id.decode()): int(count) for entry_id, count in done.items()}

    @property
    def buried(self) -> list[int]:
        """Numbers of the entries that became dead letters."""
        letters = harness.letters(self.redis, self.settings)
        return sorted(self.ids.index(letter.entry_id) for letter in letters)

    async def _hire(self) -> Nurse:
        plan = self.plans[self._hired] if self._hired < len(self.plans) else {}
        nurse = Nurse(self, f"w{self._hired}", plan)
        self._hired += 1
        await nurse.start()
        return nurse

    async def _round(self, nurses: list[Nurse]) -> None:
        tasks = {place: asyncio.ensure_future(nurse.work()) for place, nurse in enumerate(nurses)}
        for place, nurse in enumerate(nurses):
            await self._until_it_waits(nurse, tasks[place])
        turn = 0
        while running := [place for place, task in tasks.items() if not task.done()]:
            chosen = self.order.pop(0) if self.order else turn
            place, turn = running[chosen % len(running)], turn + 1
            nurses[place].waits.clear()
            nurses[place].goes_on.set()
            await self._until_it_waits(nurses[place], tasks[place])
        for place, task in tasks.items():
            if isinstance(task.exception(), Died):
                nurse = nurses[place]
                self.deaths.append(len(nurse.hand))
                if len(nurse.hand) == 1:
                    self.alone.update(nurse.hand)
                await nurse.reclaimer.redis.aclose()
                nurses[place] = await self._hire()
            else:
                task.result()

    async def _until_it_waits(self, nurse: Nurse, task: "asyncio.Future[None]") -> None:
        waits: asyncio.Future[Any] = asyncio.ensure_future(nurse.waits.wait())
        both: set[asyncio.Future[Any]] = {waits, task}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()

    def _check_counts(self, nurses: Sequence[Nurse]) -> None:
        """No entry has more against it than it did alone."""
        era = nurses[0].store.era.current
        in_hand = {each for nurse in nurses for each in nurse.hand}
        kept = cast(dict[bytes, bytes], self.redis.hgetall(self.settings.keys.tries))
        for entry_id, text in kept.items():
            record = Record.read(text, era)
            if entry_id.decode() not in in_hand:
                assert record.failures <= self.alone[entry_id.decode()], (entry_id, text)

    def _age(self, nurses: Sequence[Nurse]) -> None:
        """As if long enough had gone by for all that nobody says to have in hand.

        A worker that could not say what became of its last trial does so before others may think
        that it is dead; alone, it may take any time.
        """
        stream = self.settings.streams.articles
        kept = {each for nurse in nurses for each in nurse.deduplicator.aside.ids}
        if len(nurses) > 1:
            kept |= {each for nurse in nurses for each in nurse.hand}
        pending: Any = self.redis.xpending_range(stream, GROUP, "-", "+", 10_000)
        for each in pending:
            if each["message_id"].decode() not in kept:
                self.redis.xclaim(
                    stream,
                    GROUP,
                    each["consumer"],
                    0,
                    [each["message_id"]],
                    idle=10 * self.settings.reclaim_idle_ms,
                    justid=True,
                )


def number_of(entry: Entry) -> int:
    """Which of the cases an entry is."""
    return int(entry.fields[b"data"])
