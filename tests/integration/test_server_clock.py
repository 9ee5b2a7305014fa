"""Events and dead letters are dated by the server's clock, whatever a worker's machine says."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from contracts.streams import Streams
from tests.support.wire import harness
from tests.support.wire.desk import _models, item
from workers.feeds.deliver import deliver
from workers.feeds.reader import BadItem
from workers.process.build import build_worker
from workers.settings import Settings
from workers.state.clock import ServerClock, utc_now

CLOSE = timedelta(seconds=10)
"""A busy machine's."""


def server_time(redis: Redis) -> datetime:
    seconds, microseconds = redis.time()
    return datetime.fromtimestamp(seconds + microseconds / 1e6, UTC)


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=-2), timedelta(0)])
def test_a_worker_whose_clock_is_wrong_dates_nothing_wrongly(
    redis_client: Redis, redis_url: str, namespace: str, ahead: timedelta
) -> None:
    settings = harness.settings_for(redis_url, namespace)
    worker = build_worker(settings, models=_models, now=lambda: utc_now() + ahead)
    lines: Sequence[bytes] = [json.dumps(item("a", 1)).encode(), b'{"id": "broken"}']

    async def works() -> None:
        await worker._look_at_the_clock()
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        harness.send(redis_client, settings, lines)
        await worker.handle(await harness.taken(worker, 2))
        await worker.redis.aclose()

    asyncio.run(works())

    now = server_time(redis_client)
    (event,) = harness.events(redis_client, settings)
    (letter,) = harness.letters(redis_client, settings)
    assert abs(event.time - now) < CLOSE
    assert abs(letter.dead_at - now) < CLOSE
    assert worker.store.clock.ahead_s == pytest.approx(ahead.total_seconds(), abs=10)


def test_a_feeds_dead_letter_too(
    redis_client: Redis, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.state.clock.utc_now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    streams = Streams(namespace)

    deliver(
        redis_client,
        streams,
        [BadItem("item 1", "no title", "give it one", b"<item/>")],
        format_name="rss",
        origin="feed.xml",
    )

    ((_, fields),) = harness.entries(redis_client, streams.dead)
    dead_at = datetime.fromisoformat(json.loads(fields[b"data"])["dead_at"])
    assert abs(dead_at - server_time(redis_client)) < CLOSE


def test_one_clock_is_not_moved_by_how_long_an_answer_took() -> None:
    """Else times would jump to and fro with the load of a worker."""
    clock = ServerClock()
    at = datetime.fromtimestamp

    clock.seen(at(100.0, UTC), 100.01, at(100.4, UTC))

    assert clock.ahead_s == 0.0


def test_what_the_worker_measures_is_told(redis_url: str, namespace: str) -> None:
    from workers.metrics.pulse import Pulse
    from workers.metrics.worker import WorkerMetrics

    settings: Settings = harness.settings_for(redis_url, namespace)
    metrics = WorkerMetrics(namespace, Pulse())
    worker = build_worker(
        settings, models=_models, meter=metrics, now=lambda: utc_now() + timedelta(minutes=5)
    )

    async def looks() -> None:
        await worker._look_at_the_clock()
        await worker.redis.aclose()

    asyncio.run(looks())

    told = {each.name: each.samples[0].value for each in metrics.collect() if each.samples}
    assert told["onestory_clock_ahead_seconds"] == pytest.approx(300, abs=10)
