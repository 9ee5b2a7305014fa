"""What metrics and traces cost a worker: ``python -m workers.bench.watching``.

CPU time of this process an article, over the whole path on a private Redis, in three ways by turns:
with nobody listening, with metrics, and with a span an article whose exporter throws them away.
"""

import asyncio
import gc
import time
from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any, cast

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from redis import Redis

from contracts.streams import GROUP
from workers.app import build_worker
from workers.bench.corpus import corpus
from workers.entries import Entry
from workers.metrics.meter import NO_METER
from workers.metrics.pulse import Pulse
from workers.metrics.worker import WorkerMetrics
from workers.otel import OtelTracer, provider
from workers.publish import publish
from workers.redis_server import EmbeddedRedis
from workers.settings import Settings
from workers.tracing import PASS_ON

ARTICLES, BATCH, ROUNDS = 1_000, 500, 5
WAYS = ("nobody listens", "metrics", "metrics and traces")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class _Nowhere(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        del spans
        return SpanExportResult.SUCCESS


async def measured(way: str, settings: Settings) -> float:
    """CPU µs an article."""
    pulse = Pulse()
    traces = provider("bench", BatchSpanProcessor(_Nowhere(), max_queue_size=2 * ARTICLES))
    worker = build_worker(
        settings,
        pulse=pulse,
        meter=NO_METER if way == WAYS[0] else WorkerMetrics(settings.namespace, pulse),
        tracer=OtelTracer(traces, settings.namespace) if way == WAYS[2] else PASS_ON,
    )
    await worker.store.prepare(worker.deduplicator.fingerprinter.model.version)
    gc.collect()
    gc.disable()  # where it strikes would be chance
    began = time.process_time()
    stream = settings.streams.articles
    while answer := cast(
        Any, await worker.redis.xreadgroup(GROUP, "bench", {stream: ">"}, count=BATCH)
    ):
        entries = [Entry(entry_id.decode(), fields) for entry_id, fields in answer[0][1]]
        await worker.deduplicator.handle(entries)
    took = time.process_time() - began
    gc.enable()
    traces.shutdown()
    await worker.redis.aclose()
    return took / ARTICLES * 1e6


def main() -> None:
    """Prints the medians."""
    lines = list(corpus(ARTICLES, timedelta(seconds=5)))
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    with EmbeddedRedis() as server, Redis.from_url(server.url) as redis:
        for _ in range(ROUNDS):
            for way in WAYS:
                settings = Settings(REDIS_URL=server.url, namespace="bench")
                publish(redis, settings.streams, lines, lambda: TRACEPARENT)
                took[way].append(asyncio.run(measured(way, settings)))
                redis.flushall()
    for way, found in took.items():
        print(f"{way}: {median(found):.0f} µs, least {min(found):.0f}")


if __name__ == "__main__":
    main()
