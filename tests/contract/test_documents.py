"""What the documents point to exists, the index leads to every page, and both READMEs say the same commands."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!\\)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)?$", re.MULTILINE)


def documents() -> list[Path]:
    """Every Markdown file of the repository, whether it is added already or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if listed.returncode != 0:
        # An archive of the sources, without git.
        left_out = {"node_modules", ".venv", "build", "data"}
        return sorted(path for path in ROOT.rglob("*.md") if not left_out & set(path.relative_to(ROOT).parts))
    return sorted(path for name in listed.stdout.splitlines() if (path := ROOT / name).exists())


DOCUMENTS = documents()


def prose_of(text: str) -> str:
    """The text without its examples, in which brackets mean other things."""
    return re.sub(r"`[^`\n]+`", lambda code: "x" * len(code[0]), _FENCE.sub("", text))


@cache
def anchors_of(path: Path) -> frozenset[str]:
    """The anchors of a page's headings, made as GitHub makes them."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    anchors = set()
    for heading in _HEADING.findall(text):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        anchor = re.sub(r"[^\w\- ]", "", shown).strip().replace(" ", "-")
        seen = found.get(anchor, 0)
        found[anchor] = seen + 1
        anchors.add(f"{anchor}-{seen}" if seen else anchor)
    return frozenset(anchors)


def broken_links(path: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(prose_of(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        if not target.exists():
            broken.append(f"{link}: nothing is there")
        elif anchor and (target.suffix != ".md" or anchor not in anchors_of(target)):
            broken.append(f"{link}: no such heading")
    return broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One `word`, two\n\n```sh\n# no heading\n```\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](there.md) [b](there.md#one-word-two) [c](#here) [d](https://example.com/x) `[e](nowhere)`\n"
        "```\n[f](nowhere)\n```\n[g](gone.md) [h](there.md#no-heading) [i](#gone)\n"
    )

    assert broken_links(page) == [
        "gone.md: nothing is there",
        "there.md#no-heading: no such heading",
        "#gone: no such heading",
    ]


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    links = _LINK.findall(index.read_text(encoding="utf-8"))
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links}
    pages = {path for path in DOCUMENTS if path.parent == ROOT / "docs"} - {index}

    assert pages - linked == set()


def blocks_of(name: str) -> list[tuple[str, str]]:
    """The examples of a page: language and text of each."""
    return [(language, text) for _, language, text in _FENCE.findall((ROOT / name).read_text(encoding="utf-8"))]


def test_both_readmes_say_the_same_commands() -> None:
    assert len(blocks_of("README.md")) >= 14
    assert blocks_of("README.pt-BR.md") == blocks_of("README.md")


def test_both_readmes_have_the_same_sections_and_links() -> None:
    english, portuguese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.pt-BR.md"))

    def links(text: str) -> list[str]:
        return sorted(set(_LINK.findall(text)) - {"README.md", "README.pt-BR.md"})

    assert links(portuguese) == links(english)
    levels = [
        [len(line) - len(line.lstrip("#")) for line in _FENCE.sub("", text).splitlines() if line.startswith("#")]
        for text in (english, portuguese)
    ]
    assert levels[0] == levels[1]


def test_the_readme_s_test_command_is_what_a_change_must_pass() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## Test it") :]

    assert section.startswith("## Test it\n\n```sh\nscripts/test\n```\n")
    assert "exec scripts/test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
