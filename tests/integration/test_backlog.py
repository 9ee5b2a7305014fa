"""What waits is counted right, whatever was deleted: the server alone can't always say."""

import asyncio
from typing import Any, cast

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from contracts.streams import GROUP
from tests.support.wire import harness
from workers.settings import Settings
from workers.state import backlog as module
from workers.state.backlog import Backlog, backlog


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


def read(settings: Settings) -> Backlog:
    async def ask() -> Backlog:
        async with AsyncRedis.from_url(str(settings.redis_url)) as redis:
            return await backlog(redis, settings)

    return asyncio.run(ask())


def send(redis: Redis, settings: Settings, count: int) -> None:
    harness.send(redis, settings, [b"{}"] * count)


def deliver(redis: Redis, settings: Settings, count: int) -> list[bytes]:
    answer: Any = redis.xreadgroup(GROUP, "w", {settings.streams.articles: ">"}, count=count)
    return [entry_id for entry_id, _ in answer[0][1]]


def group(redis: Redis, settings: Settings) -> None:
    redis.xgroup_create(settings.streams.articles, GROUP, id="0", mkstream=True)


def placed(redis: Redis, settings: Settings, entry_ids: list[bytes], *, deletes: bool) -> None:
    redis.xack(settings.streams.articles, GROUP, *entry_ids)
    if deletes:
        redis.xdel(settings.streams.articles, *entry_ids)


def test_nothing_there_is_no_backlog(settings: Settings) -> None:
    assert read(settings) == Backlog(0, 0, 0, 0)


def test_before_the_first_worker_all_waits(redis_client: Redis, settings: Settings) -> None:
    send(redis_client, settings, 3)

    assert read(settings).lag == 3


@pytest.mark.parametrize("keeps", [False, True], ids=["deleted", "kept"])
def test_what_waits_and_what_is_pending_are_told_apart(
    redis_client: Redis, settings: Settings, keeps: bool
) -> None:
    """10 sent: 4 placed in any order among 6 delivered, so 2 are pending and 4 wait."""
    settings = settings.model_copy(update={"keep_input": keeps})
    group(redis_client, settings)
    send(redis_client, settings, 10)
    taken = deliver(redis_client, settings, 6)
    placed(redis_client, settings, [*taken[1:4], taken[5]], deletes=not keeps)

    found = read(settings)

    assert (found.lag, found.pending) == (4, 2)


def test_input_that_was_kept_once_is_not_waiting(redis_client: Redis, settings: Settings) -> None:
    """5 kept by earlier settings, 2 deleted since, 1 pending, 2 wait."""
    group(redis_client, settings)
    send(redis_client, settings, 10)
    placed(redis_client, settings, deliver(redis_client, settings, 5), deletes=False)
    taken = deliver(redis_client, settings, 3)
    placed(redis_client, settings, taken[1:], deletes=True)

    found = read(settings)

    assert (found.lag, found.pending) == (2, 1)


def test_entries_that_others_deleted_do_not_wait(redis_client: Redis, settings: Settings) -> None:
    group(redis_client, settings)
    send(redis_client, settings, 4)
    deliver(redis_client, settings, 2)
    waiting = [entry_id for entry_id, _ in harness.entries(redis_client, settings.streams.articles)]
    redis_client.xdel(settings.streams.articles, *waiting[2:])

    assert read(settings).lag == 0


def test_a_long_kept_backlog_is_counted_up_to_a_limit(
    redis_client: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_COUNTED", 6)
    monkeypatch.setattr(module, "_COUNTED_AT_ONCE", 2)
    settings = settings.model_copy(update={"keep_input": True})
    group(redis_client, settings)
    send(redis_client, settings, 10)
    # No server counts past an entry that was deleted.
    last, _ = harness.entries(redis_client, settings.streams.articles)[-1]
    redis_client.xdel(settings.streams.articles, last)
    placed(redis_client, settings, deliver(redis_client, settings, 1), deletes=False)
    long = read(settings).lag
    placed(redis_client, settings, deliver(redis_client, settings, 4), deletes=False)

    assert long == 6, "at least: 8 wait"
    assert read(settings).lag == 4


def test_ages_are_those_of_the_oldest(redis_client: Redis, settings: Settings) -> None:
    group(redis_client, settings)
    stream = settings.streams.articles
    now = redis_client.time()[0] * 1000
    for age_ms in (90_000, 60_000, 30_000):
        redis_client.xadd(stream, {"data": b"{}"}, id=f"{now - age_ms}-0")
    first, second = deliver(redis_client, settings, 2)
    redis_client.xclaim(stream, GROUP, "w", 0, cast(Any, [first]), idle=5_000)
    redis_client.xclaim(stream, GROUP, "w", 0, cast(Any, [second]), idle=7_000)

    found = read(settings)

    assert 7_000 <= found.oldest_idle_ms < 12_000
    assert 29_000 <= found.oldest_waiting_ms < 36_000
