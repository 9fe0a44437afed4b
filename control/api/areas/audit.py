"""The address of the audit log."""

from __future__ import annotations

from typing import Final

from control.api import audit
from control.api.operation import Operation, Parameter, Tag, after, before, limit
from control.api.route import Route
from control.auth.scopes import Scope

_ENTRY_ID: Final = {"type": "string", "pattern": "^[0-9]{1,15}-[0-9]{1,10}r?$"}
_KEY_ID: Final = {"type": "string", "pattern": "^[A-Za-z0-9._:@-]{1,128}$"}

ROUTES: Final = (
    Route(
        "GET",
        "/api/v1/audit",
        audit.page,
        scope=Scope.AUDIT_READ,
        seconds=20,
        operation=Operation(
            "listAuditEntries",
            Tag.AUDIT,
            "Read the audit log",
            description=(
                "Who did what, newest first; oldest first with `after`. Reading is not in it. A key that is bound "
                "to tenants sees what was done to these, with networks in place of addresses. How long it is kept "
                "stands in docs/keys.md."
            ),
            parameters=(
                Parameter(
                    "tenantId",
                    "Only what was done to this tenant.",
                    {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
                ),
                Parameter("keyId", "Only what was done with this credential.", _KEY_ID),
                Parameter("action", "Only this operationId, or `authenticate` for refused ones.", _KEY_ID),
                after("Going forward in time: an entry's id, or `next` of the page before.", _ENTRY_ID),
                before("Going back in time: an entry's id, or `next` of the page before.", _ENTRY_ID),
                limit(most=audit.PAGE_MAX),
            ),
            answers={200: audit.AuditPageOut},
        ),
    ),
)
