"""session.*: linking, connecting, stopping."""

from __future__ import annotations

from control.rpc import contract_gen as contract
from control.rpc.calls import Calls


class SessionCalls(Calls):
    """The methods of session.*."""

    async def session_start(self, tenant_id: str, wait_ms: int) -> contract.Session:
        """Make the session run and wait up to `wait_ms` for a QR code or a connection.

        Raises `whatsapp_unreachable`, `session_limit_reached`, `memory_limit_reached`, `owned_elsewhere`,
        `store_unavailable`.
        """
        params = contract.SessionStartParams(tenant_id=tenant_id, wait_ms=wait_ms)
        return await self._patient("session.start", params, contract.Session)

    async def session_stop(self, tenant_id: str) -> contract.Session:
        """Close the connection and keep the pairing. Raises `session_not_found`, `store_unavailable`."""
        params = contract.SessionParams(tenant_id=tenant_id)
        return await self._patient("session.stop", params, contract.Session)

    async def session_logout(self, tenant_id: str) -> contract.Session:
        """Unlink the device and forget the pairing. Raises `session_not_found`, `store_unavailable`."""
        params = contract.SessionParams(tenant_id=tenant_id)
        return await self._patient("session.logout", params, contract.Session)

    async def session_restart(self, tenant_id: str, wait_ms: int) -> contract.Session:
        """Connect anew with the same pairing and wait like session_start.

        Raises `session_not_found` and what session_start raises.
        """
        params = contract.SessionStartParams(tenant_id=tenant_id, wait_ms=wait_ms)
        return await self._patient("session.restart", params, contract.Session)

    async def session_delete(self, tenant_id: str) -> contract.SessionDeleteResult:
        """Unlink the device and destroy everything stored of the tenant. Raises `store_unavailable`."""
        params = contract.SessionParams(tenant_id=tenant_id)
        return await self._patient("session.delete", params, contract.SessionDeleteResult)

    async def session_pairing_code(self, tenant_id: str, phone_number: str) -> contract.PairingCodeResult:
        """Get a code to type on the phone with this number (E.164).

        Raises `pairing_code_refused`, `session_already_paired` and what session_start raises.
        """
        params = contract.PairingCodeParams(tenant_id=tenant_id, phone_number=phone_number)
        return await self._patient("session.pairingCode", params, contract.PairingCodeResult)

    async def session_set_proxy(self, tenant_id: str, proxy_url: str | None) -> contract.Session:
        """Connect through a proxy, or directly again with None.

        Raises `session_not_found`, `proxy_unreachable`, `store_unavailable`.
        """
        params = contract.SessionSetProxyParams(tenant_id=tenant_id, proxy_url=proxy_url)
        return await self._patient("session.setProxy", params, contract.Session)

    async def session_import(self, tenant_id: str, folder: str) -> contract.Session:
        """Take over the pairing in DATA_DIR/import/`folder`.

        Raises `import_invalid`, `session_already_paired`, `store_unavailable`.
        """
        params = contract.SessionImportParams(tenant_id=tenant_id, folder=folder)
        return await self._answer("session.import", params, contract.Session)

    async def session_get(self, tenant_id: str) -> contract.Session:
        """Return the session as it is now. Raises `session_not_found`."""
        params = contract.SessionParams(tenant_id=tenant_id)
        return await self._answer("session.get", params, contract.Session)

    async def session_list(self, after: str | None, limit: int) -> contract.SessionListResult:
        """Return a page of sessions in the order of tenantId, after the tenant `after`."""
        params = contract.SessionListParams(after=after, limit=limit)
        return await self._answer("session.list", params, contract.SessionListResult)
