"""What `python -m control` does: the control plane as a process; with arguments, a command of control/operate.py.

Exit status: 0 after SIGTERM or SIGINT, 2 for a configuration that cannot be right, 1 for everything else that
keeps it from running, such as a bridge of another version or a port that is taken.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import Any

import uvloop
from aiohttp import web

from control import __version__
from control.api.server import GatewayRunner
from control.app import FATAL, build_app
from control.auth.jwt_secret import load_signer
from control.auth.operator import OperatorKey, load_operator_key
from control.log import configure_logging
from control.rpc.link import ContractMismatch
from control.settings import ConfigurationError, Settings, load_settings

STOP_SECONDS = 9.0
"""A supervisor that waits ten seconds never has to kill."""

EXIT_FAILED = 1
EXIT_CONFIGURATION = 2

log = logging.getLogger("control")


def main() -> int:
    """Run until told to stop and return the exit status."""
    # Whatever this process writes is for its user alone.
    os.umask(0o077)
    arguments = sys.argv[1:]
    try:
        settings = load_settings()
        if arguments:
            # What only commands need, such as backups, does not hold up the start of the service.
            from control.operate import operate

            return operate(arguments, settings)
        operator_key = load_operator_key(settings)
        # Only to refuse a bad one here and with a sentence: the application loads what it signs with by itself.
        load_signer(settings)
    except ConfigurationError as error:
        return _fail(f"The configuration is not valid: {error}", EXIT_CONFIGURATION)
    configure_logging(settings.log_level)
    try:
        uvloop.run(serve(settings, operator_key))
    except ContractMismatch as mismatch:
        return _fail(f"Not starting: {mismatch}", EXIT_FAILED)
    except OSError as error:
        return _fail(f"Not starting: {error.strerror or error}", EXIT_FAILED)
    return 0


async def serve(settings: Settings, operator_key: OperatorKey) -> None:
    """Serve REST until a signal; raises ContractMismatch, or OSError when the port cannot be used."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    app = build_app(settings, operator_key)
    runner = GatewayRunner(app)
    try:
        await runner.setup()
        site = web.TCPSite(runner, settings.host, settings.port, backlog=1024)
        await site.start()
        log.info(
            "listening", extra={"version": __version__, "host": settings.host, "port": runner.addresses[0][1]}
        )
        await _first(stopping, app[FATAL])
        log.info("stopping")
    finally:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await runner.cleanup()
        except TimeoutError:
            log.error("not everything ended in time")


async def _first(stopping: asyncio.Event, fatal: asyncio.Future[None]) -> None:
    """Return when told to stop; raise what makes going on impossible."""
    told = asyncio.create_task(stopping.wait())
    try:
        ends: set[asyncio.Future[Any]] = {told, fatal}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if fatal.done():
            fatal.result()
    finally:
        told.cancel()


def _fail(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status
