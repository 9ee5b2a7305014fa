"""Another encoder on a real Redis: a namespace of its own, and an endpoint that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis
from typer.testing import CliRunner

from service.encoders import openai
from service.encoders.choose import load_fingerprinter
from service.encoders.errors import EncoderUnavailable
from tests.support.builders.corpora import samples, stories_of
from tests.support.builders.encoders import Answer, EmbeddingServer, embedding_server, tiny_model
from tests.support.redis.servers import wait_until
from tests.support.wire import harness
from workers.cli import app
from workers.errors import ModelMismatch
from workers.process.build import build_worker
from workers.process.pool import WorkerPool
from workers.process.worker import Worker
from workers.settings import Settings

ARTICLES = samples(20, reprints=1, seed=7)
LINES = [article.line for article in ARTICLES]


async def with_worker(settings: Settings, play: Callable[[Worker], Awaitable[None]]) -> None:
    """Run ``play`` with a worker that has claimed its namespace."""
    worker = build_worker(settings, consumer="only")
    try:
        await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
        await play(worker)
    finally:
        await worker.redis.aclose()


def with_endpoint(server: EmbeddingServer, redis_url: str, namespace: str) -> Settings:
    """Settings whose encoder is the server's."""
    return harness.settings_for(
        redis_url, namespace, encoder="openai:small", encoder_url=server.url
    )


async def claimed(_: Worker) -> None:
    """Nothing more."""


@pytest.mark.parametrize("dimensions", [24, 384])
def test_workers_place_articles_with_a_model_of_other_dimensions(
    redis_client: Redis, redis_url: str, namespace: str, tmp_path: Path, dimensions: int
) -> None:
    """Reprints have equal bodies, so they are stories whatever the tiny model makes of them."""
    spec = f"model2vec:{tiny_model(tmp_path / 'tiny', dimensions)}"
    settings = harness.settings_for(redis_url, namespace, encoder=spec)

    with WorkerPool(settings, 1) as pool:
        harness.send(redis_client, settings, LINES)
        harness.await_handled(redis_client, settings, len(LINES), pool)

    told = harness.events(redis_client, settings)
    model = load_fingerprinter(spec).model
    assert harness.consumed(told) == stories_of(ARTICLES)
    assert {cast(Any, event.data).evidence.model for event in told} == {model}


def test_a_namespace_keeps_its_encoder(
    redis_client: Redis, redis_url: str, namespace: str, tmp_path: Path
) -> None:
    """Bundled, then model2vec, then other weights under the same name: each is refused."""
    first = harness.settings_for(
        redis_url, namespace, encoder=f"model2vec:{tiny_model(tmp_path / 'a' / 'tiny', 16)}"
    )
    retrained = harness.settings_for(
        redis_url, namespace, encoder=f"model2vec:{tiny_model(tmp_path / 'b' / 'tiny', 16, seed=2)}"
    )
    asyncio.run(with_worker(first, claimed))
    held = redis_client.get(first.keys.model)

    for other in (harness.settings_for(redis_url, namespace), retrained):
        with pytest.raises(ModelMismatch):
            asyncio.run(with_worker(other, claimed))

    assert redis_client.get(first.keys.model) == held
    asyncio.run(with_worker(first, claimed))


def test_the_refusal_tells_both_ways_out(redis_url: str, namespace: str, tmp_path: Path) -> None:
    asyncio.run(with_worker(harness.settings_for(redis_url, namespace), claimed))
    other = harness.settings_for(
        redis_url, namespace, encoder=f"model2vec:{tiny_model(tmp_path / 'tiny', 16)}"
    )

    with pytest.raises(ModelMismatch) as caught:
        asyncio.run(with_worker(other, claimed))

    told = str(caught.value)
    assert "model2vec/tiny@" in told
    assert "--namespace" in told
    assert f"delete its keys ({{{namespace}}}:*) and publish the articles" in told


def test_the_log_of_one_model_is_not_explained_with_another(
    redis_url: str, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(with_worker(harness.settings_for(redis_url, namespace), claimed))
    monkeypatch.setenv("ONESTORY_ENCODER", f"model2vec:{tiny_model(tmp_path / 'tiny', 16)}")

    told = CliRunner().invoke(
        app, ["explain", "a", "b", "--redis-url", redis_url, "--namespace", namespace]
    )

    assert told.exit_code == 1
    assert "can't be compared" in told.output


def test_an_outage_of_the_endpoint_costs_no_article_a_delivery(
    redis_client: Redis, redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of one batch would be blamed on its articles, which would end as dead letters."""
    monkeypatch.setattr(openai, "FIRST_PAUSE_S", 0.001)

    with embedding_server() as server:
        settings = with_endpoint(server, redis_url, namespace)

        async def play(worker: Worker) -> None:
            harness.send(redis_client, settings, LINES)
            entries = await harness.taken(worker, len(LINES))
            server.always = (503, {}, {"error": "maintenance"})
            with pytest.raises(EncoderUnavailable):
                await worker.deduplicator.handle(entries)
            assert harness.counts(redis_client, settings) == {}
            assert redis_client.hgetall(settings.keys.errors) == {}
            server.always = None
            await worker.deduplicator.handle(entries)
            worker.deduplicator.grounds.fingerprinter._encoder._model.close()  # type: ignore[attr-defined]

        asyncio.run(with_worker(settings, play))

    assert harness.consumed(harness.events(redis_client, settings)) == stories_of(ARTICLES)


def test_a_slow_endpoint_holds_up_nothing_but_its_batch(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    """While it thinks, the worker must still stop on a signal and keep its entries its own."""
    with embedding_server() as server:
        settings = with_endpoint(server, redis_url, namespace)

        async def play(worker: Worker) -> None:
            harness.send(redis_client, settings, LINES[:2])
            entries = await harness.taken(worker, 2)
            server.may_answer.clear()
            handled = asyncio.create_task(worker.deduplicator.handle(entries))
            # The first request was for the dimensions.
            await asyncio.to_thread(wait_until, lambda: len(server.seen) == 2, "it is asked")
            server.may_answer.set()
            await handled
            worker.deduplicator.grounds.fingerprinter._encoder._model.close()  # type: ignore[attr-defined]

        asyncio.run(asyncio.wait_for(with_worker(settings, play), timeout=20))

    assert harness.counts(redis_client, settings)["placed"] == 2


def test_a_text_that_the_endpoint_refuses_costs_no_other_article(
    redis_client: Redis, redis_url: str, namespace: str
) -> None:
    with embedding_server() as server:
        settings = with_endpoint(server, redis_url, namespace)

        async def play(worker: Worker) -> None:
            harness.send(redis_client, settings, LINES[:3])
            entries = await harness.taken(worker, 3)
            refused: Answer = (400, {}, {"error": "too long"})
            # The batch, then the first of its three articles by itself.
            server.answers = [refused, refused]
            await worker.deduplicator.handle(entries)
            errors = cast(dict[bytes, bytes], redis_client.hgetall(settings.keys.errors))
            assert list(errors) == [entries[0].id.encode()]
            assert b"too long" in errors[entries[0].id.encode()]
            worker.deduplicator.grounds.fingerprinter._encoder._model.close()  # type: ignore[attr-defined]

        asyncio.run(with_worker(settings, play))

    assert harness.counts(redis_client, settings)["placed"] == 2
