"""Addresses of the API's own description, for everybody."""

from __future__ import annotations

from typing import Final

from control.api import openapi, pages
from control.api.operation import Answer, Content, Operation, Parameter, Tag
from control.api.route import Route

_KNOWN: Final = Parameter(
    "If-None-Match", "The ETag of the document that the caller has.", {"type": "string"}, "header"
)

ROUTES: Final = (
    Route(
        "GET",
        "/openapi.json",
        openapi.openapi,
        seconds=30,
        public=True,
        operation=Operation(
            "getOpenApi",
            Tag.DOCUMENTS,
            "Get this document",
            description="The OpenAPI 3.1 of this version of the gateway, to generate clients from.",
            parameters=(_KNOWN,),
            answers={
                200: Answer(
                    "The document.",
                    others=(Content("The document.", ("application/json",), {"type": "object"}),),
                    headers={"ETag": "Names this version of the document."},
                ),
                304: Answer("The caller has this document already."),
            },
        ),
    ),
    Route("GET", "/docs", pages.document("docs"), seconds=5, public=True, page=True),
)
