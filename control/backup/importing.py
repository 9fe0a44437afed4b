"""Hands a folder of another service to the bridge, which reads only what lies inside DATA_DIR/import.

The copy holds credentials in clear, so it lives no longer than the import.
"""

from __future__ import annotations

import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from control.backup.installation import Refused

MAX_FILES = 200_000
MAX_FILE_BYTES = 16 << 20


@contextmanager
def staged_folder(folder: Path, import_dir: Path) -> Iterator[str]:
    """Copy a folder's JSON files into a new folder of `import_dir` and give its name; remove it in the end.

    Raises Refused for what is no folder of `useMultiFileAuthState`, OSError.
    """
    if not (folder / "creds.json").is_file():
        raise Refused(f"{folder} has no creds.json: this is no folder of Baileys' useMultiFileAuthState.")
    import_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = import_dir / f"import-{secrets.token_hex(8)}"
    copy.mkdir(mode=0o700)
    try:
        for number, path in enumerate(sorted(folder.glob("*.json"))):
            found = path.lstat()
            # A link could make the bridge read any file of this machine.
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE_BYTES or number >= MAX_FILES:
                raise Refused(f"{path} is no file that Baileys writes.")
            target = copy / path.name
            target.touch(mode=0o600)
            shutil.copyfile(path, target)
        yield copy.name
    finally:
        shutil.rmtree(copy, ignore_errors=True)
