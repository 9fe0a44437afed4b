from __future__ import annotations

import io
import secrets

import pytest

from control.backup.cipher import CHUNK_BYTES, BackupUnreadable, DecryptingReader, EncryptingWriter
from control.backup.key import BackupKey, Stretching

KEY = BackupKey(bytes(range(32)), is_passphrase=False)
QUICK = Stretching(log2_n=10, r=1, p=1)
HEADER_BYTES = 30


def encrypted(content: bytes, key: BackupKey = KEY, *, stretching: Stretching = QUICK) -> bytes:
    file = io.BytesIO()
    writer = EncryptingWriter(file, key, stretching=stretching)
    writer.write(content)
    writer.finish()
    return file.getvalue()


def decrypted(data: bytes, key: BackupKey = KEY) -> bytes:
    return DecryptingReader(io.BytesIO(data), key).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_written_is_read_again(size: int) -> None:
    content = secrets.token_bytes(size)

    assert decrypted(encrypted(content)) == content


def test_it_is_read_in_pieces_of_any_size() -> None:
    content = secrets.token_bytes(2 * CHUNK_BYTES + 5)
    reader = DecryptingReader(io.BytesIO(encrypted(content)), KEY)

    pieces = []
    while piece := reader.read(10_007):
        pieces.append(piece)

    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces[:-1]} == {10_007}


def test_small_writes_make_the_same_chunks() -> None:
    content = secrets.token_bytes(CHUNK_BYTES + 100)
    file = io.BytesIO()
    writer = EncryptingWriter(file, KEY)
    for at in range(0, len(content), 999):
        assert writer.write(content[at : at + 999]) == len(content[at : at + 999])
    writer.finish()

    assert decrypted(file.getvalue()) == content
    assert len(file.getvalue()) == HEADER_BYTES + len(content) + 2 * 16


def test_a_passphrase_opens_what_it_closed() -> None:
    key = BackupKey(b"correct horse battery", is_passphrase=True)

    assert decrypted(encrypted(b"secret", key), key) == b"secret"


def test_no_two_backups_are_alike() -> None:
    assert encrypted(b"same") != encrypted(b"same")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(BackupUnreadable, match="not the one it was made with"):
        decrypted(encrypted(b"secret"), BackupKey(bytes(32), is_passphrase=False))


def test_a_key_where_a_passphrase_is_needed_is_named_so() -> None:
    with pytest.raises(BackupUnreadable, match="made with a key, and the key file holds a passphrase"):
        decrypted(encrypted(b"secret"), BackupKey(b"correct horse battery", is_passphrase=True))


@pytest.mark.parametrize("size", [10, CHUNK_BYTES + 10])
def test_a_flipped_bit_anywhere_is_noticed(size: int) -> None:
    data = encrypted(b"x" * size)
    places = {*range(HEADER_BYTES + 20), len(data) // 2, len(data) - 17, len(data) - 1}

    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(BackupUnreadable):
            decrypted(bytes(changed))


def test_a_missing_end_is_noticed_also_between_two_chunks() -> None:
    data = encrypted(b"x" * (3 * CHUNK_BYTES))
    chunk = CHUNK_BYTES + 16

    for end in (0, 5, HEADER_BYTES, HEADER_BYTES + chunk, HEADER_BYTES + 2 * chunk, len(data) - 1):
        with pytest.raises(BackupUnreadable):
            decrypted(data[:end])


def test_something_appended_is_noticed() -> None:
    with pytest.raises(BackupUnreadable):
        decrypted(encrypted(b"x" * CHUNK_BYTES) + b"y")


def test_chunks_cannot_change_places() -> None:
    data = encrypted(b"x" * (3 * CHUNK_BYTES))
    chunk = CHUNK_BYTES + 16
    first, second = (
        data[HEADER_BYTES : HEADER_BYTES + chunk],
        data[HEADER_BYTES + chunk : HEADER_BYTES + 2 * chunk],
    )

    with pytest.raises(BackupUnreadable):
        decrypted(data[:HEADER_BYTES] + second + first + data[HEADER_BYTES + 2 * chunk :])


def test_another_file_is_no_backup() -> None:
    for data in (b"", b"SQLite format 3\0" + bytes(100), b"WAGBACKUP"):
        with pytest.raises(BackupUnreadable, match="no backup"):
            decrypted(data)


def test_a_newer_format_is_named_so() -> None:
    data = bytearray(encrypted(b"x"))
    data[9] = 2

    with pytest.raises(BackupUnreadable, match="has format 2"):
        decrypted(bytes(data))


@pytest.mark.parametrize("cost", [(40, 8, 1), (20, 16, 1), (9, 1, 1), (16, 0, 1), (16, 8, 200)])
def test_a_header_that_asks_for_the_whole_machine_is_refused(cost: tuple[int, int, int]) -> None:
    passphrase = BackupKey(b"correct horse battery", is_passphrase=True)
    data = bytearray(encrypted(b"x", passphrase))
    data[11:14] = bytes(cost)

    with pytest.raises(BackupUnreadable, match="damaged"):
        decrypted(bytes(data), passphrase)
