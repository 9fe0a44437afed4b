from __future__ import annotations

import pytest

from control.rpc.contract_gen import SessionReason, SessionState
from control.sessions.states import REASON_SENTENCES, STATE_SENTENCES, sentence


def test_every_state_and_every_reason_of_the_contract_has_a_sentence() -> None:
    assert set(STATE_SENTENCES) == set(SessionState)
    assert set(REASON_SENTENCES) == set(SessionReason)


@pytest.mark.parametrize("words", [*STATE_SENTENCES.values(), *REASON_SENTENCES.values()])
def test_a_sentence_is_one_for_people(words: str) -> None:
    assert words[0].isupper()
    assert words.endswith(".")
    assert "_" not in words


def test_a_reason_is_told_after_the_state() -> None:
    said = sentence(SessionState.reconnecting, SessionReason.connection_lost)

    assert said.startswith(STATE_SENTENCES[SessionState.reconnecting])
    assert said.endswith(REASON_SENTENCES[SessionReason.connection_lost])
