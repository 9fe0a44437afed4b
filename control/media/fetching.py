"""Fetches a mediaUrl into the spool, through the guard that keeps callers away from internal addresses.

Every redirect is judged and dialled like the first URL. An error names one of a closed set of reasons, so that
nobody learns from us what is inside the operator's network.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from aiohttp.multipart import content_disposition_filename, parse_content_disposition
from yarl import URL

from control.egress.addresses import AddressPolicy
from control.egress.client import Download, Egress, EgressError
from control.egress.destination import URL_MAX_CHARACTERS, Reason, UrlRefused, judge
from control.errors import GatewayError
from control.media.kinds import Upload
from control.media.pace import Pace, TooSlow
from control.media.spool import Spool
from control.media.spool_file import CHUNK_BYTES, too_large

TOTAL_SECONDS = 60.0
REDIRECTS_MAX = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_REFUSED: Final[dict[Reason, str]] = {
    "too_long": f"A mediaUrl has at most {URL_MAX_CHARACTERS} characters.",
    "characters": "A mediaUrl must not hold spaces, backslashes or control characters.",
    "not_a_url": "The mediaUrl is not a URL.",
    "form": "A mediaUrl looks like https://example.com/picture.jpg.",
    "credentials": "A mediaUrl must not hold a user name or password.",
    "port": "Media are fetched from port 443, 80 or a port from 1024 on.",
    "plain_http": (
        "Media are fetched from https addresses. Plain http is accepted only inside the networks the operator "
        "lists in OUTBOUND_ALLOW_CIDRS."
    ),
    "internal": (
        "Media are not fetched from this internal address. The operator can allow its network in "
        "OUTBOUND_ALLOW_CIDRS."
    ),
}
_FAILED: Final = {
    "blocked_address": "The address of the mediaUrl, or one it leads to, may not be reached from here.",
    "dns_failure": "The name in the mediaUrl has no address.",
    "connect_failed": "Nobody answers at the mediaUrl.",
    "tls_error": "The certificate or the encryption of the mediaUrl's server is not valid.",
    "timeout": "The mediaUrl's server took too long.",
    "too_slow": "The mediaUrl's server sends too slowly.",
    "no_answer": "The mediaUrl's server broke off.",
    "bad_url": "The mediaUrl cannot be asked for.",
    "too_many_redirects": f"The mediaUrl leads through more than {REDIRECTS_MAX} redirects.",
    "bad_redirect": "The mediaUrl leads to an address that cannot be followed.",
    "encoded": "The mediaUrl's server sends its answer compressed although it was asked not to.",
}

log = logging.getLogger(__name__)


class Fetcher:
    """Fetches for all tenants; who may fetch how much at once is decided above."""

    def __init__(
        self,
        egress: Egress,
        policy: AddressPolicy,
        spool: Spool,
        *,
        total_seconds: float = TOTAL_SECONDS,
        pace: Callable[[], Pace] = Pace,
    ) -> None:
        self._egress = egress
        self._policy = policy
        self._spool = spool
        self._total_seconds = total_seconds
        self._pace = pace

    async def fetch(self, url: str, max_bytes: int) -> Upload:
        """Return the file behind the URL.

        Raises `media_url_refused`, `media_fetch_failed` with a `reason`, `media_too_large`, `spool_full`.
        """
        try:
            target = await judge(url, self._policy)
        except UrlRefused as refused:
            raise GatewayError("media_url_refused", _REFUSED[refused.reason]) from refused
        try:
            async with asyncio.timeout(self._total_seconds) as limit:
                return await self._follow(target, max_bytes)
        except TimeoutError:
            if not limit.expired():
                raise
            raise _failed("timeout") from None
        except TooSlow:
            raise _failed("too_slow") from None
        except EgressError as error:
            raise _failed(error.fault) from error

    async def _follow(self, target: URL, max_bytes: int) -> Upload:
        for _ in range(REDIRECTS_MAX + 1):
            async with self._egress.get(str(target)) as answer:
                if answer.status in _REDIRECTS:
                    target = await self._next(target, answer.headers.get("Location"))
                elif answer.status == 200:
                    return await self._take(target, answer, max_bytes)
                else:
                    raise _failed(f"http_{answer.status}")
        raise _failed("too_many_redirects")

    async def _next(self, here: URL, location: str | None) -> URL:
        try:
            if not location:
                raise ValueError
            target = here.join(URL(location))
        except ValueError:
            raise _failed("bad_redirect") from None
        if here.scheme == "https" and target.scheme != "https":
            raise _failed("bad_redirect")
        try:
            return await judge(str(target.with_fragment(None)), self._policy)
        except UrlRefused as refused:
            internal = refused.reason in ("internal", "plain_http")
            raise _failed("blocked_address" if internal else "bad_redirect") from refused

    async def _take(self, url: URL, answer: Download, max_bytes: int) -> Upload:
        if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise _failed("encoded")
        length = answer.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > max_bytes:
            raise too_large(max_bytes)
        pace = self._pace()
        async with self._spool.writing(max_bytes) as file:
            while data := await pace.of(answer.read(CHUNK_BYTES)):
                await file.write(data)
        stored = file.stored()
        return Upload(
            name=stored.name,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            file_name=_file_name(url, answer.headers.get("Content-Disposition")),
            mime_type=answer.headers.get("Content-Type"),
        )


def _file_name(url: URL, disposition: str | None) -> str | None:
    """Return what the file is called there, not checked."""
    if disposition is not None:
        _, parameters = parse_content_disposition(disposition[:2048])
        if name := content_disposition_filename(parameters):
            return name
    return unquote(url.raw_name, errors="replace") or None


def _failed(reason: str) -> GatewayError:
    sentence = _FAILED.get(
        reason, f"The mediaUrl's server answers with the status {reason.removeprefix('http_')}."
    )
    log.info("media not fetched", extra={"reason": reason})
    return GatewayError("media_fetch_failed", sentence, reason=reason)
