"""What `onestory serve` tells Prometheus of a namespace is what is in Redis."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import pytest
from prometheus_client import CollectorRegistry
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from contracts.streams import GROUP
from tests.support.clocks import Clock
from tests.support.redis.servers import private_redis
from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.metrics import namespace as module
from workers.metrics.namespace import KINDS, NamespaceCollector
from workers.metrics.sizes import Sizes
from workers.settings import Settings

T = TypeVar("T")


class Scrape:
    """A registry with one namespace in it, scraped."""

    def __init__(self, collector: NamespaceCollector) -> None:
        self._collector = collector
        self._registry = CollectorRegistry()
        self._registry.register(collector)

    async def refresh(self) -> None:
        await self._collector.refresh()

    def __getitem__(self, name: str) -> float | None:
        return self.of(name)

    def of(self, name: str, **labels: str) -> float | None:
        namespace = self._collector.settings.namespace
        return self._registry.get_sample_value(
            f"onestory_{name}", {"namespace": namespace} | labels
        )


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A server of its own: memory is estimated from samples of all that a server holds, and what
    other tests left on theirs would be most of it.
    """
    with private_redis() as url:
        yield url


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def newsroom(redis_client: Redis, settings: Settings) -> Iterator[Desk]:
    with desk(redis_client, settings) as one:
        yield one


def scraped(settings: Settings, look: Callable[[Scrape, Clock], Awaitable[T]]) -> T:
    """Refresh once, and let a test look on within the same connection."""

    async def run() -> T:
        async with AsyncRedis.from_url(str(settings.redis_url)) as redis:
            clock = Clock()
            scrape = Scrape(NamespaceCollector(redis, settings, clock))
            await scrape.refresh()
            return await look(scrape, clock)

    return asyncio.run(run())


def scrape_of(settings: Settings) -> Scrape:
    async def look(scrape: Scrape, _: Clock) -> Scrape:
        return scrape

    return scraped(settings, look)


def test_a_namespace_is_told_as_it_is(newsroom: Desk, settings: Settings) -> None:
    """Two stories of two and one articles, one held, two dead, one rule, two that wait."""
    newsroom.place(item("a", 1), item("b", 1, 1), item("c", 2), item("d", 3, status="withheld"))
    newsroom.rule("lead", "b", rule="r1")
    newsroom.redis.xadd(settings.streams.articles, {"data": "no json"})
    newsroom.redis.xadd(settings.streams.articles, {"data": '{"title": "no id"}'})
    newsroom.settle()
    newsroom.send(item("e", 4), item("f", 5))

    found = scrape_of(settings)

    assert found["redis_up"] == 1
    assert (found["stories_open"], found["held_articles"], found["rules"]) == (2, 1, 1)
    assert (found["stream_lag"], found["pending"], found["workers"]) == (2, 0, 1)
    assert found["window_span"] == 3
    assert [found.of("stream_length", stream=each) for each in module.STREAMS] == [2, 4, 2, 0, 1, 3]
    assert found.of("dead_letters", reason="not-json") == 1
    assert found.of("dead_letters", reason="invalid-article") == 1
    assert found.of("dead_letters", reason="vanished") == 0
    assert found.of("counts_total", kind="placed") == 3
    assert found.of("counts_total", kind="closed") == 0
    assert cast(float, found["oldest_waiting_seconds"]) < 60
    assert cast(float, found["redis_used_memory_bytes"]) > 100_000
    assert found["redis_max_memory_bytes"] == 0
    sizes = [
        found.of("redis_memory_bytes", family=each)
        for each in ("log", "articles", "stories", "streams", "other")
    ]
    assert all(sizes), sizes


def test_what_is_pending_is_told_with_its_idle_time(
    redis_client: Redis, settings: Settings
) -> None:
    stream = settings.streams.articles
    redis_client.xgroup_create(stream, GROUP, id="0", mkstream=True)
    harness.send(redis_client, settings, [b"{}"])
    answer: Any = redis_client.xreadgroup(GROUP, "w", {stream: ">"})
    entry_id = answer[0][1][0][0]
    redis_client.xclaim(stream, GROUP, "w", 0, [entry_id], idle=40_000)

    found = scrape_of(settings)

    assert (found["stream_lag"], found["pending"]) == (0, 1)
    assert 40 <= cast(float, found["oldest_idle_seconds"]) < 60


