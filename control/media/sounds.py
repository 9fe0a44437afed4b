"""Sound files: how long they are, checked by walking through all of them. Runs in a worker process."""

from __future__ import annotations

from pathlib import Path

from control.media import frames
from control.media.isobmff import broken, read_movie
from control.media.ogg import read_opus


def sound(path: Path, type_name: str) -> dict[str, object]:
    """Return {"seconds", "channels", "codec"}; channels and codec are None where they do not matter.

    type_name: mp3, aac, amr, opus, m4a or mp4. codec of the last two is that of their first sound track, or None
    when there is none or a video with it. Raises Unfit `media_invalid`.
    """
    channels: int | None = None
    codec: str | None = None
    seconds: float | None
    match type_name:
        case "opus":
            with path.open("rb") as file:
                found = read_opus(file)
            seconds, channels = found.seconds, found.channels
        case "m4a" | "mp4":
            with path.open("rb") as file:
                movie = read_movie(file)
            track = movie.first(b"soun")
            if track is not None and movie.first(b"vide") is None:
                codec = track.codec.decode("latin-1")
            seconds = movie.seconds
        case "mp3":
            seconds = frames.mp3_seconds(path.read_bytes())
        case "aac":
            seconds = frames.aac_seconds(path.read_bytes())
        case "amr":
            seconds = frames.amr_seconds(path.read_bytes())
        case _:
            raise broken()
    return {"seconds": seconds, "channels": channels, "codec": codec}
