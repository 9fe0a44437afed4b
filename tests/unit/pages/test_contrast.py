"""The colours can be told apart, in the light and in the dark: WCAG 2.2 AA, 4.5 for text, 3 for lines."""

from __future__ import annotations

import re

import pytest

from control.pages.shelf import ROOMS

LIGHT, DARK, *_ = re.findall(r":root \{(.*?)\}", (ROOMS / "shared" / "base.css").read_text(), re.DOTALL)
TEXT = [
    *[("ink", on) for on in ("ground", "sheet", "well")],
    *[("ink-soft", on) for on in ("ground", "sheet", "well")],
    *[("accent", on) for on in ("ground", "sheet", "well", "accent-wash")],
    *[("on-accent", on) for on in ("accent", "accent-deep")],
    *[("accent-deep", "accent-wash"), ("warn", "warn-wash"), ("bad", "bad-wash"), ("bad", "sheet")],
]
OTHER = [("line-strong", "sheet"), ("line-strong", "ground"), ("focus", "sheet"), ("focus", "ground")]


def luminance(block: str, name: str) -> float:
    found = re.search(rf"--{name}: #([0-9a-f]{{6}});", block)
    assert found is not None, name
    parts = [int(found[1][place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3.0, OTHER)], ids=["text", "other"])
def test_what_stands_on_a_colour_can_be_seen(block: str, least: float, pairs: list[tuple[str, str]]) -> None:
    weak = {}
    for front, back in pairs:
        dim, bright = sorted((luminance(block, front), luminance(block, back)))
        ratio = (bright + 0.05) / (dim + 0.05)
        if ratio < least:
            weak[f"{front} on {back}"] = round(ratio, 2)
    assert weak == {}
