"""Stickers, made from pictures that stand still or move."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.files import lying, names, put, refusal
from tests.support.media_files import opened, picture

STICKER = MediaKind.sticker


def moving(format: str, frames: int = 6, size: tuple[int, int] = (120, 60), duration: int = 80) -> bytes:
    """A bar that walks from left to right."""
    pictures = []
    for number in range(frames):
        frame = Image.new("RGBA", size, (0, 0, 0, 0))
        left = number * size[0] // frames
        frame.paste((255, 0, 0, 255), (left, 0, left + size[0] // frames, size[1]))
        pictures.append(frame)
    out = io.BytesIO()
    pictures[0].save(out, format, save_all=True, append_images=pictures[1:], duration=duration, loop=0, disposal=2)
    return out.getvalue()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
async def test_any_picture_becomes_a_square_with_a_transparent_ground(
    intake: MediaIntake, spool: Path, format: str
) -> None:
    media = await put(intake, picture(format, (320, 160)), STICKER)

    image = opened(lying(spool, media))
    assert (media.mime_type, media.width, media.height, media.animated) == ("image/webp", 512, 512, False)
    assert (image.format, image.size, image.mode) == ("WEBP", (512, 512), "RGBA")
    assert media.size_bytes <= 100 * 1024
    corner, middle = image.getpixel((5, 5)), image.getpixel((100, 256))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert corner[3] == 0
    assert (middle[0] > 200, middle[3]) == (True, 255)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
async def test_what_moves_goes_on_moving_at_its_speed(intake: MediaIntake, spool: Path, format: str) -> None:
    media = await put(intake, moving(format), STICKER)

    assert media.animated
    image = opened(lying(spool, media))
    assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("WEBP", (512, 512), 6)
    shown = 0
    for number in range(6):
        image.seek(number)
        image.load()
        shown += int(image.info["duration"])
        pixel = image.convert("RGBA").getpixel((512 * number // 6 + 40, 256))
        assert isinstance(pixel, tuple)
        assert (pixel[0] > 180, pixel[3] > 200) == (True, True), number
    assert shown == 6 * 80


async def test_a_long_one_is_thinned_out_and_ends_after_ten_seconds(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, moving("GIF", frames=200, size=(400, 100), duration=100), STICKER)

    image = opened(lying(spool, media))
    frames = getattr(image, "n_frames", 1)
    shown = 0
    for number in range(frames):
        image.seek(number)
        image.load()
        shown += int(image.info["duration"])
    assert frames <= 60
    assert 9_000 <= shown <= 10_000
    assert media.size_bytes <= 1024 * 1024


@pytest.mark.parametrize("moves", [False, True])
async def test_a_finished_sticker_is_sent_as_it_is(intake: MediaIntake, spool: Path, moves: bool) -> None:
    data = moving("WEBP", size=(512, 512)) if moves else picture("WEBP", (512, 512), "RGBA")
    media = await put(intake, data, STICKER)
    assert lying(spool, media) == data
    assert media.animated is moves


async def test_noise_becomes_small_enough_or_is_refused(intake: MediaIntake, spool: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((1000, 1000), 255).convert("RGB").save(out, "JPEG", quality=95)
    media = await put(intake, out.getvalue(), STICKER)
    assert media.size_bytes <= 1024 * 1024
    await intake.discard(media)
    assert names(spool) == []


async def test_a_sticker_that_was_cut_off_is_refused(intake: MediaIntake, spool: Path) -> None:
    for data in (picture("WEBP", (512, 512)), moving("WEBP", size=(512, 512)), moving("GIF")):
        assert await refusal(intake, data[: len(data) // 2], STICKER) == "media_invalid"
    assert names(spool) == []


async def test_a_video_is_no_sticker(intake: MediaIntake) -> None:
    assert await refusal(intake, b"\x00\x00\x00\x18ftypmp42" + bytes(200), STICKER) == "media_type_refused"
