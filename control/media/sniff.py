"""What a file is, told from its first bytes alone; the caller's word does not count.

The table holds what WhatsApp shows, what ffmpeg makes into that, and what people send as documents. Sources: the
formats' specifications, and for web pages the tags of the WHATWG MIME Sniffing Standard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

HEAD_BYTES = 4096

Family = Literal["image", "audio", "video", "page", "text", "container", "other"]


@dataclass(frozen=True, slots=True)
class FileType:
    """name: ours, one word. family: "page" is what a browser would run, "container" hides what is in it."""

    name: str
    mime: str
    family: Family


UNKNOWN: Final = FileType("unknown", "application/octet-stream", "other")
HTML: Final = FileType("html", "text/html", "page")
SVG: Final = FileType("svg", "image/svg+xml", "page")
XML: Final = FileType("xml", "application/xml", "page")
TEXT: Final = FileType("text", "text/plain", "text")
MP3: Final = FileType("mp3", "audio/mpeg", "audio")
AAC: Final = FileType("aac", "audio/aac", "audio")

_BEGINNINGS: Final[tuple[tuple[bytes, FileType], ...]] = (
    (b"\xff\xd8\xff", FileType("jpeg", "image/jpeg", "image")),
    (b"\x89PNG\r\n\x1a\n", FileType("png", "image/png", "image")),
    (b"GIF87a", FileType("gif", "image/gif", "image")),
    (b"GIF89a", FileType("gif", "image/gif", "image")),
    (b"II*\x00", FileType("tiff", "image/tiff", "image")),
    (b"MM\x00*", FileType("tiff", "image/tiff", "image")),
    (b"#!AMR\n", FileType("amr", "audio/amr", "audio")),
    (b"#!AMR-WB\n", FileType("amr_wb", "audio/amr-wb", "audio")),
    (b"fLaC", FileType("flac", "audio/flac", "audio")),
    (b"caff", FileType("caf", "audio/x-caf", "audio")),
    (b"ID3", MP3),
    (b"FLV\x01", FileType("flv", "video/x-flv", "video")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileType("asf", "video/x-ms-asf", "video")),
    (b"\x00\x00\x01\xba", FileType("mpeg", "video/mpeg", "video")),
    (b"%PDF-", FileType("pdf", "application/pdf", "other")),
    (b"PK\x03\x04", FileType("zip", "application/zip", "container")),
    (b"PK\x05\x06", FileType("zip", "application/zip", "container")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType("ole", "application/x-ole-storage", "container")),
    (b"{\\rtf", FileType("rtf", "application/rtf", "other")),
    (b"Rar!\x1a\x07", FileType("rar", "application/vnd.rar", "other")),
    (b"7z\xbc\xaf\x27\x1c", FileType("7z", "application/x-7z-compressed", "other")),
    (b"\x1f\x8b\x08", FileType("gzip", "application/gzip", "other")),
    (b"BZh", FileType("bzip2", "application/x-bzip2", "other")),
    (b"\xfd7zXZ\x00", FileType("xz", "application/x-xz", "other")),
    (b"MZ", UNKNOWN),
    (b"\x7fELF", UNKNOWN),
    (b"#!", UNKNOWN),
)

_RIFF: Final = {
    b"WEBP": FileType("webp", "image/webp", "image"),
    b"WAVE": FileType("wav", "audio/wav", "audio"),
    b"AVI ": FileType("avi", "video/x-msvideo", "video"),
}
_FORM: Final = {
    b"AIFF": FileType("aiff", "audio/aiff", "audio"),
    b"AIFC": FileType("aiff", "audio/aiff", "audio"),
}
_MP4: Final = FileType("mp4", "video/mp4", "video")
_BRANDS: Final = {
    b"M4A ": FileType("m4a", "audio/mp4", "audio"),
    b"M4B ": FileType("m4a", "audio/mp4", "audio"),
    b"qt  ": FileType("mov", "video/quicktime", "video"),
    b"avif": FileType("avif", "image/avif", "image"),
    b"avis": FileType("avif", "image/avif", "image"),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"),
        FileType("heic", "image/heic", "image"),
    ),
}
_OGG: Final = (
    (b"OpusHead", FileType("opus", "audio/ogg; codecs=opus", "audio")),
    (b"\x01vorbis", FileType("ogg", "audio/ogg", "audio")),
    (b"\x7fFLAC", FileType("ogg", "audio/ogg", "audio")),
    (b"Speex   ", FileType("ogg", "audio/ogg", "audio")),
    (b"\x80theora", FileType("ogv", "video/ogg", "video")),
)
_BLANKS: Final = b" \t\r\n\f\x00"
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_TAGS: Final = (
    *(
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<iframe",
        b"<h1",
        b"<div",
        b"<font",
        b"<table",
    ),
    *(
        b"<a ",
        b"<style",
        b"<title",
        b"<b>",
        b"<br",
        b"<p>",
        b"<p ",
        b"<meta",
        b"<img",
        b"<link",
        b"<object",
        b"<embed",
    ),
)


def sniff(head: bytes) -> FileType:
    """Return the type of a file that begins with these bytes, HEAD_BYTES of them if it has that many."""
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[:4] == b"FORM":
        return _FORM.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _iso(head)
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[:4] == b"\x1aE\xdf\xa3":
        webm = b"webm" in head[:64]
        return FileType("matroska", "video/webm" if webm else "video/x-matroska", "video")
    if head[:2] == b"BM" and head[6:10] == bytes(4) and len(head) >= 26:
        return FileType("bmp", "image/bmp", "image")
    if len(head) >= 377 and head[0] == head[188] == head[376] == 0x47:
        return FileType("mpegts", "video/mp2t", "video")
    if head[257:262] == b"ustar":
        return FileType("tar", "application/x-tar", "other")
    if (sound := _mpeg_audio(head)) is not None:
        return sound
    return _text(head)


def _iso(head: bytes) -> FileType:
    """ISO base media: the major brand decides, else a compatible one that is for pictures."""
    size = int.from_bytes(head[:4], "big")
    brands = head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head), 128), 4))
    if brands[0] in _BRANDS:
        return _first_picture(brands) or _BRANDS[brands[0]]
    return _MP4


def _first_picture(brands: tuple[bytes, ...]) -> FileType | None:
    """mif1 alone says picture; what codec is said by another brand."""
    if brands[0] in (b"mif1", b"msf1"):
        for brand in brands:
            if brand in (b"avif", b"avis"):
                return _BRANDS[brand]
    return None


def _ogg(head: bytes) -> FileType:
    segments = head[26] if len(head) > 26 else 0
    packet = head[27 + segments :]
    for beginning, found in _OGG:
        if packet.startswith(beginning):
            return found
    return FileType("ogv", "video/ogg", "video")


def _mpeg_audio(head: bytes) -> FileType | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 3
    if head[1] & 0xF6 == 0xF0:
        return AAC if head[2] >> 2 & 15 < 13 else None
    valid = head[1] >> 3 & 3 != 1 and layer == 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
    return MP3 if valid else None


def _text(head: bytes) -> FileType:
    text = head.removeprefix(b"\xef\xbb\xbf")
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            text = head[2:].decode(encoding, errors="ignore").encode()
    begins = text.lstrip(_BLANKS).lower()
    while begins.startswith(b"<!--") and b"-->" in begins:
        begins = begins.split(b"-->", 1)[1].lstrip(_BLANKS)
    if begins.startswith((b"<svg", b"<!doctype svg")) or (
        begins.startswith((b"<?xml", b"<!doctype")) and b"<svg" in begins
    ):
        return SVG
    if begins.startswith((*_TAGS, b"<!--")) or (begins.startswith(b"<?xml") and b"<html" in begins):
        return HTML
    if begins.startswith(b"<?xml"):
        return XML
    # Any encoding, but none of the control characters that text has no use for.
    return TEXT if text and not _CONTROLS.search(text) else UNKNOWN
