"""Addresses of messages. Those of batches are in batches.py."""

from __future__ import annotations

from typing import Final

from control.api import messages
from control.api.message_out import MessageDetailsOut, MessagePageOut, RawMessageOut, SentMessageOut
from control.api.operation import Answer, Body, Operation, Parameter, Tag, before, limit
from control.api.route import SEND_SECONDS, Route
from control.api.send_shapes import SEND
from control.auth.scopes import Scope
from control.messages.outcome import FAILURES
from control.rpc.contract_gen import MessageStatus

_MESSAGES: Final = "/api/v1/messages/{tenantId}"
_REPLAYED: Final = {"Idempotent-Replayed": "`true` where the answer is that of an earlier request."}

ROUTES: Final = (
    Route(
        "POST",
        f"{_MESSAGES}/send",
        messages.send,
        scope=Scope.MESSAGES_SEND,
        seconds=SEND_SECONDS,
        audited_each=False,
        operation=Operation(
            "sendMessage",
            Tag.MESSAGES,
            "Send a message",
            description=(
                "Sends a message of any kind; `type` says which, and a text is what it is without one. The answer "
                "waits up to `wait` seconds for WhatsApp's server to take it. With an `Idempotency-Key` the "
                "request can be repeated at any time and the message is sent once. A file comes by `mediaUrl`, as "
                "`mediaBase64`, or as the part `file` of a multipart request whose other parts are the fields."
            ),
            body=Body(SEND, multipart=True),
            parameters=(
                Parameter(
                    "wait",
                    "Seconds to wait for WhatsApp's server; wins over the field of the same name.",
                    {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": messages.MAX_WAIT_SECONDS,
                        "default": messages.WAIT_SECONDS,
                    },
                ),
            ),
            answers={
                200: Answer("WhatsApp's server has the message.", SentMessageOut, headers=_REPLAYED),
                202: Answer(
                    "The message is recorded and on its way; what becomes of it is told by `message.status`.",
                    SentMessageOut,
                    headers=_REPLAYED,
                ),
            },
            calls=("message.send", "message.replay"),
            errors=(
                *("unsupported_message_type", "message_too_long", "invalid_recipient", "message_unconfirmed"),
                *("quota_exceeded", "storage_quota_exceeded"),
                *dict.fromkeys(FAILURES.values()),
            ),
            idempotent=True,
        ),
    ),
    Route(
        "GET",
        _MESSAGES,
        messages.page,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "listMessages",
            Tag.MESSAGES,
            "List messages",
            description="Messages that were sent through this API, newest first.",
            parameters=(
                Parameter(
                    "status",
                    "Only messages that are in this state now.",
                    {"type": "string", "enum": [status.value for status in MessageStatus]},
                ),
                before("The `next` of the page before: messages older than this one."),
                limit(most=messages.PAGE_MAX),
            ),
            answers={200: MessagePageOut},
            calls=("message.list",),
        ),
    ),
    Route(
        "GET",
        f"{_MESSAGES}/{{messageId}}",
        messages.get,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "getMessage",
            Tag.MESSAGES,
            "Look at a message",
            description="A message and all that is known of it; in a group also who has it.",
            answers={200: MessageDetailsOut},
            calls=("message.get",),
        ),
    ),
    Route(
        "DELETE",
        f"{_MESSAGES}/{{messageId}}",
        messages.cancel,
        scope=Scope.MESSAGES_SEND,
        seconds=15,
        operation=Operation(
            "cancelMessage",
            Tag.MESSAGES,
            "Take a message back",
            description=(
                "Cancels a message that has not left. One that WhatsApp has is deleted for everyone by sending a "
                "message of type `delete`."
            ),
            answers={200: MessageDetailsOut},
            calls=("message.cancel",),
        ),
    ),
    Route(
        "GET",
        f"{_MESSAGES}/{{messageId}}/raw",
        messages.raw,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "getRawMessage",
            Tag.MESSAGES,
            "Look at a message in WhatsApp's own words",
            description="The message as WhatsApp's protocol has it, which WhatsApp changes without notice.",
            answers={200: RawMessageOut},
            calls=("message.raw",),
        ),
    ),
)
