"""Secrets at rest: AES-256-GCM under one key file, so that a copy of Redis alone shows none of them.

A sealed value is `v1.` and, in base64, 12 bytes of nonce and the ciphertext with its 16 byte tag, bound to a
context (such as `webhook:{tenant}`): moved to another tenant's key it does not open. The nonce is random; with
one seal per registration the limit of 2^32 values per key is out of reach.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1."


class SealBroken(Exception):
    """A sealed value does not open: another key file, another context, or damage."""


class Seal:
    """Seals and opens small values."""

    def __init__(self, key: bytes) -> None:
        """key: 32 random bytes."""
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> Seal:
        """Read the key, or create it (0600, folder 0700) on first use.

        Raises OSError when neither works and ValueError when the file is no key: a damaged key is never
        replaced by a new one, because everything sealed under the old one would be lost without a word.
        """
        if not path.exists():
            _create(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError(f"{path} must hold exactly {KEY_BYTES} bytes; restore it from a backup")
        return cls(key)

    def seal(self, plaintext: str, context: str) -> str:
        """Return the sealed value."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, plaintext.encode(), context.encode())
        return _VERSION + base64.b64encode(nonce + ciphertext).decode()

    def open(self, sealed: str, context: str) -> str:
        """Return the plaintext or raise SealBroken."""
        if not sealed.startswith(_VERSION):
            raise SealBroken("unknown format")
        try:
            body = base64.b64decode(sealed.removeprefix(_VERSION), validate=True)
            return self._cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, ValueError) as broken:
            raise SealBroken("does not open with this key") from broken


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes that start at once both end up with the same key.
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
