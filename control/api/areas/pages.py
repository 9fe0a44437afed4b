"""Addresses of pages and of what they load, for everybody."""

from __future__ import annotations

from typing import Final

from control.api import pages
from control.api.operation import Answer, Content, Operation, Tag
from control.api.route import Route

ROUTES: Final = (
    Route(
        "GET",
        "/dashboard",
        pages.document("dashboard"),
        seconds=5,
        public=True,
        operation=Operation(
            "getDashboard",
            Tag.DOCUMENTS,
            "Open the dashboard",
            description="The page for people. What it shows it asks this API for, once somebody signed in there.",
            answers={200: Content("The page.", ("text/html",), {"type": "string"})},
        ),
    ),
    Route(
        "GET",
        "/dashboard/",
        pages.to_dashboard,
        seconds=5,
        public=True,
        operation=Operation(
            "redirectToDashboard",
            Tag.DOCUMENTS,
            "Open the dashboard, with a slash too many",
            description="Leads to the page without the slash.",
            answers={308: Answer("The page is at `/dashboard`.", headers={"Location": "Where the page is."})},
        ),
    ),
    Route(
        "GET",
        "/connect",
        pages.document("connect"),
        seconds=5,
        public=True,
        operation=Operation(
            "getConnectPage",
            Tag.DOCUMENTS,
            "Open the connect page",
            description="Where a tenant's customer links a number. The link's token stands behind the `#`.",
            answers={200: Content("The page.", ("text/html",), {"type": "string"})},
        ),
    ),
    Route(
        "GET",
        "/pages/{version}/{room}/{name}",
        pages.asset,
        seconds=5,
        public=True,
        operation=Operation(
            "getPageFile",
            Tag.DOCUMENTS,
            "Load what a page consists of",
            description="Scripts, styles and pictures. A file never changes under its address.",
            answers={
                200: Content("The file.", ("text/css", "text/javascript", "image/svg+xml"), {"type": "string"})
            },
            errors=("not_found",),
        ),
    ),
)
