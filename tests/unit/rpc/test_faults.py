from __future__ import annotations

import pytest

from control.errors import ERROR_KINDS
from control.rpc.contract_gen import ERRORS, ContractError
from control.rpc.faults import CallTimeout, LinkDown, RpcFault


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.name)
def test_every_error_of_the_contract_is_in_the_table(error: ContractError) -> None:
    kind = ERROR_KINDS[error.name]

    assert (kind.http_status, kind.retryable, kind.title) == (error.http_status, error.retryable, error.message)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.name)
def test_a_fault_becomes_the_error_of_its_name(error: ContractError) -> None:
    assert RpcFault(error.code, "said").to_gateway_error().code == error.name


def test_a_number_the_contract_does_not_have_is_a_bridge_error() -> None:
    assert RpcFault(4711, "said").to_gateway_error().code == "bridge_error"


def test_what_the_bridge_says_of_protocol_faults_stays_inside() -> None:
    error = RpcFault(-32603, "TypeError: undefined is not a function").to_gateway_error()

    assert "TypeError" not in error.detail


def test_only_known_data_goes_outward() -> None:
    error = RpcFault(1202, "refused", {"whatsappError": 463, "stack": "at x.js", "name": "send_rejected"})

    assert error.to_gateway_error().extra == {"whatsappError": 463}


@pytest.mark.parametrize(
    "data",
    [
        {"whatsappError": "463"},
        {"whatsappError": True},
        {"reason": "at /srv/app.js"},
        {"reason": "x" * 41},
        {"bridgeHash": "x" * 65},
        {"retryAfterMs": "soon"},
        {"path": "/srv"},
        ["x"],
        "x",
    ],
)
def test_data_that_does_not_look_as_agreed_stays_inside(data: object) -> None:
    error = RpcFault(1213, "said", data).to_gateway_error()

    assert (error.extra, error.retry_after) == ({}, None)


def test_a_reason_is_said_in_a_sentence() -> None:
    known = RpcFault(1213, "said", {"reason": "not_in_channels"}).to_gateway_error()
    other = RpcFault(1213, "said", {"reason": "bad_weather"}).to_gateway_error()

    assert (known.detail, known.extra["reason"]) == (
        "WhatsApp has no messages of this kind in channels.",
        "not_in_channels",
    )
    assert (other.detail, other.extra["reason"]) == ("said", "bad_weather")


def test_a_wait_that_is_told_becomes_whole_seconds() -> None:
    waits = [
        RpcFault(1206, "full", {"retryAfterMs": ms}).to_gateway_error().retry_after for ms in (-5, 0, 1, 1_001)
    ]

    assert waits == [1, 1, 1, 2]


def test_links_and_deadlines_have_codes_of_their_own() -> None:
    assert LinkDown(sent=True).to_gateway_error().code == "bridge_unavailable"
    assert CallTimeout(sent=True).to_gateway_error().code == "bridge_timeout"
