"""The spool: what it holds, what it lets go, and what happens when there is no room."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind, Upload
from control.media.spool import NAME, PART_MAX_AGE_SECONDS, Spool
from control.media.threads import Threads
from tests.component.media.files import names, put
from tests.support.media_files import picture

MB = 1024 * 1024
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
async def threads() -> AsyncIterator[Threads]:
    threads = Threads()
    yield threads
    threads.close()


def old(path: Path, seconds: float) -> Path:
    path.write_bytes(b"x")
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


async def write(room: Spool, eighths: int) -> str:
    """Write so many eighths of a megabyte and return the file's name."""
    async with room.writing(10 * MB) as file:
        for _ in range(eighths):
            await file.write(bytes(MB // 8))
    return file.stored().name


async def test_a_start_removes_what_was_half_written_and_nothing_else(spool: Path, threads: Threads) -> None:
    spool.mkdir(mode=0o755)  # noqa: ASYNC240
    old(spool / ("a" * 32 + ".part"), 0)
    old(spool / ("b" * 32), 1e6)
    old(spool / "somebody-else's.part", 1e6)

    await Spool(spool, MB, threads).start()

    assert sorted(names(spool)) == ["b" * 32, "somebody-else's.part"]
    assert spool.stat().st_mode & 0o777 == 0o700  # noqa: ASYNC240


async def test_a_sweep_removes_what_was_forgotten_and_nothing_else(spool: Path, threads: Threads) -> None:
    room = Spool(spool, MB, threads)
    await room.start()
    old(spool / ("a" * 32 + ".part"), PART_MAX_AGE_SECONDS + 60)
    old(spool / ("b" * 32 + ".part"), PART_MAX_AGE_SECONDS - 60)
    # The bridge's, which alone knows which messages need it.
    old(spool / ("c" * 32), 1e6)

    await room.sweep()

    assert sorted(names(spool)) == ["b" * 32 + ".part", "c" * 32]


async def test_names_are_random_and_have_the_agreed_form(spool: Path, threads: Threads) -> None:
    room = Spool(spool, MB, threads)
    await room.start()
    for _ in range(20):
        async with room.writing(10) as file:
            await file.write(b"x")
    found = names(spool)
    assert len(set(found)) == 20
    assert all(NAME.fullmatch(name) for name in found)
    for name in ("../../etc/passwd", "", "a" * 21, "a/" + "b" * 30, "a" * 32 + "\n", "a" * 30 + ".part"):
        with pytest.raises(ValueError, match="not a name"):
            room.at(name)


async def test_a_file_under_way_is_a_part_and_its_writer_s_failure_leaves_nothing(
    spool: Path, threads: Threads
) -> None:
    room = Spool(spool, 10 * MB, threads)
    await room.start()

    async def fail() -> None:
        async with room.writing(2 * MB) as file:
            await file.write(bytes(MB))
            assert [name.endswith(".part") for name in names(spool)] == [True]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert names(spool) == []


async def test_a_full_spool_takes_nothing_until_something_left(spool: Path, threads: Threads) -> None:
    room = Spool(spool, 3 * MB, threads, reserve_bytes=0)
    await room.start()
    first = await write(room, 16)
    with pytest.raises(GatewayError, match="spool_full") as refused:
        await write(room, 20)
    assert refused.value.kind.retryable
    assert refused.value.retry_after
    assert names(spool) == [first]

    # The bridge takes it away, without a word to us.
    (spool / first).unlink()
    await write(room, 16)


async def test_many_writers_together_do_not_pass_the_bound(spool: Path, threads: Threads) -> None:
    room = Spool(spool, 8 * MB, threads, reserve_bytes=0)
    await room.start()

    ended = await asyncio.gather(*(write(room, 8) for _ in range(30)), return_exceptions=True)

    done = [name for name in ended if isinstance(name, str)]
    assert {error.code for error in ended if isinstance(error, GatewayError)} == {"spool_full"}
    assert 1 <= len(done) <= 8
    assert sum(path.stat().st_size for path in spool.iterdir()) <= 8 * MB  # noqa: ASYNC240
    assert sorted(names(spool)) == sorted(done)


async def test_the_disk_keeps_its_reserve(spool: Path, threads: Threads) -> None:
    room = Spool(spool, 100 * MB, threads, reserve_bytes=MB, free_bytes=lambda path: MB)
    await room.start()
    with pytest.raises(GatewayError, match="spool_full"):
        await write(room, 0)
    assert names(spool) == []


def may_mount() -> bool:
    command = ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"]
    try:
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except OSError:
        return False


FULL_DISK = """
import asyncio, sys
from pathlib import Path
from control.errors import GatewayError
from control.media.spool import Spool
from control.media.threads import Threads

async def main():
    threads = Threads()
    path = Path(sys.argv[1])
    # Sees room that is not there, as another program may take it at any moment.
    spool = Spool(path, 1 << 30, threads, free_bytes=lambda path: 1 << 30)
    await spool.start()
    for _ in range(3):
        try:
            async with spool.writing(1 << 30) as file:
                for _ in range(100):
                    await file.write(bytes(1 << 17))
            print("written")
        except GatewayError as error:
            print(error.code, error.retry_after, list(path.iterdir()))
    async with spool.writing(1 << 30) as file:
        await file.write(b"fits")
    print("fits")
    threads.close()

asyncio.run(main())
"""


@pytest.mark.skipif(not may_mount(), reason="needs the right to mount a tmpfs (unshare -m): run it as root")
def test_a_disk_that_is_really_full_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL_DISK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines() == ["spool_full 30 []"] * 3 + ["fits"], done.stderr


async def test_a_cancelled_writer_leaves_no_file_and_no_descriptor(spool: Path, threads: Threads) -> None:
    room = Spool(spool, 64 * MB, threads)
    await room.start()
    before = len(os.listdir("/proc/self/fd"))

    async def write() -> None:
        async with room.writing(32 * MB) as file:
            for _ in range(32):
                await file.write(bytes(MB))

    for steps in range(60):
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert [name for name in names(spool) if name.endswith(".part")] == []
    assert len(os.listdir("/proc/self/fd")) <= before + 1


async def test_a_cancelled_conversion_leaves_no_file(intake: MediaIntake, spool: Path) -> None:
    data = picture("WEBP", (3000, 3000))
    for delay in (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2):
        task = asyncio.create_task(put(intake, data, MediaKind.image))
        await asyncio.sleep(delay)
        task.cancel()
        ended = (await asyncio.gather(task, return_exceptions=True))[0]
        if not isinstance(ended, BaseException):
            await intake.discard(ended)
    assert names(spool) == []


async def test_what_is_discarded_is_gone_and_may_be_discarded_again(intake: MediaIntake, spool: Path) -> None:
    media = await put(intake, picture(), MediaKind.image)
    for _ in range(2):
        await intake.discard(media)
    await intake.discard(Upload("x" * 32, 1, ""))
    assert names(spool) == []
