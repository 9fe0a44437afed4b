"""The file of a message on its way, and who has to remove it when nothing comes of the message.

A file in the spool is control's until the bridge took the message, and the bridge's from then on. Where it is not
known whether the bridge took it, it stays: the bridge sweeps files no message refers to.
"""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from control.errors import GatewayError
from control.media.kinds import MediaKind, PreparedMedia, Upload
from control.messages.draft import Content, MediaDraft
from control.messages.media_content import media_content


class Intake(Protocol):
    """What is needed of control/media/intake.py."""

    async def from_url(
        self, tenant_id: str, url: str, kind: MediaKind, *, file_name: str | None = None
    ) -> PreparedMedia:
        """Fetch a file."""

    async def from_upload(
        self, tenant_id: str, upload: Upload, kind: MediaKind, *, file_name: str | None = None
    ) -> PreparedMedia:
        """Use a file of the spool."""

    async def discard(self, media: PreparedMedia | Upload) -> None:
        """Remove a file."""


class Attachment:
    """Use it as a block: what is still owed at its end is removed."""

    def __init__(self, intake: Intake, tenant_id: str, content: Content | MediaDraft) -> None:
        self._intake = intake
        self._tenant_id = tenant_id
        self._content = content
        self._owed: PreparedMedia | Upload | None = content.upload if isinstance(content, MediaDraft) else None
        self._handed: PreparedMedia | None = None

    @property
    def is_media(self) -> bool:
        """Whether there is a file to be made ready, which takes long."""
        return isinstance(self._content, MediaDraft)

    @property
    def size_bytes(self) -> int:
        """Size of the file that was handed over, 0 without one."""
        return self._handed.size_bytes if self._handed is not None else 0

    async def content(self) -> Content:
        """Return the content, its file made ready. Raises what MediaIntake raises."""
        draft = self._content
        if not isinstance(draft, MediaDraft):
            return draft
        if draft.upload is not None:
            # It removes the file itself when that is of no use.
            self._owed = None
            media = await self._intake.from_upload(
                self._tenant_id, draft.upload, draft.kind, file_name=draft.file_name
            )
        else:
            media = await self._intake.from_url(
                self._tenant_id, draft.url or "", draft.kind, file_name=draft.file_name
            )
        self._owed = media
        return media_content(draft, media)

    def handed_over(self) -> None:
        """The bridge is told of it now: from here on it may be the bridge's."""
        self._handed = self._owed if isinstance(self._owed, PreparedMedia) else None
        self._owed = None

    def refused(self, error: GatewayError) -> None:
        """The bridge's answer to it was an error."""
        if error.code != "message_unconfirmed":
            self.not_needed()

    def not_needed(self) -> None:
        """The bridge did not take it."""
        self._owed = self._handed

    async def __aenter__(self) -> Attachment:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._owed is not None:
            await self._intake.discard(self._owed)
