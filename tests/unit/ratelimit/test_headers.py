from __future__ import annotations

import pytest

from control.ratelimit.headers import rate_limit_headers
from control.ratelimit.policy import ADMITTED, Level, Policy, Verdict
from tests.support.structured_fields import parse_list

KEY, TENANT = Policy("key", 600, 60), Policy("tenant", 3000, 60)


def test_headers_are_structured_fields_that_name_each_policy_once() -> None:
    fields = rate_limit_headers(Verdict((Level(KEY, 599, 0, 100_000), Level(TENANT, 2998, 0, 1_040_000))))

    assert fields == {
        "RateLimit-Policy": '"key";q=600;w=60, "tenant";q=3000;w=60',
        "RateLimit": '"key";r=599;t=1, "tenant";r=2998;t=2',
    }
    assert parse_list(fields["RateLimit-Policy"]) == [
        ("key", {"q": 600, "w": 60}),
        ("tenant", {"q": 3000, "w": 60}),
    ]
    assert parse_list(fields["RateLimit"]) == [("key", {"r": 599, "t": 1}), ("tenant", {"r": 2998, "t": 2})]


def test_a_denial_tells_the_moment_of_retry_after() -> None:
    denied = Verdict((Level(KEY, 0, 6_100_000, 60_000_000), Level(TENANT, 5, 0, 9_000_000)), ("key",))

    assert denied.retry_after == 7
    assert parse_list(rate_limit_headers(denied)["RateLimit"]) == [
        ("key", {"r": 0, "t": 7}),
        ("tenant", {"r": 5, "t": 9}),
    ]


def test_where_no_limit_holds_there_are_no_headers() -> None:
    assert rate_limit_headers(ADMITTED) == {}


@pytest.mark.parametrize("text", ["", "key;q=1", '"key";q=1,', '"key";q=1.5', '"key";q=1 w=2', '"k"ey";q=1'])
def test_the_parser_refuses_what_is_no_structured_field(text: str) -> None:
    with pytest.raises(ValueError, match="at"):
        parse_list(text)
