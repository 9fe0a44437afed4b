"""Both languages say everything the page says and nothing else, and put every code of the contract into words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest

from control.auth.scopes import ALL_SCOPES, GRANTABLE_SCOPES
from control.pages.shelf import ROOMS
from control.rpc.contract_gen import Code as FailureCode
from control.rpc.contract_gen import (
    HoldReason,
    MessageStatus,
    SendProfile,
    SessionReason,
    SessionState,
)
from control.rpc.contract_gen import Kind as RestrictionKind
from control.rpc.contract_gen import Name as LimitName

ROOM = ROOMS / "dashboard"
CODE = "\n".join(
    file.read_text() for file in sorted(ROOM.iterdir()) if file.suffix in (".js", ".html") and len(file.stem) > 2
)
PLACE = re.compile(r"\{(\w+)\}")


def words(language: str) -> dict[str, str]:
    text = (ROOM / f"{language}.js").read_text()
    found: dict[str, str] = json.loads(text[text.index("= {") + 2 : text.rindex(";")])
    return found


ENGLISH, PORTUGUESE = words("en"), words("pt")


def test_both_languages_have_the_same_keys_with_the_same_places_to_fill_in() -> None:
    assert ENGLISH.keys() == PORTUGUESE.keys()
    for key, text in ENGLISH.items():
        assert text.strip()
        assert PORTUGUESE[key].strip()
        assert set(PLACE.findall(text)) == set(PLACE.findall(PORTUGUESE[key])), key


def test_every_key_the_page_names_is_there() -> None:
    named = set(re.findall(r'words\.text\(\s*"([^"]+)"', CODE)) | set(
        re.findall(r'data-(?:text|label)="([^"]+)"', CODE)
    )
    chosen = set(re.findall(r'\? "([a-z]+\.[a-z_.]+)" : "[a-z]+\.[a-z_.]+"', CODE))

    assert len(named) > 50
    assert named | chosen <= ENGLISH.keys()


def test_every_key_there_is_the_page_names() -> None:
    quoted = set(re.findall(r'"([a-z_0-9.]+)"', CODE))
    groups = set(re.findall(r"`([a-z_.]+)\$\{", CODE)) | {
        f"{group}." for group in re.findall(r'textOf\("([a-z]+)"', CODE)
    }

    unused = {key for key in ENGLISH if key not in quoted and not key.startswith(tuple(groups))}
    assert unused == set()


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("state", SessionState),
        ("sentence", SessionState),
        ("reason", SessionReason),
        ("status", MessageStatus),
        ("held", HoldReason),
        ("failure", FailureCode),
        ("limit", LimitName),
        ("profile", SendProfile),
        ("restriction", RestrictionKind),
    ],
)
def test_every_code_of_the_contract_has_its_words(group: str, codes: Iterable[str]) -> None:
    assert {f"{group}.{code}" for code in codes} <= ENGLISH.keys()


def test_the_form_for_keys_offers_the_scopes_a_key_may_have() -> None:
    found = re.search(r"NEVER_GIVEN = (\[.*?\]);", CODE)

    assert found is not None
    assert set(json.loads(found[1])) == ALL_SCOPES - GRANTABLE_SCOPES
