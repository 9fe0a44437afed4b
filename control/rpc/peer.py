"""JSON-RPC 2.0 over one connection to the bridge.

Guarantees: an answer is awaited before the request is written, so a fast one is not lost; every call ends, by its
answer, its deadline or the end of the link; when the link ends every pending call fails at once. The reader only
hands results to those who wait, so nothing a caller does can hold up other answers.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable
from typing import Any, cast

from control.errors import GatewayError
from control.rpc.contract_gen import MAX_LINE_BYTES
from control.rpc.faults import CallFailed, CallTimeout, LinkDown, RpcFault
from control.rpc.framing import FrameError, LineSplitter, decode_line, encode_line

MAX_PENDING_CALLS = 1_000
"""More calls than this under way are refused here; the bridge has the same idea at 1,024."""

log = logging.getLogger(__name__)


class Peer(asyncio.Protocol):
    """The client's end of one connection. Made by control/rpc/link.py, used until `closed` is done.

    closed: done when the connection ended, with the reason. on_closed: called with the reason at that moment.
    """

    def __init__(self, *, max_line_bytes: int = MAX_LINE_BYTES, max_pending: int = MAX_PENDING_CALLS) -> None:
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._max_line_bytes = max_line_bytes
        self._max_pending = max_pending
        self._lines = LineSplitter(max_bytes=max_line_bytes)
        self._ids = itertools.count(1)
        # Holds what the caller gets: a result, or why there is none.
        self._pending: dict[int, asyncio.Future[Any | CallFailed]] = {}
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self.on_closed: Callable[[str], None] | None = None
        self._heard_at = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the bridge last sent something."""
        return time.monotonic() - self._heard_at

    @property
    def pending_calls(self) -> int:
        """How many calls wait for their answer."""
        return len(self._pending)

    async def ready(self, *, within: float) -> None:
        """Raise LinkDown when the connection has ended; `within` is not used, a connection does not come back."""
        if self.closed.done():
            raise LinkDown(sent=False)

    async def call(self, method: str, params: dict[str, Any], *, seconds: float) -> Any:
        """Call a method and return its result as JSON values.

        Raises LinkDown, CallTimeout after `seconds`, RpcFault with the bridge's error, and GatewayError
        `overloaded` or `payload_too_large`.
        """
        await self.ready(within=0)
        if len(self._pending) >= self._max_pending:
            raise GatewayError("overloaded", retry_after=1)
        call_id = next(self._ids)
        request = {"jsonrpc": "2.0", "id": call_id, "method": method, "params": params}
        try:
            line = encode_line(request, max_bytes=self._max_line_bytes)
        except FrameError:
            raise GatewayError(
                "payload_too_large", "The request is too large to be handed to the bridge."
            ) from None
        answer: asyncio.Future[Any | CallFailed] = asyncio.get_running_loop().create_future()
        self._pending[call_id] = answer
        sent = False
        try:
            async with asyncio.timeout(seconds):
                await self._writable.wait()
                if self._transport is None or self.closed.done():
                    raise LinkDown(sent=False)
                self._transport.write(line)
                sent = True
                outcome = await answer
        except TimeoutError:
            raise CallTimeout(sent=sent) from None
        finally:
            del self._pending[call_id]
        if isinstance(outcome, CallFailed):
            raise outcome
        return outcome

    def close(self, reason: str = "closed by control") -> None:
        """End the connection now and fail what is pending."""
        if self._transport is not None:
            self._transport.abort()
        self._end(reason)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport into use."""
        self._transport = cast("asyncio.Transport", transport)
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Hand the answers in `data` to their callers; close the link when it is not what was agreed."""
        if self.closed.done():
            return
        self._heard_at = time.monotonic()
        try:
            for line in self._lines.feed(data):
                self._receive(decode_line(line))
        except FrameError as error:
            log.error("the bridge broke the protocol", extra={"reason": str(error)})
            self.close(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what is pending."""
        self._end("the bridge closed the connection" if exc is None else type(exc).__name__)

    def pause_writing(self) -> None:
        """Hold new requests back until the bridge reads again; their deadlines go on."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let requests out again."""
        self._writable.set()

    def _receive(self, message: dict[str, Any]) -> None:
        if "method" in message:
            # The contract has no calls towards control: events are pulled.
            log.warning("the bridge sent a request", extra={"method": str(message["method"])[:64]})
            return
        call_id = message.get("id")
        answer = self._pending.get(call_id) if isinstance(call_id, int) else None
        if "error" in message:
            outcome: Any = _fault(message["error"])
        elif "result" in message:
            outcome = message["result"]
        else:
            raise FrameError("an answer has neither result nor error")
        if answer is None or answer.done():
            # The usual cause is an answer that came after its call's deadline.
            log.warning("an answer nobody waits for", extra={"rpcId": call_id})
            return
        answer.set_result(outcome)

    def _end(self, reason: str) -> None:
        if self.closed.done():
            return
        self.closed.set_result(reason)
        # The link hears of it before any caller does: one that calls again must not be given this connection.
        if self.on_closed is not None:
            self.on_closed(reason)
        for answer in self._pending.values():
            if not answer.done():
                answer.set_result(LinkDown(sent=True))
        # Whoever waits to write looks at `closed` next.
        self._writable.set()


def _fault(error: Any) -> RpcFault:
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        raise FrameError("an error answer has no code")
    return RpcFault(error["code"], str(error.get("message", "")), error.get("data"))
