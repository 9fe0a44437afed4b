"""Session metadata and the QR code that can be scanned now, in Redis.

Redis holds a copy for views that span tenants and processes; the bridge has the truth, so a copy that cannot be
written is logged and never fails a request. Answers and events may arrive in any order: an older one never
replaces a newer one.

    …:{tenant}:session  HASH   sessionId state sinceMs reason whatsappCode restrictedUntilMs phoneNumber
                               lastActivityMs
    …:{tenant}:qr       STRING JSON {"text","expiresAtMs"}, gone when the code expires or was used
    …:tenants           SET    every tenant that ever had a session
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.rpc.contract_gen import Event, QrCode, Session, SessionQrEvent, SessionStatusEvent
from control.storage.erasure import erase_tenant, rewrite_history
from control.storage.keys import Keys
from control.storage.redis import execute

WRITE_SECONDS = 0.5
READ_SECONDS = 1.5
ERASE_SECONDS = 10.0
DELETED_MAX = 1_000
"""Tenants whose deletion is remembered; an event comes at most moments after it."""

_SAVE_STATE = """
local known = redis.call('HGET', KEYS[1], 'sinceMs')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HDEL', KEYS[1], 'reason', 'phoneNumber', 'whatsappCode', 'restrictedUntilMs')
redis.call('HSET', KEYS[1], 'sinceMs', ARGV[1], 'state', ARGV[2], unpack(ARGV, 3))
if ARGV[2] ~= 'qr' then redis.call('DEL', KEYS[2]) end
return 1
"""

_SAVE_QR = """
local state = redis.call('HMGET', KEYS[1], 'sinceMs', 'state')
if state[1] and state[2] ~= 'qr' and tonumber(state[1]) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
"""

log = logging.getLogger(__name__)


class SessionStore:
    """Writes and reads the copy of one installation's sessions."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        before_erased: Callable[[str], Awaitable[None]] | None = None,
        on_erased: Callable[[str], None] = lambda tenant_id: None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """before_erased: removes what others keep outside Redis; raises GatewayError. on_erased: told
        of each tenant whose keys are gone, so that nobody counts on them; must not block.
        """
        self._before_erased = before_erased
        self._on_erased = on_erased
        self._redis = redis
        self._keys = keys
        self._now_ms = now_ms
        # Tenant → when it was deleted. Events pulled before may still be on their way into the log.
        self._deleted: OrderedDict[str, int] = OrderedDict()
        self._save_state = redis.register_script(_SAVE_STATE)
        self._save_qr = redis.register_script(_SAVE_QR)

    async def remember(self, session: Session) -> None:
        """Store what the bridge answered. Never raises for Redis: the answer goes to the caller all the same."""

        async def write() -> None:
            await self._write_state(
                session.tenant_id,
                session.since_ms,
                session.state.value,
                {
                    "sessionId": session.session_id,
                    "reason": session.reason.value if session.reason else None,
                    "whatsappCode": session.whatsapp_code,
                    "restrictedUntilMs": session.restricted_until_ms,
                    "phoneNumber": session.phone_number,
                    "lastActivityMs": session.last_activity_ms,
                },
            )
            if session.qr is not None:
                await self._write_qr(session.tenant_id, session.since_ms, session.qr)

        await self._quietly(write)

    async def on_event(self, event: Event) -> None:
        """Store what a session.status or session.qr event says; other events are not for this store.

        An event of a session that was deleted here is removed again, with what was written around it.
        """
        deleted_ms = self._deleted.get(event.tenant_id)
        if deleted_ms is not None and _started_ms(event.session_id) <= deleted_ms:
            await self._quietly(lambda: self._erase_late(event.tenant_id))
            return
        data = event.data
        if isinstance(data, SessionStatusEvent):
            fields = {
                "sessionId": event.session_id,
                "reason": data.reason.value if data.reason else None,
                "whatsappCode": data.whatsapp_code,
                "restrictedUntilMs": data.restricted_until_ms,
                "phoneNumber": data.phone_number,
            }
            since, state = data.since_ms, data.state.value
            await self._quietly(lambda: self._write_state(event.tenant_id, since, state, fields))
        elif isinstance(data, SessionQrEvent) and data.qr is not None:
            qr = data.qr
            await self._quietly(lambda: self._write_qr(event.tenant_id, event.occurred_at_ms, qr))

    def expect(self, tenant_id: str) -> None:
        """Take what comes of the tenant from now on, also when it was deleted before."""
        self._deleted.pop(tenant_id, None)

    async def erase(self, tenant_id: str) -> None:
        """Remove every key of the tenant: metadata, code, webhooks, event log, lanes, dead letters.

        Raises `redis_unavailable`, and what before_erased raises.
        """
        self._deleted[tenant_id] = self._now_ms()
        while len(self._deleted) > DELETED_MAX:
            self._deleted.popitem(last=False)
        if self._before_erased is not None:
            await self._before_erased(tenant_id)
        try:
            async with asyncio.timeout(ERASE_SECONDS):
                await erase_tenant(self._redis, self._keys, tenant_id)
                await rewrite_history(self._redis)
        except (RedisError, TimeoutError, OSError):
            raise GatewayError("redis_unavailable", retry_after=2) from None
        finally:
            self._on_erased(tenant_id)

    async def metadata(self, tenant_id: str) -> dict[str, str]:
        """Return the stored fields, empty when there are none. Raises `redis_unavailable`."""
        values = await self._read("HGETALL", self._keys.session(tenant_id))
        return {name.decode(): value.decode() for name, value in values.items()}

    async def qr(self, tenant_id: str) -> QrCode | None:
        """Return the code that can be scanned now. Raises `redis_unavailable`."""
        value = await self._read("GET", self._keys.qr(tenant_id))
        return None if value is None else QrCode.model_validate_json(value)

    async def _erase_late(self, tenant_id: str) -> None:
        # Its webhooks went with the deletion: those there now belong to a session that is just beginning.
        await erase_tenant(self._redis, self._keys, tenant_id, keep=frozenset({self._keys.webhooks(tenant_id)}))
        self._on_erased(tenant_id)
        await rewrite_history(self._redis)

    async def _write_state(
        self, tenant_id: str, since_ms: int, state: str, fields: Mapping[str, str | int | None]
    ) -> None:
        pairs = [item for name, value in fields.items() if value is not None for item in (name, value)]
        keys = [self._keys.session(tenant_id), self._keys.qr(tenant_id)]
        await self._save_state(keys=keys, args=[since_ms, state, *pairs])
        await execute(self._redis, "SADD", self._keys.tenants(), tenant_id)

    async def _write_qr(self, tenant_id: str, at_ms: int, qr: QrCode) -> None:
        left_ms = qr.expires_at_ms - self._now_ms()
        if left_ms <= 0:
            return
        keys = [self._keys.session(tenant_id), self._keys.qr(tenant_id)]
        value = orjson.dumps({"text": qr.text, "expiresAtMs": qr.expires_at_ms})
        await self._save_qr(keys=keys, args=[at_ms, value, left_ms])

    async def _quietly(self, write: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await write()
        except (RedisError, TimeoutError, OSError) as error:
            log.warning("session metadata not stored", extra={"reason": type(error).__name__})

    async def _read(self, *command: str) -> Any:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await execute(self._redis, *command)
        except (RedisError, TimeoutError, OSError):
            raise GatewayError("redis_unavailable", retry_after=2) from None


def _started_ms(session_id: str) -> int:
    """When a session was first started, which its id ends with (contract: SessionId)."""
    return int(session_id.rpartition("_")[2])
