from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from control.sessions.drawing import MODULE_PIXELS, QUIET_MODULES, draw_png, draw_svg, draw_text, matrix

WHATSAPP = "https://wa.me/settings/linked_devices#2@" + "Ab3/" * 50 + ",k=" * 30
TEXTS = ["x", WHATSAPP, "ü" * 500, "1" * 2_048]


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_the_png_shows_the_code_of_the_text_module_by_module(text: str) -> None:
    modules = matrix(text)

    picture = Image.open(io.BytesIO(draw_png(text)))
    picture.load()

    assert picture.size == (len(modules) * MODULE_PIXELS,) * 2
    for y in range(picture.height):
        for x in range(0, picture.width, MODULE_PIXELS):
            dark = picture.getpixel((x, y)) == 0
            assert dark == modules[y // MODULE_PIXELS][x // MODULE_PIXELS]


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_the_svg_draws_the_same_modules(text: str) -> None:
    modules = matrix(text)
    root = ElementTree.fromstring(draw_svg(text))
    path = root.find("{http://www.w3.org/2000/svg}path")
    assert path is not None

    drawn = [[False] * len(modules) for _ in modules]
    for stroke in path.attrib["d"].split("M")[1:]:
        place, width = stroke.split("h")[0].split(), int(stroke.split("h")[1].split("v")[0])
        x, y = int(place[0]), int(place[1])
        drawn[y][x : x + width] = [True] * width

    assert root.attrib["viewBox"] == f"0 0 {len(modules)} {len(modules)}"
    assert drawn == modules


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_the_terminal_shows_two_modules_a_character(text: str) -> None:
    modules = matrix(text)
    light = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}

    drawn = []
    for line in draw_text(text).decode().splitlines():
        drawn.append([not light[character][0] for character in line])
        drawn.append([not light[character][1] for character in line])

    assert drawn[: len(modules)] == modules


def test_there_is_a_quiet_zone_around_the_code() -> None:
    rows = matrix("x")

    assert not any(any(row) for row in (*rows[:QUIET_MODULES], *rows[-QUIET_MODULES:]))
    assert not any(any((*row[:QUIET_MODULES], *row[-QUIET_MODULES:])) for row in rows)
