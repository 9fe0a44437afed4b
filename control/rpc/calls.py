"""How a method of the contract is called: written, given the contract's deadline, its answer read strictly.

Raises GatewayError with the contract's error codes, or `bridge_unavailable` (no link), `bridge_timeout` (no
answer), `bridge_error` (an answer that breaks the contract).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from control.errors import GatewayError
from control.rpc import contract_gen as contract
from control.rpc.faults import CallFailed
from control.rpc.liveness import Liveness
from control.rpc.parsing import parse

R = TypeVar("R", bound=BaseModel)

Observer = Callable[[str, float, str | None], None]

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


class Calls:
    """What all groups of methods are made of."""

    def __init__(self, caller: Caller, *, observed: Observer | None = None) -> None:
        """observed: told of every call that ended: its method, seconds, and the error's code or None."""
        self._caller = caller
        self._observed = observed
        self._liveness = Liveness(lambda: caller.silence, self._ask)

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
        if self._observed is None:
            return await self._caller.call(method, values, seconds=seconds)
        began, error = time.perf_counter(), None
        try:
            return await self._caller.call(method, values, seconds=seconds)
        except (CallFailed, GatewayError) as failed:
            error = failed.to_gateway_error().code if isinstance(failed, CallFailed) else failed.code
            raise
        except asyncio.CancelledError:
            error = "cancelled"
            raise
        finally:
            self._observed(method, time.perf_counter() - began, error)

    async def _ask(self, seconds: float) -> object:
        return await self._caller.call("system.health", {}, seconds=seconds)


def _parsed(method: str, raw: Any, result: type[R]) -> R:
    try:
        return parse(result, raw)
    except ValidationError as error:
        log_invalid(method, error)
        raise GatewayError("bridge_error") from None


def log_invalid(method: str, error: ValidationError) -> None:
    """Log which fields of an answer are wrong."""
    # Where, and not what: the values may be a customer's message.
    places = [".".join(map(str, item["loc"])) for item in error.errors(include_input=False, include_url=False)]
    log.error("an answer of the bridge breaks the contract", extra={"method": method, "fields": places[:10]})
