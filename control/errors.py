"""Every error a caller can get, in one table.

GatewayError
    code         stable, lower_snake_case; applications decide by it
    http_status  of the answer
    retryable    whether the same request may succeed later
    detail       a sentence for the person who has to act

Errors of the bridge come from the contract (bridge/contract/openrpc.json) and keep their name as code. The answer
is RFC 9457 problem+json, see control/api/problems.py. Nothing of a library or a stack goes outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the table."""

    code: str
    http_status: int
    retryable: bool
    title: str
    type: str | None = None
    """The problem's type where somebody else has named it."""


_OWN = (
    ErrorKind("invalid_json", 400, False, "The body is not valid JSON."),
    ErrorKind("invalid_request", 400, False, "The request is not valid."),
    ErrorKind("invalid_idempotency_key", 400, False, "The Idempotency-Key is not valid."),
    ErrorKind("invalid_tenant_id", 400, False, "The tenant id is not valid."),
    ErrorKind("unauthorized", 401, False, "A valid API key is required."),
    ErrorKind("forbidden", 403, False, "The key may not do this."),
    ErrorKind("tenant_not_found", 404, False, "There is no such tenant, or it is not this key's."),
    ErrorKind("tenant_suspended", 403, False, "The tenant is suspended by the operator."),
    ErrorKind("tenant_exists", 409, False, "There is a tenant with this id already."),
    ErrorKind("quota_exceeded", 429, True, "The tenant's quota of messages for today is used up."),
    ErrorKind("storage_quota_exceeded", 409, True, "The tenant's quota of storage is used up."),
    ErrorKind("not_found", 404, False, "There is nothing at this address."),
    ErrorKind("key_not_found", 404, False, "There is no such API key, or it is not this key's to see."),
    ErrorKind("key_revoked", 409, False, "The API key was revoked, which cannot be undone."),
    ErrorKind("too_many_keys", 409, False, "There are as many API keys as there may be."),
    ErrorKind("no_qr_code", 404, True, "There is no QR code to scan."),
    ErrorKind("method_not_allowed", 405, False, "This address does not take this method."),
    ErrorKind("not_acceptable", 406, False, "This cannot be given in the form that was asked for."),
    ErrorKind("message_cancelled", 409, False, "The message was taken back before it was sent."),
    ErrorKind("message_expired", 409, False, "The message could not be sent in its time, so it was not sent."),
    ErrorKind(
        "number_restricted",
        409,
        False,
        "WhatsApp does not let this number write to people it has no chat with. Replies still flow.",
    ),
    ErrorKind("session_ended", 409, False, "The number was logged out or deleted before the message was sent."),
    ErrorKind("payload_too_large", 413, False, "The body is too large."),
    ErrorKind("unsupported_media_type", 415, False, "The body must be JSON, or a form where a file is sent."),
    ErrorKind("invalid_recipient", 422, False, "The recipient is not a phone number or WhatsApp id."),
    ErrorKind("invalid_phone_number", 422, False, "This is not a phone number."),
    ErrorKind("media_unusable", 422, False, "The media file is gone or WhatsApp refused it."),
    ErrorKind("message_too_long", 422, False, "The text is too long."),
    ErrorKind("unsupported_message_type", 422, False, "Messages of this type cannot be sent."),
    ErrorKind("proxy_url_refused", 422, False, "Proxies may not be at this address."),
    ErrorKind("webhook_url_refused", 422, False, "Webhooks may not go to this address."),
    ErrorKind("webhook_not_found", 404, False, "There is no such webhook."),
    ErrorKind("webhook_is_default", 409, False, "This webhook is the installation's; its settings decide."),
    ErrorKind("webhook_busy", 503, True, "Too many webhooks are being tested. Try again later."),
    ErrorKind("webhook_secret_lost", 409, False, "The webhook's secret cannot be read any more; rotate it."),
    ErrorKind("too_many_webhooks", 409, False, "The tenant has as many webhooks as it may have."),
    ErrorKind("delivery_not_found", 404, False, "There is no such event that could be delivered again."),
    ErrorKind("media_too_large", 413, False, "The file is too large."),
    ErrorKind("media_url_refused", 422, False, "Media are not fetched from this address."),
    ErrorKind("media_fetch_failed", 422, True, "The file could not be fetched from its URL."),
    ErrorKind("media_type_refused", 422, False, "A message of this type cannot carry a file of this type."),
    ErrorKind("media_invalid", 422, False, "The file is damaged or not what it should be."),
    ErrorKind("media_conversion_failed", 422, False, "The file could not be converted."),
    ErrorKind("ffmpeg_required", 422, False, "The file has to be converted, for which this server has no ffmpeg."),
    ErrorKind("media_busy", 503, True, "Too many files of this tenant are being taken in. Try again later."),
    ErrorKind("spool_full", 503, True, "There is no room for the file now. Try again later."),
    ErrorKind("uri_too_long", 414, False, "The address is too long."),
    ErrorKind("header_too_large", 431, False, "The headers are too large or too many."),
    ErrorKind(
        "rate_limited",
        429,
        True,
        "Too many requests. Wait as long as Retry-After says.",
        "https://iana.org/assignments/http-problem-types#quota-exceeded",
    ),
    ErrorKind("too_many_connections", 503, True, "Too many connections are open."),
    ErrorKind("request_timeout", 408, True, "The request's body did not arrive in time."),
    ErrorKind("send_failed", 500, False, "The gateway could not send the message. The log has the details."),
    ErrorKind("internal_error", 500, True, "Something went wrong here. The log has the details."),
    ErrorKind("deadline_exceeded", 504, True, "The request took too long here."),
    ErrorKind("bridge_unavailable", 503, True, "The WhatsApp bridge is not reachable. It is restarted by itself."),
    ErrorKind("bridge_timeout", 504, True, "The WhatsApp bridge did not answer in time."),
    ErrorKind("redis_unavailable", 503, True, "The data store is not reachable. It is restarted by itself."),
    ErrorKind("disk_unavailable", 503, True, "The disk cannot be written."),
    ErrorKind(
        "qr_code_not_ready", 503, True, "WhatsApp gave no QR code yet. The session goes on trying; ask again."
    ),
    ErrorKind("too_many_streams", 503, True, "Too many event streams are open. Close one, or try again later."),
    ErrorKind("connect_link_not_found", 404, False, "There is no such connect link."),
    ErrorKind("too_many_connect_links", 409, False, "The tenant has as many connect links as it may have."),
    ErrorKind("too_many_pairing_codes", 409, False, "No more pairing codes can be had by this connect link."),
    ErrorKind("connect_link_expired", 410, False, "The connect link's time is over."),
    ErrorKind("connect_link_revoked", 410, False, "The connect link was revoked."),
    ErrorKind("connect_link_used", 410, False, "The connect link was opened as often as it may be."),
    ErrorKind("connect_link_finished", 410, False, "The number is connected; the connect link has done its work."),
    ErrorKind("sandbox_refused", 422, False, "The sandbox refused this."),
    ErrorKind("sandbox_unavailable", 503, True, "The sandbox is not reachable. It is restarted by itself."),
    ErrorKind("message_unconfirmed", 502, False, "It is not known whether the message was accepted."),
)

ERROR_KINDS: dict[str, ErrorKind] = {kind.code: kind for kind in _OWN}


def register(kind: ErrorKind) -> None:
    """Add a row that comes from the contract; a code that exists already is a programming error."""
    if kind.code in ERROR_KINDS:
        raise ValueError(f"error code {kind.code} exists twice")
    ERROR_KINDS[kind.code] = kind


class GatewayError(Exception):
    """An error of the table, with what is particular to this case."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        retry_after: int | None = None,
        errors: list[dict[str, Any]] | None = None,
        **extra: Any,
    ) -> None:
        """Make an error of kind `code`.

        detail: a sentence for this case, the kind's title when absent. retry_after: seconds. errors: one
        {"field","message"} per invalid field. extra: further members of the problem document, JSON values only.
        """
        self.kind = ERROR_KINDS[code]
        self.detail = detail or self.kind.title
        self.retry_after = retry_after
        self.errors = errors
        self.extra = extra
        super().__init__(f"{code}: {self.detail}")

    @property
    def code(self) -> str:
        """The stable code."""
        return self.kind.code
