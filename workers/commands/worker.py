"""``onestory worker``: one worker process."""

import gc
import logging

import uvloop

from workers.commands.session import (
    DataFolder,
    Namespace,
    RedisUrl,
    log_to_stderr,
    server,
    settings_from,
    told,
)
from workers.metrics.observe import observed
from workers.metrics.pulse import Pulse
from workers.metrics.tracing import Tracer, tracer_of
from workers.metrics.worker import WorkerMetrics
from workers.process.app import build_worker
from workers.settings import Settings

log = logging.getLogger("onestory.worker")


@told
def worker(
    redis_url: RedisUrl = None, namespace: Namespace = None, data_folder: DataFolder = None
) -> None:
    """Work on a namespace until SIGTERM: read articles, publish story events."""
    log_to_stderr()
    with server(settings_from(redis_url, namespace, data_folder)) as settings:
        if redis_url is None:
            log.info("a private Redis serves at %s", settings.redis_url)
        with observed(settings) as (pulse, metrics), tracer_of(settings) as tracer:
            uvloop.run(_work(settings, pulse, metrics, tracer))


async def _work(settings: Settings, pulse: Pulse, metrics: WorkerMetrics, tracer: Tracer) -> None:
    worker = build_worker(settings, pulse=pulse, meter=metrics, tracer=tracer)
    metrics.window_articles = worker.deduplicator.window.__len__
    metrics.model = {
        **worker.deduplicator.fingerprinter.model.model_dump(),
        "operating_point": settings.operating_point,
        "encoder": settings.encoder,
    }
    # The window is millions of small objects that live for days: a collector that walks
    # them after every 700 allocations takes a fifth of the worker's time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    await worker.run()
