"""``onestory worker``: one worker process."""

import gc
import logging

import uvloop

from workers.commands.console import told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import log_to_stderr, named_server
from workers.metrics.observe import observed
from workers.metrics.pulse import Pulse
from workers.metrics.tracing import Tracer, tracer_of
from workers.metrics.worker import WorkerMetrics
from workers.process.build import build_worker
from workers.settings import Settings

log = logging.getLogger("onestory.worker")


@told
def worker(
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
) -> None:
    """Work on a namespace until SIGTERM: read articles, publish story events.

    Without a Redis that others know of nobody could send it anything, so one must be named.
    """
    log_to_stderr()
    with named_server(redis_url, namespace, data_folder, writes=True, works=True) as settings:
        if redis_url is None:
            log.info("the private Redis of %s serves at %s", data_folder, settings.redis_url)
        with observed(settings) as (pulse, metrics), tracer_of(settings) as tracer:
            uvloop.run(_work(settings, pulse, metrics, tracer))


async def _work(settings: Settings, pulse: Pulse, metrics: WorkerMetrics, tracer: Tracer) -> None:
    worker = build_worker(settings, pulse=pulse, meter=metrics, tracer=tracer)
    metrics.window_articles = worker.deduplicator.grounds.window.__len__
    fingerprinter = worker.deduplicator.grounds.fingerprinter
    if fingerprinter.second is not None:
        metrics.effort = fingerprinter.second.effort
    metrics.model = {
        **fingerprinter.model.model_dump(),
        "operating_point": settings.operating_point,
        "encoder": settings.encoder,
    }
    # The window is millions of small objects that live for days: a collector that walks
    # them after every 700 allocations takes a fifth of the worker's time. A batch of 500 real
    # texts holds 290,000, which go when it is placed: to walk them for cycles finds none, and
    # holds the batch up for 10 ms each time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 50, 100)
    await worker.run()
