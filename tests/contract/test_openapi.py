"""The OpenAPI says what the API is: every route, its key and its errors."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from control.api.operation import Operation
from control.api.route import Route
from control.api.routes import ROUTES
from control.api.spec.path_parameters import PATH_PARAMETERS
from control.errors import ERROR_KINDS
from control.rpc.contract_gen import METHODS


def operation_of(route: Route) -> Operation:
    assert route.operation is not None, f"{route.method} {route.path} lacks its operation"
    return route.operation


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_has_an_operation_whose_words_are_known(route: Route) -> None:
    operation = operation_of(route)

    assert operation.summary
    assert operation.description
    assert set(operation.errors) <= set(ERROR_KINDS)
    assert set(operation.calls) <= set(METHODS)
    assert set(re.findall(r"\{(\w+)\}", route.path)) <= set(PATH_PARAMETERS)
    assert (route.scope is None) == (route.public or route.any_scope or route.link is not None)


def test_operation_ids_are_unique() -> None:
    ids = Counter(operation_of(route).id for route in ROUTES)

    assert [name for name, count in ids.items() if count > 1] == []
