"""The steps by which a namespace's stories become those of another one, told as events.

Members that are elsewhere there leave their stories; then fragments that are one story there
merge (``service/stories/regroup.py``). Every step is one commit, and what is left to do is seen
from the stories themselves: whoever takes the steps again after a crash takes the rest of them.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis

from contracts.events import Evidence, Model
from service.stories.decide import story_id_for
from service.stories.ledger import Ledger
from service.stories.regroup import becoming_one, leaving
from service.stories.rules import Rules
from service.stories.state import Member, StoryState
from workers.errors import NotSwitchable
from workers.keys import Key
from workers.settings import Settings
from workers.shadow.history import Account
from workers.state import schema
from workers.state.commit import Commit, fresh_mark
from workers.state.store import Store

_AT_ONCE = 100
"""Commits in one round trip."""


@dataclass(slots=True)
class Lineage:
    """Regroups the stories of one namespace."""

    redis: Redis
    settings: Settings
    store: Store
    to: str
    """Namespace whose stories they become."""
    model: Model
    """That made these stories."""
    thresholds: Mapping[str, float]
    accounts: Mapping[str, Account]
    """What was told there, by article id."""
    rules: Rules
    split: int = 0
    merged: int = 0
    _commits: list[Commit] = field(default_factory=list)

    async def regroup(
        self, stories: Mapping[str, StoryState], homes: Mapping[str, str]
    ) -> dict[str, StoryState]:
        """Take all steps; the stories as they are afterwards.

        Args:
            stories: all of the namespace, with their members.
            homes: id of each article that both hold → its story there.

        Raises:
            NotSwitchable: a story was changed by somebody else meanwhile.
        """
        began = self.store.clock.own()
        seconds, microseconds = await self.redis.time()
        self.store.clock.seen(began, seconds + microseconds / 1e6, self.store.clock.own())
        ledger = Ledger(stories, self.settings.event_source, fresh_mark(), self.rules)
        fresh = await self._opened_before()
        for story in list(stories.values()):
            for _, members in leaving(story, homes, self.rules):
                fresh.add(await self._leave(ledger, story.id, members))
        await self._flush()
        merging = becoming_one(list(ledger.stories.values()), homes, fresh, self.rules)
        # In an order that does not depend on what was done before an interruption.
        for _, one in sorted(merging.items()):
            for other in one[1:]:
                await self._merge(ledger, one[0].id, other.id)
        await self._flush()
        return ledger.stories

    async def _leave(self, ledger: Ledger, story_id: str, members: Sequence[Member]) -> str:
        """Members leave for a story of their own; its id."""
        lead_id = self.rules.lead_of([each.article_id for each in members])
        members = sorted(members, key=lambda each: (each.article_id != lead_id, each.first))
        lead = members[0]
        held, opened, new_id = await self._new_id(ledger, lead)
        now = self.store.clock()
        ids = [each.article_id for each in members]
        ledger.split(story_id, ids, new_id, self._because, now)
        ruled = [each for each in ids if self.rules.names(each)]
        ledger.opened(new_id, members, self._told(lead, story_id), now, ruled)
        commit = Commit()
        commit.requires_of(lead.article_id, {schema.Article.OPENED: held})
        commit.takes(ledger.take())
        commit.notes(Key.ARTICLE + lead.article_id, {schema.Article.OPENED: opened + 1})
        commit.notes(Key.SWITCHING, {new_id: schema.Switching.OPENED})
        self.split += 1
        await self._commit(commit)
        return new_id

    async def _merge(self, ledger: Ledger, survivor_id: str, ended_id: str) -> None:
        now = self.store.clock()
        ledger.merged_into(survivor_id, ended_id, self._because, now)
        ledger.led(survivor_id, now)
        commit = Commit()
        commit.takes(ledger.take())
        self.merged += 1
        await self._commit(commit)

    @property
    def _because(self) -> str:
        return f"switch to {self.to}"

    async def _new_id(self, ledger: Ledger, lead: Member) -> tuple[str, int, str]:
        """How many stories the article opened before, as its record has it and as it must be
        counted, and the id of the next one.
        """
        key = self.settings.keys.article(lead.article_id)
        held = await cast(Awaitable[bytes | None], self.redis.hget(key, schema.Article.OPENED))
        epoch = lead.event_ms // self.settings.epoch_ms
        opened = int(held or 0)
        while True:
            new_id = story_id_for(lead.article_id, epoch, opened)
            # An id stays taken as long as it resolves to another story.
            taken = await self.redis.exists(self.settings.keys.story(new_id))
            if not taken and new_id not in ledger.stories and new_id not in ledger.merged:
                return (held or b"").decode(), opened, new_id
            opened += 1

    def _told(self, lead: Member, split_from: str) -> dict[str, Any]:
        """What the event says of the article that leads a fragment."""
        account = self.accounts.get(lead.article_id)
        return {
            "article_id": lead.article_id,
            "lang": lead.lang,
            "relation": None,
            "score": None,
            "matched_article_id": None,
            "evidence": Evidence(
                summary=f"Switched to the stories of {self.to}: by model {self.model.version} and "
                "its thresholds it is no longer in the story that it was in",
                thresholds=dict(self.thresholds),
                model=self.model,
            ),
            "title": account.title if account else "",
            "source": account.source if account else None,
            "url": account.url if account else None,
            "published_at": account.published_at if account else None,
            "version": lead.version,
            "split_from": split_from,
        }

    async def _opened_before(self) -> set[str]:
        """Stories that this switch opened before it was interrupted."""
        fields = await cast(
            Awaitable[dict[bytes, bytes]], self.redis.hgetall(self.settings.keys.switching)
        )
        opened = schema.Switching.OPENED.encode()
        return {name.decode() for name, value in fields.items() if value == opened}

    async def _commit(self, commit: Commit) -> None:
        self._commits.append(commit)
        if len(self._commits) >= _AT_ONCE:
            await self._flush()

    async def _flush(self) -> None:
        commits, self._commits = self._commits, []
        outcomes = await self.store.commit(commits) if commits else []
        if not all(outcomes):
            raise NotSwitchable(
                f"a story of {self.settings.namespace!r} was changed during the switch: a worker "
                "runs. Stop it, then run the same command again"
            )
