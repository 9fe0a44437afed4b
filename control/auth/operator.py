"""The operator's API key: where it comes from and how a request's key is compared with it.

The key comes from API_KEY or, without it, from DATA_DIR/secrets/api-key, which only its owner may read. It may do
everything; keys that may do less are made by API.
"""

from __future__ import annotations

import hashlib
import hmac
import stat

from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import ALL_SCOPES
from control.auth.standing import DIGEST_LENGTH
from control.settings import ConfigurationError, Settings
from control.weak_secrets import refuse_unsendable, refuse_weak


class OperatorKey:
    """The operator's key, kept as its hash."""

    def __init__(self, key: str) -> None:
        self._hash = _hash(key.strip())
        self._principal = Principal(
            kind=PrincipalKind.OPERATOR, key_id=self._hash.hex()[:8], tenants=None, scopes=ALL_SCOPES
        )

    def principal(self, given: str) -> Principal | None:
        """Return the operator if this is the key. Takes the same time for every wrong one."""
        return self._principal if hmac.compare_digest(_hash(given), self._hash) else None

    async def holder(self, key_id: str, digest: str) -> Principal | None:
        """Return the operator if this is the key's id and its hash in hex begins so; see auth/tokens.py."""
        same = hmac.compare_digest(key_id, self._principal.key_id) and self._hash.hex().startswith(digest)
        return self._principal if same and len(digest) >= DIGEST_LENGTH else None


def load_operator_key(settings: Settings) -> OperatorKey:
    """Return the key of this installation; raises ConfigurationError when there is none, a weak or an open one."""
    if settings.api_key is not None:
        return OperatorKey(settings.api_key.get_secret_value())
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
        refuse_unsendable("the key in DATA_DIR/secrets/api-key", key)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    return OperatorKey(key)


def _hash(key: str) -> bytes:
    # Hashes have one length, so that comparing them says nothing about the key's.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
