"""The shape of every error. control/api/problems.py makes them, and a test holds the two together."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from control.api.shape import Out


class FieldErrorOut(Out):
    """What is wrong with one field or parameter."""

    field: str = Field(description="Its name; for one within another `recipients.0.to`.")
    message: str = Field(description="What is wrong with it.")


class Problem(Out):
    """An error, RFC 9457. Decide by `code`; `detail` is a sentence for people and may change."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    type: str = Field(description="`urn:whatsapp-gateway:problem:` and the code.")
    title: str = Field(description="What errors of this code are.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What is the matter here, for the person who has to act.")
    instance: str = Field(description="The id of the request, also in the header X-Request-Id and in the log.")
    success: Literal[False] = Field(description="Always `false`.")
    code: str = Field(description="Stable, to decide by.")
    retryable: bool = Field(description="The same request may succeed later.")
    errors: list[FieldErrorOut] = Field(default=[], description="Each wrong field.")
    message_id: str = Field("", description="The message that was recorded and failed.")
    whatsapp_error: int = Field(0, description="WhatsApp's own code.")
    state: str = Field("", description="The state of the session.")
    reason: str = Field("", description="What is behind it, in a word.")
