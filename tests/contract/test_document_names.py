"""Settings, addresses and files that the documents name are there: a page about what was renamed fails."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("clients/*/*.md"), ROOT / "tests/README.md"]
)

OTHERS = {
    *("SO_PEERCRED", "O_NOFOLLOW", "NODE_EXTRA_CA_CERTS"),
    *("PASSKEY_REQUIRED", "SCAN_QR_CODE", "FIRST_WARNING", "SECOND_WARNING"),
}
"""What is written like a setting and is a word of the system's, of Node's, of WAHA's or of WhatsApp's."""

BELOW_DATA_DIR = re.compile(r"(bridge|control)/\w+\.(sqlite|lock)$")
"""Files of a running gateway."""

# A letter that stands for any of them, as in `scripts/X`.
_PLACEHOLDER = re.compile(r"/[A-Z]$")


@cache
def sources() -> str:
    """Everything that reads the environment."""
    folders = ("control", "bridge/src", "bridge/sandbox", "scripts", "deploy")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [ROOT / name for name in ("docker-compose.yml", "Dockerfile", ".env.example")]
    return "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in files if path.suffix != ".pyc")


@cache
def addresses() -> list[re.Pattern[str]]:
    paths = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))["paths"]
    return [re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{\w+\}", path))) for path in paths]


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_setting_a_page_names_is_read_by_something(page: Path) -> None:
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", page.read_text(encoding="utf-8")))

    assert {name for name in named - OTHERS if name not in sources()} == set()


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {
        name.rstrip("/.")
        for name in re.findall(r"`((?:scripts|control|bridge|clients|bench|tests|deploy|examples)/[\w./-]+)", text)
    }

    missing = {name for name in named if not (ROOT / name).exists()}
    assert {name for name in missing if not BELOW_DATA_DIR.match(name) and not _PLACEHOLDER.search(name)} == set()


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_address_a_page_names_is_in_the_openapi(page: Path) -> None:
    # `{tenantId}` and `$ID` stand for something; what ends with … is left for the reader to go on.
    text = re.sub(r"\$\{?\w+\}?", "x", page.read_text(encoding="utf-8"))
    text = re.sub(r"…/(?=[a-z-]+/\{tenantId\})", "/api/v1/", text)
    named = {found.rstrip("./") for found in re.findall(r"/api/v1/[\w/{}.%+-]*(?!…)", text)}

    unknown = {name for name in named - {"/api/v1"} if not any(each.fullmatch(name) for each in addresses())}
    assert unknown == set()
