"""Everything that the OpenAPI allows, and much that it forbids, is answered as it says."""

from __future__ import annotations

import pytest

from tests.fuzz.run import Wish, fuzz


@pytest.mark.timeout(180)
async def test_what_is_asked_at_random_is_answered_as_documented() -> None:
    outcome = await fuzz(Wish(examples=2, seed=20_261_123, phases=("examples", "fuzzing")))

    assert outcome.faults == []
    assert 500 not in outcome.statuses
    # Not a run that asked nothing, or was refused everything.
    assert outcome.requests >= 300
    assert outcome.operations >= 80
    assert outcome.statuses[200] >= 100
