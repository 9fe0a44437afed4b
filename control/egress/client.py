"""The HTTP client for URLs that callers name: bounded in time, and unable to reach internal addresses.

Every address is checked twice. The resolver refuses a name when any of its addresses is blocked, so a name that
answers with a public and an internal one reaches neither; and the socket factory, which aiohttp calls for each
single attempt to connect, checks the address really dialled, also literal ones that never see a resolver.
Nothing can change between that check and the connect.

No redirects, no cookies, no proxies from the environment, no decompression.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, Self

import aiohttp

from control.egress.addresses import AddressPolicy, BlockedAddress
from control.egress.resolver import CONNECT_SECONDS, GuardedResolver, Resolve

TOTAL_SECONDS = 15.0
ANSWER_MAX_BYTES = 16 * 1024
ANSWER_SECONDS = 1.0
DNS_CACHE_SECONDS = 10
CONNECTIONS_MAX = 128

Fault = Literal["blocked_address", "dns_failure", "connect_failed", "tls_error", "timeout", "no_answer", "bad_url"]


class EgressError(Exception):
    """The request got no answer. fault is one of a closed set; nothing of the peer is in it."""

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        super().__init__(fault)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. body: ANSWER_MAX_BYTES of it at most. seconds: until its head was there."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Download:
    """An answer whose body is read bit by bit."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    async def read(self, at_most: int) -> bytes:
        """Return the next bytes of the body, none at its end; raise EgressError when it breaks off."""
        with _faults():
            return await self._response.content.read(at_most)


class Egress:
    """Sends requests. Use it as an async context manager, or call close()."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        connections: int = CONNECTIONS_MAX,
    ) -> None:
        """connections: how many at once; waiting for one counts as connecting. tls: another trust than the
        system's. resolve: another source of addresses than the system's.
        """
        self._policy = policy
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds)
        self._tls = tls
        self._resolve = resolve
        self._connections = connections
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send the bytes and return the answer, whatever its status; raise EgressError without one.

        At most ANSWER_MAX_BYTES of the answer's body are read, and what of them comes within a second.
        """
        started = time.monotonic()
        with _faults():
            session = self._session("http" if url[:5].lower() == "http:" else "https")
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                seconds = time.monotonic() - started
                return Answer(response.status, response.headers, await _beginning(response), seconds)

    @contextlib.asynccontextmanager
    async def get(self, url: str) -> AsyncIterator[Download]:
        """Ask for the URL and yield the answer, whatever its status, with its body still to come.

        Raise EgressError without an answer, and when the body breaks off. What the block under it raises passes
        through untouched. The connection is not used again unless the body was read to its end.
        """
        with _faults():
            session = self._session("http" if url[:5].lower() == "http:" else "https")
            response = await session.get(url, allow_redirects=False)
        try:
            yield Download(response)
        finally:
            if response.content.at_eof():
                response.release()
            else:
                response.close()

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        """One session per scheme: plain http may only reach what the operator allows."""
        if scheme not in self._sessions:
            internal_only = scheme == "http"
            connector = aiohttp.TCPConnector(
                socket_factory=partial(self._open_socket, internal_only),
                resolver=GuardedResolver(self._policy, internal_only=internal_only, resolve=self._resolve),
                ttl_dns_cache=DNS_CACHE_SECONDS,
                limit=self._connections,
                ssl=self._tls or True,
            )
            self._sessions[scheme] = aiohttp.ClientSession(
                connector=connector,
                timeout=self._timeout,
                trust_env=False,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity", "User-Agent": "whatsapp-gateway"},
            )
        return self._sessions[scheme]

    def _open_socket(
        self, internal_only: bool, info: tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
    ) -> socket.socket:
        family, kind, protocol, _, target = info
        self._policy.check(target[0], internal_only=internal_only)
        return socket.socket(family, kind, protocol)


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    """Turn what the client raises into an EgressError."""
    try:
        yield
    except aiohttp.InvalidURL as error:
        raise EgressError("bad_url") from error
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise EgressError("tls_error") from error
    except aiohttp.ClientConnectorError as error:
        raise EgressError(_dial_fault(error)) from error
    except TimeoutError as error:
        raise EgressError("timeout") from error
    except BlockedAddress as error:
        raise EgressError("blocked_address") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise EgressError("no_answer") from error


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """Read a short answer, so that its connection can be used again; close on a long or broken one.

    The status is known by now and counts, whatever becomes of the rest.
    """
    body = bytearray()
    with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(body) < ANSWER_MAX_BYTES and (
                chunk := await response.content.read(ANSWER_MAX_BYTES - len(body))
            ):
                body += chunk
        if response.content.at_eof():
            return bytes(body)
    response.close()
    return bytes(body)


def _dial_fault(error: aiohttp.ClientConnectorError) -> Fault:
    if isinstance(error.os_error, BlockedAddress):
        return "blocked_address"
    return "dns_failure" if isinstance(error, aiohttp.ClientConnectorDNSError) else "connect_failed"
