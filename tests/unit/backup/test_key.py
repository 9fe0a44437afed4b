from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from control.backup.key import STRETCHING, BackupKey, BackupKeyError, Stretching

QUICK = Stretching(log2_n=10, r=1, p=1)
RAW = bytes(range(200, 232))


@pytest.mark.parametrize("content", [base64.b64encode(RAW), base64.b64encode(RAW) + b"\n", RAW])
def test_a_key_is_taken_as_base64_or_as_raw_bytes(content: bytes) -> None:
    key = BackupKey.parse(content)

    assert not key.is_passphrase
    assert key.derive(b"s" * 16, QUICK) == BackupKey.parse(RAW).derive(b"s" * 16, QUICK)


@pytest.mark.parametrize("content", [b"correct horse battery", b"correct horse battery\n", b"x" * 32])
def test_any_other_text_is_a_passphrase(content: bytes) -> None:
    assert BackupKey.parse(content).is_passphrase


def test_the_line_break_an_editor_adds_is_no_part_of_a_passphrase() -> None:
    salt = b"s" * 16

    with_break, without = BackupKey.parse(b"correct horse battery\n"), BackupKey.parse(b"correct horse battery")

    assert with_break.derive(salt, QUICK) == without.derive(salt, QUICK)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"12345678901"])
def test_a_short_passphrase_is_refused(content: bytes) -> None:
    with pytest.raises(BackupKeyError, match="at least 12"):
        BackupKey.parse(content)


def test_each_salt_makes_another_key() -> None:
    for key in (BackupKey.parse(RAW), BackupKey.parse(b"correct horse battery")):
        assert key.derive(b"1" * 16, QUICK) != key.derive(b"2" * 16, QUICK)


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup.key"
    path.write_bytes(base64.b64encode(RAW))
    path.chmod(0o640)

    with pytest.raises(BackupKeyError, match="chmod 600"):
        BackupKey.from_file(path)

    path.chmod(0o400)
    assert not BackupKey.from_file(path).is_passphrase


def test_what_cannot_be_a_key_file_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(5_000))
    large.chmod(0o600)

    for path, says in ((tmp_path / "missing", "cannot be read"), (tmp_path, "read"), (large, "too large")):
        with pytest.raises(BackupKeyError, match=says):
            BackupKey.from_file(path)


def test_stretching_takes_what_a_small_server_has() -> None:
    assert STRETCHING.is_sane
    assert STRETCHING.memory == 64 << 20
