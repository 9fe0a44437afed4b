from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from control.pages.shelf import UnfitPages, read_pages


def room(rooms: Path, name: str, **files: bytes) -> None:
    (rooms / name).mkdir()
    for file, content in files.items():
        (rooms / name / file.replace("_", ".")).write_bytes(content)


def test_documents_name_the_version_in_what_they_load(tmp_path: Path) -> None:
    room(tmp_path, "one", page_html=b'<script src="pages/VERSION/one/main.js">', main_js=b"1")

    shelf = read_pages(tmp_path)

    assert shelf.documents["one"].body == f'<script src="pages/{shelf.version}/one/main.js">'.encode()
    assert shelf.assets["one", "main.js"].body == b"1"
    assert ("one", "page.html") not in shelf.assets


def test_the_version_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    room(tmp_path, "one", main_js=b"1")
    room(tmp_path, "two", main_css=b"2")
    first = read_pages(tmp_path).version

    assert read_pages(tmp_path).version == first
    (tmp_path / "two" / "main.css").write_bytes(b"3")
    assert read_pages(tmp_path).version != first


def test_a_file_of_another_kind_is_refused_at_start(tmp_path: Path) -> None:
    room(tmp_path, "one", notes_py=b"secret")

    with pytest.raises(UnfitPages, match=r"one/notes\.py"):
        read_pages(tmp_path)


def test_files_beside_the_rooms_and_hidden_ones_are_not_on_the_shelf(tmp_path: Path) -> None:
    room(tmp_path, "one", _swp=b"x", main_js=b"1")
    room(tmp_path, "__pycache__", a_pyc=b"x")
    (tmp_path / "shelf.py").write_text("code")

    assert list(read_pages(tmp_path).assets) == [("one", "main.js")]


def test_nothing_in_the_package_s_documents_is_inline_or_from_elsewhere() -> None:
    shelf = read_pages()

    for document in shelf.documents.values():
        html = document.body.decode().lower()
        assert "<style" not in html
        assert " style=" not in html
        assert "javascript:" not in html
        assert "://" not in html
        for tag in html.split("<script")[1:]:
            assert tag.split("</script>")[0].endswith(">"), "a script has a text"
        assert not [word for word in html.split() if word.startswith("on") and "=" in word]


def test_the_dashboard_s_document_names_every_module_it_needs() -> None:
    shelf = read_pages()
    named = set(
        re.findall(rf'href="pages/{shelf.version}/([^"]+\.js)"', shelf.documents["dashboard"].body.decode())
    )

    needed: set[str] = set()
    waiting = ["dashboard/main.js"]
    while waiting:
        room, _, name = waiting.pop().partition("/")
        for imported in re.findall(r'from "(\.[^"]+)"', shelf.assets[room, name].body.decode()):
            place = str(PurePosixPath(imported[3:] if imported.startswith("../") else f"{room}/{imported[2:]}"))
            if place not in needed:
                needed.add(place)
                waiting.append(place)
    assert named == needed
