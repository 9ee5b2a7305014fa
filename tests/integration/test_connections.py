"""A server that forgets scripts, cuts connections or restarts costs time, never articles."""

import threading
from pathlib import Path

import pytest
from redis import Redis

from tests.support.builders.corpora import samples, stories_of
from tests.support.redis.servers import connected, wait_until
from tests.support.wire import harness
from workers.connection.private_server import EmbeddedRedis
from workers.process.pool import WorkerPool
from workers.settings import Settings

ARTICLES = samples(150, reprints=1, seed=31)
LINES = [article.line for article in ARTICLES]


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(("SCRIPT", "FLUSH"), id="scripts are flushed"),
        pytest.param(
            ("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"), id="connections are cut"
        ),
    ],
)
def test_work_goes_on_after_trouble(
    redis_client: Redis, settings: Settings, trouble: tuple[str, ...]
) -> None:
    with WorkerPool(settings, 1) as pool:
        harness.send(redis_client, settings, LINES[:200])
        wait_until(lambda: harness.handled(redis_client, settings) > 0, "work has begun")
        redis_client.execute_command(*trouble)  # type: ignore[no-untyped-call]
        harness.send(redis_client, settings, LINES[200:])
        harness.await_handled(redis_client, settings, len(LINES), pool)

    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(ARTICLES)
    assert harness.pending(redis_client, settings) == 0


def test_a_new_worker_and_a_restarted_server_know_what_was_there(tmp_path: Path) -> None:
    """Originals before, reprints after: the window is rebuilt from the log, which was kept."""
    originals = [a for a in ARTICLES if a.id.endswith("-0")]
    reprints = [a for a in ARTICLES if a.id.endswith("-1")]

    for sent, total in ((originals, len(originals)), (reprints, len(ARTICLES))):
        with EmbeddedRedis(tmp_path, keep=True) as server, connected(server.url) as redis:
            settings = harness.settings_for(server.url, "kept")
            with WorkerPool(settings, 1) as pool:
                harness.send(redis, settings, [article.line for article in sent])
                harness.await_handled(redis, settings, total, pool)
            told = harness.events(redis, settings)

    assert harness.consumed(told) == stories_of(ARTICLES)


def test_a_full_server_costs_time_and_nobody_is_buried(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server, connected(server.url) as redis:
        settings = harness.settings_for(server.url, "full", reclaim_idle_ms=300)
        with WorkerPool(settings, 1) as pool:
            harness.send(redis, settings, LINES[:100])
            harness.await_handled(redis, settings, 100, pool)
            harness.send(redis, settings, LINES[100:])
            redis.config_set("maxmemory", "1mb")
            stuck = harness.handled(redis, settings)
            # Longer than it takes to claim an entry away max_deliveries times.
            pause = threading.Event()
            pause.wait(2.5)
            held_up = harness.handled(redis, settings)
            redis.config_set("maxmemory", "0")
            harness.await_handled(redis, settings, len(LINES), pool)
        told = harness.events(redis, settings)
        letters = harness.letters(redis, settings)

    assert held_up < len(LINES), f"memory was not full: {stuck} to {held_up} handled"
    assert letters == []
    assert harness.consumed(told) == stories_of(ARTICLES)
