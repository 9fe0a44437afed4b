"""The operator's API key: where it comes from and how a request's key is compared with it.

The key comes from API_KEY or, without it, from DATA_DIR/secrets/api-key, which only its owner may read. Requests
carry it in a header, `Authorization: Bearer …` or `X-API-Key: …`, and never in the address, because addresses end
up in logs.
"""

from __future__ import annotations

import hashlib
import hmac
import stat
from collections.abc import Mapping

from control.auth.principal import Principal
from control.errors import GatewayError
from control.settings import ConfigurationError, Settings, refuse_weak

MAX_KEY_LENGTH = 512


class ApiKey:
    """The one key of the installation, kept as its hash."""

    def __init__(self, key: str) -> None:
        self._hash = _hash(key.strip())
        self._principal = Principal(key_id=self._hash.hex()[:8])

    def authenticate(self, headers: Mapping[str, str]) -> Principal:
        """Return who sent these headers; raises `unauthorized`. Takes the same time for every wrong key."""
        given = _credential(headers)
        if given is None:
            raise GatewayError("unauthorized", "Send the API key as `Authorization: Bearer <key>` or `X-API-Key`.")
        if len(given) > MAX_KEY_LENGTH or not hmac.compare_digest(_hash(given), self._hash):
            raise GatewayError("unauthorized", "This API key is not valid here.")
        return self._principal


def load_api_key(settings: Settings) -> ApiKey:
    """Return the key of this installation; raises ConfigurationError when there is none, a weak or an open one."""
    if settings.api_key is not None:
        return ApiKey(settings.api_key.get_secret_value())
    path = settings.api_key_file
    try:
        mode = path.stat().st_mode
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no API key: set API_KEY to at least 16 random characters, or write one to "
            "DATA_DIR/secrets/api-key with mode 0600"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"DATA_DIR/secrets/api-key cannot be read ({type(error).__name__})") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError("DATA_DIR/secrets/api-key can be read by other users: set its mode to 0600")
    try:
        refuse_weak("the key in DATA_DIR/secrets/api-key", key)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    return ApiKey(key)


def _credential(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("X-API-Key", "").strip() or None


def _hash(key: str) -> bytes:
    # Hashes have one length, so that comparing them says nothing about the key's.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
