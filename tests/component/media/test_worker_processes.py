"""The worker processes and ffmpeg: what they can do to us, which is nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control.errors import GatewayError
from control.media.ffmpeg import Ffmpeg
from control.media.workshop import Workshop
from tests.support.ffmpeg import FFMPEG, tone
from tests.support.media_files import picture
from tests.support.wait import wait_for

MB = 1024 * 1024


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = Workshop(file_max_bytes=16 * MB, job_seconds=5, idle_seconds=60)
    yield workshop
    await workshop.close()


@pytest.fixture
def jpeg(tmp_path: Path) -> str:
    path = tmp_path / "a"
    path.write_bytes(picture())
    return str(path)


def children() -> list[int]:
    """Worker processes of this one."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            try:
                if b"control.media.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
            except OSError:
                continue
    return found


async def test_a_worker_is_used_again_and_ends_when_nobody_needs_it(jpeg: str) -> None:
    workshop = Workshop(file_max_bytes=MB, idle_seconds=0.2)
    assert children() == []
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    first = children()
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    assert children() == first
    assert len(first) == 1
    await wait_for(lambda: children() == [])
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    await workshop.close()
    assert children() == []


async def test_a_worker_that_is_killed_costs_one_file(workshop: Workshop, jpeg: str) -> None:
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    os.kill(children()[0], signal.SIGKILL)
    with pytest.raises(GatewayError, match="media_invalid"):
        await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)


async def test_a_job_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    # Opening a pipe that nobody writes to waits for ever.
    os.mkfifo(tmp_path / "pipe")
    workshop = Workshop(file_max_bytes=MB, job_seconds=0.5)
    began = time.monotonic()
    with pytest.raises(GatewayError, match=r"media_invalid.*too long"):
        await workshop.do("sound", path=str(tmp_path / "pipe"), type_name="mp3")
    assert time.monotonic() - began < 3
    assert children() == []
    await workshop.close()


async def test_a_cancelled_job_ends_its_worker(workshop: Workshop, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    task = asyncio.create_task(workshop.do("sound", path=str(tmp_path / "pipe"), type_name="mp3"))
    await wait_for(lambda: children() != [])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []


async def test_memory_beyond_the_limit_is_an_error_and_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(2000 * MB)
    workshop = Workshop(file_max_bytes=MB, memory_mb=400)
    with pytest.raises(GatewayError, match="media_invalid"):
        await workshop.do("sound", path=str(path), type_name="mp3")
    await workshop.close()


async def test_a_worker_has_no_secret_in_its_environment(
    workshop: Workshop, jpeg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "canary-of-the-key")
    await workshop.do("picture", path=jpeg, type_name="jpeg", target=None)
    environment = Path(f"/proc/{children()[0]}/environ").read_bytes()  # noqa: ASYNC240
    assert b"canary" not in environment
    assert sorted(name.split(b"=")[0] for name in environment.split(b"\0") if name) == [
        *(b"LC_ALL", b"MALLOC_ARENA_MAX", b"PYTHONPATH"),
    ]


def running(marker: str) -> list[int]:
    """Processes with a text in their command line, but not this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if marker.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


ENDLESS = (
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=1280x720:rate=30",
    "-map",
    "1:v",
    "-c:v",
    "libx264",
    "-f",
    "null",
    "-",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tone"
    path.write_bytes(tone("wav"))
    return path


async def test_a_conversion_that_takes_too_long_is_killed_with_its_group(source: Path) -> None:
    ffmpeg = Ffmpeg(FFMPEG, seconds=0.5)
    with pytest.raises(GatewayError, match=r"media_conversion_failed.*longer than"):
        await ffmpeg.convert("t", source, "wav", ENDLESS, max_bytes=MB)
    assert running(str(source)) == []


async def test_a_cancelled_conversion_is_killed(source: Path) -> None:
    task = asyncio.create_task(Ffmpeg(FFMPEG, seconds=60).convert("t", source, "wav", ENDLESS, max_bytes=MB))
    await wait_for(lambda: running(str(source)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert running(str(source)) == []


async def test_ffmpeg_is_gentle_and_limited(source: Path) -> None:
    task = asyncio.create_task(Ffmpeg(FFMPEG, seconds=60).convert("t", source, "wav", ENDLESS, max_bytes=MB))
    pid = (await wait_for(lambda: converting(source)))[0]
    limits = Path(f"/proc/{pid}/limits").read_text()  # noqa: ASYNC240
    assert f"Max file size             {MB} " in limits
    assert f"Max address space         {1024 * MB} " in limits
    assert "Max cpu time              125 " in limits
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
    environment = Path(f"/proc/{pid}/environ").read_bytes()  # noqa: ASYNC240
    assert sorted(name.split(b"=")[0] for name in environment.split(b"\0") if name) == [
        *(b"LC_ALL", b"MALLOC_ARENA_MAX"),
    ]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"launcher"


def converting(source: Path) -> list[int]:
    """Processes that have become ffmpeg."""
    return [pid for pid in running(f"file:{source}") if b"launcher" not in command(pid)]


async def test_an_output_beyond_its_limit_is_too_large(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(GatewayError, match="media_too_large"):
        await Ffmpeg(FFMPEG, seconds=30).convert(
            "t", source, "wav", ("-f", "s16le", f"file:{target}"), max_bytes=50_000
        )
    assert target.stat().st_size <= 50_000


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "tcp://127.0.0.1:{port}", "hls+http://127.0.0.1:{port}/"]
)
async def test_ffmpeg_opens_no_connection(tmp_path: Path, url: str) -> None:
    connections = 0

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    target = url.format(port=server.sockets[0].getsockname()[1])
    # A playlist handed to the demuxer that would follow it, which sniffing never does.
    playlist = tmp_path / "list"
    playlist.write_bytes(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n".encode())
    for name in ("mov", "matroska", "mpegts", "mp3"):
        with pytest.raises(GatewayError, match="media_conversion_failed"):
            await Ffmpeg(FFMPEG, seconds=10).convert("t", playlist, name, ("-f", "null", "-"), max_bytes=MB)
    server.close()
    await server.wait_closed()
    assert connections == 0


async def test_ffmpeg_dies_with_us(tmp_path: Path, source: Path) -> None:
    script = (
        "import asyncio,sys\nfrom pathlib import Path\nfrom control.media.ffmpeg import Ffmpeg\n"
        f"asyncio.run(Ffmpeg(Path({str(FFMPEG)!r}),seconds=60).convert('t',Path({str(source)!r}),'wav',"
        f"{ENDLESS!r},max_bytes=1000))"
    )
    root = str(Path(__file__).parents[3])
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=root, env={"PYTHONPATH": root})  # noqa: ASYNC220
    try:
        await wait_for(lambda: set(converting(source)) - {parent.pid}, seconds=20)
    finally:
        parent.kill()
        parent.wait()
    await wait_for(lambda: running(f"file:{source}") == [])


async def test_a_tenant_converts_one_file_at_a_time_and_two_tenants_side_by_side(source: Path) -> None:
    ffmpeg = Ffmpeg(FFMPEG, seconds=60)
    tasks = [
        asyncio.create_task(ffmpeg.convert(tenant, source, "wav", ENDLESS, max_bytes=MB))
        for tenant in ("a", "a", "a", "b", "c")
    ]
    await wait_for(lambda: len(running(f"file:{source}")) == 2)
    for _ in range(20):
        await asyncio.sleep(0.01)
        assert len(running(f"file:{source}")) <= 2
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert running(f"file:{source}") == []
