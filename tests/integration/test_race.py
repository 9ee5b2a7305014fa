"""Two versions of one story at two workers in the same moment are always one story."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis import Redis

from tests.support.builders.corpora import Sample, samples
from tests.support.wire import harness
from workers.process.build import build_worker
from workers.process.worker import Worker
from workers.settings import Settings

PAIRS = 150


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


async def two_workers(
    settings: Settings, play: Callable[[Worker, Worker], Awaitable[None]]
) -> None:
    """Run ``play`` with two workers that share nothing but Redis."""
    workers = [build_worker(settings, consumer=name) for name in ("left", "right")]
    for worker in workers:
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
    try:
        await play(*workers)
    finally:
        for worker in workers:
            await worker.redis.aclose()


def paired(count: int) -> list[tuple[Sample, Sample]]:
    """Two versions of each of ``count`` stories."""
    by_story: dict[int, list[Sample]] = {}
    for sample in samples(count, reprints=1, seed=11):
        by_story.setdefault(sample.story, []).append(sample)
    return [(first, second) for first, second in by_story.values()]


def test_versions_handled_at_the_same_moment_become_one_story(
    redis_client: Redis, settings: Settings
) -> None:
    pairs = paired(PAIRS)

    async def play(left: Worker, right: Worker) -> None:
        for first, second in pairs:
            harness.send(redis_client, settings, [first.line, second.line])
            entries = [await harness.taken(left, 1), await harness.taken(right, 1)]
            await asyncio.gather(
                left.deduplicator.handle(entries[0]), right.deduplicator.handle(entries[1])
            )
            while left.deduplicator.aside.ids or right.deduplicator.aside.ids:
                await asyncio.gather(left.deduplicator.revisit(), right.deduplicator.revisit())

    asyncio.run(two_workers(settings, play))

    told = harness.events(redis_client, settings)
    assert harness.consumed(told) == {frozenset({a.id, b.id}) for a, b in pairs}
    assert [event.type for event in told if event.type == "story.merged"] == []


def test_an_article_waits_for_a_match_that_another_worker_has_not_decided(
    redis_client: Redis, settings: Settings
) -> None:
    ((first, second),) = paired(1)

    async def play(left: Worker, right: Worker) -> None:
        harness.send(redis_client, settings, [first.line, second.line])
        undecided = left.deduplicator._read(await harness.taken(left, 1))[0]
        prepared = await left.deduplicator.preparer.prepare(undecided)  # registered, then it stalls
        await right.deduplicator.handle(await harness.taken(right, 1))
        assert len(right.deduplicator.aside.ids) == 1
        assert harness.events(redis_client, settings) == []
        await left.deduplicator.placer.place(prepared)
        await right.deduplicator.revisit()
        assert not right.deduplicator.aside.ids

    asyncio.run(two_workers(settings, play))

    assert harness.consumed(harness.events(redis_client, settings)) == {
        frozenset({first.id, second.id})
    }


def test_an_article_goes_on_without_a_match_that_became_a_dead_letter(
    redis_client: Redis, settings: Settings
) -> None:
    ((first, second),) = paired(1)

    async def play(left: Worker, right: Worker) -> None:
        harness.send(redis_client, settings, [first.line, second.line])
        stalled = await harness.taken(left, 1)
        await left.deduplicator.preparer.prepare(left.deduplicator._read(stalled)[0])
        await right.deduplicator.handle(await harness.taken(right, 1))
        await left.reclaimer.give_up(stalled[0], failures=5)
        await right.deduplicator.revisit()

    asyncio.run(two_workers(settings, play))

    assert harness.consumed(harness.events(redis_client, settings)) == {frozenset({second.id})}
    assert [letter.article_id for letter in harness.letters(redis_client, settings)] == [first.id]


def test_a_worker_that_was_overtaken_changes_nothing(
    redis_client: Redis, settings: Settings
) -> None:
    """A worker stalls after registering; its entry is claimed and placed by another."""
    ((first, _),) = paired(1)

    async def play(left: Worker, right: Worker) -> None:
        harness.send(redis_client, settings, [first.line])
        entries = await harness.taken(left, 1)
        prepared = await left.deduplicator.preparer.prepare(left.deduplicator._read(entries)[0])
        await right.deduplicator.handle(entries)
        await left.deduplicator.placer.place(prepared)

    asyncio.run(two_workers(settings, play))

    assert len(harness.events(redis_client, settings)) == 1
    assert harness.counts(redis_client, settings)["placed"] == 1