def test_figures_are_read_again_only_when_they_are_old(
    redis_client: Redis, settings: Settings
) -> None:
    async def look(scrape: Scrape, clock: Clock) -> tuple[float | None, ...]:
        harness.send(redis_client, settings, [b"{}"])
        seen = []
        for later in (0.0, 4.9, 0.2):
            clock.now += later
            await scrape.refresh()
            seen.append(scrape["stream_lag"])
        return tuple(seen)

    assert scraped(settings, look) == (0, 0, 1)


def test_letters_are_looked_through_again_when_there_are_others(
    redis_client: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LETTERS_AT_ONCE", 2)
    monkeypatch.setattr(module, "MOST_LETTERS", 4)

    def letter(reason: str) -> bytes:
        text = json.dumps({"reason": "fake"})
        body = {"reason": reason, "detail": text, "fields": {"data": text}}
        data = json.dumps(body, separators=(",", ":"))
        return cast(bytes, redis_client.xadd(settings.streams.dead, {"data": data}))

    async def look(scrape: Scrape, clock: Clock) -> list[tuple[float | None, ...]]:
        seen = []
        for change in (lambda: None, lambda: letter("vanished"), lambda: drop(first)):
            change()
            clock.now += 10
            await scrape.refresh()
            seen.append(
                tuple(
                    scrape.of("dead_letters", reason=each)
                    for each in ("vanished", "not-json", "older", "fake")
                )
            )
        return seen

    def drop(entry_id: bytes) -> None:
        redis_client.xdel(settings.streams.dead, entry_id)

    first, *_ = [letter("not-json") for _ in range(4)]

    # The newest four have their reasons told.
    assert scraped(settings, look) == [(0, 4, None, None), (1, 3, 1, None), (1, 3, None, None)]


def test_a_server_that_is_away_is_a_figure_too(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})

    found = scrape_of(away)

    assert found["redis_up"] == 0
    assert found["stream_lag"] is None


def test_what_the_servers_acl_keeps_from_us_is_left_out(
    redis_client: Redis, redis_url: str, settings: Settings
) -> None:
    """A user without INFO, CLIENT LIST and MEMORY USAGE."""
    harness.send(redis_client, settings, [b"{}"])
    redis_client.acl_setuser(
        "narrow",
        enabled=True,
        nopass=True,
        keys=["*"],
        categories=["+@all"],
        commands=["-info", "-client", "-memory"],
    )
    narrow = settings.model_copy(
        update={"redis_url": redis_url.replace("unix://", "unix://narrow:any@")}
    )

    found = scrape_of(narrow)

    redis_client.acl_deluser("narrow")
    assert (found["redis_up"], found["stream_lag"]) == (1, 1)
    assert found["workers"] is None
    assert found["redis_used_memory_bytes"] == 0
    assert found.of("redis_memory_bytes", family="log") is None


def test_memory_is_estimated_from_samples(newsroom: Desk, settings: Settings) -> None:
    newsroom.place(*(item(f"a{story}-{n}", story, n) for story in range(30) for n in range(4)))
    newsroom.redis.hset(settings.keys.feed_items("http://a"), mapping={"x": "1" * 2_000})
    true: dict[str, int] = {}
    for key in newsroom.redis.scan_iter(settings.keys.prefix + "*", count=1_000):
        name = key.decode().removeprefix(settings.keys.prefix).split(":")[0]
        size = newsroom.redis.memory_usage(key, samples=0) or 0
        true[name] = true.get(name, 0) + size

    async def measured() -> list[dict[str, int]]:
        async with AsyncRedis.from_url(str(settings.redis_url)) as redis:
            sizes = Sizes(redis, settings)
            rounds = [await sizes.read()]
            while not rounds[-1]["feeds"]:  # until a whole round of the scan is through
                rounds.append(await sizes.read())
            return rounds

    found = asyncio.run(measured())[-1]

    assert found["log"] == pytest.approx(true["log"], rel=0.05)
    assert found["articles"] == pytest.approx(true["a"], rel=0.2)
    assert found["stories"] == pytest.approx(true["s"], rel=0.3)
    assert found["feeds"] == true["feeditems"]


def _tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


def test_all_kinds_that_are_counted_are_told_from_the_start(
    newsroom: Desk, settings: Settings
) -> None:
    newsroom.place(item("a", 1), item("b", 1, 1), item("c", 2, embargoed=_tomorrow()))
    newsroom.place({"id": "a", "status": "canceled"}, item("b", 1, 1))

    counted = harness.counts(newsroom.redis, settings)

    assert counted.keys() <= set(KINDS)
