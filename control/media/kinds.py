"""What the other rooms see of media: the kinds, an upload, and a file that is ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """What a file is sent as; the file's own type is another matter."""

    image = "image"
    video = "video"
    gif = "gif"
    video_note = "video_note"
    audio = "audio"
    voice = "voice"
    document = "document"
    sticker = "sticker"
    square = "square"
    """The picture of a group."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, in the spool, before it is known what it is to be sent as.

    name: of the file in the spool. sha256: hex. file_name, mime_type: what the caller called it, not checked.
    """

    name: str
    size_bytes: int
    sha256: str
    file_name: str | None = None
    mime_type: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedMedia:
    """A file in the spool that WhatsApp takes as it is.

    name: of the file in the spool. sha256: hex, of that file. mime_type: from the bytes, not from the caller.
    width, height: in pixels, as shown. waveform: 64 values from 0 to 100. thumbnail: a JPEG of at most 8 KiB.
    animated: whether a sticker moves.
    """

    name: str
    mime_type: str
    size_bytes: int
    sha256: str
    file_name: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    waveform: bytes | None = None
    thumbnail: bytes | None = None
    animated: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file per kind, in bytes, as it comes and as it is sent."""

    image: int
    audio: int
    video: int
    document: int
    base64: int

    def of(self, kind: MediaKind) -> int:
        """Return the limit of a kind. Stickers and squares may be made from as large a picture as an image."""
        match kind:
            case MediaKind.image | MediaKind.sticker | MediaKind.square:
                return self.image
            case MediaKind.audio | MediaKind.voice:
                return self.audio
            case MediaKind.document:
                return self.document
            case MediaKind.video | MediaKind.gif | MediaKind.video_note:
                return self.video

    @property
    def largest(self) -> int:
        """The limit of a file whose kind is not known yet."""
        return max(self.image, self.audio, self.video, self.document)
