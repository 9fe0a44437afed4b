"""Nothing that is generated is stale, and nothing that is written down twice differs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import control
from control.api import fields, schemas
from control.rpc.contract_gen import OutgoingText, SessionParams
from control.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_the_contract_s_generated_files_are_fresh() -> None:
    node = shutil.which("node")
    assert node is not None, "Node.js 22 or newer has to be on the PATH"

    done = subprocess.run(
        [node, "bridge/contract/generate.mjs", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_generated_documents_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/docs", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, f"run scripts/docs ({done.stdout.strip()})"


@pytest.mark.timeout(120)
def test_the_clients_are_what_the_openapi_makes_of_them() -> None:
    node = shutil.which("node")
    assert node is not None, "Node.js 22 or newer has to be on the PATH"

    done = subprocess.run(
        [node, "clients/generate.mjs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def settings_of_the_bridge() -> set[str]:
    """What the bridge reads that control does not. Where the sandbox is, is set by scripts/run alone."""
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "bridge" / "src" / "config.ts").read_text()))
    shared = {str(field.alias) for field in Settings.model_fields.values()}
    return {name for name in read - shared if not name.startswith("SANDBOX_")}


def test_the_example_of_the_environment_is_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text()
    names = [line.partition("=")[0] for line in text.splitlines() if line and not line.startswith("#")]

    assert len(names) == len(set(names)) == len(Settings.model_fields) + len(settings_of_the_bridge())
    assert set(names) >= settings_of_the_bridge()
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_the_example_of_the_environment_holds_no_secret() -> None:
    values = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if line[:1].isupper()
    )

    of_secrets = [name for name in values if ("KEY" in name or "SECRET" in name) and "RATE_LIMIT" not in name]
    assert {name: values[name] for name in of_secrets} == {
        "API_KEY": "",
        "BACKUP_KEY_FILE": "",
        "JWT_SECRET": "",
        "JWT_SECRET_PREVIOUS": "",
        "MASTER_KEY": "",
        "MASTER_KEY_PREVIOUS": "",
        "MEDIA_S3_ACCESS_KEY": "",
        "MEDIA_S3_SECRET_KEY": "",
        "WEBHOOK_SECRET": "",
    }


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert control.__version__ == project["version"]


def test_tenant_ids_are_the_contract_s() -> None:
    pattern = SessionParams.model_json_schema()["properties"]["tenantId"]["pattern"]

    assert f"^{schemas.TENANT_ID.pattern}$" == pattern


def test_the_longest_text_is_the_contract_s() -> None:
    assert OutgoingText.model_json_schema()["properties"]["text"]["maxLength"] == fields.MAX_TEXT


HAND_WRITTEN = [
    path
    for folder in ("control", "tests", "scripts")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and (path.suffix == ".py" or folder == "scripts") and not path.name.endswith("_gen.py")
]


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_enough_to_be_read_at_once(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
