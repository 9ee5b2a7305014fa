"""What metrics and traces cost a worker: ``python -m workers.bench.watching``.

Batches go over the whole path on a private Redis once, for its CPU time an article. Then the calls
that a worker makes for them to meter, pulse and tracer are made alone, the least of some rounds: in
the time of the whole path they are lost in its noise. Spans are thrown away where they would be
sent; serialising them is not in it.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast, get_args

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from contracts.streams import GROUP
from workers.bench.corpus import corpus
from workers.connection.clients import client
from workers.connection.private_server import EmbeddedRedis
from workers.metrics.meter import NoMeter, Stage
from workers.metrics.otel import OtelTracer, provider
from workers.metrics.pulse import Pulse
from workers.metrics.tracing import PASS_ON, Tracer
from workers.metrics.worker import WorkerMetrics
from workers.process.build import build_worker
from workers.settings import Settings
from workers.state.commit import Commit
from workers.state.entries import Entry
from workers.state.streams import publish

ARTICLES, BATCH, ROUNDS = 2_000, 500, 20
_ANSWERS = 20
"""Script calls of a batch, beside one for each commit."""
_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"


class _Recorder(NoMeter):
    def __init__(self) -> None:
        self.batches: list[Sequence[Commit]] = []

    def committed(self, commits: Sequence[Commit], held: Sequence[bool]) -> None:
        del held
        self.batches.append(commits)


class _Nowhere(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        del spans
        return SpanExportResult.SUCCESS


async def path(settings: Settings, recorder: _Recorder) -> float:
    """CPU µs an article of the path that nobody watches."""
    worker = build_worker(settings, meter=recorder)
    await worker.store.prepare(worker.deduplicator.grounds.fingerprinter.model.version)
    gc.collect()
    gc.freeze()
    began = time.process_time()
    stream = settings.streams.articles
    while answer := cast(
        Any, await worker.redis.xreadgroup(GROUP, "bench", {stream: ">"}, count=BATCH)
    ):
        entries = [Entry(entry_id.decode(), fields) for entry_id, fields in answer[0][1]]
        await worker.deduplicator.handle(entries)
    took = time.process_time() - began
    await worker.redis.aclose()
    return took / ARTICLES * 1e6


def metered(batches: Sequence[Sequence[Commit]]) -> None:
    """What a worker calls for these batches beside its work."""
    pulse = Pulse()
    metrics = WorkerMetrics("bench", pulse)
    for commits in batches:
        metrics.batch(len(commits))
        for name in get_args(Stage):
            with metrics.stage(name):
                pass
        metrics.committed(commits, [True] * len(commits))
        for _ in range(len(commits) + _ANSWERS):
            pulse.answered()


def traced(batches: Sequence[Sequence[Commit]], tracer: Tracer, flags: str) -> None:
    """The same of traces; ``flags`` of the publisher's context: 1 for sampled."""
    fields = {b"traceparent": f"{_PARENT}{flags}".encode()}
    for commits in batches:
        entries = [Entry(commit.entry_id, fields) for commit in commits]
        with tracer.batch(entries):
            for entry in entries:
                tracer.traceparent(entry)
        tracer.committed(commits, [True] * len(commits))


def least(calls: Callable[[], None]) -> float:
    """CPU µs an article, of the quickest round."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        calls()
        took.append(time.process_time() - began)
    return min(took) / ARTICLES * 1e6


def main() -> None:
    """Prints the figures."""
    recorder = _Recorder()
    with EmbeddedRedis() as server, client(server.url) as redis:
        settings = Settings(REDIS_URL=server.url, namespace="bench")
        publish(redis, settings.streams, list(corpus(ARTICLES, timedelta(seconds=5))))
        print(f"the path, unwatched:  {asyncio.run(path(settings, recorder)):7.1f} µs an article")
    batches = recorder.batches
    print(f"metrics, signs:       {least(lambda: metered(batches)):7.1f}")
    print(f"traces passed on:     {least(lambda: traced(batches, PASS_ON, '1')):7.1f}")
    processor = BatchSpanProcessor(_Nowhere(), max_queue_size=10 * ARTICLES)
    traces = provider("bench", processor)
    tracer = OtelTracer(traces, "bench")
    print(f"spans, sampled:       {least(lambda: traced(batches, tracer, '1')):7.1f}")
    print(f"spans, not sampled:   {least(lambda: traced(batches, tracer, '0')):7.1f}")
    traces.shutdown()


if __name__ == "__main__":
    main()
