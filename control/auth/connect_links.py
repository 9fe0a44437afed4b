"""Connect links: addresses that let a tenant's own customer link the tenant's number, and do nothing else.

    issue ──▶ BASE_URL/connect#{token} ──▶ the page ──visit──▶ a visit's token ──▶ /api/v1/connect/…

The token stands behind the # of the address, which browsers do not send: no log of this service or of a proxy
before it, and no Referer, ever holds it. The page shows it once, in a header, for the token of a visit, which it
works with from then on; that is what `max_uses` counts, so a preview of the address in a chat uses nothing up.

A token says whose link it is and until when; all else is in Redis, and a link that Redis does not know is none:
what was revoked stays revoked when Redis loses everything or is restored, because then every link is gone. Links
end by their time, by being revoked, some minutes after the number was connected, and with their tenant.

    …:{tenant}:connect       ZSET  link → until when (unix ms)
    …:{tenant}:connect:{id}  HASH  record (JSON), created, uses, codes, connected, revoked; gone at its time
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import orjson
from redis.asyncio import Redis

from control.auth.connect_link import ConnectLink, ConnectLinkStatus, LinkRecord
from control.auth.jwt import LEEWAY_SECONDS, Purpose, Signer, TokenExpired, TokenInvalid, new_id
from control.auth.principal import Principal, PrincipalKind
from control.errors import GatewayError
from control.rpc.contract_gen import Event, SessionStatusEvent
from control.rpc.states import SessionTruth
from control.storage.keys import Keys
from control.storage.redis import execute

PAGE: Final = "/connect"
LINKS_PER_TENANT_MAX: Final = 50
CODES_PER_LINK_MAX: Final = 10
"""Each pairing code shows a notice on the phone whose number was typed, which may be anybody's."""

STREAMS_PER_TENANT_MAX: Final = 8
"""Of pages that are open at a time. The tenant's own app has streams of its own left then."""

_LINK_CLAIM: Final = "link"
_FIELDS: Final = ("record", "uses", "connected", "revoked")

