"""Says what of a release makes its bridge another one, to know whether an update has to restart it.

bridge_fingerprint.py FOLDER        a digest: of the compiled bridge, its contract, its packages and its Node.js
bridge_fingerprint.py --schema FOLDER   how many steps the shape of its store has

Comments and whatever only tests, the benchmark or the sandbox use do not count. Python's standard library only.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path


def fingerprint(release: Path) -> str:
    """Return the digest of a release that scripts/install has set up."""
    compiled = release / "build" / "bridge" / "src"
    if not compiled.is_dir():
        raise SystemExit(f"{release} is not built.")
    digest = hashlib.sha256()
    files = [path for path in sorted(compiled.rglob("*")) if path.suffix in (".js", ".json", ".mjs")]
    files += sorted((release / "bridge" / "contract").glob("*.json"))
    files.append(release / "scripts" / "start")
    for file in files:
        digest.update(f"{file.relative_to(release)}\0".encode() + file.read_bytes() + b"\0")
    for line in (*packages(release), node_version(release)):
        digest.update(line.encode() + b"\0")
    return digest.hexdigest()


def packages(release: Path) -> list[str]:
    """Return name and integrity of each package the bridge runs with, which excludes those of development."""
    locked = json.loads((release / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        f"{name} {entry.get('version')} {entry.get('integrity')}"
        for name, entry in sorted(locked.items())
        if name and not entry.get("dev")
    ]


def node_version(release: Path) -> str:
    """Return the version of the Node.js that the release runs with."""
    own = release / ".venv" / "node" / "bin" / "node"
    node = str(own) if own.exists() else "node"
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=20)  # noqa: S603
    return done.stdout.strip()


def schema(release: Path) -> int:
    """Return the number of steps that the release's store takes."""
    own = release / ".venv" / "node" / "bin" / "node"
    module = (release / "build" / "bridge" / "src" / "store" / "migrations.js").resolve().as_uri()
    code = f"import({json.dumps(module)}).then((m) => console.log('steps', m.MIGRATIONS.length))"
    done = subprocess.run(  # noqa: S603
        [str(own) if own.exists() else "node", "-e", code], capture_output=True, text=True, check=True, timeout=20
    )
    found = re.search(r"steps (\d+)", done.stdout)
    if found is None:
        raise SystemExit(f"{release} does not say the shape of its store.")
    return int(found[1])


def main(arguments: list[str]) -> None:
    """Read the command line and print the answer."""
    if arguments[:1] == ["--schema"]:
        sys.stdout.write(f"{schema(Path(arguments[1]).resolve())}\n")
    else:
        sys.stdout.write(f"{fingerprint(Path(arguments[0]).resolve())}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
