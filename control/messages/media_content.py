"""From a file that is ready to what the bridge is told about it."""

from __future__ import annotations

from base64 import b64encode

from control.media.kinds import MediaKind, PreparedMedia
from control.messages.draft import Content, MediaDraft
from control.rpc.contract_gen import (
    OutgoingAudio,
    OutgoingDocument,
    OutgoingGif,
    OutgoingImage,
    OutgoingSticker,
    OutgoingVideo,
    OutgoingVideoNote,
    OutgoingVoice,
    SpoolFile,
)


def media_content(draft: MediaDraft, media: PreparedMedia) -> Content:
    """Return the content of a message with this file."""
    file = SpoolFile(name=media.name, mime_type=media.mime_type, size_bytes=media.size_bytes, sha256=media.sha256)
    width, height, seconds, thumbnail = media.width, media.height, media.seconds, _base64(media.thumbnail)
    match draft.kind:
        case MediaKind.image:
            return OutgoingImage(
                type="image",
                file=file,
                caption=draft.caption,
                width=width,
                height=height,
                thumbnail=thumbnail,
                view_once=draft.view_once,
            )
        case MediaKind.video:
            return OutgoingVideo(
                type="video",
                file=file,
                caption=draft.caption,
                width=width,
                height=height,
                seconds=seconds,
                thumbnail=thumbnail,
                view_once=draft.view_once,
            )
        case MediaKind.gif:
            return OutgoingGif(
                type="gif",
                file=file,
                caption=draft.caption,
                width=width,
                height=height,
                seconds=seconds,
                thumbnail=thumbnail,
            )
        case MediaKind.video_note:
            return OutgoingVideoNote(
                type="video_note", file=file, width=width, height=height, seconds=seconds, thumbnail=thumbnail
            )
        case MediaKind.audio:
            return OutgoingAudio(type="audio", file=file, seconds=seconds)
        case MediaKind.voice:
            return OutgoingVoice(
                type="voice",
                file=file,
                seconds=seconds,
                waveform=_base64(media.waveform),
                view_once=draft.view_once,
            )
        case MediaKind.square:
            raise ValueError("the picture of a group is no message")
        case MediaKind.document:
            return OutgoingDocument(
                type="document",
                file=file,
                file_name=media.file_name or "file",
                caption=draft.caption,
                thumbnail=thumbnail,
            )
        case MediaKind.sticker:
            return OutgoingSticker(type="sticker", file=file, width=width, height=height, animated=media.animated)


def _base64(data: bytes | None) -> str | None:
    return b64encode(data).decode() if data else None
