"""Switch a live namespace over to a shadow: its partition, fingerprints and model, told as lineage.

A consumer of the live stream sees stories split and merge, each with its sequence going on, and
holds the shadow's partition afterwards, under ids that it knows. It is done while no worker runs:

1. a marker, so that no worker starts on a namespace that is half one and half the other;
2. the stories become the shadow's, step by step, each one commit (``shadow/regrouping.py``);
3. fingerprints, numbers, clock and model become the shadow's (``shadow/fingerprints.py``);
4. the marker goes.

A switch that was interrupted is run again: of the steps it takes those that are left, and the rest
is replaced once more. The shadow is only read, so it stays what it was.
"""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from redis.asyncio import Redis

from contracts.events import Model
from contracts.streams import Streams
from service.stories.rules import Rules
from service.stories.state import Member, StoryState
from workers.errors import NotSwitchable
from workers.settings import Settings
from workers.shadow.fingerprints import Takeover
from workers.shadow.history import History
from workers.shadow.regrouping import Lineage
from workers.state.group import connected_workers, group_of
from workers.state.schema import Clock, Switching
from workers.state.store import Store

_READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Switched:
    """What a switch did."""

    stories: int
    """Of the live namespace afterwards."""
    split: int
    """Groups that left a story."""
    merged: int
    """Stories that ended in another one."""
    without_fingerprint: int
    """Articles that the shadow does not hold in the same version: they stay where they are."""
    model: str


