"""Signs requests to S3 and what speaks like it: AWS Signature Version 4, in headers or in an address.

Written from the description in the Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".
For S3 a path is encoded once and not normalized, other than for other services.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

EMPTY_SHA256: Final = hashlib.sha256(b"").hexdigest()
_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with one pair of keys."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str

    def headers(
        self, method: str, url: str, headers: Mapping[str, str], *, sha256: str, now: float, query: str = ""
    ) -> dict[str, str]:
        """Return the headers a request is to be sent with, those given among them; all of them are signed.

        url: encoded, without a query. query: as canonical_query() has it. sha256: of the body, hex. now: unix
        seconds; servers refuse what is 15 minutes off.
        """
        stamp = _stamp(now)
        sent = {**headers, "x-amz-content-sha256": sha256, "x-amz-date": stamp}
        signed = {name.lower(): " ".join(value.split()) for name, value in sent.items()}
        signed["host"] = urlsplit(url).netloc
        names = ";".join(sorted(signed))
        signature = self._signature(method, url, query, signed, sha256, stamp)
        sent["Authorization"] = (
            f"{_ALGORITHM} Credential={self.access_key}/{self._scope(stamp)}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return sent

    def address(self, url: str, query: Mapping[str, str], *, seconds: int, now: float) -> str:
        """Return an address that anybody may GET for so many seconds.

        url: encoded, without a query. query: further parameters, not encoded.
        """
        stamp = _stamp(now)
        full = {
            **query,
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{self.access_key}/{self._scope(stamp)}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
        }
        text = canonical_query(full)
        signature = self._signature("GET", url, text, {"host": urlsplit(url).netloc}, _UNSIGNED, stamp)
        return f"{url}?{text}&X-Amz-Signature={signature}"

    def _signature(
        self, method: str, url: str, query: str, headers: Mapping[str, str], sha256: str, stamp: str
    ) -> str:
        names = sorted(headers)
        lines = "".join(f"{name}:{headers[name]}\n" for name in names)
        canonical = "\n".join((method, urlsplit(url).path or "/", query, lines, ";".join(names), sha256))
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join((_ALGORITHM, stamp, self._scope(stamp), digest))
        key = f"AWS4{self.secret_key}".encode()
        for part in (stamp[:8], self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), hashlib.sha256)
        return hmac.digest(key, text.encode(), hashlib.sha256).hex()

    def _scope(self, stamp: str) -> str:
        return f"{stamp[:8]}/{self.region}/s3/aws4_request"


def canonical_query(query: Mapping[str, str]) -> str:
    """Return parameters as they are signed and sent: encoded and sorted."""
    return "&".join(sorted(f"{_encoded(name)}={_encoded(value)}" for name, value in query.items()))


def encoded_path(path: str) -> str:
    """Return a path as it stands in an address: all but letters, digits, `-._~` and slashes percent-encoded."""
    return quote(path, safe="/-._~")


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _stamp(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
