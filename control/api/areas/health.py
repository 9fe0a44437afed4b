"""Addresses of health, for everybody."""

from __future__ import annotations

from typing import Final

from control.api import health
from control.api.route import Route

ROUTES: Final = (
    Route("GET", "/health", health.health, seconds=5, public=True, cost=0),
    Route("GET", "/health/live", health.live, seconds=5, public=True, cost=0),
    Route("GET", "/health/ready", health.ready, seconds=5, public=True, cost=0),
)
