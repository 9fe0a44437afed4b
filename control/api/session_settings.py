"""What a tenant chose for its session, over HTTP: media, calls, presence, and which events it wants at all."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from aiohttp import web
from pydantic import Field, model_validator

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import SESSION_SETTINGS
from control.api.schemas import checked_tenant_id
from control.api.shape import In, Out
from control.rpc.contract_gen import SessionSettings, SessionSettingsParams, TenantParams


class SessionSettingsIn(In):
    """Body of PATCH …/settings: what is to change."""

    media: Literal["none", "on_demand", "automatic"] | None = None
    automatic_max_bytes: Annotated[int, Field(ge=0, le=2**31, strict=True)] | None = None
    reject_calls: bool | None = None
    reject_calls_message: Annotated[str, Field(max_length=4096)] | None = None
    follow_presence: bool | None = None
    group_events: bool | None = None
    status_messages: bool | None = None
    channel_messages: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one setting")
        return self


class SessionSettingsOut(Out):
    """What holds now."""

    success: Literal[True] = True
    media: str
    automatic_max_bytes: int | None
    reject_calls: bool
    reject_calls_message: str | None
    follow_presence: bool
    group_events: bool
    status_messages: bool
    channel_messages: bool

    @classmethod
    def of(cls, settings: SessionSettings) -> SessionSettingsOut:
        """Return the settings."""
        return cls(**settings.model_dump(mode="json"))


async def get(request: web.Request) -> web.Response:
    """GET …/settings."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    params = TenantParams(tenant_id=tenant_id)
    return json_answer(SessionSettingsOut.of(await request.app[SESSION_SETTINGS].session_get_settings(params)))


async def patch(request: web.Request) -> web.Response:
    """PATCH …/settings: change what is named."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    wanted = checked(SessionSettingsIn, await read_object(request))
    changes = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
    params = SessionSettingsParams.model_validate({"tenantId": tenant_id, **changes})
    return json_answer(SessionSettingsOut.of(await request.app[SESSION_SETTINGS].session_set_settings(params)))
