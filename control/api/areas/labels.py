"""Addresses of labels."""

from __future__ import annotations

from typing import Final

from control.api import labels
from control.api.label_shapes import LabelAssignIn, LabelAssignmentOut, LabelDetailsOut, LabelIn, LabelsOut
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.api.shape import DoneOut
from control.auth.scopes import Scope

_LABELS: Final = "/api/v1/labels/{tenantId}"

ROUTES: Final = (
    Route(
        "GET",
        _LABELS,
        labels.page,
        scope=Scope.LABELS_READ,
        seconds=15,
        operation=Operation(
            "listLabels",
            Tag.LABELS,
            "List labels",
            description="Labels of WhatsApp Business, in the order of their ids.",
            answers={200: LabelsOut},
            calls=("label.list",),
        ),
    ),
    Route(
        "POST",
        _LABELS,
        labels.create,
        scope=Scope.LABELS_WRITE,
        seconds=45,
        operation=Operation(
            "createLabel",
            Tag.LABELS,
            "Make a label",
            description="It appears in the WhatsApp Business app on the phone.",
            body=LabelIn,
            answers={200: LabelDetailsOut},
            calls=("label.save",),
        ),
    ),
    Route(
        "PUT",
        f"{_LABELS}/{{labelId}}",
        labels.update,
        scope=Scope.LABELS_WRITE,
        seconds=45,
        operation=Operation(
            "updateLabel",
            Tag.LABELS,
            "Change a label",
            description="Gives it another name and colour.",
            body=LabelIn,
            answers={200: LabelDetailsOut},
            calls=("label.save",),
        ),
    ),
    Route(
        "DELETE",
        f"{_LABELS}/{{labelId}}",
        labels.delete,
        scope=Scope.LABELS_WRITE,
        seconds=45,
        operation=Operation(
            "deleteLabel",
            Tag.LABELS,
            "Delete a label",
            description="It is taken off all chats and messages too.",
            answers={200: DoneOut},
            calls=("label.delete",),
        ),
    ),
    Route(
        "POST",
        f"{_LABELS}/{{labelId}}/assign",
        labels.assign,
        scope=Scope.LABELS_WRITE,
        seconds=85,
        operation=Operation(
            "assignLabel",
            Tag.LABELS,
            "Label a chat or message",
            description="Puts the label on a chat, or on one message in it, or takes it off.",
            body=LabelAssignIn,
            answers={200: LabelAssignmentOut},
            calls=("label.assign", "number.check"),
            errors=("recipient_not_on_whatsapp",),
        ),
    ),
)