@dataclass(frozen=True, slots=True)
class Switch:
    """Switches ``live`` over to ``shadow``."""

    redis: Redis
    live: Settings
    shadow: Settings
    history: History
    """Of the shadow: what its events told."""

    async def run(self) -> Switched:
        """Do it, or the rest of it.

        Raises:
            NotSwitchable: a worker runs, something waits, or the rules differ.
        """
        await self._require_shadow()
        await self._require_same_rules()
        keys = self.live.keys
        begun = await cast(Awaitable[bytes | None], self.redis.hget(keys.switching, Switching.TO))
        await self._require_not_begun_with_another(begun)
        await cast(Any, self.redis.hset(keys.switching, Switching.TO, self.shadow.namespace))
        try:
            # Behind the marker: a worker connects before it looks for one, so one that starts
            # now is refused, and any other is seen.
            await self._require_quiet()
        except Exception:
            if begun is None:
                await self.redis.delete(keys.switching)
            raise
        switched = await self._switch()
        await self.redis.delete(keys.switching)
        return switched

    async def _switch(self) -> Switched:
        store, shadow = Store(self.redis, self.live), Store(self.redis, self.shadow)
        await store.load_scripts()
        await shadow.load_scripts()
        stories = await _stories(self.redis, self.live, store)
        mine = {each.article_id: each for story in stories.values() for each in _members(story)}
        homes, theirs = {}, dict[str, Member]()
        for story in (await _stories(self.redis, self.shadow, shadow)).values():
            for member in _members(story):
                held = mine.get(member.article_id)
                if held is not None and held.version == member.version:
                    homes[member.article_id], theirs[member.article_id] = story.id, member
        lineage = await self._lineage(store)
        regrouped = await lineage.regroup(stories, homes)
        takeover = Takeover(self.redis, self.live, store, self.shadow.keys)
        without = await takeover.take(regrouped, theirs)
        return Switched(
            len(regrouped), lineage.split, lineage.merged, without, lineage.model.version
        )

    async def _lineage(self, store: Store) -> Lineage:
        held = cast(bytes, await self.redis.get(self.shadow.keys.model)).decode()
        used = (each for each, _ in self.history.operating.most_common() if each.model == held)
        operating = next(used, None)
        return Lineage(
            self.redis,
            self.live,
            store,
            self.shadow.namespace,
            Model(version=held, sha256=operating.sha256 if operating else ""),
            dict(operating.thresholds) if operating else {},
            self.history.accounts,
            await store.rules(),
        )

    async def _require_not_begun_with_another(self, begun: bytes | None) -> None:
        if begun is not None and begun.decode() != self.shadow.namespace:
            raise NotSwitchable(
                f"{self.live.namespace!r} is half switched over to {begun.decode()!r}; run that "
                f"again first: onestory switch {begun.decode()} --into {self.live.namespace}"
            )

    async def _require_shadow(self) -> None:
        if self.live.namespace == self.shadow.namespace:
            raise NotSwitchable(f"{self.live.namespace!r} can't be switched over to itself")
        clock, model = self.shadow.keys.clock, self.shadow.keys.model
        has_articles = await self.redis.hexists(clock, Clock.NUMBER)
        if not has_articles or not await self.redis.exists(model):
            raise NotSwitchable(
                f"namespace {self.shadow.namespace!r} holds no articles; fill it first: "
                f"onestory replay --into {self.shadow.namespace} --from-stream "
                f"{self.live.namespace}"
            )

    async def _require_same_rules(self) -> None:
        """Else the switch would undo what an editor said."""
        mine = await Store(self.redis, self.live).rules()
        theirs = await Store(self.redis, self.shadow).rules()
        if differing := _differing(mine, theirs):
            raise NotSwitchable(
                f"editors' rules {', '.join(differing)} are not the same in "
                f"{self.live.namespace!r} and {self.shadow.namespace!r}: they changed after the "
                "replay, or it was made without them. Replay into a fresh namespace, with "
                f"--rules-from {self.live.namespace}"
            )

    async def _require_quiet(self) -> None:
        for settings in (self.live, self.shadow):
            await self._require_no_worker(settings)
        if await self._waits(self.shadow.streams):
            raise NotSwitchable(
                f"articles wait in {self.shadow.streams.articles}: let workers place them first, "
                "then stop these workers"
            )

    async def _require_no_worker(self, settings: Settings) -> None:
        if running := await self._running(settings):
            raise NotSwitchable(
                f"of {settings.namespace!r} {', '.join(running)} runs: stop all workers of "
                f"{self.live.namespace!r} and {self.shadow.namespace!r} first"
            )
        group = await group_of(self.redis, settings.streams.articles)
        if group is not None and group.pending:
            raise NotSwitchable(
                f"{group.pending} entries of {settings.streams.articles} were delivered to "
                "workers that died: start a worker, which takes them over, and stop it when none "
                "is pending"
            )

    async def _running(self, settings: Settings) -> list[str]:
        own_db = str(self.redis.connection_pool.connection_kwargs.get("db") or 0)
        connected = await connected_workers(self.redis, settings.keys)
        return [f"worker {each.consumer}" for each in connected if each.database == own_db]

    async def _waits(self, streams: Streams) -> bool:
        """Whether anything was not delivered yet. XINFO's ``lag`` is too young to count on."""
        group = await group_of(self.redis, streams.articles)
        after = "-" if group is None else f"({group.delivered.decode()}"
        return bool(await self.redis.xrange(streams.articles, after, count=1))


def _differing(one: Rules, other: Rules) -> list[str]:
    ids = {**one.commands, **other.commands}
    return [each for each in ids if one.commands.get(each) != other.commands.get(each)]


def _members(story: StoryState) -> list[Member]:
    return list((story.members or {}).values())


async def _stories(redis: Redis, settings: Settings, store: Store) -> dict[str, StoryState]:
    """All stories of a namespace, with their members."""
    prefix = settings.keys.story("")
    ids = [key.decode().removeprefix(prefix) async for key in _keys(redis, prefix)]
    found: dict[str, StoryState] = {}
    walk = iter(sorted(set(ids)))  # SCAN may name a key twice
    while chunk := list(islice(walk, _READ_AT_ONCE)):
        found |= (await store.whole([], chunk)).stories
    return found


def _keys(redis: Redis, prefix: str) -> AsyncIterator[bytes]:
    return redis.scan_iter(f"{prefix}*", count=1_000)
