"""Media that came with messages: the bridge downloads it, this side serves the file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from control.rpc.contract_gen import MediaFetchParams, MediaFile


class MediaBridge(Protocol):
    """What this needs of the bridge."""

    async def media_fetch(self, params: MediaFetchParams) -> MediaFile:
        """Have a file on disk and say where."""


class ReceivedMedia:
    """The files in DATA_DIR/media, which the bridge fills and clears."""

    def __init__(self, bridge: MediaBridge, directory: Path) -> None:
        self._bridge = bridge
        self._directory = directory

    async def fetch(self, tenant_id: str, media_id: str) -> MediaFile:
        """Return the file of a message, downloaded from WhatsApp when it is not here.

        Raises `media_not_found`, `media_expired`, `media_over_limit`, `media_unavailable`, `session_not_found`,
        `session_not_connected`, `whatsapp_timeout`.
        """
        return await self._bridge.media_fetch(MediaFetchParams(tenant_id=tenant_id, media_id=media_id))

    def path_of(self, file: MediaFile) -> Path:
        """Return where a file is. Its name is the bridge's own, of letters and digits."""
        return self._directory / file.file_name
