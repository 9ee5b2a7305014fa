"""The metrics that workers and API tell, with their labels, as the code has them."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import Metric

from workers.api.http_metrics import ApiMetrics
from workers.metrics.namespace import STREAMS, NamespaceFigures, families
from workers.metrics.pulse import LOOPS, Pulse
from workers.metrics.worker import WorkerMetrics
from workers.state.backlog import Backlog

Names = dict[str, set[str]]
"""Labels, by the name of a series as PromQL asks for it."""

_SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds."""
_ENDS = {
    "counter": ("_total", "_created"),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "info": ("_info",),
    "gauge": ("",),
}


def known() -> Names:
    """Of a worker, of its namespace, of an API process."""
    api = ApiMetrics("news")
    api.answered("GET", "/v1/stories", 200, 0.1)
    api.listeners(0)
    process = CollectorRegistry()
    ProcessCollector(registry=process)
    PlatformCollector(registry=process)
    GCCollector(registry=process)
    up = {"up": _SCRAPED}
    return up | _named(
        [*_worker(), *_namespace(), *api.registry.collect(), *process.collect()],
    )


def _worker() -> Iterable[Metric]:
    pulse = Pulse()
    for loop in LOOPS:
        pulse.begin(loop)
    metrics = WorkerMetrics("news", pulse)
    metrics.model = dict.fromkeys(("version", "sha256", "operating_point", "encoder"), "x")
    metrics._languages["ru"] += 1
    return metrics.collect()


def _namespace() -> Iterable[Metric]:
    figures = NamespaceFigures(
        lengths=dict.fromkeys(STREAMS, 0),
        backlog=Backlog(lag=0, pending=0, oldest_idle_ms=0, oldest_waiting_ms=0),
        counts={},
        held=0,
        rules=0,
        workers=1,
        newest_letter=b"",
        used_memory=0,
        max_memory=0,
        evicted_keys=0,
    )
    return families("news", figures, {}, {"log": 0})


def _named(metrics: Iterable[Metric]) -> Names:
    found: Names = {}
    for metric in metrics:
        labels = {label for sample in metric.samples for label in sample.labels} | _SCRAPED
        for end in _ENDS[metric.type]:
            found[metric.name + end] = labels
    return found


KNOWN = known()
