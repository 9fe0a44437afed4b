"""What stands in the addresses: each variable of a path, described once.

A variable that has no row here is an error when the document is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from control.api.operation import Schema


@dataclass(frozen=True, slots=True)
class PathParameter:
    """A variable of a path."""

    description: str
    schema: Schema
    example: str


PATH_PARAMETERS: Final[dict[str, PathParameter]] = {
    "tenantId": PathParameter(
        "Your own id of a tenant, one WhatsApp number each; case is kept.",
        {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
        "my-shop",
    ),
    "messageId": PathParameter(
        "The id of a message, as the send or its event gave it.",
        {"type": "string", "pattern": "^[A-Za-z0-9._:@-]{1,128}$"},
        "3EB0C1D2E3F405162738AB",
    ),
    "batchId": PathParameter(
        "The id of a batch.",
        {"type": "string", "pattern": "^bat_[0-9A-Za-z]{16,40}$"},
        "bat_01KAR5Y8Q3W7E9T2",
    ),
    "mediaId": PathParameter(
        "The id of a received file, from its message's `media.mediaId`.",
        {"type": "string", "pattern": "^med_[0-9A-Za-z]{16,64}$"},
        "med_4f2a9c1b7d3e5860",
    ),
    "contact": PathParameter(
        "A phone number with its country code, or a person's WhatsApp id; `+` and `@` encoded or not.",
        {"type": "string", "minLength": 1, "maxLength": 128},
        "+5511987654321",
    ),
    "groupId": PathParameter(
        "A group's id; `@g.us` may be left out.",
        {"type": "string", "pattern": "^[0-9]{5,20}(-[0-9]{5,20})?(@g\\.us)?$"},
        "120363043968066561@g.us",
    ),
    "channelId": PathParameter(
        "A channel's id; `@newsletter` may be left out.",
        {"type": "string", "pattern": "^[0-9]{5,24}(@newsletter)?$"},
        "120363144038483540@newsletter",
    ),
    "labelId": PathParameter("A label's id.", {"type": "string", "pattern": "^[0-9]{1,18}$"}, "7"),
    "keyId": PathParameter(
        "The id of an API key: the eight characters after `wk_live_`.",
        {"type": "string", "pattern": "^[0-9A-Za-z]{8}$"},
        "3fWq8ZkT",
    ),
    "code": PathParameter(
        "The code of an invitation: the end of its link.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
        "BQ7dEfGhIjKlMnOpQrStUv",
    ),
    "webhookId": PathParameter(
        "A webhook's id; `default` is the installation's.",
        {"type": "string", "pattern": "^(whe_[0-9a-f]{24}|default)$"},
        "whe_0123456789abcdef01234567",
    ),
    "linkId": PathParameter(
        "A connect link's id.", {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"}, "q3Jx0m8Zt5uK7bRwN1cVYg"
    ),
    "eventId": PathParameter(
        "An event's `id`.", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"}, "evt_01KAR5Y8Q3W7E9T2"
    ),
}
