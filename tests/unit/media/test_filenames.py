from __future__ import annotations

import pytest

from control.media.filenames import MAX_BYTES, safe_file_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Relatório ção.pdf", "Relatório ção.pdf"),
        ("报告 📄.pdf", "报告 📄.pdf"),
        ("👩\u200d💻.txt", "👩\u200d💻.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.dll", "a.dll"),
        ("C:\\Users\\a.txt", "a.txt"),
        ("C:a.txt", "C_a.txt"),
        ("/etc/passwd", "passwd"),
        ("a/b/", None),
        ("..", None),
        (".", None),
        ("...", None),
        ("", None),
        ("   ", None),
        ("\x00", None),
        (".htaccess", "htaccess"),
        ("a\x00.pdf", "a.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil_ 1.pdf"),
        ("a\tb.pdf", "ab.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u2028b\ufeff.pdf", "ab.pdf"),
        ("a\u2044etc\u2215b.pdf", "b.pdf"),
        ("a\uff0fb\uff3cc.pdf", "c.pdf"),
        ("file.txt::$DATA", "file.txt__$DATA"),
        ("e\u0301.pdf", "é.pdf"),
        ("a  b .pdf. ", "a b .pdf"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_what_a_name_must_not_hold_is_gone(given: str, name: str | None) -> None:
    assert safe_file_name(given) == name


@pytest.mark.parametrize("letter", ["a", "é", "报", "📄"])
def test_a_long_name_is_cut_between_characters_and_keeps_its_extension(letter: str) -> None:
    name = safe_file_name(letter * 400 + ".pdf")
    assert name is not None
    assert len(name.encode()) <= MAX_BYTES
    assert len(name.encode()) > MAX_BYTES - 8
    assert name.endswith(f"{letter}.pdf")


def test_a_long_extension_is_no_extension() -> None:
    name = safe_file_name("a." + "b" * 400)
    assert name is not None
    assert len(name) == MAX_BYTES


def test_no_name_stays_none() -> None:
    assert safe_file_name(None) is None
