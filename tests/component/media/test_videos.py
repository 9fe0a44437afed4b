"""Videos, GIFs and video notes, with ffmpeg and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.files import lying, names, put, refusal
from tests.component.media.test_stickers import moving
from tests.support.ffmpeg import decoded, made, scene, tone
from tests.support.media_files import opened, picture

VIDEO, GIF, NOTE = MediaKind.video, MediaKind.gif, MediaKind.video_note
PLAYED = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")

CONVERTED = {
    "webm": ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
    "mkv": ("-c:v", "libx264", "-c:a", "aac"),
    "avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "flv": ("-c:v", "flv1", "-ar", "44100"),
    "wmv": (),
    "ts": ("-c:v", "libx264", "-c:a", "aac"),
    "mpg": ("-r", "25"),
    "ogv": ("-c:v", "libtheora", "-c:a", "libvorbis"),
    "hevc.mp4": ("-c:v", "libx265", "-c:a", "aac"),
    "ten-bit.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-c:a", "aac"),
    "mp3-inside.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "libmp3lame"),
}


@pytest.mark.parametrize("kind", [VIDEO, GIF, NOTE])
async def test_mp4_with_h264_is_sent_as_it_is(
    intake: MediaIntake, bare_intake: MediaIntake, spool: Path, kind: MediaKind
) -> None:
    data = scene("mp4", *PLAYED)

    media = await put(intake, data, kind)
    assert lying(spool, media) == data
    assert (media.mime_type, media.width, media.height, media.seconds) == ("video/mp4", 320, 240, 2)
    assert media.thumbnail is not None
    assert len(media.thumbnail) <= 8192
    assert opened(media.thumbnail).size == (100, 75)
    await intake.discard(media)

    bare = await put(bare_intake, data, kind)
    assert lying(spool, bare) == data
    assert (bare.width, bare.height, bare.seconds, bare.thumbnail) == (320, 240, 2, None)


@pytest.mark.parametrize("name", CONVERTED)
async def test_other_video_becomes_mp4_with_h264(intake: MediaIntake, spool: Path, name: str) -> None:
    media = await put(intake, scene(name, *CONVERTED[name]), VIDEO)

    assert lying(spool, media)[4:8] == b"ftyp"
    assert (media.mime_type, media.width, media.height, media.seconds) == ("video/mp4", 320, 240, 2)
    assert media.thumbnail is not None
    streams = decoded(spool / media.name)
    assert "Video: h264" in streams
    assert "yuv420p(" in streams
    assert "Audio: aac" in streams


async def test_quicktime_with_h264_is_packed_anew(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, scene("mov", *PLAYED, "-metadata", "location=+10.0+20.0/"), VIDEO)

    assert b"+10.0+20.0" not in lying(spool, media)
    assert "Video: h264" in decoded(spool / media.name)


async def test_a_real_gif_becomes_a_video(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, moving("GIF", size=(121, 61)), GIF)

    assert lying(spool, media)[4:8] == b"ftyp"
    streams = decoded(spool / media.name)
    assert "Video: h264" in streams
    assert "Audio" not in streams
    assert (media.width, media.height) == (120, 60)


async def test_a_large_video_is_made_smaller(intake: MediaIntake, spool: Path) -> None:
    large = ("-f", "lavfi", "-i", "testsrc2=duration=0.5:size=1920x1080:rate=10", "-c:v", "libvpx", "-b:v", "4M")
    media = await put(intake, made("webm", *large, "-deadline", "realtime"), VIDEO)

    assert (media.width, media.height) == (1280, 720)


async def test_a_video_filmed_upright_is_measured_as_it_is_shown(intake: MediaIntake, tmp_path: Path) -> None:
    flat = scene("mp4", *PLAYED)
    at = flat.index(b"tkhd") + 4 + 40
    turned = b"".join(n.to_bytes(4, "big", signed=True) for n in (0, 65536, 0, -65536, 0, 0))
    upright = flat[:at] + turned + flat[at + 24 :]

    media = await put(intake, upright, VIDEO)

    assert (media.width, media.height) == (240, 320)
    assert media.thumbnail is not None
    assert opened(media.thumbnail).size == (75, 100)


async def test_what_needs_ffmpeg_says_so_without_it(bare_intake: MediaIntake, spool: Path) -> None:
    for kind, data in (
        (VIDEO, scene("webm", *CONVERTED["webm"])),
        (VIDEO, scene("hevc.mp4", *CONVERTED["hevc.mp4"])),
        (GIF, moving("GIF")),
        (NOTE, scene("mov", *PLAYED)),
    ):
        with pytest.raises(GatewayError, match=r"ffmpeg_required.*FFMPEG_PATH"):
            await put(bare_intake, data, kind)
    assert names(spool) == []


async def test_what_is_no_video_is_refused(intake: MediaIntake, spool: Path) -> None:
    m3u = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n#EXT-X-ENDLIST\n"
    concat = b"ffconcat version 1.0\nfile /etc/passwd\n"
    for data in (
        picture(),
        picture("WEBP"),
        tone("mp3"),
        tone("m4a"),
        b"%PDF",
        b"<html>",
        m3u,
        concat,
        bytes(500),
    ):
        assert await refusal(intake, data, VIDEO) == "media_type_refused"
    assert names(spool) == []


async def test_a_video_that_was_cut_off_is_refused(intake: MediaIntake, spool: Path) -> None:
    data = scene("mp4", *PLAYED)
    for part in (30, len(data) // 2, len(data) - 10):
        assert await refusal(intake, data[:part], VIDEO) == "media_invalid"
    assert await refusal(intake, scene("webm", *CONVERTED["webm"])[:100], VIDEO) == "media_conversion_failed"
    assert names(spool) == []
