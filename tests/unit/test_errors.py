from __future__ import annotations

import re

import pytest

import control.rpc.faults  # noqa: F401  (the contract's errors are part of the table)
from control.api.problems import problem_document, problem_response
from control.errors import ERROR_KINDS, ErrorKind, GatewayError, register

KINDS = sorted(ERROR_KINDS.values(), key=lambda kind: kind.code)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_error_of_the_table_is_a_whole_problem_document(kind: ErrorKind) -> None:
    response = problem_response(GatewayError(kind.code), "id-1")
    document = problem_document(GatewayError(kind.code), "id-1")

    assert re.fullmatch(r"[a-z][a-z_]*", kind.code)
    assert 400 <= kind.http_status < 600
    assert response.status == document["status"] == kind.http_status
    assert (document["success"], document["code"], document["instance"]) == (False, kind.code, "id-1")
    assert document["title"].endswith(".")


def test_an_error_s_own_members_cannot_replace_those_of_every_problem() -> None:
    error = GatewayError("internal_error", status=200, success=True, messageId="m")

    document = problem_document(error, "id-1")

    assert (document["status"], document["success"], document["messageId"]) == (500, False, "m")


def test_a_code_cannot_be_in_the_table_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        register(ErrorKind("internal_error", 500, True, "x"))
