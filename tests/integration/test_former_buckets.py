"""A namespace of the version that kept LSH buckets in Redis is read on, and they are let go."""

import struct
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.keys import FORMER_SHARDS
from workers.process.former import SHARDS_AT_ONCE
from workers.settings import Settings

REPRINT = item("a-reprint", 1, 1)
REPRINT["text"] += " Schools stay closed tomorrow, and ferries will not sail before noon."
"""So that its vectors are not those of the first print."""
SWEEPS = FORMER_SHARDS // SHARDS_AT_ONCE


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    """No vector is as near as this, so only buckets bring articles together."""
    return harness.settings_for(redis_url, namespace, least_cosine=1.0)


@pytest.fixture
def former(redis_client: Redis, settings: Settings) -> set[bytes]:
    """Two articles were placed, and filed as the version before did: its hashes."""
    with desk(redis_client, settings) as wire:
        wire.place(item("a", 1), item("b", 2))
    prefix = settings.keys.prefix
    for shard in (0, 77, FORMER_SHARDS - 1):
        bucket = struct.pack(">II", 1, 2)
        redis_client.hset(f"{prefix}lsh:{shard}", mapping={struct.pack(">Q", shard): bucket})
    redis_client.hset(settings.keys.clock, "swept", 1)
    return hashes(redis_client, settings)


@pytest.fixture
def wire(redis_client: Redis, settings: Settings, former: set[bytes]) -> Iterator[Desk]:
    """A worker that has just been started there."""
    assert len(former) == 3
    with desk(redis_client, settings) as made:
        yield made


def hashes(redis: Redis, settings: Settings) -> set[bytes]:
    return {*redis.scan_iter(settings.keys.prefix + "lsh:*", count=10_000)}


def test_a_reprint_of_an_article_that_was_there_is_found_by_its_buckets(wire: Desk) -> None:
    wire.place(REPRINT)

    assert wire.stories == {frozenset(["a", "a-reprint"]), frozenset("b")}


def test_without_a_place_for_bucket_mates_it_is_not_found(
    redis_client: Redis, settings: Settings, former: set[bytes]
) -> None:
    """So that the test before says what it says."""
    assert former
    blind = settings.model_copy(update={"bucket_mates": 0})

    with desk(redis_client, blind) as wire:
        wire.place(REPRINT)

        assert frozenset(["a-reprint"]) in wire.stories


def test_workers_of_both_versions_keep_the_hashes_for_a_while(
    wire: Desk, former: set[bytes]
) -> None:
    for _ in range(SWEEPS):
        wire.sweep()

    assert hashes(wire.redis, wire.settings) == former


def test_then_they_are_let_go_some_at_each_sweep(wire: Desk, former: set[bytes]) -> None:
    wire.workers[0].sweeper.former.quiet_s = 0.0

    wire.sweep()
    after_one = hashes(wire.redis, wire.settings)
    for _ in range(SWEEPS):
        wire.sweep()

    assert after_one == former - {f"{wire.settings.keys.prefix}lsh:{n}".encode() for n in (0, 77)}
    assert hashes(wire.redis, wire.settings) == set()
    assert wire.stories == {frozenset("a"), frozenset("b")}


def test_it_is_done_once_a_process(wire: Desk) -> None:
    former = wire.workers[0].sweeper.former
    former.quiet_s = 0.0
    for _ in range(SWEEPS):
        wire.sweep()
    sent = wire.redis.info("commandstats")["cmdstat_unlink"]["calls"]

    for _ in range(3):
        wire.sweep()

    assert wire.redis.info("commandstats")["cmdstat_unlink"]["calls"] == sent
