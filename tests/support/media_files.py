"""Files to send, made on the spot: small, real, and of many types."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def picture(
    format: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **options: object
) -> bytes:
    """A picture with a red left half and a blue right one."""
    image = Image.new(mode, size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Decode a picture whole."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
