"""Sound files: how long they are, checked by walking through all of them. Runs in a worker process."""

from __future__ import annotations

from pathlib import Path

from control.media.worker import frames
from control.media.worker.films import AAC
from control.media.worker.isobmff import broken, read_movie
from control.media.worker.ogg import read_opus
from control.media.worker.unfit import Unfit


def sound(path: Path, type_name: str) -> dict[str, object]:
    """Return {"seconds", "codec", "pictures"}; codec is None where it is said by the type.

    type_name: mp3, aac, amr, opus, m4a or mp4. codec: of the first sound track of the last two. pictures: whether
    there is a video too. Raises Unfit `media_invalid`, also when there is no sound.
    """
    codec: str | None = None
    pictures = False
    seconds: float | None
    match type_name:
        case "opus":
            with path.open("rb") as file:
                found = read_opus(file)
            seconds = found.seconds
        case "m4a" | "mp4":
            with path.open("rb") as file:
                movie = read_movie(file)
            track = movie.first(b"soun")
            if track is None:
                raise Unfit("media_invalid", "There is no sound in the file.")
            codec = "aac" if track.codec == b"mp4a" and track.coding == AAC else track.codec.decode("latin-1")
            pictures = movie.first(b"vide") is not None
            seconds = movie.seconds
        case "mp3":
            seconds = frames.mp3_seconds(path.read_bytes())
        case "aac":
            seconds = frames.aac_seconds(path.read_bytes())
        case "amr":
            seconds = frames.amr_seconds(path.read_bytes())
        case _:
            raise broken()
    return {"seconds": seconds, "codec": codec, "pictures": pictures}
