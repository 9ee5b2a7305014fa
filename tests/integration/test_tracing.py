"""A trace goes from the publisher through the worker to the event; off, it needs nothing."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from faststream.redis import RedisBroker
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis import Redis

from tests.support.wire import harness
from tests.support.wire.desk import Desk, desk, item
from workers.metrics.otel import OtelTracer, provider, publisher, written
from workers.process.build import build_worker
from workers.settings import Settings

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return harness.settings_for(redis_url, namespace)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(spans: InMemorySpanExporter) -> Iterator[TracerProvider]:
    made = provider("test", SimpleSpanProcessor(spans))
    yield made
    made.shutdown()


@contextmanager
def tracing(redis: Redis, settings: Settings, traces: TracerProvider) -> Iterator[Desk]:
    """A desk whose worker traces."""
    tracer = OtelTracer(traces, settings.namespace)
    with (
        patch("tests.support.wire.desk.build_worker", partial(build_worker, tracer=tracer)),
        desk(redis, settings) as one,
    ):
        yield one


def send(one: Desk, article: dict[str, Any], traceparent: str) -> None:
    fields = {"data": json.dumps(article), "traceparent": traceparent}
    one.redis.xadd(one.settings.streams.articles, fields)  # type: ignore[arg-type]


def raw_events(one: Desk) -> list[dict[str, Any]]:
    told = harness.entries(one.redis, one.settings.streams.stories)
    return [json.loads(fields[b"data"]) for _, fields in told]


def named(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.name == name]


def test_a_worker_that_traces_nothing_passes_the_publishers_context_on(
    redis_client: Redis, settings: Settings
) -> None:
    """As a field beside JSON, beside flat fields, and as a header of FastStream's envelope."""

    async def publish() -> None:
        async with RedisBroker(str(settings.redis_url)) as broker:
            await broker.publish(
                item("c", 3), stream=settings.streams.articles, headers={"traceparent": PARENT}
            )

    with desk(redis_client, settings) as one:
        send(one, item("a", 1), PARENT)
        flat = {"id": "b", "title": "A flat one", "traceparent": PARENT}
        redis_client.xadd(settings.streams.articles, flat)  # type: ignore[arg-type]
        asyncio.run(publish())
        send(one, {"id": "a", "status": "canceled"}, PARENT)
        one.settle()

        assert [event["traceparent"] for event in raw_events(one)] == [PARENT] * 4
        assert {event.traceparent for event in one.told} == {PARENT}


@pytest.mark.parametrize(
    "traceparent",
    ["", "nonsense", f"00-{'0' * 32}-b7ad6b7169203331-01", f"ff-{TRACE}-b7ad6b7169203331-01"],
)
def test_what_is_no_context_is_not_passed_on(
    redis_client: Redis, settings: Settings, traceparent: str
) -> None:
    with desk(redis_client, settings) as one:
        send(one, item("a", 1), traceparent)
        one.place(item("b", 2))

        assert [event.keys() & {"traceparent"} for event in raw_events(one)] == [set(), set()]


def test_an_event_carries_the_workers_span_which_continues_the_publishers(
    redis_client: Redis,
    settings: Settings,
    traces: TracerProvider,
    spans: InMemorySpanExporter,
) -> None:
    with tracing(redis_client, settings, traces) as one:
        send(one, item("a", 1), PARENT)
        one.place(item("b", 1, 1))
        opened, joined = raw_events(one)

    first, second = named(spans, "place article")
    (batch,) = named(spans, "place batch")
    assert first.parent is not None
    assert f"{first.context.trace_id:032x}" == TRACE
    assert f"{first.parent.span_id:016x}" == "b7ad6b7169203331"
    assert second.parent is None, "it came without a context"
    assert batch.start_time is not None
    assert first.start_time == second.start_time
    assert batch.start_time <= (first.start_time or 0)
    assert [opened["traceparent"], joined["traceparent"]] == [
        written(first.context),
        written(second.context),
    ]
    assert [link.context.span_id for link in batch.links] == [0xB7AD6B7169203331]
    assert [link.context for link in first.links] == [batch.context]
    assert dict(second.attributes or {}) == {
        "messaging.system": "redis",
        "messaging.message.id": (second.attributes or {})["messaging.message.id"],
        "onestory.namespace": settings.namespace,
        "onestory.outcome": "placed",
        "onestory.event": joined["id"],
        "onestory.story": joined["subject"],
        "onestory.article": "b",
        "onestory.relation": joined["data"]["relation"],
    }
    assert dict(batch.attributes or {})["messaging.batch.message_count"] == 2


