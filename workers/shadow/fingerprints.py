"""Fingerprints of another namespace, and their numbers, in place of a namespace's own.

Numbers are the order of registration, and everything is filed under them: the log, the epochs,
every article and every member of a story. All of it is replaced, each part in such a way that doing
it once more changes nothing.

An article of which the other namespace holds no fingerprint (it came later, or in another
version) gets a number behind all others and an entry in the log that holds its id alone: nothing
can be compared with it, and it leaves the log when its time has come, with its story.
"""

from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar, cast

from redis.asyncio import Redis

from service.stories.state import Member, StoryState
from service.stories.step import Step, StoryChange
from workers.errors import NotSwitchable
from workers.keys import Key, Keys, StreamEntries
from workers.settings import Settings
from workers.state import schema
from workers.state.commit import Commit
from workers.state.schema import NO_ARTICLE, Clock, Log
from workers.state.store import Store

T = TypeVar("T")

_ENTRIES_AT_ONCE = 500
_STORIES_AT_ONCE = 100
_CLOCK = (Clock.NUMBER, Clock.EVENT_MS, Clock.AT_MS, Clock.DATED, Clock.JUMP, Clock.FLOOR)
"""Fields that belong to the fingerprints; position and rules stay the namespace's own."""


@dataclass(frozen=True, slots=True)
class Takeover:
    """Gives one namespace the fingerprints of another."""

    redis: Redis
    settings: Settings
    """Of the namespace that is changed."""
    store: Store
    source: Keys
    """Of the other one, which is only read."""

    async def take(self, stories: Mapping[str, StoryState], theirs: Mapping[str, Member]) -> int:
        """Replace all; how many articles are without a fingerprint now.

        Args:
            stories: all of the namespace that is changed, with their members.
            theirs: by article id, the member in the other namespace, if it is the same version.
        """
        clock = await cast(Awaitable[dict[bytes, bytes]], self.redis.hgetall(self.source.clock))
        last = int(clock[Clock.NUMBER.encode()])
        mine = [each for story in stories.values() for each in (story.members or {}).values()]
        without = sorted(
            (each for each in mine if each.article_id not in theirs),
            key=lambda each: (each.event_ms, each.article_id),
        )
        numbered = {each.article_id: last + 1 + place for place, each in enumerate(without)}
        await self._take_log({each.article_id for each in mine} & theirs.keys())
        await self._append(without, numbered)
        await self._take_clock(clock, last + len(without), without, numbered)
        for chunk in _chunks(stories.values(), _STORIES_AT_ONCE):
            await self._renumber([(story, _renumbered(story, theirs, numbered)) for story in chunk])
        model = await cast(Awaitable[bytes], self.redis.get(self.source.model))
        await self.redis.set(self.settings.keys.model, model)
        return len(without)

    async def _take_log(self, held: set[str]) -> None:
        """Their log, but for articles that are not held here: killed ones must not come back."""
        mine = self.settings.keys.log
        await self.redis.unlink(mine)
        after = "-"
        while entries := cast(
            StreamEntries, await self.redis.xrange(self.source.log, after, count=_ENTRIES_AT_ONCE)
        ):
            after = f"({entries[-1][0].decode()}"
            pipe = self.redis.pipeline(transaction=False)
            for entry_id, fields in entries:
                article_id = fields.get(Log.ARTICLE.encode())
                if article_id is None or article_id.decode() in held:
                    pipe.xadd(mine, cast(Any, fields), id=entry_id)
            await pipe.execute()

    async def _append(self, without: Iterable[Member], numbered: Mapping[str, int]) -> None:
        log = self.settings.keys.log
        for chunk in _chunks(without, _ENTRIES_AT_ONCE):
            pipe = self.redis.pipeline(transaction=False)
            for member in chunk:
                entry = {Log.ARTICLE: member.article_id, Log.GONE: NO_ARTICLE}
                pipe.xadd(log, cast(Any, entry), id=f"{numbered[member.article_id]}-0")
            await pipe.execute()

    async def _take_clock(
        self,
        clock: Mapping[bytes, bytes],
        last: int,
        without: Iterable[Member],
        numbered: Mapping[str, int],
    ) -> None:
        keys = self.settings.keys
        epochs = await cast(Awaitable[dict[bytes, bytes]], self.redis.hgetall(self.source.epochs))
        spans = {
            int(epoch): [int(number) for number in span.split(b":")]
            for epoch, span in epochs.items()
        }
        for member in without:
            number = numbered[member.article_id]
            span = spans.setdefault(member.event_ms // self.settings.epoch_ms, [number, number])
            span[1] = number
        pipe = self.redis.pipeline(transaction=True)
        pipe.delete(keys.epochs)
        if spans:
            pipe.hset(
                keys.epochs,
                mapping={str(epoch): f"{span[0]}:{span[1]}" for epoch, span in spans.items()},
            )
        pipe.hdel(keys.clock, *_CLOCK, Clock.ERA)  # a worker that was left running is refused
        values = {name: clock[name.encode()] for name in _CLOCK if name.encode() in clock}
        pipe.hset(keys.clock, mapping=cast(Any, values | {Clock.NUMBER: last}))
        await pipe.execute()

    async def _renumber(self, stories: list[tuple[StoryState, StoryState]]) -> None:
        """Write stories, and where their articles are in the log, each story in one commit.

        Takes each as it was and as it is to be.
        """
        commits = []
        for before, story in stories:
            members = dict(story.members or {})
            commit = Commit()
            commit.takes(Step({story.id: StoryChange(before, story, put=members)}, (), {}))
            for each in members.values():
                commit.notes(Key.ARTICLE + each.article_id, {schema.Article.NUMBER: each.number})
            commits.append(commit)
        if not all(await self.store.commit(commits)):
            raise NotSwitchable(
                f"a story of {self.settings.namespace!r} was changed during the switch: a worker "
                "runs. Stop it, then run the same command again"
            )


def _renumbered(
    story: StoryState, theirs: Mapping[str, Member], numbered: Mapping[str, int]
) -> StoryState:
    """The story with the other namespace's numbers."""
    members = story.members or {}
    new = {
        each.article_id: (
            each._replace(
                number=theirs[each.article_id].number,
                first=theirs[each.article_id].first,
                origin=theirs[each.article_id].origin,
            )
            if each.article_id in theirs
            else each._replace(number=numbered[each.article_id], first=numbered[each.article_id])
        )
        for each in members.values()
    }
    # What stems from a member that has another number now still stems from it.
    roots = {
        each.first: theirs[each.article_id].origin
        if each.article_id in theirs
        else new[each.article_id].first
        for each in members.values()
    }
    new |= {
        each.article_id: each._replace(origin=roots.get(each.origin, each.first))
        for each in new.values()
        if each.article_id not in theirs
    }
    return story._replace(
        members=new,
        lead_number=new[story.lead_id].number,
        born=min(each.first for each in new.values()),
        highest=max(each.number for each in new.values()),
        independent_sources=len({each.origin for each in new.values()}),
    )


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    walk = iter(items)
    while chunk := list(islice(walk, size)):
        yield chunk
