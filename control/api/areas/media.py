"""Addresses of received files."""

from __future__ import annotations

from typing import Final

from control.api import media
from control.api.operation import Answer, Content, Operation, Parameter, Tag
from control.api.route import Route
from control.auth.scopes import Scope

_FILE: Final = Content("The file, of the type that its bytes have.", ("*/*",))

ROUTES: Final = (
    Route(
        "GET",
        "/api/v1/media/{tenantId}/{mediaId}",
        media.get,
        scope=Scope.EVENTS_READ,
        seconds=None,
        operation=Operation(
            "getMedia",
            Tag.MEDIA,
            "Get a received file",
            description=(
                "The file of a received message, whole or in ranges, downloaded from WhatsApp if it is not here "
                "yet. Where files are kept in a bucket the answer is a redirect to it."
            ),
            parameters=(
                Parameter(
                    "Range", "The part that is wanted.", {"type": "string"}, "header", example="bytes=0-1023"
                ),
            ),
            answers={
                200: _FILE,
                206: Content("The part that was asked for.", ("*/*",)),
                302: Answer("The file is in the bucket.", headers={"Location": "Its address, good for minutes."}),
                304: Answer("The file is the one the caller has."),
                412: Answer("The file is not the one the caller named."),
                416: Answer("The file does not reach that far."),
            },
            calls=("media.fetch",),
        ),
    ),
)
