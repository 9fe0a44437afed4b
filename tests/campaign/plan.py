"""What a campaign is to do: how long, how much, and chance by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from tests.campaign.history import Way

WAYS: Final[dict[Way, int]] = {
    "text": 76,
    "image": 3,
    "upload": 3,
    "scheduled": 5,
    "impatient": 5,
    "twins": 7,
    "batch": 1,
}
"""How often each way of asking is chosen."""

STRIKES: Final[dict[str, int]] = {
    "kill bridge": 28,
    "kill control": 24,
    "kill redis": 18,
    "kill bridge control": 4,
    "kill bridge control redis": 4,
    "drop": 6,
    "cut, message arrives": 6,
    "cut, message is lost": 6,
    "offline": 4,
    "refuse a message": 2,
    "say twice": 2,
}
"""How often each fault is chosen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a campaign.

    seconds: how long faults strike. gap: least and most seconds between two of them. pause: the same between two
    requests of a client, speak between two messages of a contact. fails: the share of webhooks that the customer's
    app does not take, and most_fails how often it does so for one event: with the third failure the gateway would
    wait minutes, as its documentation says. settle: seconds without any progress after the faults, at most.
    """

    seed: int = 1
    seconds: float = 60.0
    tenants: int = 3
    gap: tuple[float, float] = (2.0, 10.0)
    pause: tuple[float, float] = (0.0, 0.4)
    speak: tuple[float, float] = (0.5, 4.0)
    fails: float = 0.4
    most_fails: int = 2
    settle: float = 120.0

    def chance(self, *what: object) -> random.Random:
        """Chance of its own for somebody who takes part, the same for the same seed."""
        return random.Random("/".join(str(part) for part in (self.seed, *what)))


def choose(chance: random.Random, weights: dict[Way, int]) -> Way:
    """Choose one by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]
