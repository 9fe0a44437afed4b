"""What is asked for when a connect link is made, and what is told of one."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictInt, StrictStr

from control.api.logo import MAX_CHARACTERS, checked_logo
from control.api.shape import In, Out, iso
from control.auth.connect_link import ConnectLink, ConnectLinkStatus, ConnectMethod, LinkRecord

SECONDS_LEAST: Final = 60
SECONDS_DEFAULT: Final = 3_600
SECONDS_MOST: Final = 7 * 86_400

_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_URL: Final = re.compile(r"[!-\[\]-~]+", re.ASCII)
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Letters for the eye only: those that turn the direction of what stands beside them, and those nobody sees.
_TURNING: Final = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def _name(given: str) -> str:
    name = given.strip()
    if not name:
        raise ValueError("must not be empty")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _TURNING for letter in name):
        raise ValueError("has characters that cannot be seen")
    return name


def _color(given: str) -> str:
    if not _COLOR.fullmatch(given):
        raise ValueError("must be a colour such as #1a7f5a")
    return given.lower()


def _return_url(given: str) -> str:
    try:
        parts = urlsplit(given) if _URL.fullmatch(given) else None
        port_is_one = parts is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        parts, port_is_one = None, False
    if parts is None or not port_is_one or not parts.hostname or parts.username is not None:
        raise ValueError("must be an address such as https://app.example/connected")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ValueError("must begin with https://, or with http:// on localhost")
    return given


class ConnectBrandIn(In):
    """How the page looks. color: of its button. logo: a PNG or JPEG as a data URL: the page loads nothing."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=60), AfterValidator(_name)] | None = None
    color: Annotated[StrictStr, AfterValidator(_color)] | None = None
    logo: Annotated[StrictStr, Field(max_length=MAX_CHARACTERS), AfterValidator(checked_logo)] | None = None


class ConnectLinkIn(In):
    """Body of POST …/connect-link; may be left out. language: the browser's when it is left out."""

    expires_in_seconds: Annotated[StrictInt, Field(ge=SECONDS_LEAST, le=SECONDS_MOST)] = SECONDS_DEFAULT
    method: ConnectMethod = ConnectMethod.BOTH
    language: Literal["en", "pt"] | None = None
    brand: ConnectBrandIn = ConnectBrandIn()
    return_url: Annotated[StrictStr, Field(max_length=2_048), AfterValidator(_return_url)] | None = None
    max_uses: Annotated[StrictInt, Field(ge=1, le=1_000)] | None = None

    def record(self) -> LinkRecord:
        """Return what is kept of it."""
        return LinkRecord(
            method=self.method,
            language=self.language,
            brand_name=self.brand.name,
            brand_color=self.brand.color,
            brand_logo=self.brand.logo,
            return_url=self.return_url,
            max_uses=self.max_uses,
        )


class ConnectBrandShown(Out):
    """A link's brand. hasLogo: the picture itself is shown on the page only."""

    name: str | None
    color: str | None
    has_logo: bool


class ConnectLinkShown(Out):
    """A connect link without its address. uses: how often it was opened."""

    id: str
    tenant_id: str
    status: ConnectLinkStatus
    method: ConnectMethod
    language: str | None
    brand: ConnectBrandShown
    return_url: str | None
    max_uses: int | None
    uses: int
    created_at: str
    expires_at: str

    @classmethod
    def fields_of(cls, link: ConnectLink, now_ms: int) -> dict[str, object]:
        """Return the values by the names of the fields."""
        record = link.record
        return {
            "id": link.id,
            "tenant_id": link.tenant_id,
            "status": link.status(now_ms),
            "method": record.method,
            "language": record.language,
            "brand": ConnectBrandShown(
                name=record.brand_name, color=record.brand_color, has_logo=record.brand_logo is not None
            ),
            "return_url": record.return_url,
            "max_uses": record.max_uses,
            "uses": link.uses,
            "created_at": iso(link.created_at_ms),
            "expires_at": iso(link.expires_at_ms),
        }

    @classmethod
    def of(cls, link: ConnectLink, now_ms: int) -> Self:
        """Return what is told of a link."""
        return cls.model_validate(cls.fields_of(link, now_ms))


class ConnectLinkOut(ConnectLinkShown):
    """A connect link that was just made. url: shown now and never again."""

    success: Literal[True] = True
    url: str

    @classmethod
    def made(cls, link: ConnectLink, url: str) -> Self:
        """Return the answer for a new link."""
        return cls.model_validate({**cls.fields_of(link, link.created_at_ms), "url": url})


class ConnectLinksOut(Out):
    """The tenant's links that are not over and not revoked."""

    success: Literal[True] = True
    links: list[ConnectLinkShown]


class ConnectLinkRevokedOut(Out):
    """A link that opens nothing any more."""

    success: Literal[True] = True
    revoked: Literal[True] = True
    id: str
