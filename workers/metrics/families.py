"""Figures in Prometheus' own form, each with the label of its namespace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from workers.metrics.tally import Histogram


@dataclass(frozen=True, slots=True)
class Families:
    """Words the metrics of one namespace. Names go without ``onestory_``."""

    namespace: str

    def gauge(self, name: str, said: str, value: float) -> Metric:
        """One figure that goes up and down."""
        family = GaugeMetricFamily(f"onestory_{name}", said, labels=["namespace"])
        family.add_metric([self.namespace], value)
        return family

    def gauges(self, name: str, said: str, label: str, values: Mapping[str, float]) -> Metric:
        """The same for each value of a label."""
        family = GaugeMetricFamily(f"onestory_{name}", said, labels=["namespace", label])
        for each, value in values.items():
            family.add_metric([self.namespace, each], value)
        return family

    def counter(self, name: str, said: str, value: float) -> Metric:
        """One figure that only grows; its name is told with ``_total`` behind it."""
        family = CounterMetricFamily(f"onestory_{name}", said, labels=["namespace"])
        family.add_metric([self.namespace], value)
        return family

    def counters(self, name: str, said: str, label: str, values: Mapping[str, float]) -> Metric:
        """The same for each value of a label."""
        family = CounterMetricFamily(f"onestory_{name}", said, labels=["namespace", label])
        for each, value in dict(values).items():
            family.add_metric([self.namespace, each], value)
        return family

    def histogram(self, name: str, said: str, histogram: Histogram) -> Metric:
        """One histogram."""
        family = HistogramMetricFamily(f"onestory_{name}", said, labels=["namespace"])
        family.add_metric([self.namespace], histogram.buckets, histogram.sum)
        return family

    def histograms(
        self, name: str, said: str, label: str, values: Iterable[tuple[str, Histogram]]
    ) -> Metric:
        """One for each value of a label."""
        family = HistogramMetricFamily(f"onestory_{name}", said, labels=["namespace", label])
        for each, histogram in values:
            family.add_metric([self.namespace, each], histogram.buckets, histogram.sum)
        return family

    def info(self, name: str, said: str, about: dict[str, str]) -> Metric:
        """Words as labels of a series that is always 1; its name has ``_info`` behind it."""
        family = InfoMetricFamily(f"onestory_{name}", said, labels=["namespace"])
        family.add_metric([self.namespace], about)
        return family
