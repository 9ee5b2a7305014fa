"""A batch of stream entries in, decided articles out: read, decide, commit.

Round trips for a batch, whatever its size: register, follow the log (only where other
workers write too), snapshot, commit; with new versions of placed articles one more. A batch
that holds several versions of one article, or a kill, is cut there: what comes of a batch is
what would come of its entries one by one.

Anything may be called again with the same entries after a crash or a broken connection:
every step is idempotent, and what an entry's article became is decided exactly once, by
the commit script.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.article import Article
from contracts.dead_letter import DeadLetter, Reason
from service.stories.intent import Intent, Wish, intent
from service.text.mojibake import mended
from workers.errors import Unprocessable
from workers.metrics.meter import NO_METER, Meter
from workers.placing.aside import Aside
from workers.placing.context import Grounds
from workers.placing.killer import Killer
from workers.placing.place import Placer
from workers.placing.prepare import Preparer
from workers.placing.segments import Read, segments
from workers.placing.turns import Turns
from workers.state.entries import Entry, article_of, dead_letter, voice_of
from workers.state.readable_id import readable_id
from workers.state.store import UNAVAILABLE, Store

LONGEST_EMBARGO = timedelta(days=366)
"""What is held is kept whole, whatever the window, so it must have an end that somebody lives to
see; embargoes are of days, of budgets and censuses months."""


@dataclass(slots=True)
class Deduplicator:
    """Places articles. One batch at a time: the window is this worker's alone."""

    store: Store
    grounds: Grounds
    meter: Meter = NO_METER
    in_hand: set[str] = field(default_factory=set)
    """Ids of entries that this worker is trying, however long the server is unavailable."""
    aside: Aside = field(default_factory=Aside)
    turns: Turns = field(init=False)
    preparer: Preparer = field(init=False)
    placer: Placer = field(init=False)
    killer: Killer = field(init=False)

    def __post_init__(self) -> None:
        store, grounds, aside = self.store, self.grounds, self.aside
        self.turns = Turns(store, grounds, aside)
        self.preparer = Preparer(store, grounds, aside, self.meter)
        self.placer = Placer(store, grounds, aside, self.preparer, self.meter)
        self.killer = Killer(store, grounds, self.preparer)

    async def handle(self, entries: Sequence[Entry]) -> None:
        """Place, acknowledge or dead-letter entries; what fails stays pending.

        An error in one article must not cost its neighbours: the batch is then tried
        article by article, and only the one that fails again is left for redelivery.

        Raises:
            RedisError: one of `store.UNAVAILABLE`; call again with the same entries.
        """
        await self._read_ahead(entries)
        async with self.turns.take():
            await self._handle(entries)

    async def _read_ahead(self, entries: Sequence[Entry]) -> None:
        if self.grounds.fingerprinter.second is None:
            return
        read, _ = self._read(entries)
        try:
            await self.preparer.read_ahead(
                [item.article for item in read if item.intent.wish is not Wish.KILL]
            )
        except UNAVAILABLE:
            raise
        except Exception:  # noqa: BLE001 - in its turn the article is told apart, and that is noted
            return

    async def handle_apart(self, entries: Sequence[Entry]) -> set[str]:
        """Handle suspects, for a caller whose turn it is; ids of those that wait for a decision.

        They are not kept for `revisit`: there others are in hand beside them, whom a death would
        speak against.
        """
        ids = {entry.id for entry in entries}
        self.in_hand |= ids
        try:
            await self._handle(entries)
        finally:
            self.in_hand -= ids
            aside = self.aside.take(ids)
        return aside

    async def revisit(self) -> None:
        """Try again to place what was set aside."""
        async with self.turns.take():
            busy, self.aside.busy = self.aside.busy, {}
            try:
                busy |= await self._placed_again()
                if busy:
                    await self._handle(list(busy.values()))
            except UNAVAILABLE:
                self.aside.busy = busy | self.aside.busy
                raise

    async def _placed_again(self) -> dict[str, Entry]:
        """Place what waits. If one fails, entries that are to be handled anew: the one that fails
        there would fail here for ever, and hold up all others.
        """
        try:
            waiting = sorted(self.aside.waiting.values(), key=lambda item: item.number)
            await self.placer.place(waiting)
        except UNAVAILABLE:
            raise
        except Exception:  # noqa: BLE001 - handled anew, it is told apart and noted
            return self.aside.take_waiting()
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
        with self.grounds.tracer.batch(entries):
            await self._placed(entries)

    async def _placed(self, entries: Sequence[Entry]) -> None:
        with self.meter.stage("parse"):
            read, letters = self._read(entries)
        await self.store.bury(letters)
        for segment in segments(read):
            if segment[0].intent.wish is Wish.KILL:
                await self.killer.kill(segment[0])
            else:
                await self.placer.place(await self.preparer.prepare(segment))

    def _read(self, entries: Sequence[Entry]) -> tuple[list[Read], list[DeadLetter]]:
        read, letters = [], []
        for entry in entries:
            try:
                # Here and nowhere later: a tag in a headline says what becomes of the item.
                article, broken = mended(article_of(entry, self.grounds.settings.max_entry_bytes))
                wish = intent(article)
                _refuse_far_embargo(article, wish, self.grounds.now())
                voice = voice_of(entry, article.source, self.grounds.trust)
                read.append(Read(entry, article, wish, voice, broken))
            except Unprocessable as error:
                letters.append(
                    dead_letter(
                        entry,
                        error.reason,
                        error.detail,
                        deliveries=entry.deliveries,
                        article_id=readable_id(entry),
                    )
                )
        return read, letters


def _refuse_far_embargo(article: Article, wish: Intent, now: datetime) -> None:
    until = article.embargoed
    if wish.wish is Wish.PUBLISH and until is not None and until - now > LONGEST_EMBARGO:
        raise Unprocessable(
            Reason.INVALID_ARTICLE,
            f"embargoed: until {until.isoformat()}, expected at most {LONGEST_EMBARGO.days} days "
            "from now",
        )
