from __future__ import annotations

import pytest

from control.media.documents import document_type
from control.media.sniff import HEAD_BYTES, sniff

KNOWN = {
    "jpeg": [b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\xff\xd8\xff\xdb"],
    "png": [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"],
    "gif": [b"GIF87a", b"GIF89a<script>"],
    "webp": [b"RIFF\x24\x00\x00\x00WEBPVP8 "],
    "wav": [b"RIFF\x24\x00\x00\x00WAVEfmt "],
    "avi": [b"RIFF\x24\x00\x00\x00AVI LIST"],
    "bmp": [b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28" + bytes(20)],
    "tiff": [b"II*\x00\x08", b"MM\x00*\x00"],
    "mp4": [b"\x00\x00\x00\x18ftypisom", b"\x00\x00\x00\x18ftypmp42", b"\x00\x00\x00\x18ftyp3gp4"],
    "mov": [b"\x00\x00\x00\x14ftypqt  "],
    "m4a": [b"\x00\x00\x00\x1cftypM4A "],
    "avif": [b"\x00\x00\x00\x1cftypavif", b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif"],
    "heic": [b"\x00\x00\x00\x18ftypheic", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"],
    "matroska": [b"\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    "opus": [b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"],
    "ogg": [b"OggS\x00\x02" + bytes(20) + b"\x01\x1e\x01vorbis"],
    "ogv": [b"OggS\x00\x02" + bytes(20) + b"\x01\x2a\x80theora", b"OggS"],
    "mp3": [b"ID3\x04\x00", b"\xff\xfb\x90\x64", b"\xff\xf3\x40\xc0"],
    "aac": [b"\xff\xf1\x50\x80", b"\xff\xf9\x50\x80"],
    "amr": [b"#!AMR\n\x3c"],
    "amr_wb": [b"#!AMR-WB\n"],
    "flac": [b"fLaC\x00"],
    "pdf": [b"%PDF-1.4"],
    "zip": [b"PK\x03\x04\x14\x00"],
    "ole": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
    "mpegts": [(b"G" + bytes(187)) * 3],
    "html": [
        b"<html>",
        b" \r\n<!DOCTYPE HTML>",
        b"<!-- a --><!-- b --><body>",
        b"<ScRiPt>",
        b"\xef\xbb\xbf<p>x",
        b"<!--x",
    ],
    "svg": [b"<svg>", b"<?xml version='1.0'?>\n<!-- --><svg", b'<!DOCTYPE svg PUBLIC "-//W3C"><svg', b"\n<SVG x"],
    "xml": [b"<?xml version='1.0'?><a/>"],
    "text": [b"a;b\r\n1;2\r\n", "Olá, ção".encode(), "Olá".encode("latin-1"), b"#EXTM3U\nhttp://x/"],
    "unknown": [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF\x02",
        b"#!/bin/sh\n",
        b"\x00\x01\x02",
        bytes(HEAD_BYTES),
        b"\x01\xff",
        b"RIFF",
    ],
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_type_is_told_by_its_first_bytes(name: str) -> None:
    for head in KNOWN[name]:
        assert sniff(head).name == name, head[:40]


def test_any_beginning_of_any_head_is_judged_without_an_error() -> None:
    for heads in KNOWN.values():
        for head in heads:
            for end in range(len(head)):
                sniff(head[:end])


@pytest.mark.parametrize(
    ("head", "claimed", "name", "mime"),
    [
        (b"%PDF-1.4", "text/html", "a.html", "application/pdf"),
        (b"<html>", "application/pdf", "a.pdf", "application/octet-stream"),
        (b"<svg/>", "image/svg+xml", "a.svg", "application/octet-stream"),
        (b"<?xml?><a/>", "application/xml", "a.xml", "application/octet-stream"),
        (b"MZ", "application/x-msdownload", "a.exe", "application/octet-stream"),
        (b"#!/bin/sh", "text/x-sh", "a.sh", "application/octet-stream"),
        (b"PK\x03\x04", None, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "application/epub+zip", "a.bin", "application/epub+zip"),
        (b"PK\x03\x04", "text/html", "a.zip", "application/zip"),
        (b"PK\x03\x04", "application/pdf", None, "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "a.XLS", "application/vnd.ms-excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, None, "application/octet-stream"),
        (b"a,b\n", "text/csv; charset=utf-8", "x", "text/csv"),
        (b"a,b\n", None, "x.csv", "text/csv"),
        (b"var a=1", "text/javascript", "x.js", "text/plain"),
        (b"alert(1)", "text/html", "x.html", "text/plain"),
        (b"\x00\x01", "application/x-dwg", "x.dwg", "application/x-dwg"),
        (b"\x00\x01", "application/pdf", "x.pdf", "application/octet-stream"),
        (b"\x00\x01", "application/x-javascript", None, "application/octet-stream"),
        (b"\x00\x01", "image/png", None, "application/octet-stream"),
        (b"\x00\x01", "application/a\r\nX-Evil: 1", None, "application/octet-stream"),
        (b"\xff\xd8\xff", "application/pdf", "a.pdf", "image/jpeg"),
    ],
)
def test_a_document_s_type_promises_only_what_its_bytes_keep(
    head: bytes, claimed: str | None, name: str | None, mime: str
) -> None:
    assert document_type(sniff(head), claimed, name) == mime
