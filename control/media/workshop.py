"""The worker processes: started when there is work, one job at a time each, ended when idle, killed when stuck."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from pathlib import Path
from typing import Any, Final

import orjson

from control.errors import GatewayError

WORKERS = 2
JOB_SECONDS = 20.0
IDLE_SECONDS = 60.0
MEMORY_MB = 512
"""Of address space. Measured: 30 for an idle worker, 350 for the most that a picture may take, see images.py."""

JOBS_PER_WORKER = 500
ANSWER_MAX_BYTES = 256 * 1024

_ROOT: Final = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


class Workshop:
    """Gives jobs to worker processes; worker/__main__.py has the jobs."""

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        file_max_bytes: int,
        job_seconds: float = JOB_SECONDS,
        memory_mb: int = MEMORY_MB,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """file_max_bytes: the largest file a job may write."""
        self._free = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._job_seconds = job_seconds
        self._idle_seconds = idle_seconds
        self._arguments = (str(memory_mb), str((file_max_bytes >> 20) + 1), str(int(job_seconds) + 1))

    async def do(self, job: str, **arguments: object) -> dict[str, Any]:
        """Return the result of a job.

        Raises what the job found wrong with the file: `media_invalid`, `media_type_refused`, `media_too_large`.
        A worker that dies or takes too long is the file's fault too: `media_invalid`.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._start()
            worker.busy()
            kept = False
            try:
                async with asyncio.timeout(self._job_seconds):
                    answer = await worker.ask(orjson.dumps({"job": job, "arguments": arguments}))
                kept = True
            except TimeoutError:
                log.warning("media worker took too long", extra={"job": job})
                raise GatewayError("media_invalid", "The file takes too long to be looked at.") from None
            except (OSError, EOFError, ValueError) as error:
                log.warning("media worker died", extra={"job": job, "reason": type(error).__name__})
                raise GatewayError("media_invalid", "The file could not be looked at.") from error
            finally:
                if kept and worker.jobs < JOBS_PER_WORKER:
                    worker.rest(self._idle_seconds, self._retire)
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
                    await worker.end()
        if "raised" in answer:
            log.warning("media job failed", extra={"job": job, "raised": answer["raised"]})
        if "unfit" in answer:
            raise GatewayError(answer["unfit"], answer["sentence"])
        result: dict[str, Any] = answer["result"]
        return result

    async def close(self) -> None:
        """End all workers."""
        workers, self._all, self._idle = self._all, set(), []
        for worker in workers:
            await worker.end()

    async def _start(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "control.media.worker", *self._arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=ANSWER_MAX_BYTES,
            cwd=_ROOT,
            # Nothing of ours: no secret may be where a stranger's file is decoded.
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        )
        worker = _Worker(process)
        self._all.add(worker)
        return worker

    def _retire(self, worker: _Worker) -> None:
        """End a worker nobody needed for a while."""
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
            self._all.discard(worker)
            worker.retire()


class _Worker:
    """One process and its pipe."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.jobs = 0
        self._process = process
        self._timer: asyncio.TimerHandle | None = None

    def busy(self) -> None:
        """It has work: it is not idle any more."""
        self.jobs += 1
        if self._timer is not None:
            self._timer.cancel()

    def rest(self, seconds: float, retire: Any) -> None:
        """It has no work; `retire` is called if that stays so."""
        self._timer = asyncio.get_running_loop().call_later(seconds, retire, self)

    async def ask(self, line: bytes) -> dict[str, Any]:
        """Send a line and return the answer to it; raises OSError or EOFError when the process is gone."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EOFError
        stdin.write(line + b"\n")
        await stdin.drain()
        answer = await stdout.readline()
        if not answer.endswith(b"\n"):
            raise EOFError
        value: dict[str, Any] = orjson.loads(answer)
        return value

    def retire(self) -> None:
        """Let the process end by itself: its input is at its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def end(self) -> None:
        """Kill the process and wait for its end."""
        if self._timer is not None:
            self._timer.cancel()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())
