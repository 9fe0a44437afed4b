from __future__ import annotations

import pytest

from control.errors import GatewayError
from control.messages import batches, sender
from control.messages.idempotency import InFlight, fingerprint
from control.rpc.contract_gen import Idempotency


def asked(key: str, body: str = "x") -> Idempotency:
    return Idempotency(key=key, fingerprint=fingerprint("r", "t", {"message": body}))


def test_a_fingerprint_is_of_what_is_asked_and_not_of_how_it_was_written() -> None:
    assert fingerprint("r", "t", {"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint(
        "r", "t", {"b": {"d": 3, "c": 2}, "a": 1}
    )
    others: list[tuple[str, str, dict[str, object]]] = [
        ("r2", "t", {"a": 1}),
        ("r", "t2", {"a": 1}),
        ("r", "t", {"a": 2}),
        ("r", "t", {"a": "1"}),
    ]
    assert len({fingerprint("r", "t", {"a": 1}), *(fingerprint(*other) for other in others)}) == 5


def test_fingerprints_are_those_of_earlier_versions() -> None:
    # These values are in stores: a change would take every repeated request for another one.
    body = {"to": "+5511999999999", "type": "text", "message": "olá"}
    assert (
        fingerprint(sender.ROUTE, "acme", body)
        == "af45aaad8227b26d72057a14ce5a9f8f70eae50e30ac85a2c21e2108b868b16e"
    )
    assert (
        fingerprint(batches.ROUTE, "acme", body)
        == "f00655b5837511f0b8735c3350e0d0bd84f0201670e9b2d9d3bf27dfe885d6b0"
    )


def test_a_key_is_worked_on_once_at_a_time_and_free_afterwards() -> None:
    table = InFlight()

    with table.enter("t", asked("k")):
        with pytest.raises(GatewayError, match="idempotency_in_flight") as busy, table.enter("t", asked("k")):
            raise AssertionError("two at once")
        assert busy.value.retry_after == 1
        with pytest.raises(GatewayError, match="idempotency_mismatch"), table.enter("t", asked("k", "y")):
            raise AssertionError("two at once")
        with table.enter("other", asked("k")), table.enter("t", asked("k2")), table.enter("t", None):
            pass
    with pytest.raises(RuntimeError), table.enter("t", asked("k")):
        raise RuntimeError
    with table.enter("t", asked("k", "y")):
        pass
