"""The header fields of draft-ietf-httpapi-ratelimit-headers-10, structured fields: what holds and what is left.

    RateLimit-Policy: "key";q=600;w=60, "tenant";q=3000;w=60
    RateLimit: "key";r=599;t=1, "tenant";r=2998;t=1

`t` is when the bucket is full again, in seconds; for the policy that denied a request it is when the request may
be repeated, the same moment as `Retry-After`.
"""

from __future__ import annotations

from functools import lru_cache

from control.ratelimit.policy import MICROSECONDS, Policy, Verdict


def rate_limit_headers(verdict: Verdict) -> dict[str, str]:
    """Return the fields of an answer; none where no limit holds."""
    if not verdict.levels:
        return {}
    items = []
    for level in verdict.levels:
        name = level.policy.name
        until = level.wait if name in verdict.denying else level.reset
        remaining = 0 if name in verdict.denying else level.remaining
        items.append(f'"{name}";r={remaining};t={-(-until // MICROSECONDS)}')
    return {
        "RateLimit-Policy": _policies(tuple(level.policy for level in verdict.levels)),
        "RateLimit": ", ".join(items),
    }


@lru_cache(64)
def _policies(policies: tuple[Policy, ...]) -> str:
    return ", ".join(f'"{policy.name}";q={policy.limit};w={policy.seconds}' for policy in policies)
