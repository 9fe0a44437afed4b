"""Asks DNS for the addresses of a name, and refuses a name with a blocked address among its answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from control.egress.addresses import AddressPolicy

CONNECT_SECONDS = 5.0
# Names are resolved in threads of their own: the process' default ones are few, and a customer's dead name
# server would keep them all.
RESOLVER_THREADS = 32

Resolve = Callable[[str, int, socket.AddressFamily], list[ResolveResult]]


class GuardedResolver(AbstractResolver):
    """Resolves names in its own threads and refuses those with a blocked address among their answers."""

    def __init__(self, policy: AddressPolicy, *, internal_only: bool, resolve: Resolve | None = None) -> None:
        self._policy = policy
        self._internal_only = internal_only
        self._resolve = resolve or _getaddrinfo
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="egress-dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses; raises OSError, BlockedAddress among them."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS):
            found = await loop.run_in_executor(self._threads, self._resolve, host, port, family)
        for address in found:
            self._policy.check(address["host"], internal_only=self._internal_only)
        return found

    async def close(self) -> None:
        """Let the threads end when their name servers have answered or timed out."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found: list[ResolveResult] = []
    for got_family, _, protocol, _, target in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM):
        found.append(
            ResolveResult(
                hostname=host,
                host=str(target[0]),
                port=int(target[1]),
                family=got_family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
        )
    return found
