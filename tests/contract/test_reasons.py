"""The bridge's reasons why a message is not possible, and the sentences for them."""

from __future__ import annotations

import re
from pathlib import Path

from control.rpc.reasons import REASONS

BUILDING = Path(__file__).resolve().parents[2] / "bridge" / "src" / "whatsapp" / "building"
PLACES = ("persons", "groups", "channels", "stories")


def test_every_reason_of_the_bridge_has_a_sentence_and_every_sentence_a_reason() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in sorted(BUILDING.glob("*.ts")))
    words = set(re.findall(r'\brefuse\("(\w+)"\)', source))
    assert "not_in_${" in source
    words |= {f"not_in_{place}" for place in PLACES}

    assert words == set(REASONS)
