"""The room's parts, put together; what runs here is started and closed with it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from control.egress.addresses import AddressPolicy
from control.egress.client import Egress
from control.media.fetching import TOTAL_SECONDS, Fetcher
from control.media.ffmpeg import Ffmpeg
from control.media.intake import MediaIntake
from control.media.kinds import Limits
from control.media.pictures import Pictures
from control.media.preparation import Preparation
from control.media.sounds import Sounds
from control.media.spool import Spool
from control.media.threads import Threads
from control.media.videos import Videos
from control.media.workshop import Workshop
from control.settings import Settings

SWEEP_SECONDS = 600.0
_MB = 1024 * 1024


@asynccontextmanager
async def media_room(settings: Settings, policy: AddressPolicy) -> AsyncIterator[MediaIntake]:
    """Open the room; its own connections, threads and processes end with the block."""
    limits = Limits(
        image=settings.media_image_max_mb * _MB,
        audio=settings.media_audio_max_mb * _MB,
        video=settings.media_video_max_mb * _MB,
        document=settings.media_document_max_mb * _MB,
        base64=settings.media_base64_max_mb * _MB,
    )
    threads = Threads()
    spool = Spool(settings.spool_dir, settings.media_spool_max_mb * _MB, threads)
    workshop = Workshop(file_max_bytes=limits.image)
    ffmpeg = Ffmpeg(await threads.run(_ffmpeg, settings), seconds=settings.media_conversion_seconds)
    # Connections of its own: files take long, and webhooks must not wait for them.
    egress = Egress(policy, total_seconds=TOTAL_SECONDS)
    preparation = Preparation(
        spool,
        threads,
        Pictures(spool, workshop, limits),
        Sounds(spool, workshop, ffmpeg, limits),
        Videos(spool, workshop, ffmpeg, limits),
        limits,
    )
    await spool.start()
    sweeping = asyncio.create_task(_sweep(spool), name="media spool")
    try:
        yield MediaIntake(spool, threads, Fetcher(egress, policy, spool), preparation, limits)
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await egress.close()
        await workshop.close()
        threads.close()


def _ffmpeg(settings: Settings) -> Path | None:
    if settings.ffmpeg_path is not None:
        return settings.ffmpeg_path.absolute()
    found = shutil.which("ffmpeg")
    return Path(found) if found is not None else None


async def _sweep(spool: Spool) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        with suppress(OSError):
            await spool.sweep()