def test_a_span_says_how_broken_words_were_repaired(
    redis_client: Redis,
    settings: Settings,
    traces: TracerProvider,
    spans: InMemorySpanExporter,
) -> None:
    title = "Губернатор подал в отставку".encode("cp1251").decode("latin-1")
    with tracing(redis_client, settings, traces) as one:
        one.place(item("a", 1), {"id": "moji", "title": title})

        said = [
            (span.attributes or {}).get("onestory.repaired")
            for span in named(spans, "place article")
        ]
        assert said == [None, "windows-1251 read as latin-1"]


def test_every_entry_that_began_a_span_ends_it(
    redis_client: Redis,
    settings: Settings,
    traces: TracerProvider,
    spans: InMemorySpanExporter,
) -> None:
    """Repeated and unreadable entries have none; what waits for another worker keeps its own."""
    with tracing(redis_client, settings, traces) as one:
        one.place(item("a", 1), item("a", 1), {"title": "no id"}, item("h", 2, status="withheld"))
        one.place({"id": "a", "status": "canceled"})

        outcomes = [
            (span.attributes or {})["onestory.outcome"] for span in named(spans, "place article")
        ]
        grounds = one.workers[0].deduplicator.grounds
        assert outcomes == ["placed", "held", "killed"]
        assert isinstance(grounds.tracer, OtelTracer)
        assert grounds.tracer._open == {}


def test_a_publishers_decision_not_to_sample_is_kept(
    redis_client: Redis,
    settings: Settings,
    traces: TracerProvider,
    spans: InMemorySpanExporter,
) -> None:
    with tracing(redis_client, settings, traces) as one:
        send(one, item("a", 1), PARENT[:-1] + "0")
        one.settle()
        (event,) = raw_events(one)

    assert named(spans, "place article") == []
    assert event["traceparent"].startswith(f"00-{TRACE}-")
    assert event["traceparent"].endswith("-00")


def test_each_published_article_has_a_span_of_its_own(
    traces: TracerProvider, spans: InMemorySpanExporter
) -> None:
    traceparent = publisher(traces, "{news}:articles", PARENT)

    given = [traceparent(), traceparent()]

    made = named(spans, "publish article")
    assert given == [written(span.context) for span in made]
    assert {f"{span.context.trace_id:032x}" for span in made} == {TRACE}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_publish_passes_a_context_of_its_environment_on(
    redis_client: Redis, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "feed.jsonl").write_text('{"id": "a", "title": "A"}\n{"id": "b", "title": "B"}\n')

    done = run(
        *("-m", "workers", "publish", str(tmp_path / "feed.jsonl")),
        *("--redis-url", str(settings.redis_url), "--namespace", settings.namespace),
        TRACEPARENT=PARENT,
    )

    assert done.returncode == 0, done.stderr
    entries = harness.entries(redis_client, settings.streams.articles)
    assert [fields[b"traceparent"] for _, fields in entries] == [PARENT.encode()] * 2


def test_without_the_extra_it_is_said_what_to_install_and_off_needs_none() -> None:
    """The package is hidden from a process of its own."""
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from workers.settings import Settings\n"
        "from workers.metrics.tracing import tracer_of\n"
        "import workers.process.build\n"
        "with tracer_of(Settings(otel=False)) as tracer: print(type(tracer).__name__)\n"
        "with tracer_of(Settings(otel=True)): pass\n"
    )

    done = run("-c", code)

    assert done.stdout == "PassOn\n"
    assert done.stderr.splitlines()[-1] == (
        "workers.errors.OnestoryError: ONESTORY_OTEL is set and opentelemetry is not installed: "
        "pip install 'onestory[otel]'"
    )
