"""A bridge played by a script: a real Unix socket and the real protocol, with answers and faults set by the test.

It knows the protocol only from the contract. What it is told to answer goes out as it is, right or wrong.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson

from control.rpc.contract_gen import CONTRACT_HASH, ERRORS, MAX_LINE_BYTES

Params = dict[str, Any]
Script = Callable[[Params], Any | Awaitable[Any]]

_CODES = {error.name: (error.code, error.message) for error in ERRORS}

JOURNAL_ID = "jrn_0123456789abcdefghij"


class Fault(Exception):
    """Raise it in a script to answer with an error of the contract."""

    def __init__(self, name: str, **data: Any) -> None:
        super().__init__(name)
        self.name = name
        self.data = data


class Never(Exception):
    """Raise it in a script to give no answer at all."""


def hello(**changes: Any) -> dict[str, Any]:
    """A result of system.hello."""
    return {
        "contractHash": CONTRACT_HASH,
        "bridgeVersion": "0.1.0",
        "baileysVersion": "7.0.0-rc14",
        "nodeVersion": "v24.19.0",
        "journalId": JOURNAL_ID,
        "maxLineBytes": MAX_LINE_BYTES,
        "sandbox": True,
        **changes,
    }


def health(**changes: Any) -> dict[str, Any]:
    """A result of system.health."""
    return {
        "uptimeMs": 1000,
        "sandbox": True,
        "store": "ok",
        "whatsapp": "reachable",
        "sessions": {"connected": 1},
        "connections": {"connected": 1, "unanswered": 0, "silent": 0, "longestSilenceMs": 1000},
        "journal": {"headPosition": 3, "ackedPosition": 3, "unackedEvents": 0},
        "memoryRssBytes": 100_000_000,
        "eventLoopDelayMs": 1,
        "memoryLimitBytes": 512_000_000,
        **changes,
    }


def metrics() -> dict[str, Any]:
    """A result of system.metrics: the contract's example of a busy bridge."""
    example = Path(__file__).resolve().parents[2] / "bridge/contract/examples/system.metrics/busy.json"
    result: dict[str, Any] = orjson.loads(example.read_bytes())["result"]
    return result


def now_ms() -> int:
    """The time in the contract's unit."""
    return time.time_ns() // 1_000_000


def session(tenant_id: str, state: str = "connected", **changes: Any) -> dict[str, Any]:
    """A contract Session."""
    return {
        "tenantId": tenant_id,
        "sessionId": f"{tenant_id}_1795435218000",
        "state": state,
        "sinceMs": now_ms(),
        **changes,
    }


def outgoing(params: Params, status: str = "sent") -> dict[str, Any]:
    """A contract SendResult for the parameters of message.send."""
    message = {
        "messageId": params["messageId"],
        "to": params["to"],
        "type": params["content"]["type"],
        "chatId": params["to"] if "@" in params["to"] else f"{params['to'][1:]}@s.whatsapp.net",
        "status": status,
        "acceptedAtMs": now_ms(),
    }
    return {"message": message, "replayed": False}


class ScriptedBridge:
    """Answers each method by its script; a method without one answers `method_not_found`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.calls: list[tuple[str, Params]] = []
        self.scripts: dict[str, Script] = {
            "system.hello": lambda params: hello(),
            "system.health": lambda params: health(),
            "system.metrics": lambda params: metrics(),
            "event.pull": self._no_events,
            # Control looks at the start for tenants that were there before.
            "session.list": lambda params: {"sessions": [], "hasMore": False},
        }
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._answering: set[asyncio.Task[None]] = set()

    def answers(self, method: str, result: Any) -> None:
        """Answer a method with a result, whatever it is called with; a Fault is answered as that error."""

        def script(params: Params) -> Any:
            if isinstance(result, Exception):
                raise result
            return result

        self.scripts[method] = script

    def called(self, method: str) -> list[Params]:
        """The parameters of every call of a method so far."""
        return [params for name, params in self.calls if name == method]

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_unix_server(self._serve, self.path, limit=2 * MAX_LINE_BYTES)

    async def stop(self) -> None:
        """Close every connection and the socket, as a killed process would."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.path.unlink(missing_ok=True)
        self.drop()
        for task in list(self._answering):
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def drop(self) -> None:
        """Cut every connection without a word and go on listening."""
        for writer in list(self._writers):
            writer.transport.abort()

    def send_raw(self, data: bytes) -> None:
        """Send bytes to everybody connected."""
        for writer in self._writers:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                request = orjson.loads(line)
                task = asyncio.create_task(self._answer(request, writer))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        method, params = request["method"], request.get("params", {})
        self.calls.append((method, params))
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            if method not in self.scripts:
                raise Fault("method_not_found")
            result = self.scripts[method](params)
            if isinstance(result, Awaitable):
                result = await result
            answer["result"] = result
        except Never:
            return
        except Fault as fault:
            code, message = _CODES[fault.name]
            answer["error"] = {"code": code, "message": message, "data": {**fault.data, "name": fault.name}}
        writer.write(orjson.dumps(answer) + b"\n")

    async def _no_events(self, params: Params) -> dict[str, Any]:
        await asyncio.sleep(params["waitMs"] / 1000)
        return {"events": [], "headPosition": params["after"]}
