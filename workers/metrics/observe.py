"""Everything that watches one worker process, put together in one place."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from workers.metrics.health import not_alive, not_ready
from workers.metrics.pulse import Pulse
from workers.metrics.server import MetricsServer
from workers.metrics.watchdog import Watchdog
from workers.metrics.worker import WorkerMetrics
from workers.settings import Settings


@contextmanager
def observed(settings: Settings) -> Iterator[tuple[Pulse, WorkerMetrics]]:
    """A pulse that is watched, and metrics that are served where the settings say so.

    Raises:
        CantListen: the metrics' port can't be had.
    """
    pulse = Pulse()
    metrics = WorkerMetrics(settings.namespace, pulse)
    registry = CollectorRegistry()
    registry.register(metrics)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    checks = {
        "/live": lambda: not_alive(pulse, settings.liveness_s),
        "/ready": lambda: not_ready(pulse, settings.liveness_s, settings.ready_behind),
    }
    with ExitStack() as stack:
        if settings.metrics_port:
            host, port = settings.metrics_host, settings.metrics_port
            stack.enter_context(MetricsServer(host, port, registry, checks))
        stack.enter_context(Watchdog(pulse, settings.watchdog_s))
        yield pulse, metrics
