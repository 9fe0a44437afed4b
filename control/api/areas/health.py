"""Addresses of health, for everybody."""

from __future__ import annotations

from typing import Final

from control.api import health
from control.api.health_shapes import HealthOut, LiveOut, ReadyOut
from control.api.operation import Answer, Operation, Tag
from control.api.route import Route

ROUTES: Final = (
    Route(
        "GET",
        "/health",
        health.health,
        seconds=5,
        public=True,
        cost=0,
        operation=Operation(
            "getHealth",
            Tag.HEALTH,
            "See how everything is",
            description="Always 200 while the process lives; `degraded` names the parts that are not well.",
            answers={200: HealthOut},
        ),
    ),
    Route(
        "GET",
        "/health/live",
        health.live,
        seconds=5,
        public=True,
        cost=0,
        operation=Operation(
            "getLiveness",
            Tag.HEALTH,
            "See whether the process lives",
            description="For supervisors: asks nothing else.",
            answers={200: LiveOut},
        ),
    ),
    Route(
        "GET",
        "/health/ready",
        health.ready,
        seconds=5,
        public=True,
        cost=0,
        operation=Operation(
            "getReadiness",
            Tag.HEALTH,
            "See whether requests can be served",
            description="For load balancers.",
            answers={200: ReadyOut, 503: Answer("The bridge or Redis is missing.", ReadyOut)},
        ),
    ),
)
