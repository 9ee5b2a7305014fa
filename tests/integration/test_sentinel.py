"""A master that Sentinels watch is killed under load; a replica takes its place."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from redis import Redis

from contracts.events import Placement
from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.servers import wait_until
from tests.support.redis.topologies import watched_redis
from tests.support.wire import harness
from tests.support.wire.consistency import check
from tests.support.wire.desk import desk
from tests.support.wire.steady import steadily
from workers.connection.clients import client
from workers.errors import NotReplicated
from workers.process.pool import WorkerPool
from workers.state.streams import publish

ARTICLES = samples(150, reprints=1, seed=61)
LINES = [article.line for article in ARTICLES]


def test_a_failover_under_load_costs_time(tmp_path: Path) -> None:
    with watched_redis(tmp_path) as watched:
        settings = harness.settings_for(watched.url, "wire", batch_size=20)
        with client(settings) as redis, WorkerPool(settings, 2) as pool:
            before = pool.pids
            # One that can't reach the server at its start ends, as it should.
            wait_until(lambda: harness.readers(redis) == 2, "both work", timeout_s=120)
            with steadily(settings, LINES) as sender:
                wait_until(
                    lambda: harness.handled(redis, settings) > 60, "work has begun", timeout_s=60
                )
                watched.fail_over()
                sender.join()
            wait_until(lambda: _confirms(redis), "the replica that is left follows", timeout_s=60)
            with pytest.raises(NotReplicated, match="1 of 2 replicas"):
                publish(redis, settings.streams, LINES[:1], replicas=2)
            assert len(publish(redis, settings.streams, LINES[:1], replicas=1)) == 1
            wait_until(
                lambda: not redis.xlen(settings.streams.articles), "all is handled", timeout_s=90
            )
            placed = Counter(
                event.data.article_id
                for event in harness.events(redis, settings)
                if isinstance(event.data, Placement)
            )
            # What was lost with the old master, its publisher sends once more.
            harness.send(redis, settings, LINES)
            wait_until(
                lambda: not redis.xlen(settings.streams.articles), "all is handled", timeout_s=90
            )
            pool.check()
            with desk(redis, settings) as wire:
                check(wire)
                found = wire.stories

            assert set(placed.values()) == {1}
            assert len(placed) > len(LINES) * 0.9
            assert found == stories_of(ARTICLES)
            assert harness.letters(redis, settings) == []
            assert pool.pids == before


def test_a_replica_that_evicts_takes_over_and_is_refused(tmp_path: Path) -> None:
    """Its own configuration counts, not that of the master before it."""
    with watched_redis(tmp_path) as watched:
        settings = harness.settings_for(watched.url, "wire")
        for replica in watched.servers[1:]:
            replica.ask("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
        with client(settings) as redis:
            command = [sys.executable, "-m", "workers", "worker"]
            environment = os.environ | {"REDIS_URL": watched.url, "ONESTORY_NAMESPACE": "wire"}
            with subprocess.Popen(
                command, env=environment, stderr=subprocess.PIPE, text=True
            ) as process:
                wait_until(lambda: harness.readers(redis) == 1, "it works", timeout_s=120)

                watched.fail_over()

                _, said = process.communicate(timeout=120)

    assert process.returncode == os.EX_CONFIG
    assert "maxmemory-policy is volatile-lru, expected noeviction" in said


def _confirms(redis: Redis) -> bool:
    """A replica is connected, as the master sees it, some time before it confirms anything."""
    pipe = redis.pipeline(transaction=False)
    pipe.set("confirmed", "")
    pipe.wait(1, 500)
    return cast(list[int], pipe.execute())[-1] == 1
