"""Audio files and voice notes, with ffmpeg and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.files import lying, names, put, refusal
from tests.support.ffmpeg import decoded, made, scene, tone
from tests.support.media_files import picture

AUDIO, VOICE = MediaKind.audio, MediaKind.voice

# Name: how it is made, and the type it is sent with.
PLAYED = {
    "mp3": (("-c:a", "libmp3lame", "-b:a", "64k"), "audio/mpeg"),
    "vbr.mp3": (("-c:a", "libmp3lame", "-q:a", "5"), "audio/mpeg"),
    "m4a": (("-c:a", "aac"), "audio/mp4"),
    "aac": (("-c:a", "aac", "-f", "adts"), "audio/aac"),
    "ogg": (("-c:a", "libopus"), "audio/ogg; codecs=opus"),
    "amr": (("-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1"), "audio/amr"),
}
CONVERTED = {
    "wav": (),
    "flac": (),
    "aiff": (),
    "vorbis.ogg": ("-c:a", "libvorbis"),
    "webm": ("-c:a", "libopus"),
    "caf": (),
    "alac.m4a": ("-c:a", "alac"),
}


@pytest.mark.parametrize("name", PLAYED)
async def test_what_whatsapp_plays_is_sent_as_it_is(bare_intake: MediaIntake, spool: Path, name: str) -> None:
    arguments, mime = PLAYED[name]
    data = tone(name, *arguments)

    media = await put(bare_intake, data, AUDIO)

    assert lying(spool, media) == data
    assert (media.mime_type, media.seconds, media.waveform) == (mime, 3, None)


@pytest.mark.parametrize("name", CONVERTED)
async def test_other_sound_becomes_m4a(intake: MediaIntake, spool: Path, name: str) -> None:
    media = await put(intake, tone(name, *CONVERTED[name]), AUDIO)

    assert lying(spool, media)[4:8] == b"ftyp"
    assert (media.mime_type, media.seconds) == ("audio/mp4", 3)
    assert "Audio: aac" in decoded(spool / media.name)


async def test_of_a_video_only_its_sound_is_taken(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, scene("mp4", "-c:v", "libx264", "-c:a", "aac"), AUDIO)

    streams = decoded(spool / media.name)
    assert "Audio: aac" in streams
    assert "Video:" not in streams


@pytest.mark.parametrize("name", ["mp3", "wav", "m4a", "amr", "webm", "vorbis.ogg"])
async def test_any_sound_becomes_a_voice_note_with_a_waveform(intake: MediaIntake, spool: Path, name: str) -> None:
    arguments = PLAYED[name][0] if name in PLAYED else CONVERTED[name]

    media = await put(intake, tone(name, *arguments), VOICE)

    assert lying(spool, media)[:4] == b"OggS"
    assert (media.mime_type, media.seconds) == ("audio/ogg; codecs=opus", 3)
    assert "Audio: opus, 48000 Hz, mono" in decoded(spool / media.name)
    assert media.waveform is not None
    assert (len(media.waveform), max(media.waveform)) == (64, 100)


async def test_the_waveform_shows_when_it_is_loud(intake: MediaIntake) -> None:
    quiet_then_loud = made(
        "wav", "-f", "lavfi", "-i", "aevalsrc='if(lt(t,2),0.05,0.8)*sin(440*2*PI*t)':d=4", "-ar", "16000"
    )
    media = await put(intake, quiet_then_loud, VOICE)

    assert media.waveform is not None
    assert max(media.waveform[:30]) < 15
    assert min(media.waveform[34:62]) > 80


async def test_silence_has_a_flat_waveform(intake: MediaIntake) -> None:
    media = await put(intake, made("wav", "-f", "lavfi", "-i", "anullsrc", "-t", "2"), VOICE)
    assert media.waveform is not None
    assert max(media.waveform) <= 100


async def test_ogg_opus_is_a_voice_note_as_it_is(
    intake: MediaIntake, bare_intake: MediaIntake, spool: Path
) -> None:
    data = tone("ogg", "-c:a", "libopus", "-ac", "1")

    with_ffmpeg = await put(intake, data, VOICE)
    assert lying(spool, with_ffmpeg) == data
    assert with_ffmpeg.seconds == 3
    assert with_ffmpeg.waveform is not None
    assert len(with_ffmpeg.waveform) == 64
    await intake.discard(with_ffmpeg)

    without = await put(bare_intake, data, VOICE)
    assert lying(spool, without) == data
    assert (without.seconds, without.waveform) == (3, None)


async def test_what_needs_ffmpeg_says_so_without_it(bare_intake: MediaIntake, spool: Path) -> None:
    for kind, data in ((VOICE, tone("mp3")), (AUDIO, tone("wav"))):
        with pytest.raises(GatewayError, match=r"ffmpeg_required.*FFMPEG_PATH"):
            await put(bare_intake, data, kind)
    assert names(spool) == []


async def test_what_is_no_sound_is_refused(intake: MediaIntake, spool: Path) -> None:
    for kind in (AUDIO, VOICE):
        for data in (
            picture(),
            picture("GIF"),
            b"%PDF-1.4",
            b"#EXTM3U\nhttp://10.0.0.1/a.ts\n",
            b"<html>",
            bytes(99),
        ):
            assert await refusal(intake, data, kind) == "media_type_refused"
    assert names(spool) == []


async def test_sound_that_was_cut_off_is_refused(intake: MediaIntake, spool: Path) -> None:
    for name in ("ogg", "m4a"):
        data = tone(name, *PLAYED[name][0])
        for part in (60, len(data) // 2):
            assert await refusal(intake, data[:part], AUDIO) == "media_invalid"
    for name in ("mp3", "aac", "amr"):
        assert await refusal(intake, tone(name, *PLAYED[name][0])[:20], AUDIO) == "media_invalid"
    assert names(spool) == []


async def test_a_video_without_sound_is_no_audio(intake: MediaIntake) -> None:
    assert await refusal(intake, scene("mp4", "-c:v", "libx264", sound=False), AUDIO) == "media_invalid"
    assert await refusal(intake, scene("mkv", "-c:v", "libx264", sound=False), VOICE) == "media_conversion_failed"


async def test_a_broken_recording_cannot_be_converted(intake: MediaIntake, spool: Path) -> None:
    assert await refusal(intake, b"fLaC" + bytes(5000), VOICE) == "media_conversion_failed"
    assert names(spool) == []
