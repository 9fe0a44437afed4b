"""Limits itself and becomes another program: `python -I -S launcher.py CPU_SECONDS MEMORY_MB FILE_BYTES …`.

A script of its own, without imports of ours: it runs between fork and exec of every conversion, in the place of
code that would have to run in a copy of control, whose threads may hold any lock at that moment.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program, or end with a status above 0."""
    cpu_seconds, memory_mb, file_bytes = (int(argument) for argument in sys.argv[1:4])
    program = sys.argv[4:]
    os.umask(0o077)
    os.nice(10)
    if sys.platform == "linux":
        # Control may be killed in the middle of a conversion; nobody would wait for its result.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # A file that gets too large is a failed write, which the program reports, and not its sudden end.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for limit, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    os.execv(program[0], program)  # noqa: S606


if __name__ == "__main__":
    main()
