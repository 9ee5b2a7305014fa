"""Kills as they come in: whom they mean, and their commit."""

from dataclasses import dataclass, replace

from contracts.article import MAX_VERSION
from service.stories.intent import Intent, Wish
from service.stories.senders import covers
from service.stories.sources import outlet
from workers.placing.context import Grounds
from workers.placing.foreign import not_the_owner
from workers.placing.kill import (
    is_crowded,
    kills_nothing,
    kills_older,
    outlives,
    retraction,
    too_many_kills,
)
from workers.placing.prepare import Preparer
from workers.placing.segments import Read
from workers.state.attempts import rounds
from workers.state.schema import Article as Record
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
        if wish.is_guess and not await self._record(subject):
            found = await self._meant(item)
            if found is None:
                await self.store.bury([kills_nothing(item.entry, item.article)])
                return
            # The version of such a kill is its own, not that of the item it is like.
            subject, through = found, MAX_VERSION
        for _ in rounds():
            whole = await self.store.whole([subject])
            record = whole.records[subject]
            owner = record.get(Record.OWNER)
            if owner is not None and not covers(item.voice.mandate, owner):
                await self.store.bury([not_the_owner(item, subject, owner)])
                return
            if (latest := outlives(record, through, item.entry.id)) is not None:
                await self.store.bury([kills_older(item.entry, item.article, latest)])
                return
            if is_crowded(record):
                await self.store.bury([too_many_kills(item.entry, item.article, subject)])
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
                voice=item.voice,
                traceparent=self.grounds.tracer.traceparent(item.entry),
            )
            if (await self.store.commit([commit]))[0]:
                return
            self.grounds.rules = await self.store.rules()

    async def _meant(self, item: Read) -> str | None:
        """The article of the same outlet whose text a kill repeats, if one is placed for which the
        kill's sender may speak.
        """
        if not item.article.has_words:
            return None
        held = replace(item, intent=Intent(Wish.HOLD, item.article.id, 0))
        for prepared in await self.preparer.prepare([held]):
            mine = outlet(item.article.source)
            for candidate in prepared.candidates:
                fingerprint = self.grounds.window.fingerprint(candidate.number)
                if (
                    candidate.probability >= self.grounds.verifier.join_threshold
                    and fingerprint is not None
                    and outlet(fingerprint.source) == mine
                    and await self._may_kill(item, candidate.article_id)
                ):
                    return candidate.article_id
        return None

    async def _may_kill(self, item: Read, article_id: str) -> bool:
        owner = (await self._record(article_id)).get(Record.OWNER)
        return owner is None or covers(item.voice.mandate, owner)

    async def _record(self, article_id: str) -> dict[str, str]:
        return (await self.store.whole([article_id])).records[article_id]
