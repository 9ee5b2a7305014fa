"""What must be known of articles before anything is decided on them: fingerprints, numbers, and
verified candidates.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.stories.intent import Wish, intent
from service.text.document import documents
from workers.metrics.meter import NO_METER, Meter
from workers.placing.aside import Aside
from workers.placing.candidates import candidates
from workers.placing.context import Grounds, Prepared
from workers.placing.foreign import refuse
from workers.placing.segments import Read
from workers.state.answers import Busy, Foreign, Kind, Registered, Registration
from workers.state.article_record import hold_of
from workers.state.log_entry import Logged
from workers.state.store import Store


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares articles for one worker, whose window it brings up to them."""

    store: Store
    grounds: Grounds
    aside: Aside
    meter: Meter = NO_METER

    async def prepare(self, read: Sequence[Read]) -> list[Prepared]:
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
        foreign = [
            (item, fingerprint, answer)
            for item, fingerprint, answer in zip(read, fingerprints, answers, strict=True)
            if isinstance(answer, Foreign)
        ]
        for item, answer in zip(read, answers, strict=True):
            if isinstance(answer, Busy):
                self.aside.busy[item.entry.id] = item.entry
        prepared = await self._compared(found) if found else []
        for each in foreign:
            await refuse(self.store, self.grounds, *each)
        return prepared

    async def _compared(
        self, found: Sequence[tuple[Read, Fingerprint, Registered]]
    ) -> list[Prepared]:
        """Registered articles with their candidates; in number order."""
        window = self.grounds.window
        if any(answer.number <= window.last for *_, answer in found if answer.is_first):
            # The log was longer than that: even without a new connection, it is another one.
            self.store.era.end(self.store.era.current)
        with self.meter.stage("follow"):
            await self._follow(found)
        window.drop_below(max(answer.floor for *_, answer in found))
        judged = candidates(
            [(fingerprint, answer) for _, fingerprint, answer in found],
            window,
            self.grounds.verifier,
            self.grounds.settings,
            self.meter,
        )
        prepared = [
            Prepared(
                *(item.entry, item.article, item.voice, fingerprint, answer, own), item.repaired
            )
            for (item, fingerprint, answer), own in zip(found, judged, strict=True)
        ]
        return sorted(prepared, key=lambda item: item.number)

    async def registered_again(self, overtaken: Sequence[Prepared]) -> list[Prepared]:
        """Those of overtaken articles that are still to be decided, with what is known of them
        now: another worker changed a story of theirs, or placed or killed the article itself.
        """
        if not overtaken:
            return []
        read = [
            Read(item.entry, item.article, intent(item.article), item.voice, item.repaired)
            for item in overtaken
        ]
        answers = await self.store.register(
            [
                _registration(one, item.fingerprint)
                for one, item in zip(read, overtaken, strict=True)
            ]
        )
        again = []
        for one, item, answer in zip(read, overtaken, answers, strict=True):
            self.aside.waiting.pop(item.entry.id, None)
            if isinstance(answer, Registered):
                again.append(replace(item, registered=answer))
            elif isinstance(answer, Busy):
                self.aside.busy[item.entry.id] = item.entry
            elif isinstance(answer, Foreign):
                await refuse(self.store, self.grounds, one, item.fingerprint, answer)
        return again

    async def read_ahead(self, articles: Sequence[Article]) -> None:
        """Have the second encoder, where there is one, read these: it remembers them. Nobody's turn
        is needed, so others go on meanwhile.

        Raises:
            EncoderUnavailable: it can't answer now.
            EncoderRefused: it refuses a text.
        """
        second = self.grounds.fingerprinter.second
        if second is None or not articles:
            return
        # Here and not in the thread: the tables of words serve one thread.
        read = documents(articles).read
        with self.meter.slow():
            await asyncio.to_thread(second.opinions, read)

    async def _fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        await self.read_ahead(articles)
        settings = self.grounds.settings
        if settings.uses_bundled_encoder or self.grounds.fingerprinter.second is not None:
            return self.grounds.fingerprinter.fingerprints(articles)
        # A big model or an endpoint takes seconds a batch, and a loop held up for that long
        # neither stops nor tells the group that this worker is alive.
        with self.meter.slow():
            return await asyncio.to_thread(self.grounds.fingerprinter.fingerprints, articles)

    async def _follow(self, own: Sequence[tuple[Read, Fingerprint, Registered]]) -> None:
        """Bring the window up to the highest own number."""
        window = self.grounds.window
        entries = {
            answer.number: Logged(
                answer.number, answer.event_ms, item.article.id, fingerprint.payload
            )
            for item, fingerprint, answer in own
            if answer.kind is not Kind.HELD
        }
        # What is held back has no number: all that are there come before it.
        highest = max(answer.number - (answer.kind is Kind.HELD) for _, _, answer in own)
        fresh = sorted(number for number in entries if number > window.last)
        if fresh == list(range(window.last + 1, highest + 1)):
            # Nobody else registered in between: what was just written need not be read.
            window.follow([entries[number] for number in fresh])
            return
        while window.last < highest:
            entries_after = await self.store.log_after(window.last)
            if not entries_after:
                break  # own entries expired meanwhile: nothing is left to compare with
            window.follow(entries_after)


def _registration(item: Read, fingerprint: Fingerprint) -> Registration:
    return Registration(
        item.entry.id,
        item.article.id,
        item.article.effective_version,
        fingerprint.published_ms,
        fingerprint.payload,
        item.voice,
        item.article.replaces or "",
        hold_of(
            item.article,
            is_held=item.intent.wish is Wish.HOLD,
            is_explicit=item.article.version is not None,
        ),
    )
