"""The three ways in: each gives the same file."""

from __future__ import annotations

import base64
import hashlib
import stat
from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind, PreparedMedia
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.media_files import opened, picture


def on_disk(spool: Path, media: PreparedMedia) -> bytes:
    """The file's bytes, after a look at how it lies there."""
    path = spool / media.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    data = path.read_bytes()
    assert (media.size_bytes, media.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return data


def names(spool: Path) -> list[str]:
    return [path.name for path in spool.iterdir()]


async def test_a_jpeg_from_a_url_is_sent_as_it_is(intake: MediaIntake, app: CustomerApp, spool: Path) -> None:
    jpeg = picture()
    app.set("/p/photo one.jpg", Behaviour(body=jpeg, headers={"Content-Type": "text/html"}))

    media = await intake.from_url("t1", f"{app.url}/p/photo%20one.jpg", MediaKind.image)

    assert on_disk(spool, media) == jpeg
    assert (media.mime_type, media.width, media.height) == ("image/jpeg", 320, 200)
    assert media.thumbnail is not None
    assert len(media.thumbnail) <= 8192
    assert opened(media.thumbnail).size == (100, 62)


async def test_a_document_from_base64_keeps_its_name(intake: MediaIntake, spool: Path) -> None:
    pdf = b"%PDF-1.7\n" + b"x" * 3_000_000
    data = base64.b64encode(pdf).decode()

    for text in (
        data,
        f"data:application/pdf;base64,{data}",
        "\r\n".join(data[i : i + 76] for i in range(0, len(data), 76)),
    ):
        media = await intake.from_base64("t1", text, MediaKind.document, file_name="../Relatório ção.pdf")

        assert on_disk(spool, media) == pdf
        assert (media.mime_type, media.file_name) == ("application/pdf", "Relatório ção.pdf")
        await intake.discard(media)
    assert names(spool) == []


async def test_a_webp_becomes_a_jpeg(intake: MediaIntake, spool: Path) -> None:
    media = await intake.from_base64("t1", base64.b64encode(picture("WEBP")).decode(), MediaKind.image)

    assert media.mime_type == "image/jpeg"
    assert opened(on_disk(spool, media)).format == "JPEG"
    assert names(spool) == [media.name]


async def test_what_is_no_image_is_refused_as_one(intake: MediaIntake, spool: Path) -> None:
    for data in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><p>", b"%PDF-1.7", b"\x00\x01"):
        with pytest.raises(GatewayError, match="media_type_refused"):
            await intake.from_base64("t1", base64.b64encode(data).decode(), MediaKind.image)
    assert names(spool) == []
