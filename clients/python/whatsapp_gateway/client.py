"""The client for programs without asyncio."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Self, cast

import httpx

from whatsapp_gateway.call import (
    RETRIES,
    SEND_WAIT_SECONDS,
    TIMEOUT_SECONDS,
    Address,
    Call,
    File,
    decoded,
    quoted,
    wait_before,
)
from whatsapp_gateway.operations_gen import Operations
from whatsapp_gateway.problem import GatewayError, error_of, no_answer
from whatsapp_gateway.types_gen import EventPage, SendRequest, SentMessage, SessionStatus

_POLL_SECONDS = 25
_SETTLED = frozenset({"logged_out", "failed", "disconnected"})


class WhatsAppClient(Operations):
    """`WhatsAppClient(base_url, api_key)`; close it, or use it as a context manager.

    Every method raises GatewayError for a refusal. What may be said twice is said again by itself when there was
    no answer or the gateway asks to come back shortly; a message is sent once all the same.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """timeout: seconds of one try. retries: 0 for never. transport: another way than httpx's own."""
        self._address = Address(base_url, api_key)
        self._timeout = timeout
        self._retries = retries
        # Redirects would carry the key somewhere else.
        self._http = httpx.Client(timeout=timeout, follow_redirects=False, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send_message(
        self,
        tenant_id: str,
        to: str | SendRequest,
        message: str | None = None,
        *,
        wait: int | None = None,
        idempotency_key: str | None = None,
        file: File | None = None,
    ) -> SentMessage:
        """Send a text, `send_message(tenant, "+5511987654321", "Hello!")`, or a message of any kind.

        `send_message(tenant, {"to": …, "type": "image", "mediaUrl": …})`; or with `file` in place of mediaUrl.
        Without an idempotency_key one is made, so that the client's own repetitions send once.
        """
        text = {"to": to, "message": message or "", "type": "text"}
        body = cast("SendRequest", text if isinstance(to, str) else to)
        seconds = (wait if wait is not None else SEND_WAIT_SECONDS) + 30.0
        found = self._json(
            "POST",
            f"/api/v1/messages/{quoted(tenant_id)}/send",
            query={"wait": wait},
            headers={"Idempotency-Key": idempotency_key or str(uuid.uuid4())},
            body=body,
            file=file,
            seconds=seconds,
        )
        return cast("SentMessage", found)

    def wait_until_connected(self, tenant_id: str, within: float = 120) -> SessionStatus:
        """Wait until the number is connected, or will not be without somebody's help; return its state."""
        ends = time.monotonic() + within
        while True:
            status = self.get_session_status(tenant_id)
            if status["connected"] or status["status"] in _SETTLED or time.monotonic() >= ends:
                return status
            time.sleep(min(1.0, max(0.0, ends - time.monotonic())))

    def event_pages(self, tenant_id: str, after: str | None = None) -> Iterator[EventPage]:
        """Yield what happens, in order and without a webhook, page by page, waiting for each.

        Store a page's `cursor` once its events are done, and begin `after` it after a restart. Without `after` it
        begins with the oldest event there is.
        """
        while True:
            page = self.list_events(tenant_id, after=after, wait=_POLL_SECONDS)
            after = page["cursor"]
            if page["events"]:
                yield page

    def _json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: object = None,
        file: File | None = None,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        call = self._address.call(
            method, path, query=query, headers=headers, body=body, file=file, seconds=seconds or self._timeout
        )
        answer = self._said(call)
        try:
            return decoded(answer.content)
        except ValueError:
            raise no_answer("The gateway's answer is not what it should be.") from None

    def _bytes(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> bytes:
        call = self._address.call(
            method, path, query=query, headers=headers, body=None, file=None, seconds=self._timeout
        )
        return bytes((self._said(call)).content)

    def _said(self, call: Call) -> httpx.Response:
        attempt = 0
        while True:
            try:
                return self._once(call)
            except GatewayError as error:
                seconds = wait_before(call, error, attempt, self._retries)
                if seconds is None:
                    raise
            time.sleep(seconds)
            attempt += 1

    def _once(self, call: Call) -> httpx.Response:
        try:
            answer = self._http.request(
                call.method,
                call.url,
                params=call.params,
                headers=call.headers,
                content=call.content,
                data=call.data,
                files={"file": (call.file.name, call.file.content, call.file.mime_type)} if call.file else None,
                timeout=call.seconds,
            )
        except httpx.TimeoutException:
            raise no_answer("The gateway did not answer in time.") from None
        except httpx.TransportError:
            raise no_answer("The gateway could not be reached.") from None
        if not answer.is_success:
            raise error_of(answer.status_code, answer.headers, answer.content)
        return answer
