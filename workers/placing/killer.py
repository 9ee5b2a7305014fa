"""Kills as they come in: whom they mean, and their commit."""

from dataclasses import dataclass

from contracts.article import MAX_VERSION
from service.stories.intent import Intent, Wish
from service.stories.sources import outlet
from workers.placing.context import Grounds
from workers.placing.kill import kills_nothing, kills_older, outlives, retraction
from workers.placing.prepare import Preparer
from workers.placing.segments import Read
from workers.state.attempts import rounds
from workers.state.store import Store


@dataclass(frozen=True, slots=True)
class Killer:
    """Carries out kills for one worker."""

    store: Store
    grounds: Grounds
    preparer: Preparer

    async def kill(self, item: Read) -> None:
        """Retract what a kill names, or remember it for when it comes."""
        wish = item.intent
        subject, through = wish.subject, wish.through
        if wish.is_guess and not (await self.store.whole([subject])).records[subject]:
            found = await self._meant(item)
            if found is None:
                await self.store.bury([kills_nothing(item.entry, item.article)])
                return
            # The version of such a kill is its own, not that of the item it is like.
            subject, through = found, MAX_VERSION
        for _ in rounds():
            whole = await self.store.whole([subject])
            latest = outlives(whole.records[subject], through, item.entry.id)
            if latest is not None:
                await self.store.bury([kills_older(item.entry, item.article, latest)])
                return
            commit = retraction(
                item.entry.id,
                subject,
                through,
                whole,
                self.grounds.settings.event_source,
                self.grounds.rules,
                self.grounds.settings.kills_ms,
                self.grounds.now(),
                traceparent=self.grounds.tracer.traceparent(item.entry),
            )
            if (await self.store.commit([commit]))[0]:
                return
            self.grounds.rules = await self.store.rules()

    async def _meant(self, item: Read) -> str | None:
        """The article of the same outlet whose text a kill repeats, if one is placed."""
        if not item.article.has_words:
            return None
        held = Read(item.entry, item.article, Intent(Wish.HOLD, item.article.id, 0))
        for prepared in await self.preparer.prepare([held]):
            mine = outlet(item.article.source)
            for candidate in prepared.candidates:
                fingerprint = self.grounds.window.fingerprint(candidate.number)
                if (
                    candidate.probability >= self.grounds.verifier.join_threshold
                    and fingerprint is not None
                    and outlet(fingerprint.source) == mine
                ):
                    return candidate.article_id
        return None
