"""Successful answers."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel


def json_answer(model: BaseModel, *, status: int = 200) -> web.Response:
    """Return the model as JSON under its outside names; absent values are null, not left out."""
    return web.Response(
        status=status, body=model.model_dump_json(by_alias=True).encode(), content_type="application/json"
    )
