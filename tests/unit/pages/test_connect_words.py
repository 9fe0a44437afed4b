"""The connect page says the same in both languages, and has words for everything the API can tell it."""

from __future__ import annotations

import re

from control.api.areas.connect import ROUTES
from control.api.connect_view import Cause, Phase
from control.auth.jwt import Purpose
from control.errors import ERROR_KINDS
from control.pages.shelf import ROOMS

ROOM = ROOMS / "connect"
TEXT = re.compile(r'^    (?:"([^"]+)"|(\w+)): "((?:[^"\\]|\\.)*)",$', re.MULTILINE)
PLACE = re.compile(r"\{(\w+)\}")


def words() -> list[dict[str, str]]:
    parts = re.split(r'^  (?:en|"pt-BR"): \{$', (ROOM / "texts.js").read_text(), flags=re.MULTILINE)[1:]
    return [{quoted or bare: text for quoted, bare, text in TEXT.findall(part)} for part in parts]


ENGLISH, PORTUGUESE = words()


def test_both_languages_have_the_same_texts_with_the_same_places_to_fill_in() -> None:
    assert len(ENGLISH) > 50
    assert ENGLISH.keys() == PORTUGUESE.keys()
    for key, text in ENGLISH.items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(PORTUGUESE[key])), key
        # Of those that people read.
        assert text != PORTUGUESE[key], key


def test_every_phase_and_cause_has_words() -> None:
    assert {key for key in ENGLISH if key.startswith("phase.")} == {f"phase.{phase}" for phase in Phase}
    assert {key for key in ENGLISH if key.startswith("cause.")} == {f"cause.{cause}" for cause in Cause}


def test_every_way_a_link_ends_has_words() -> None:
    (opening,) = (route.operation for route in ROUTES if route.link is Purpose.CONNECT_LINK)
    assert opening is not None
    over = {code for code in opening.errors if ERROR_KINDS[code].http_status in (403, 404, 410)} | {"unauthorized"}

    assert {key for key in ENGLISH if key.startswith("over.")} == {f"over.{code}" for code in over}


def test_every_text_that_the_page_asks_for_is_there() -> None:
    code = "\n".join((ROOM / name).read_text() for name in ("main.js", "view.js", "page.html"))
    asked = set(re.findall(r'(?:data-text="|say\("|text\("|numberError\(")([\w.-]+)"', code))

    assert len(asked) > 20
    assert asked <= set(ENGLISH)
