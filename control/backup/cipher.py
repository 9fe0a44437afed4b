"""Encrypts a stream of any length with AES-256-GCM in chunks; what was changed, cut off or appended is noticed.

    header   "WAGBACKUP" version(1) kind(1: 0 key, 1 passphrase) log2_n(1) r(1) p(1) salt(16)
    chunks   64 KiB of content each, the last one shorter, and a 16 byte tag each

A chunk's nonce is its number (11 bytes) and whether it is the last (1 byte), so chunks cannot change places and
the end cannot be moved. The header is authenticated with every chunk. The key belongs to this one file (key.py).
This is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015).
"""

from __future__ import annotations

import secrets
import struct
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from control.backup.key import STRETCHING, BackupKey, Stretching

MAGIC: Final = b"WAGBACKUP"
VERSION: Final = 1
CHUNK_BYTES: Final = 64 * 1024
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 16
_HEADER: Final = struct.Struct(f">{len(MAGIC)}sBBBBB{_SALT_BYTES}s")


class BackupUnreadable(Exception):
    """A file is no backup, not of this key, or damaged; its text is a sentence for the operator."""


class EncryptingWriter:
    """A file-like object that encrypts what is written to it. Without `finish` the result cannot be read."""

    def __init__(self, file: BinaryIO, key: BackupKey, *, stretching: Stretching = STRETCHING) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        kind = 1 if key.is_passphrase else 0
        self._file = file
        self._header = _HEADER.pack(MAGIC, VERSION, kind, stretching.log2_n, stretching.r, stretching.p, salt)
        self._cipher = AESGCM(key.derive(salt, stretching))
        self._pending = bytearray()
        self._number = 0
        file.write(self._header)

    def write(self, data: bytes) -> int:
        """Take bytes; returns how many, which is all."""
        self._pending += data
        # A full chunk is kept until more comes: only then is it known not to be the last.
        while len(self._pending) > CHUNK_BYTES:
            self._put(bytes(self._pending[:CHUNK_BYTES]), last=False)
            del self._pending[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write what is left, as the end."""
        self._put(bytes(self._pending), last=True)
        self._pending.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), content, self._header))
        self._number += 1


class DecryptingReader:
    """A file-like object that gives what was encrypted. Every method raises BackupUnreadable."""

    def __init__(self, file: BinaryIO, key: BackupKey) -> None:
        self._file = file
        self._header = file.read(_HEADER.size)
        if len(self._header) < _HEADER.size or not self._header.startswith(MAGIC):
            raise BackupUnreadable("This file is no backup of this gateway.")
        _, version, kind, log2_n, r, p, salt = _HEADER.unpack(self._header)
        stretching = Stretching(log2_n, r, p)
        if version != VERSION:
            raise BackupUnreadable(f"This backup has format {version}; this version reads format {VERSION}.")
        if kind not in (0, 1) or not stretching.is_sane:
            raise BackupUnreadable("The beginning of this backup is damaged.")
        if (kind == 1) is not key.is_passphrase:
            made, given = ("passphrase", "key") if kind == 1 else ("key", "passphrase")
            raise BackupUnreadable(f"This backup was made with a {made}, and the key file holds a {given}.")
        self._cipher = AESGCM(key.derive(salt, stretching))
        self._number = 0
        self._ready = bytearray()
        self._next: bytes | None = file.read(CHUNK_BYTES + _TAG_BYTES)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that are left for -1, and nothing at the end."""
        while self._next is not None and (size < 0 or len(self._ready) < size):
            self._take()
        wanted = len(self._ready) if size < 0 else size
        data = bytes(self._ready[:wanted])
        del self._ready[:wanted]
        return data

    def _take(self) -> None:
        chunk = self._next or b""
        following = self._file.read(CHUNK_BYTES + _TAG_BYTES)
        try:
            content = self._cipher.decrypt(_nonce(self._number, not following), chunk, self._header)
        except (InvalidTag, ValueError):
            if self._number == 0:
                sentence = (
                    "This backup does not open: the key file is not the one it was made with, or it is damaged."
                )
            else:
                sentence = "This backup is damaged or was cut off, so nothing of it was used."
            raise BackupUnreadable(sentence) from None
        self._ready += content
        self._number += 1
        self._next = following or None


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
