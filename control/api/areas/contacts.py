"""Addresses of contacts."""

from __future__ import annotations

from typing import Final

from control.api import contacts
from control.api.contact_shapes import BlockedContactsOut, ContactBlockOut, ContactOut
from control.api.operation import Operation, Tag
from control.api.route import Route
from control.auth.scopes import Scope

_CONTACTS: Final = "/api/v1/contacts/{tenantId}"

ROUTES: Final = (
    Route(
        "GET",
        f"{_CONTACTS}/blocked",
        contacts.blocked,
        scope=Scope.CONTACTS_READ,
        seconds=35,
        operation=Operation(
            "listBlockedContacts",
            Tag.CONTACTS,
            "List who is blocked",
            description="By WhatsApp id.",
            answers={200: BlockedContactsOut},
            calls=("contact.blocked",),
        ),
    ),
    Route(
        "GET",
        f"{_CONTACTS}/{{contact}}",
        contacts.get,
        scope=Scope.CONTACTS_READ,
        seconds=45,
        operation=Operation(
            "getContact",
            Tag.CONTACTS,
            "Look at a contact",
            description="What WhatsApp shows of a person to this number; `null` for what is hidden.",
            answers={200: ContactOut},
            calls=("contact.get",),
        ),
    ),
    Route(
        "POST",
        f"{_CONTACTS}/{{contact}}/block",
        contacts.block,
        scope=Scope.CONTACTS_WRITE,
        seconds=35,
        operation=Operation(
            "blockContact",
            Tag.CONTACTS,
            "Block a contact",
            description="They can neither write to the number nor call it.",
            answers={200: ContactBlockOut},
            calls=("contact.block",),
        ),
    ),
    Route(
        "DELETE",
        f"{_CONTACTS}/{{contact}}/block",
        contacts.unblock,
        scope=Scope.CONTACTS_WRITE,
        seconds=35,
        operation=Operation(
            "unblockContact",
            Tag.CONTACTS,
            "Unblock a contact",
            description="They can write and call again.",
            answers={200: ContactBlockOut},
            calls=("contact.unblock",),
        ),
    ),
)
