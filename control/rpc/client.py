"""The bridge's methods as Python methods, one for one and under the same names (`session.get` is `session_get`,
`session.setProxy` is `session_set_proxy`).

They take and return the contract's shapes and raise GatewayError with the contract's error codes, or
`bridge_unavailable` (no link), `bridge_timeout` (no answer), `bridge_error` (an answer that breaks the contract).
"""

from __future__ import annotations

from control.rpc import contract_gen as contract
from control.rpc.directory_calls import DirectoryCalls
from control.rpc.faults import CallFailed
from control.rpc.message_calls import MessageCalls
from control.rpc.parsing import parse
from control.rpc.session_calls import SessionCalls


class BridgeClient(SessionCalls, MessageCalls, DirectoryCalls):
    """Every method of the contract."""

    async def system_hello(self, contract_hash: str, client_name: str) -> contract.HelloResult:
        """Open a connection. Raises `contract_mismatch`."""
        params = contract.HelloParams(contract_hash=contract_hash, client_name=client_name)
        return await self._answer("system.hello", params, contract.HelloResult)

    async def system_health(self) -> contract.HealthResult:
        """Return how the bridge is doing."""
        return await self._answer("system.health", contract.HealthParams(), contract.HealthResult)

    async def system_metrics(self, max_tenants: int) -> contract.MetricsResult:
        """Return the bridge's figures, telling at most so many tenants apart."""
        params = contract.MetricsParams(max_tenants=max_tenants)
        return await self._answer("system.metrics", params, contract.MetricsResult)

    async def store_backup(self, file_name: str) -> contract.StoreBackupResult:
        """Have a copy of the store written to DATA_DIR/backup/`file_name`. Raises `store_unavailable`."""
        params = contract.StoreBackupParams(file_name=file_name)
        return await self._answer("store.backup", params, contract.StoreBackupResult)

    async def store_rotate_master_key(self) -> contract.StoreRotateResult:
        """Have every key wrapped with a new master key.

        Raises `master_key_in_environment`, `store_unavailable`.
        """
        return await self._answer(
            "store.rotateMasterKey", contract.StoreRotateParams(), contract.StoreRotateResult
        )

    async def store_usage(self, tenant_id: str) -> contract.StoreUsage:
        """Return what a tenant's files take on disk, zeros for one that is not known."""
        params = contract.TenantParams(tenant_id=tenant_id)
        return await self._answer("store.usage", params, contract.StoreUsage)

    async def event_pull(self, after: int, max: int, wait_ms: int) -> contract.EventPullResult:
        """Return up to `max` events after a position, waiting up to `wait_ms` for the first one.

        Raises ValidationError for an answer that breaks the contract: whoever stores events has to tell it from a
        bridge that failed, or one such event would stand in the way of all that follow.
        """
        params = contract.EventPullParams(after=after, max=max, wait_ms=wait_ms)
        try:
            raw = await self._call("event.pull", params)
        except CallFailed as failed:
            raise failed.to_gateway_error() from None
        return parse(contract.EventPullResult, raw)

    async def event_ack(self, position: int) -> contract.EventAckResult:
        """Say that all events up to `position` are stored durably."""
        params = contract.EventAckParams(position=position)
        return await self._answer("event.ack", params, contract.EventAckResult)
