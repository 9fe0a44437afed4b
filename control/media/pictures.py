"""Pictures, as images and as stickers."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Final

from control.media.kinds import Limits, PreparedMedia, Upload
from control.media.outcome import as_it_is, made, refused
from control.media.sniff import FileType
from control.media.spool import Spool
from control.media.workshop import Workshop

SENT_AS_THEY_ARE: Final = ("jpeg", "png")
DECODED: Final = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "avif")
STICKER_MAX_BYTES: Final = 1024 * 1024
STICKER_SIDE: Final = 512
SQUARE_MAX_BYTES: Final = 1024 * 1024

_POSSIBLE: Final = "JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF are possible."


class Pictures:
    """Has them decoded, and converted where WhatsApp takes no other type."""

    def __init__(self, spool: Spool, workshop: Workshop, limits: Limits) -> None:
        self._spool = spool
        self._workshop = workshop
        self._limits = limits

    async def image(self, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Send JPEG and PNG as they are; make JPEG of the rest."""
        if found.name not in DECODED:
            raise refused("an image", found, _POSSIBLE)
        if found.name in SENT_AS_THEY_ARE:
            seen = await self._workshop.do("picture", path=str(path), type_name=found.name, target=None)
            return as_it_is(upload, found.mime, **_shown(seen))
        async with self._spool.making(self._limits.image) as file:
            seen = await self._workshop.do("picture", path=str(path), type_name=found.name, target=str(file.path))
        return made(file.stored(), "image/jpeg", **_shown(seen))

    async def sticker(self, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Send a WebP of the right size as it is; make one of the rest, a moving one of what moves."""
        if found.name not in DECODED:
            raise refused("a sticker", found, _POSSIBLE)
        side: dict[str, int] = {"width": STICKER_SIDE, "height": STICKER_SIDE}
        if found.name == "webp":
            seen = await self._workshop.do("is_sticker", path=str(path), type_name=found.name)
            if seen["fits"]:
                return as_it_is(upload, found.mime, **side, animated=bool(seen["animated"]))
        async with self._spool.making(STICKER_MAX_BYTES) as file:
            seen = await self._workshop.do("sticker", path=str(path), type_name=found.name, target=str(file.path))
        return made(file.stored(), "image/webp", **side, animated=bool(seen["animated"]))

    async def square(self, upload: Upload, path: Path, found: FileType) -> PreparedMedia:
        """Make the middle of a picture a square JPEG, as WhatsApp has them for groups."""
        if found.name not in DECODED:
            raise refused("a picture", found, _POSSIBLE)
        async with self._spool.making(SQUARE_MAX_BYTES) as file:
            seen = await self._workshop.do("square", path=str(path), type_name=found.name, target=str(file.path))
        return made(file.stored(), "image/jpeg", width=int(seen["side"]), height=int(seen["side"]))


def _shown(seen: dict[str, Any]) -> dict[str, Any]:
    return {
        "width": int(seen["width"]),
        "height": int(seen["height"]),
        "thumbnail": base64.b64decode(seen["thumbnail"]),
    }
