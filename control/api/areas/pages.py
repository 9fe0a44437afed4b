"""Addresses of pages and of what they load, for everybody."""

from __future__ import annotations

from typing import Final

from control.api import pages
from control.api.route import Route

ROUTES: Final = (
    Route("GET", "/dashboard", pages.document("dashboard"), seconds=5, public=True, page=True),
    Route("GET", "/dashboard/", pages.to_dashboard, seconds=5, public=True, page=True),
    Route("GET", "/connect", pages.document("connect"), seconds=5, public=True, page=True),
    Route("GET", "/pages/{version}/{room}/{name}", pages.asset, seconds=5, public=True, page=True),
)
