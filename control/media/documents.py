"""The type a document is sent with.

Anything may be a document, so what matters is that the type promises nothing the bytes do not keep, and is none
that a browser would run: WhatsApp's web and desktop clients open a document by it.
"""

from __future__ import annotations

import re
from typing import Final

from control.media.sniff import UNKNOWN, FileType

_ZIPPED: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
    "apk": "application/vnd.android.package-archive",
}
_OLE: Final = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
_TEXTS: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "vcf": "text/vcard",
    "ics": "text/calendar",
    "txt": "text/plain",
}
_INSIDE: Final = {"zip": _ZIPPED, "ole": _OLE, "text": _TEXTS}

# What a caller may say of bytes that are none of the known types; the rest would contradict the bytes.
_CLAIMABLE: Final = re.compile(r"application/[a-z0-9][a-z0-9.+-]{0,100}", re.ASCII)
_NEVER: Final = re.compile(
    r"html|xml|svg|script|shockwave|x-ms|msdownload|executable|hta|java|x-sh|x-msi", re.ASCII
)


def document_type(sniffed: FileType, claimed: str | None, file_name: str | None) -> str:
    """Return the MIME type of a document."""
    if sniffed.family == "page":
        return UNKNOWN.mime
    inside = _INSIDE.get(sniffed.name)
    bare = (claimed or "").split(";")[0].strip().lower()
    if inside is not None:
        extension = (file_name or "").rpartition(".")[2].lower()
        if bare in inside.values():
            return bare
        return inside.get(extension, sniffed.mime if sniffed.name != "ole" else UNKNOWN.mime)
    if sniffed is not UNKNOWN:
        return sniffed.mime
    if _CLAIMABLE.fullmatch(bare) and not _NEVER.search(bare) and not _known(bare):
        return bare
    return UNKNOWN.mime


def _known(mime: str) -> bool:
    """Whether the bytes would have been recognised if they were of this type."""
    return mime in _KNOWN


_KNOWN: Final = frozenset(
    {
        *("application/pdf", "application/zip", "application/rtf", "application/gzip", "application/x-tar"),
        *("application/vnd.rar", "application/x-7z-compressed", "application/x-xz", "application/x-bzip2"),
        *_ZIPPED.values(),
        *_OLE.values(),
        *_TEXTS.values(),
    }
)
