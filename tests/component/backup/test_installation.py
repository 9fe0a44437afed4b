"""An installation that does not run, and what is done to it from outside."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from control.backup.importing import staged_folder
from control.backup.installation import Refused, refuse_if_running, refuse_unless_empty


def test_only_an_empty_folder_is_empty(tmp_path: Path) -> None:
    refuse_unless_empty(tmp_path)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "logs").mkdir()
    refuse_unless_empty(tmp_path)
    (tmp_path / "secrets" / "api-key").write_text("x")

    with pytest.raises(Refused, match="secrets/api-key"):
        refuse_unless_empty(tmp_path)


def test_a_bridge_that_answers_is_running(socket_dir: Path) -> None:
    path = socket_dir / "bridge.sock"
    refuse_if_running(path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        with pytest.raises(Refused, match="running"):
            refuse_if_running(path)
    # What a killed process left behind answers nobody.
    refuse_if_running(path)


def test_a_folder_is_copied_for_the_time_of_its_import(tmp_path: Path) -> None:
    folder, imports = tmp_path / "auth", tmp_path / "data" / "import"
    folder.mkdir()
    (folder / "creds.json").write_text("{}")
    (folder / "session-1.json").write_text("{}")
    (folder / "notes.txt").write_text("x")

    with staged_folder(folder, imports) as name:
        copy = imports / name
        assert sorted(path.name for path in copy.iterdir()) == ["creds.json", "session-1.json"]
        assert copy.stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in copy.iterdir())
    assert list(imports.iterdir()) == []


def test_what_is_no_baileys_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"creds\.json"), staged_folder(tmp_path, tmp_path / "import"):
        pass


def test_a_link_in_the_folder_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    folder = tmp_path / "auth"
    folder.mkdir()
    (folder / "creds.json").write_text("{}")
    (folder / "session-1.json").symlink_to("/etc/passwd")

    with pytest.raises(Refused, match="no file that Baileys writes"), staged_folder(folder, tmp_path / "import"):
        pass

    assert list((tmp_path / "import").iterdir()) == []
