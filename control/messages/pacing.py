"""How a tenant's messages are spaced."""

from __future__ import annotations

import logging
from typing import Protocol

from control.rpc.contract_gen import Limits, LimitsSetParams, SendProfile, TenantParams

log = logging.getLogger(__name__)


class PacingBridge(Protocol):
    """What this needs of the bridge."""

    async def limits_get(self, params: TenantParams) -> Limits:
        """Return the limits."""

    async def limits_set(self, params: LimitsSetParams) -> Limits:
        """Choose a profile."""


class Pacing:
    """The limits of all tenants."""

    def __init__(self, bridge: PacingBridge) -> None:
        self._bridge = bridge

    async def limits(self, tenant_id: str) -> Limits:
        """Return the limits and what is used of them. Raises `session_not_found`."""
        return await self._bridge.limits_get(TenantParams(tenant_id=tenant_id))

    async def choose(self, tenant_id: str, profile: SendProfile | None) -> Limits:
        """Choose how messages are spaced; None: as the settings say. Raises `session_not_found`."""
        limits = await self._bridge.limits_set(LimitsSetParams(tenant_id=tenant_id, profile=profile))
        log.info("send profile chosen", extra={"tenantId": tenant_id, "profile": limits.profile.value})
        return limits
