from __future__ import annotations

from itertools import product

import pytest

from control.rpc.contract_gen import Session, SessionReason, SessionState, SessionStatusEvent
from control.rpc.states import REASON_SENTENCES, STATE_SENTENCES, SessionTruth
from tests.support.scripted_bridge import session

SOON = 1_795_435_218_000


def test_every_state_and_every_reason_of_the_contract_has_a_sentence() -> None:
    assert set(STATE_SENTENCES) == set(SessionState)
    assert set(REASON_SENTENCES) == set(SessionReason)


@pytest.mark.parametrize(("state", "reason"), list(product(SessionState, [None, *SessionReason])), ids=str)
def test_whatever_the_bridge_says_is_told_in_words(state: SessionState, reason: SessionReason | None) -> None:
    said = SessionTruth(state, SOON, reason).sentence

    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
    # A code is for programs; people get words. (MEMORY_LIMIT_MB is the name of a setting.)
    assert not [word for word in said.split() if "_" in word and not word.startswith("MEMORY_LIMIT_MB")]
    assert len(said) < 320


def test_a_reason_is_told_after_the_state() -> None:
    said = SessionTruth(SessionState.reconnecting, SOON, SessionReason.connection_lost).sentence

    assert said.startswith(STATE_SENTENCES[SessionState.reconnecting])
    assert said.endswith(REASON_SENTENCES[SessionReason.connection_lost])


def test_a_restriction_says_when_it_ends() -> None:
    truth = SessionTruth(
        SessionState.restricted, SOON, SessionReason.restricted_by_whatsapp, restricted_until_ms=SOON
    )

    assert truth.sentence.startswith("Connected, but WhatsApp restricts this number until 2026-11-23 12:00 UTC.")


@pytest.mark.parametrize("end", [None, 9_007_199_254_740_991])
def test_a_restriction_without_a_sane_end_is_for_a_time(end: int | None) -> None:
    truth = SessionTruth(SessionState.restricted, SOON, SessionReason.temporarily_banned, restricted_until_ms=end)

    assert "connect for a time." in truth.sentence


@pytest.mark.parametrize(("state", "reason"), list(product(SessionState, [None, *SessionReason])), ids=str)
def test_only_an_open_connection_is_connected(state: SessionState, reason: SessionReason | None) -> None:
    open_although_restricted = (SessionState.restricted, SessionReason.restricted_by_whatsapp)

    assert SessionTruth(state, SOON, reason).connected is (
        state is SessionState.connected or (state, reason) == open_although_restricted
    )


def test_an_answer_tells_more_than_an_event() -> None:
    fields = {"reason": "dns_failure", "whatsappCode": 408, "sinceMs": SOON}
    answer = Session.model_validate(session("acme", "reconnecting", retryAtMs=SOON + 5, attempt=3, **fields))
    event = SessionStatusEvent.model_validate({"type": "session.status", "state": "reconnecting", **fields})

    assert (SessionTruth.of(answer).retry_at_ms, SessionTruth.of(answer).attempt) == (SOON + 5, 3)
    assert SessionTruth.of(event).whatsapp_code == 408
    assert SessionTruth.of(event).retry_at_ms is None
