"""The address of the metrics, for monitoring systems."""

from __future__ import annotations

from typing import Final

from control.api import metrics
from control.api.operation import Content, Operation, Tag
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route(
        "GET",
        "/metrics",
        metrics.metrics,
        scope=Scope.METRICS_READ,
        seconds=5,
        operation=Operation(
            "getMetrics",
            Tag.HEALTH,
            "Read the metrics",
            description="For Prometheus, with METRICS_TOKEN or the operator's key as `Authorization: Bearer`; "
            "every figure is explained in docs/metrics.md. Answers while the bridge or Redis is down as well.",
            answers={
                200: Content(
                    "Prometheus' text format, or OpenMetrics when `Accept` asks for it.",
                    ("text/plain", "application/openmetrics-text"),
                    {"type": "string"},
                )
            },
        ),
    ),
)
