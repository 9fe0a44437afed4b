"""Images: what is sent as it is, what becomes a JPEG, what is refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.files import lying, names, put, refusal
from tests.support.media_files import opened, picture

IMAGE = MediaKind.image
MAGIC = [b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x10\x00\x00WEBP", b"II*\x00"]


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and pixel[2] < 60


@pytest.mark.parametrize(("format", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P")])
async def test_jpeg_and_png_are_sent_as_they_are(intake: MediaIntake, spool: Path, format: str, mode: str) -> None:
    data = picture(format, mode=mode)

    media = await put(intake, data, IMAGE, file_name="ignored.exe")

    assert lying(spool, media) == data
    assert media.mime_type == f"image/{format.lower()}"
    assert (media.width, media.height, media.seconds, media.waveform) == (320, 200, None, None)
    assert media.thumbnail is not None
    assert len(media.thumbnail) <= 8192
    small = opened(media.thumbnail)
    assert small.format == "JPEG"
    assert max(small.size) == 100
    assert is_red(small, (10, 30)) or mode == "CMYK"


@pytest.mark.parametrize("format", ["WEBP", "GIF", "BMP", "TIFF", "AVIF"])
async def test_other_pictures_become_jpeg(intake: MediaIntake, spool: Path, format: str) -> None:
    media = await put(intake, picture(format), IMAGE)

    image = opened(lying(spool, media))
    assert (media.mime_type, image.format, image.size) == ("image/jpeg", "JPEG", (320, 200))
    assert is_red(image, (10, 100))
    assert not is_red(image, (310, 100))


async def test_what_is_transparent_becomes_white(intake: MediaIntake, spool: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "WEBP")

    image = opened(lying(spool, await put(intake, out.getvalue(), IMAGE)))

    assert image.getpixel((20, 20)) == (255, 255, 255)


def with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (23.0, 33.0, 1.0)
    return exif


async def test_a_converted_picture_is_turned_upright_and_tells_no_place(intake: MediaIntake, spool: Path) -> None:
    source = picture("WEBP", exif=with_place())
    assert opened(source).getexif().get_ifd(0x8825)

    media = await put(intake, source, IMAGE)

    image = opened(lying(spool, media))
    assert image.size == (media.width, media.height) == (200, 320)
    assert is_red(image, (100, 10))
    assert len(image.getexif()) == 0


async def test_a_jpeg_is_measured_as_it_is_shown(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, picture("JPEG", exif=with_place()), IMAGE)

    assert (media.width, media.height) == (200, 320)
    assert media.thumbnail is not None
    assert opened(media.thumbnail).size == (62, 100)
    assert b"Maker" not in media.thumbnail


async def test_a_large_noisy_picture_has_a_small_preview(intake: MediaIntake) -> None:
    noise = Image.effect_noise((3000, 2000), 200).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)

    media = await put(intake, out.getvalue(), IMAGE)

    assert media.thumbnail is not None
    assert len(media.thumbnail) <= 8192


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
async def test_a_picture_that_was_cut_off_is_refused(intake: MediaIntake, spool: Path, format: str) -> None:
    data = picture(format)
    for part in (30, len(data) // 2):
        assert await refusal(intake, data[:part], IMAGE) in ("media_invalid", "media_type_refused")
    assert names(spool) == []


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes(height * (width // 8 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


async def test_a_picture_that_unpacks_to_gigabytes_is_refused(intake: MediaIntake, spool: Path) -> None:
    bomb = png_claiming(60_000, 60_000)
    assert len(bomb) < 1_000_000

    with pytest.raises(GatewayError, match=r"media_invalid.*million pixels"):
        await put(intake, bomb, IMAGE)

    for data in (png_claiming(4_100, 4_100), png_claiming(70_000, 8)):
        with pytest.raises(GatewayError, match=r"media_invalid.*16 million pixels"):
            await put(intake, data, IMAGE)
    assert names(spool) == []
    # And the room still works.
    await put(intake, picture(), IMAGE)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<html><body>",
        b"\xff\xfe" + "<html>".encode("utf-16-le"),
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(26),
        b"MZ" + bytes(100),
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"\x00\x00\x00\x18ftypheic" + bytes(100),
        b"just text",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        bytes(1000),
    ],
)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(
    intake: MediaIntake, spool: Path, data: bytes
) -> None:
    for kind in (IMAGE, MediaKind.sticker):
        with pytest.raises(GatewayError, match="media_type_refused"):
            await put(intake, data, kind, mime_type="image/jpeg", file_name="a.jpg")
    assert names(spool) == []


@pytest.mark.parametrize("magic", MAGIC)
async def test_a_page_that_begins_like_a_picture_is_refused(
    intake: MediaIntake, spool: Path, magic: bytes
) -> None:
    assert await refusal(intake, magic + b"/*<html><script>alert(1)</script>*/=1;", IMAGE) == "media_invalid"
    assert names(spool) == []


async def test_a_picture_that_is_an_archive_too_is_sent_as_the_picture(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, picture() + b"PK\x03\x04<script>", IMAGE, file_name="x.html", mime_type="text/html")
    assert (media.mime_type, media.file_name) == ("image/jpeg", None)


async def test_a_jpeg_of_the_largest_camera_is_taken(intake: MediaIntake) -> None:
    data = picture("JPEG", (12_000, 9_000))
    media = await put(intake, data, IMAGE)
    assert (media.width, media.height) == (12_000, 9_000)
    assert (await put(intake, data, MediaKind.sticker)).width == 512


async def test_nothing_is_no_picture(intake: MediaIntake) -> None:
    assert await refusal(intake, b"", IMAGE) == "media_invalid"


@pytest.mark.parametrize(("format", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB")])
async def test_a_picture_of_a_group_becomes_a_square_jpeg_of_its_middle(
    intake: MediaIntake, spool: Path, format: str, mode: str
) -> None:
    media = await put(intake, picture(format, mode=mode, size=(1600, 900)), MediaKind.square)

    image = opened(lying(spool, media))
    assert (media.mime_type, image.format, image.size) == ("image/jpeg", "JPEG", (640, 640))
    assert (media.width, media.height) == (640, 640)
    assert not image.getexif()


async def test_a_small_picture_of_a_group_is_not_made_larger(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, picture("PNG"), MediaKind.square)

    assert opened(lying(spool, media)).size == (200, 200)


async def test_what_is_no_picture_is_none_of_a_group_either(intake: MediaIntake, spool: Path) -> None:
    assert await refusal(intake, b"%PDF-1.7 nothing", MediaKind.square) == "media_type_refused"
    assert names(spool) == []
