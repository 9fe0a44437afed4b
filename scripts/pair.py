"""Shows a tenant's QR code in the terminal until it is scanned; the part of scripts/run that talks to the API.

--probe only says by its exit code whether the API answers yet.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 35
"""A start waits for WhatsApp's first QR code."""

GIVE_UP_SECONDS = 60
"""An API that is silent for so long was stopped."""


def call(method: str, url: str, key: str, timeout: float = TIMEOUT_SECONDS) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON body of an API call; raises OSError when nobody answers."""
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"Bearer {key}"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show_qr(text: str) -> None:
    """Draw the QR code with half blocks, black on white where the terminal can."""
    # Not above: the probe is asked every few seconds and has no use for it.
    import qrcode

    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    code.make(fit=True)
    code.print_ascii(out=sys.stdout, tty=sys.stdout.isatty())
    sys.stdout.flush()


def probe(api: str) -> int:
    """Wait a moment for the API to be ready; return the exit code."""
    try:
        status, _ = call("GET", f"{api}/health/ready", "", timeout=3)
    except (OSError, ValueError):
        status = 0
    if status != 200:
        time.sleep(0.25)
    return 0 if status == 200 else 1


def pair(api: str, tenant: str, key: str) -> int:
    """Start the tenant's session and show its QR codes until it is connected."""
    base = f"{api}/api/v1/sessions/{tenant}"
    shown = said = None
    answered = time.monotonic()
    while time.monotonic() - answered < GIVE_UP_SECONDS:
        try:
            if shown is None:
                status, session = call("POST", f"{base}/start", key)
            else:
                status, session = call("GET", f"{base}/status", key)
        except (OSError, ValueError):
            status, session = 0, {"detail": "The API does not answer."}
        else:
            answered = time.monotonic()
        if status == 200 and session.get("connected"):
            say(f"Tenant {tenant} is connected as {session.get('phoneNumber')}.")
            return 0
        if status == 200 and session.get("qr") and session["qr"] != shown:
            say(f"Scan this with WhatsApp (Settings → Linked devices) to connect tenant {tenant}:\n")
            shown = session["qr"]
            show_qr(shown)
            if not sys.stdout.isatty():
                say("The code changes every 20 to 60 seconds; scripts/pair shows the newest one in a terminal.")
                return 0
        elif status != 200 and session.get("detail") != said:
            said = session.get("detail")
            say(str(said))
            if status in (400, 401, 403):
                return 1
        time.sleep(1)
    return 1


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", required=True)
    parser.add_argument("--tenant", default="demo")
    parser.add_argument("--probe", action="store_true")
    arguments = parser.parse_args()
    if arguments.probe:
        return probe(arguments.api)
    return pair(arguments.api, arguments.tenant, os.environ["GATEWAY_API_KEY"])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
