"""GET /metrics, for Prometheus. Needs METRICS_TOKEN or the operator's key, as it tells how busy the gateway is."""

from __future__ import annotations

from aiohttp import hdrs, web

from control.api.context import SCRAPE


async def metrics(request: web.Request) -> web.Response:
    """GET /metrics."""
    text, content_type = await request.app[SCRAPE].text(request.headers.get(hdrs.ACCEPT, ""))
    return web.Response(body=text, headers={hdrs.CONTENT_TYPE: content_type})
