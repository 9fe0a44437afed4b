"""The bridge's methods as Python methods, one for one and under the same names (`session.get` is `session_get`,
`session.setProxy` is `session_set_proxy`).

They take and return the contract's shapes and raise GatewayError with the contract's error codes, or
`bridge_unavailable` (no link), `bridge_timeout` (no answer), `bridge_error` (an answer that breaks the contract).
"""

from __future__ import annotations

import logging
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from control.errors import GatewayError
from control.rpc import contract_gen as contract
from control.rpc.faults import CallFailed, CallTimeout, LinkDown
from control.rpc.liveness import Liveness
from control.rpc.parsing import parse

RESEND_WITHIN_SECONDS = 1.5
"""How long a message whose answer was lost waits for a new link to ask again. After that its sender hears that it
is not known what became of it."""

R = TypeVar("R", bound=BaseModel)

log = logging.getLogger(__name__)


class Caller(Protocol):
    """What a client needs of a link."""

    @property
    def silence(self) -> float:
        """Seconds since the bridge last sent something."""

    async def call(self, method: str, params: dict[str, Any], *, seconds: float) -> Any:
        """Return the method's result; raise CallFailed."""

    async def ready(self, *, within: float) -> None:
        """Return when calls can be made; LinkDown when that takes longer than `within` seconds."""


class BridgeClient:
    """Every method of the contract."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._liveness = Liveness(lambda: caller.silence, self._ask)

    async def system_hello(self, contract_hash: str, client_name: str) -> contract.HelloResult:
        """Open a connection. Raises `contract_mismatch`."""
        params = contract.HelloParams(contract_hash=contract_hash, client_name=client_name)
        return await self._answer("system.hello", params, contract.HelloResult)

    async def system_health(self) -> contract.HealthResult:
        """Return how the bridge is doing."""
        return await self._answer("system.health", contract.HealthParams(), contract.HealthResult)

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

    async def session_get(self, tenant_id: str) -> contract.Session:
        """Return the session as it is now. Raises `session_not_found`."""
        params = contract.SessionParams(tenant_id=tenant_id)
        return await self._answer("session.get", params, contract.Session)

    async def session_list(self, after: str | None, limit: int) -> contract.SessionListResult:
        """Return a page of sessions in the order of tenantId, after the tenant `after`."""
        params = contract.SessionListParams(after=after, limit=limit)
        return await self._answer("session.list", params, contract.SessionListResult)

    async def message_send(
        self, tenant_id: str, to: str, content: contract.OutgoingText, message_id: str, wait_ms: int
    ) -> contract.OutgoingMessage:
        """Send a message and wait up to `wait_ms` for WhatsApp to take it.

        When the link drops before the answer the same message is offered again over the new link, which the
        contract makes safe: a messageId that was recorded is not sent again. Raises `message_unconfirmed`, with
        messageId, when that gives no answer either, and `session_not_found`, `session_not_connected`,
        `recipient_not_on_whatsapp`, `send_rejected`, `message_conflict`, `store_unavailable`.
        """
        params = contract.MessageSendParams(
            tenant_id=tenant_id, to=to, content=content, message_id=message_id, wait_ms=wait_ms
        )
        written = False
        try:
            try:
                raw = await self._watched("message.send", params)
            except LinkDown as down:
                if not down.sent:
                    raise
                written = True
                await self._caller.ready(within=RESEND_WITHIN_SECONDS)
                raw = await self._watched("message.send", params)
        except (LinkDown, CallTimeout) as failed:
            if written or failed.sent:
                raise _unconfirmed("The bridge stopped answering after it got the message.", message_id) from None
            raise failed.to_gateway_error() from None
        except CallFailed as failed:
            error = failed.to_gateway_error()
            if error.code == "bridge_error":
                # It broke somewhere between taking the message and answering.
                raise _unconfirmed("The bridge failed while it sent the message.", message_id) from None
            raise error from None
        try:
            return parse(contract.OutgoingMessage, raw)
        except ValidationError as invalid:
            _log_invalid("message.send", invalid)
            raise _unconfirmed("The bridge's answer cannot be read.", message_id) from None

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

    async def _answer(self, method: str, params: BaseModel, result: type[R]) -> R:
        try:
            raw = await self._call(method, params)
        except CallFailed as failed:
            raise failed.to_gateway_error() from None
        return _parsed(method, raw, result)

    async def _patient(self, method: str, params: BaseModel, result: type[R]) -> R:
        try:
            raw = await self._watched(method, params)
        except CallFailed as failed:
            raise failed.to_gateway_error() from None
        return _parsed(method, raw, result)

    async def _watched(self, method: str, params: BaseModel) -> Any:
        return await self._liveness.watch(self._call(method, params))

    async def _call(self, method: str, params: BaseModel) -> Any:
        seconds = contract.METHODS[method].timeout_ms / 1000
        values = params.model_dump(mode="json", by_alias=True, exclude_none=True)
        return await self._caller.call(method, values, seconds=seconds)

    async def _ask(self, seconds: float) -> object:
        return await self._caller.call("system.health", {}, seconds=seconds)


def _parsed(method: str, raw: Any, result: type[R]) -> R:
    try:
        return parse(result, raw)
    except ValidationError as error:
        _log_invalid(method, error)
        raise GatewayError("bridge_error") from None


def _log_invalid(method: str, error: ValidationError) -> None:
    # Where, and not what: the values may be a customer's message.
    places = [".".join(map(str, item["loc"])) for item in error.errors(include_input=False, include_url=False)]
    log.error("an answer of the bridge breaks the contract", extra={"method": method, "fields": places[:10]})


def _unconfirmed(why: str, message_id: str) -> GatewayError:
    return GatewayError(
        "message_unconfirmed",
        f"{why} It is not known whether the message was accepted; if it was, a message.status event will tell.",
        messageId=message_id,
    )
