"""What docker-compose.yml, the Dockerfile, the unit and the scripts promise in the documentation."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def compose() -> dict[str, Any]:
    # Comes with the tools of development; it has no types.
    yaml: Any = importlib.import_module("yaml")
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.mark.parametrize("name", ["gateway", "redis", "tls", "sandbox", "demo-app"])
def test_every_service_has_a_read_only_root_no_capabilities_and_limits(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"].endswith("m")
    assert service["pids_limit"] > 0
    assert service["restart"] == "always"


def test_what_runs_on_a_small_server_fits_into_1_gb() -> None:
    services = compose()["services"]

    assert sum(int(services[name]["mem_limit"].removesuffix("m")) for name in ("gateway", "redis", "tls")) <= 850


def test_redis_is_not_published_keeps_its_data_and_has_a_password_without_a_default() -> None:
    redis = compose()["services"]["redis"]

    assert "ports" not in redis
    assert "--appendonly yes" in " ".join(redis["command"])
    assert redis["environment"]["REDIS_PASSWORD"].startswith("${REDIS_PASSWORD:?")


def test_plain_http_is_published_on_this_machine_only() -> None:
    services = compose()["services"]
    published = [port for name in ("gateway", "sandbox", "demo-app") for port in services[name]["ports"]]

    assert all(port.startswith(("127.0.0.1:", "${BIND_ADDRESS:-127.0.0.1}:")) for port in published)


def test_the_front_that_is_trusted_is_the_front() -> None:
    services = compose()["services"]

    front = services["tls"]["networks"]["gateway"]["ipv4_address"]

    assert services["gateway"]["environment"]["TRUSTED_PROXIES"] == front


def test_the_image_runs_as_nobody_in_particular_and_asks_itself_whether_it_is_well() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.search(r"^USER [1-9]\d+$", last, re.M)
    assert "HEALTHCHECK" in last
    assert all(re.search(r":\d", image) for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))


def test_the_image_is_given_what_it_copies_and_nothing_else() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {
        name.split("/")[0]
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)
        for name in line.split()[:-1]
    }

    assert "*" in ignored
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_unit_grants_nothing() -> None:
    unit = (ROOT / "deploy" / "whatsapp-gateway.service").read_text().splitlines()

    for line in (
        *("NoNewPrivileges=true", "ProtectSystem=strict", "PrivateTmp=true", "LimitCORE=0", "UMask=0077"),
        *("CapabilityBoundingSet=", "ReadWritePaths=/var/lib/whatsapp-gateway", "OOMPolicy=continue"),
    ):
        assert line in unit


@pytest.mark.parametrize(
    "script",
    [
        str(path.relative_to(ROOT))
        for path in sorted([*(ROOT / "scripts").iterdir(), *(ROOT / "deploy").iterdir()])
        if path.is_file() and path.suffix in ("", ".sh") and b"python" not in path.read_bytes().split(b"\n")[0]
    ],
)
def test_a_script_is_valid_shell(script: str) -> None:
    done = subprocess.run(
        ["bash", "-n", script], cwd=ROOT, capture_output=True, text=True, timeout=10, check=False
    )

    assert done.returncode == 0, done.stderr
