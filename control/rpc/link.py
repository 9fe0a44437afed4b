"""The link to the bridge: connects, says hello, and connects again for ever.

The bridge is the server of the socket and may come later or go at any time. A different contract is the one thing
that waiting cannot mend: `run` raises ContractMismatch and control does not start.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from control.errors import GatewayError
from control.rpc.client import BridgeClient
from control.rpc.contract_gen import CONTRACT_HASH, HelloResult
from control.rpc.faults import LinkDown
from control.rpc.peer import Peer

CONNECT_SECONDS = 1.0
FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 2.0
GRACE_SECONDS = 0.3
"""A call waits this long for a link that dropped just now; later calls fail at once until it is back."""

log = logging.getLogger(__name__)


class ContractMismatch(Exception):
    """The bridge was built from another contract; both have to be deployed from the same version."""


class LinkState(StrEnum):
    """Where the link stands."""

    connecting = "connecting"
    up = "up"
    down = "down"


@dataclass(frozen=True, slots=True)
class LinkView:
    """The link as health shows it. since: seconds it has been so. problem: why it is down."""

    state: LinkState
    since: float
    problem: str | None


class BridgeLink:
    """One connection to the bridge at a time, made again whenever it ends. `run` has to be running."""

    def __init__(
        self,
        socket_path: Path,
        *,
        client_name: str = "control",
        contract_hash: str = CONTRACT_HASH,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._socket_path = socket_path
        self._client_name = client_name
        self._contract_hash = contract_hash
        self._peer: Peer | None = None
        self._hello: HelloResult | None = None
        self._up = asyncio.Event()
        self._state = LinkState.connecting
        self._since = time.monotonic()
        self._problem: str | None = None

    @property
    def hello(self) -> HelloResult | None:
        """What the bridge said of itself when it was last connected; None before the first time."""
        return self._hello

    @property
    def journal_id(self) -> str:
        """The journal whose positions event.pull counts; raises `bridge_unavailable` while there is no link."""
        if self._hello is None or self._state is not LinkState.up:
            raise GatewayError("bridge_unavailable")
        return self._hello.journal_id

    @property
    def silence(self) -> float:
        """Seconds since the bridge last sent something; 0 while there is no link to listen on."""
        return self._peer.silence if self._peer is not None else 0.0

    @property
    def view(self) -> LinkView:
        """The link's state now."""
        return LinkView(self._state, time.monotonic() - self._since, self._problem)

    async def ready(self, *, within: float) -> None:
        """Return once the link is up; LinkDown when that takes longer than `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._up.wait()
        except TimeoutError:
            raise LinkDown(sent=False) from None

    async def call(self, method: str, params: dict[str, Any], *, seconds: float) -> Any:
        """Call over the link that is up now; see Peer.call for what is raised."""
        if self._peer is None:
            grace = GRACE_SECONDS - (time.monotonic() - self._since)
            if grace <= 0 and self._state is not LinkState.up:
                raise LinkDown(sent=False)
            await self.ready(within=max(grace, 0.0))
        peer = self._peer
        if peer is None:
            raise LinkDown(sent=False)
        return await peer.call(method, params, seconds=seconds)

    async def run(self) -> None:
        """Keep the link up until cancelled. Raises ContractMismatch."""
        delay = FIRST_RETRY_SECONDS
        try:
            while True:
                try:
                    peer = await self._connect()
                except (OSError, GatewayError) as error:
                    self._went_down(_reason(error))
                else:
                    began = time.monotonic()
                    await asyncio.shield(peer.closed)
                    # A bridge that dies right after its hello must not be called twenty times a second.
                    if time.monotonic() - began >= 1.0:
                        delay = FIRST_RETRY_SECONDS
                await self._sleep(delay * random.uniform(0.5, 1.0))  # noqa: S311
                delay = min(delay * 2, LAST_RETRY_SECONDS)
        finally:
            if self._peer is not None:
                # Not a loss worth a warning; calls under way are told all the same.
                self._peer.on_closed = None
                self._peer.close()
                self._peer = None
            self._up.clear()
            self._state, self._problem = LinkState.down, "control is stopping"

    async def _connect(self) -> Peer:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS):
            transport, peer = await loop.create_unix_connection(Peer, os.fspath(self._socket_path))
        try:
            _check_owner(transport.get_extra_info("socket"))
            hello = await self._say_hello(peer)
            if peer.closed.done():
                raise ConnectionResetError
        except BaseException:
            peer.close()
            raise
        peer.on_closed = self._went_down
        self._peer, self._hello = peer, hello
        self._state, self._since, self._problem = LinkState.up, time.monotonic(), None
        self._up.set()
        log.info(
            "bridge connected",
            extra={
                "bridgeVersion": hello.bridge_version,
                "baileysVersion": hello.baileys_version,
                "sandbox": hello.sandbox,
            },
        )
        return peer

    async def _say_hello(self, peer: Peer) -> HelloResult:
        try:
            hello = await BridgeClient(peer).system_hello(self._contract_hash, self._client_name)
        except GatewayError as error:
            if error.code == "contract_mismatch":
                self._refuse(str(error.extra.get("bridgeHash", "not told")))
            raise
        if hello.contract_hash != self._contract_hash:
            self._refuse(hello.contract_hash)
        return hello

    def _refuse(self, bridge_hash: str) -> None:
        log.critical(
            "the bridge was built from another contract",
            extra={"controlHash": self._contract_hash, "bridgeHash": bridge_hash},
        )
        raise ContractMismatch(
            "control and the bridge were built from different contracts, deploy both from the same version "
            f"(control: {self._contract_hash}, bridge: {bridge_hash})"
        )

    def _went_down(self, problem: str) -> None:
        # The grace of `call` counts from the drop of a link that was up, or from the start.
        if self._state is LinkState.up:
            self._since = time.monotonic()
            log.warning("bridge connection lost", extra={"reason": problem})
        elif self._problem != problem:
            log.warning("bridge not reachable", extra={"reason": problem})
        self._state, self._problem = LinkState.down, problem
        self._peer = None
        self._up.clear()


def _check_owner(connection: socket.socket) -> None:
    """Raise PermissionError unless the process at the other end runs as this user or as root.

    Node cannot check who calls it, so control checks whom it calls: a socket somebody else put there gets nothing.
    """
    uid = _peer_uid(connection)
    if uid not in (os.getuid(), 0):
        raise PermissionError(f"the bridge's socket belongs to user {uid}")


def _peer_uid(connection: socket.socket) -> int:
    """Return the user of the process at the other end, as the kernel knows it."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return int(uid)


def _reason(error: Exception) -> str:
    """A short reason without paths: it is shown in /health."""
    if isinstance(error, FileNotFoundError):
        return "there is no socket"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens on the socket"
    if isinstance(error, PermissionError):
        return "the socket may not be used by this user"
    if isinstance(error, TimeoutError):
        return "the socket does not answer"
    if isinstance(error, GatewayError):
        return error.code
    return type(error).__name__
