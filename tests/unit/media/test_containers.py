"""The parsers of media files, given files that were cut, bent and made up."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from control.media.worker import films, sounds
from control.media.worker.isobmff import MAX_BOXES, read_movie
from control.media.worker.unfit import Unfit
from tests.support.ffmpeg import scene, tone

FILES: dict[str, Callable[[], bytes]] = {
    "mp4": lambda: scene("mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    "mov": lambda: scene("mov", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    "m4a": lambda: tone("m4a", "-c:a", "aac"),
    "opus": lambda: tone("ogg", "-c:a", "libopus"),
    "mp3": lambda: tone("mp3", "-c:a", "libmp3lame", "-b:a", "64k"),
    "aac": lambda: tone("aac", "-c:a", "aac", "-f", "adts"),
    "amr": lambda: tone("amr", "-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1"),
}


def read(path: Path, name: str) -> dict[str, object]:
    return films.film(path) if name in ("mp4", "mov") else sounds.sound(path, name)


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_has_its_length(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(FILES[name]())
    seconds = read(path, name)["seconds"]
    assert isinstance(seconds, float)
    assert abs(seconds - (2 if name in ("mp4", "mov") else 3)) < 0.15


@pytest.mark.parametrize("name", FILES)
def test_nothing_but_unfit_comes_of_bent_and_cut_files(tmp_path: Path, name: str) -> None:
    whole = FILES[name]()
    dice = random.Random(name)
    path = tmp_path / "a"
    for _ in range(150):
        data = bytearray(whole[: dice.randrange(1, len(whole))] if dice.random() < 0.5 else whole)
        for _ in range(dice.randrange(30)):
            # Mostly where the structure is.
            at = dice.randrange(min(len(data), 2000)) if dice.random() < 0.7 else dice.randrange(len(data))
            data[at] = dice.choice((0, 1, 127, 255, dice.randrange(256)))
        path.write_bytes(data)
        try:
            seconds = read(path, name)["seconds"]
        except Unfit:
            continue
        assert seconds is None or (isinstance(seconds, float) and 0 <= seconds < 1e12)


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def test_boxes_within_boxes_and_boxes_without_end_are_refused() -> None:
    deep = b""
    for _ in range(50):
        deep = box(b"moov", deep)
    many = box(b"free", b"") * (MAX_BOXES + 1)
    endless = (8).to_bytes(4, "big") + b"moov"
    for data in (
        deep,
        many,
        endless * 10,
        box(b"ftyp", b"") + (0).to_bytes(4, "big") + b"moov",
        b"\0\0\0\1moov" + b"\xff" * 8,
    ):
        with pytest.raises(Unfit):
            read_movie(io.BytesIO(data))


def test_a_film_made_of_fragments_need_not_say_how_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(
        scene(
            "mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov", sound=False
        )
    )
    seen = films.film(path)
    assert (seen["seconds"], seen["picture"], seen["width"], seen["height"]) == (None, "played", 320, 240)
