"""What lies in a backup, inside its encryption: a tar archive, written and read as a stream.

manifest.json          first: format, createdAt, mode (sandbox or whatsapp), version
redis/000001.jsonl …   what control keeps in Redis (redis_copy.py), about 1 MiB each
bridge/store.sqlite    the bridge's store; its secrets stay sealed by the master key
control/usage.sqlite   what tenants used day by day, which Redis forgets after some days; if there is such a file
secrets/master.key, secrets/control.key, secrets/api-key      those that exist
summary.json           last: what the store's copy holds; without it the backup is not whole
"""

from __future__ import annotations

import io
import re
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson

from control.backup.cipher import BackupUnreadable, DecryptingReader, EncryptingWriter

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SUMMARY: Final = "summary.json"
STORE: Final = "bridge/store.sqlite"
USAGE: Final = "control/usage.sqlite"
SECRETS: Final = ("master.key", "control.key", "api-key")

_COPY_BYTES = 256 * 1024
_MAX_DOCUMENT_BYTES = 64 * 1024
_EXPECTED = re.compile(
    r"manifest\.json|summary\.json|redis/[0-9]{6}\.jsonl|bridge/store\.sqlite|control/usage\.sqlite|secrets/(master\.key|control\.key|api-key)"
)


class ArchiveWriter:
    """Writes members one after the other."""

    def __init__(self, sink: EncryptingWriter) -> None:
        self._sink = sink
        # A stream of tar only ever calls write.
        self._tar = tarfile.open(mode="w|", fileobj=cast("IO[bytes]", sink), format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a small member."""
        self._tar.addfile(_member(name, len(content)), io.BytesIO(content))

    def add_document(self, name: str, document: dict[str, Any]) -> None:
        """Add a JSON document."""
        self.add_bytes(name, orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of any size."""
        with path.open("rb") as file:
            self._tar.addfile(_member(name, path.stat().st_size), file)

    def finish(self) -> None:
        """Write the ends of the archive and of the encryption."""
        self._tar.close()
        self._sink.finish()


def extract(source: DecryptingReader, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write all members into a folder (0700, files 0600); return the manifest and the summary.

    Reads to the end, so that everything was authenticated when it returns. Nothing outside of the folder and
    nothing unexpected is ever written. Raises BackupUnreadable, OSError.
    """
    documents: dict[str, dict[str, Any]] = {}
    try:
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", source)) as tar:
            for member in tar:
                if not member.isfile() or not _EXPECTED.fullmatch(member.name):
                    raise BackupUnreadable("This backup holds something this version does not know.")
                content = tar.extractfile(member) or io.BytesIO()
                if member.name in (MANIFEST, SUMMARY):
                    documents[member.name] = orjson.loads(content.read(_MAX_DOCUMENT_BYTES))
                    if member.name == MANIFEST:
                        _check_format(documents[MANIFEST])
                else:
                    _write(folder / member.name, content)
        while source.read(_COPY_BYTES):
            pass
    except (tarfile.TarError, orjson.JSONDecodeError, EOFError):
        raise BackupUnreadable("The content of this backup cannot be read.") from None
    if MANIFEST not in documents or SUMMARY not in documents:
        raise BackupUnreadable("This backup is not whole.")
    return documents[MANIFEST], documents[SUMMARY]


def redis_files(folder: Path) -> Iterator[Path]:
    """The extracted files of lines, in order."""
    yield from sorted((folder / "redis").glob("*.jsonl"))


def _check_format(manifest: dict[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise BackupUnreadable(
            f"This backup's content has format {manifest.get('format')!r}; this version reads format {FORMAT}."
        )


def _write(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o600)
        while block := content.read(_COPY_BYTES):
            file.write(block)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member
