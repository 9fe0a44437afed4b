from __future__ import annotations

import pytest

import control.rpc.faults  # noqa: F401  (the contract's errors are part of the table)
from control.errors import ERROR_KINDS
from control.messages.message_id import new_message_id
from control.messages.outcome import FAILURES, error_of
from control.rpc.contract_gen import Code, MessageFailure, MessageStatus, OutgoingMessage


def message(status: str, failure: MessageFailure | None = None) -> OutgoingMessage:
    return OutgoingMessage.model_validate(
        {
            "messageId": "3EB0",
            "to": "+5511999999999",
            "type": "text",
            "status": status,
            "acceptedAtMs": 1,
            "failure": failure,
        }
    )


@pytest.mark.parametrize("code", Code)
def test_every_reason_has_an_error_that_repeating_the_request_does_not_mend(code: Code) -> None:
    kind = ERROR_KINDS[FAILURES[code]]

    # The same request with the same key is answered with the same failure.
    assert not kind.retryable
    error = error_of(message("failed", MessageFailure(code=code, whatsapp_error=463)))
    assert error is not None
    assert (error.code, error.extra) == (kind.code, {"messageId": "3EB0", "whatsappError": 463})


def test_a_failure_without_a_reason_is_a_fault_of_the_gateway() -> None:
    error = error_of(message("failed"))

    assert error is not None
    assert (error.code, error.extra) == ("send_failed", {"messageId": "3EB0"})


def test_what_nobody_knows_is_said_to_be_unknown() -> None:
    error = error_of(message("unknown"))

    assert error is not None
    assert error.code == "message_unconfirmed"


@pytest.mark.parametrize("status", [status for status in MessageStatus if status not in ("failed", "unknown")])
def test_what_was_taken_is_no_error(status: str) -> None:
    assert error_of(message(status)) is None


def test_message_ids_are_random_and_look_like_whatsapp_s() -> None:
    ids = {new_message_id() for _ in range(1_000)}

    assert len(ids) == 1_000
    assert all(len(one) == 22 and one.startswith("3EB0") and one == one.upper() for one in ids)
