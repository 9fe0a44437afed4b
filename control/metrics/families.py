"""Short ways to make the metric families of one scrape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

MIB = 1024 * 1024


def gauge(name: str, documentation: str, value: float) -> Metric:
    """A figure of now."""
    return GaugeMetricFamily(name, documentation, value=value)


def gauges(name: str, documentation: str, label: str, values: Mapping[str, float]) -> Metric:
    """Figures of now, one for each value of a label."""
    family = GaugeMetricFamily(name, documentation, labels=(label,))
    for at, value in values.items():
        family.add_metric((at,), value)
    return family


def counter(name: str, documentation: str, value: float) -> Metric:
    """A figure that only grows. The name is given without `_total`."""
    return CounterMetricFamily(name, documentation, value=value)


def counters(name: str, documentation: str, label: str, values: Mapping[str, float]) -> Metric:
    """Figures that only grow, one for each value of a label."""
    family = CounterMetricFamily(name, documentation, labels=(label,))
    for at, value in values.items():
        family.add_metric((at,), value)
    return family


def table(
    name: str, documentation: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], float]]
) -> Metric:
    """Figures of now with several labels."""
    family = GaugeMetricFamily(name, documentation, labels=labels)
    for values, value in rows:
        family.add_metric(values, value)
    return family


def seconds(ms: float | None) -> float:
    """Milliseconds as seconds; nothing is 0."""
    return (ms or 0) / 1000