_ISSUE: Final = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], 'record', ARGV[5], 'created', ARGV[3], 'uses', 0, 'codes', 0)
redis.call('PEXPIREAT', KEYS[2], ARGV[6])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
redis.call('PEXPIREAT', KEYS[1], string.format('%d', last))
return 1
"""

# 1: counted. 0: as often as it may be. -1: there is no such link.
_COUNT: Final = """
if redis.call('HEXISTS', KEYS[1], 'record') == 0 then return -1 end
local most, so_far = tonumber(ARGV[2]), tonumber(redis.call('HGET', KEYS[1], ARGV[1]))
if most > 0 and so_far >= most then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
return 1
"""

_REVOKE: Final = """
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[2], 'record') == 0 then return 0 end
redis.call('HSET', KEYS[2], 'revoked', ARGV[2])
return 1
"""

_CONNECTED: Final = """
for _, link in ipairs(KEYS) do
  local created = redis.call('HGET', link, 'created')
  if created and tonumber(created) <= tonumber(ARGV[1]) then redis.call('HSETNX', link, 'connected', ARGV[1]) end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who shows a link or a visit of it."""

    link: ConnectLink
    principal: Principal


class ConnectLinks:
    """The links of one installation. Raises redis.RedisError when Redis does."""

    def __init__(
        self,
        signer: Signer,
        redis: Redis,
        keys: Keys,
        *,
        base_url: str,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """base_url: where browsers reach this service."""
        self._signer = signer
        self._redis = redis
        self._keys = keys
        self._base_url = base_url.rstrip("/")
        self._now_ms = now_ms
        self._streams: Counter[str] = Counter()
        self._issue = redis.register_script(_ISSUE)
        self._count = redis.register_script(_COUNT)
        self._revoke = redis.register_script(_REVOKE)
        self._connected = redis.register_script(_CONNECTED)

    async def issue(self, tenant_id: str, record: LinkRecord, seconds: int) -> tuple[ConnectLink, str]:
        """Make a link that is good for so many seconds; return it and its address, which is not kept.

        Raises `too_many_connect_links`.
        """
        now = self._now_ms()
        expires_at = now // 1000 + seconds
        link = ConnectLink(new_id(), tenant_id, now, expires_at * 1000, record)
        token, _ = self._signer.sign(Purpose.CONNECT_LINK, tenant_id, expires_at, id=link.id)
        issued = await self._issue(
            keys=[self._keys.connect_links(tenant_id), self._keys.connect_link(tenant_id, link.id)],
            args=[
                link.id,
                link.expires_at_ms,
                now,
                LINKS_PER_TENANT_MAX,
                orjson.dumps(link.to_store()),
                # As long as its token is taken, so that what is said of it in its last moments is right.
                link.expires_at_ms + LEEWAY_SECONDS * 1000,
            ],
        )
        if not issued:
            raise GatewayError(
                "too_many_connect_links",
                f"A tenant has at most {LINKS_PER_TENANT_MAX} connect links at a time. Revoke one, or wait.",
            )
        return link, f"{self._base_url}{PAGE}#{token}"

    async def all_of(self, tenant_id: str) -> list[ConnectLink]:
        """Return the tenant's links that are neither over nor revoked, the longest lasting first."""
        names = await execute(
            self._redis, "ZRANGE", self._keys.connect_links(tenant_id), f"({self._now_ms()}", "+inf", "BYSCORE"
        )
        found = [await self._link(tenant_id, name.decode()) for name in reversed(names)]
        now = self._now_ms()
        return [link for link in found if link is not None and link.status(now) is not ConnectLinkStatus.FINISHED]

    async def revoke(self, tenant_id: str, link_id: str) -> None:
        """Make a link worthless at once. Raises `connect_link_not_found` for one that is over, too."""
        keys = [self._keys.connect_links(tenant_id), self._keys.connect_link(tenant_id, link_id)]
        if not await self._revoke(keys=keys, args=[link_id, self._now_ms()]):
            raise GatewayError("connect_link_not_found")

    async def visitor(self, purpose: Purpose, token: str) -> Visitor:
        """Return who shows a link's token or a visit's; raises `unauthorized` and what `still_open` raises."""
        try:
            claims = self._signer.read(purpose, token)
        except TokenExpired:
            raise GatewayError("connect_link_expired") from None
        except TokenInvalid:
            raise _no_link() from None
        link_id = claims.id if purpose is Purpose.CONNECT_LINK else str(claims.private.get(_LINK_CLAIM, ""))
        link = await self.still_open(claims.subject, link_id)
        return Visitor(
            link,
            Principal(
                kind=PrincipalKind.CONNECT_LINK,
                key_id=link.id[:8],
                tenants=frozenset((link.tenant_id,)),
                # None: the addresses of the connect page ask for the link itself, and all others for a scope.
                scopes=frozenset(),
            ),
        )

    async def still_open(self, tenant_id: str, link_id: str) -> ConnectLink:
        """Return a link as it is now.

        Raises `connect_link_expired`, `connect_link_revoked`, `connect_link_finished`, and `unauthorized` for one
        that nobody knows.
        """
        link = await self._link(tenant_id, link_id)
        if link is None:
            raise _no_link()
        link.refuse_if_over(self._now_ms())
        return link

    async def visit(self, link: ConnectLink) -> str:
        """Count a use of the link, return the token of the visit. Raises `connect_link_used`, `unauthorized`."""
        if not await self._counted(link, "uses", link.record.max_uses or 0):
            raise GatewayError("connect_link_used")
        token, _ = self._signer.sign(
            Purpose.CONNECT_VISIT, link.tenant_id, link.expires_at_ms // 1000, **{_LINK_CLAIM: link.id}
        )
        return token

    async def count_code(self, link: ConnectLink) -> None:
        """Count a pairing code that is asked for. Raises `too_many_pairing_codes`, `unauthorized`."""
        if not await self._counted(link, "codes", CODES_PER_LINK_MAX):
            raise GatewayError("too_many_pairing_codes")

    async def connected(self, tenant_id: str, since_ms: int) -> None:
        """The tenant's number is connected since then: links made before have done their work."""
        now = self._now_ms()
        names = await execute(
            self._redis, "ZRANGE", self._keys.connect_links(tenant_id), f"({now}", "+inf", "BYSCORE"
        )
        if names:
            links = [self._keys.connect_link(tenant_id, name.decode()) for name in names]
            await self._connected(keys=links, args=[since_ms])

    async def on_event(self, event: Event) -> None:
        """Notice a session that was connected while no page of a link looks at it."""
        if isinstance(event.data, SessionStatusEvent):
            truth = SessionTruth.of(event.data)
            if truth.connected:
                await self.connected(event.tenant_id, truth.since_ms)

    @contextmanager
    def streaming(self, tenant_id: str) -> Iterator[None]:
        """Keep a stream for a page. Raises `too_many_streams`."""
        if self._streams[tenant_id] >= STREAMS_PER_TENANT_MAX:
            raise GatewayError("too_many_streams", retry_after=5)
        self._streams[tenant_id] += 1
        try:
            yield
        finally:
            self._streams[tenant_id] -= 1
            if not self._streams[tenant_id]:
                del self._streams[tenant_id]

    async def _counted(self, link: ConnectLink, what: str, most: int) -> bool:
        key = self._keys.connect_link(link.tenant_id, link.id)
        counted = int(await self._count(keys=[key], args=[what, most]))
        if counted < 0:
            raise _no_link()
        return counted == 1

    async def _link(self, tenant_id: str, link_id: str) -> ConnectLink | None:
        key = self._keys.connect_link(tenant_id, link_id)
        found = await execute(self._redis, "HMGET", key, *_FIELDS)
        fields = dict(zip(_FIELDS, found, strict=True))
        if fields["record"] is None:
            return None
        return ConnectLink.stored(tenant_id, link_id, {**fields, "record": orjson.loads(fields["record"])})


def _no_link() -> GatewayError:
    return GatewayError("unauthorized", "This connect link is not valid. Ask for a new one.")
