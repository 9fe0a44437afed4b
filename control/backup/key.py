"""The key of a backup, from a file only its owner may read.

    base64 of 32 bytes (openssl rand -base64 32), or 32 raw bytes   a key
    any other text of at least 12 characters                        a passphrase

A passphrase is stretched by scrypt with the parameters and the salt of each backup's header; a key is mixed with
the salt by HKDF. Either way each backup is encrypted under a key of its own, so that nonces can simply be counted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
MIN_PASSPHRASE = 12
MAX_FILE_BYTES = 4096


class BackupKeyError(Exception):
    """The key file cannot be used; its text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Stretching:
    """How a passphrase becomes a key: scrypt's cost (as its binary logarithm), block size and parallelism."""

    log2_n: int
    r: int
    p: int

    @property
    def memory(self) -> int:
        """Bytes it takes."""
        return 128 * self.r * (1 << self.log2_n)

    @property
    def is_sane(self) -> bool:
        """Whether a header may ask for it: a forged one must not make the reader use up the machine."""
        return 10 <= self.log2_n <= 20 and 1 <= self.r <= 16 and 1 <= self.p <= 4 and self.memory <= 256 << 20


STRETCHING = Stretching(log2_n=16, r=8, p=2)
"""64 MiB and about half a second, which a small server has (OWASP's equivalent of 2^17, 8, 1)."""


class BackupKey:
    """A key or a passphrase."""

    def __init__(self, secret: bytes, *, is_passphrase: bool) -> None:
        self._secret = secret
        self.is_passphrase = is_passphrase

    @classmethod
    def from_file(cls, path: Path) -> BackupKey:
        """Read the file. Raises BackupKeyError."""
        try:
            mode = path.stat().st_mode
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise BackupKeyError(f"The key file {path} cannot be read: {error.strerror}.") from None
        if stat.S_IMODE(mode) & 0o077:
            raise BackupKeyError(f"The key file {path} can be read by other users. Run: chmod 600 {path}")
        if len(content) > MAX_FILE_BYTES:
            raise BackupKeyError(f"The key file {path} is too large to be a key or a passphrase.")
        return cls.parse(content)

    @classmethod
    def parse(cls, content: bytes) -> BackupKey:
        """Take the key or passphrase out of a file's content. Raises BackupKeyError."""
        text = content.strip()
        try:
            decoded = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            decoded = b""
        if len(decoded) == KEY_BYTES:
            return cls(decoded, is_passphrase=False)
        if len(content) == KEY_BYTES and not content.isascii():
            return cls(content, is_passphrase=False)
        if len(text) < MIN_PASSPHRASE:
            raise BackupKeyError(
                f"A passphrase needs at least {MIN_PASSPHRASE} characters. A good key: openssl rand -base64 32"
            )
        return cls(text, is_passphrase=True)

    def derive(self, salt: bytes, stretching: Stretching) -> bytes:
        """Return the 32 bytes that encrypt one backup."""
        if not self.is_passphrase:
            return HKDF(SHA256(), KEY_BYTES, salt, b"whatsapp-gateway backup").derive(self._secret)
        return hashlib.scrypt(
            self._secret,
            salt=salt,
            n=1 << stretching.log2_n,
            r=stretching.r,
            p=stretching.p,
            # OpenSSL counts a little more than the formula.
            maxmem=stretching.memory + (32 << 20),
            dklen=KEY_BYTES,
        )
