"""Addresses of batches: one message for many."""

from __future__ import annotations

from typing import Final

from control.api import batches
from control.api.batch_out import BatchDetailsOut, BatchPageOut
from control.api.message_out import MessagePageOut
from control.api.operation import Answer, Body, Operation, Tag, after, before, limit
from control.api.route import SEND_SECONDS, Route
from control.api.send_shapes import BATCH
from control.auth.scopes import Scope

_MESSAGES: Final = "/api/v1/messages/{tenantId}"
_BATCH: Final = f"{_MESSAGES}/batches/{{batchId}}"

ROUTES: Final = (
    Route(
        "POST",
        f"{_MESSAGES}/batch",
        batches.create,
        scope=Scope.MESSAGES_SEND,
        seconds=SEND_SECONDS,
        cost=10,  # up to a thousand messages
        operation=Operation(
            "createBatch",
            Tag.BATCHES,
            "Send one message to many",
            description=(
                "Records a message for up to 1,000 recipients and sends it within the number's limits. `{{name}}` "
                "in a text stands for a variable of the recipient."
            ),
            body=Body(BATCH, multipart=True),
            answers={
                202: Answer(
                    "All messages of the batch are recorded.",
                    BatchDetailsOut,
                    headers={"Idempotent-Replayed": "`true` where the answer is that of an earlier request."},
                )
            },
            calls=("batch.create", "message.replay"),
            errors=(
                *("unsupported_message_type", "message_too_long", "message_unconfirmed"),
                *("quota_exceeded", "storage_quota_exceeded"),
            ),
            idempotent=True,
        ),
    ),
    Route(
        "GET",
        f"{_MESSAGES}/batches",
        batches.page,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "listBatches",
            Tag.BATCHES,
            "List batches",
            description="Batches, newest first.",
            parameters=(
                before("The `next` of the page before: batches older than this one."),
                limit(most=batches.PAGE_MAX),
            ),
            answers={200: BatchPageOut},
            calls=("batch.list",),
        ),
    ),
    Route(
        "GET",
        _BATCH,
        batches.get,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "getBatch",
            Tag.BATCHES,
            "Look at a batch",
            description="How far it is: its messages by their state, and when it will be through.",
            answers={200: BatchDetailsOut},
            calls=("batch.get",),
        ),
    ),
    Route(
        "GET",
        f"{_BATCH}/messages",
        batches.messages,
        scope=Scope.MESSAGES_READ,
        seconds=15,
        operation=Operation(
            "listBatchMessages",
            Tag.BATCHES,
            "List the messages of a batch",
            description="In the order of their recipients.",
            parameters=(
                after("The `next` of the page before: messages that follow this one."),
                limit(most=batches.MESSAGES_PAGE_MAX),
            ),
            answers={200: MessagePageOut},
            calls=("batch.messages",),
        ),
    ),
    Route(
        "POST",
        f"{_BATCH}/pause",
        batches.pause,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        operation=Operation(
            "pauseBatch",
            Tag.BATCHES,
            "Pause a batch",
            description="No more of its messages leave until it is resumed.",
            answers={200: BatchDetailsOut},
            calls=("batch.pause",),
        ),
    ),
    Route(
        "POST",
        f"{_BATCH}/resume",
        batches.resume,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        operation=Operation(
            "resumeBatch",
            Tag.BATCHES,
            "Resume a batch",
            description="Its messages leave again.",
            answers={200: BatchDetailsOut},
            calls=("batch.resume",),
        ),
    ),
    Route(
        "POST",
        f"{_BATCH}/cancel",
        batches.cancel,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
        operation=Operation(
            "cancelBatch",
            Tag.BATCHES,
            "Cancel a batch",
            description="Those of its messages that have not left are not sent.",
            answers={200: BatchDetailsOut},
            calls=("batch.cancel",),
        ),
    ),
)
