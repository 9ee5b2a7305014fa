"""Switching over in tests: a live namespace, a shadow, and what every switch must leave."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from redis import Redis

from contracts.consumer import Partition
from contracts.events import AnyEvent
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk
from workers.connection.clients import connect
from workers.settings import Settings
from workers.shadow.history import history_of
from workers.shadow.switch import Switch, Switched
from workers.state.store import Store


def switched(redis: Redis, live: Settings, shadow: Settings) -> Switched:
    """Run a switch to its end, or to its error."""

    async def run() -> Switched:
        client = connect(live)
        try:
            return await Switch(client, live, shadow, history_of(redis, shadow.streams)).run()
        finally:
            await client.aclose()

    return asyncio.run(run())


@contextmanager
def leaving_desk(redis: Redis, settings: Settings) -> Iterator[Desk]:
    """A desk whose worker stops as a real one does: its consumer is gone afterwards."""
    with desk(redis, settings) as made:
        yield made
        made.loop.run_until_complete(made.workers[0].reclaimer.hand_back())


def placed(redis: Redis, settings: Settings, articles: Iterable[dict[str, Any]]) -> None:
    """Place articles, in batches of their order, and stop."""
    with leaving_desk(redis, settings) as wire:
        wire.place(*articles)


def claimed(settings: Settings, model: str) -> None:
    """What a worker with this model does first when it starts."""

    async def run() -> None:
        client = connect(settings)
        try:
            await Store(client, settings).prepare(model)
        finally:
            await client.aclose()

    asyncio.run(run())


def consumer(redis: Redis, settings: Settings) -> Partition:
    """What a consumer of all events holds; none of them is missing."""
    partition = Partition()
    for event in harness.events(redis, settings):
        assert partition.apply(event), f"told twice: {event.id}"
    assert not partition.incomplete
    return partition


def stories(redis: Redis, settings: Settings) -> dict[str, frozenset[str]]:
    """The consumer's stories by id, which must be the service's."""
    held = {
        story.id: frozenset(story.articles) for story in consumer(redis, settings).stories.values()
    }
    assert set(held.values()) == harness.partition_in_redis(redis, settings)
    return held


def told_since(redis: Redis, settings: Settings, before: int) -> list[AnyEvent]:
    """The events behind the first ``before``."""
    return harness.events(redis, settings)[before:]


def state(redis: Redis, settings: Settings) -> dict[str, Any]:
    """Every key of a namespace but streams that name it or the time, without its prefix."""
    prefix = settings.keys.prefix
    readers: dict[bytes, Any] = {b"hash": redis.hgetall, b"string": redis.get}
    found: dict[str, Any] = {}
    for key in redis.scan_iter(prefix + "*", count=1_000):
        read = readers.get(cast(bytes, redis.type(key)))
        if read is not None:
            value = found[key.decode().removeprefix(prefix)] = read(key)
            if isinstance(value, dict) and b"r" in value:
                value[b"r"] = value[b"r"].partition(b"-")[0]  # the mark is another each time
            if isinstance(value, dict):
                value.pop(b"e", None)  # the entry's id tells when it came
    found["log"] = redis.xrange(settings.keys.log)
    return found
