"""Which limits a request meets.

ip           of those who have not shown a credential that was good before: per IP, before anybody is authenticated
failed_auth  of credentials that were not good: per IP, and as failed_auth_key per key they name
operator     of the operator's key
key          of every other credential
tenant       of one tenant, over all its credentials; the operator's requests do not count

A request is looked at twice. `arrived` asks nobody outside this process: it stops those who are known to be out of
requests, before they cost anything. `signed_in`, `refused` and `anonymous` draw from all buckets at once, in one
round trip. A credential that was good once in this process is not held up by what others do from the same address
or try with the same key's name, so nobody can lock a customer out by guessing.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from control.errors import GatewayError
from control.ratelimit.local import LocalBuckets
from control.ratelimit.policy import Draw, Policy, Verdict
from control.ratelimit.shared import SharedBuckets
from control.settings import Settings
from control.storage.keys import Keys

MOST_KNOWN: Final = 10_000
"""Credentials remembered as good; past it the one longest unused is a stranger again, which is no harm."""


@dataclass(frozen=True, slots=True)
class Policies:
    """The limits of an installation; None is off."""

    address: Policy | None
    failed_auth: Policy | None
    failed_auth_key: Policy | None
    operator: Policy | None
    key: Policy | None
    tenant: Policy | None

    @classmethod
    def of(cls, settings: Settings) -> Policies:
        """Return those of the settings."""
        return cls(
            address=Policy.of("ip", settings.rate_limit_ip),
            failed_auth=Policy.of("failed_auth", settings.rate_limit_failed_auth),
            failed_auth_key=Policy.of("failed_auth_key", settings.rate_limit_failed_auth),
            operator=Policy.of("operator", settings.rate_limit_operator),
            key=Policy.of("key", settings.rate_limit_key),
            tenant=Policy.of("tenant", settings.rate_limit_tenant),
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, before it is known who that is. shown: its credential's fingerprint, if it has one.

    key_name: the public part of a key, by which guesses at one key from many addresses are counted.
    """

    address: str
    shown: bytes | None
    key_name: str | None
    known: bool


class RateLimiter:
    """Decides for one process. Never raises anything but `rate_limited`."""

    def __init__(self, buckets: SharedBuckets, keys: Keys, policies: Policies) -> None:
        self._buckets = buckets
        self._keys = keys
        self._policies = policies
        self._front = LocalBuckets()
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._salt = os.urandom(16)
        self._bucket = lru_cache(8192)(self._named)

    def fingerprint(self, credential: str) -> bytes:
        """Return what stands for a credential in this process's memory, and nowhere else."""
        return hashlib.blake2b(
            credential.encode("utf-8", "surrogateescape"), key=self._salt, digest_size=16
        ).digest()

    def knows(self, shown: bytes | None) -> bool:
        """Whether this credential was good before."""
        return shown is not None and shown in self._known

    def arrived(self, caller: Caller) -> None:
        """Stop a stranger who is out of requests; raises `rate_limited`."""
        if caller.known:
            return
        # Not for guesses at the key it names: its holder may be the one who comes, from anywhere and for the first
        # time, and the name of a key is no secret. A guess more is told so when it has turned out to be one.
        guesses = self._of(self._policies.failed_auth, caller.address, 1)
        denied = self._buckets.denied(self._strangers(caller) + guesses)
        if denied is None and self._policies.address is not None:
            # In front of Redis: what this process alone has counted is enough to deny a flood.
            denied = self._front.take(self._strangers(caller))
        if denied is not None and not denied.admitted:
            raise RateLimited(denied)

    async def anonymous(self, caller: Caller, cost: int) -> Verdict:
        """Draw for a request to a public address; raises `rate_limited`."""
        return await self._take(self._strangers(caller, cost))

    async def refused(self, caller: Caller) -> Verdict:
        """Draw for a request whose credential is missing or not good; raises `rate_limited`."""
        if caller.shown is not None:
            self._known.pop(caller.shown, None)
        failures = self._failures(caller) if caller.shown is not None else ()
        return await self._take(self._strangers(caller) + failures)

    async def signed_in(
        self, caller: Caller, *, operator: bool, key_id: str | None, tenant_id: str | None, cost: int
    ) -> Verdict:
        """Draw for a request of somebody; raises `rate_limited`.

        key_id: None for a credential that is good once. tenant_id: None where the request is of no tenant, or of
        one that is not this somebody's.
        """
        if caller.shown is not None:
            self._remember(caller.shown)
        draws = () if caller.known else self._strangers(caller)
        if operator:
            draws += self._of(self._policies.operator, "", cost)
        else:
            if key_id is not None:
                draws += self._of(self._policies.key, key_id, cost)
            if tenant_id is not None:
                draws += self._of(self._policies.tenant, tenant_id, cost)
        return await self._take(draws)

    async def close(self) -> None:
        """End what runs in the background."""
        await self._buckets.close()

    async def _take(self, draws: tuple[Draw, ...]) -> Verdict:
        verdict = await self._buckets.take(draws)
        if not verdict.admitted:
            raise RateLimited(verdict)
        return verdict

    def _strangers(self, caller: Caller, cost: int = 1) -> tuple[Draw, ...]:
        return self._of(self._policies.address, caller.address, cost)

    def _failures(self, caller: Caller) -> tuple[Draw, ...]:
        draws = self._of(self._policies.failed_auth, caller.address, 1)
        if caller.key_name is not None:
            draws += self._of(self._policies.failed_auth_key, caller.key_name, 1)
        return draws

    def _of(self, policy: Policy | None, whose: str, cost: int) -> tuple[Draw, ...]:
        return (Draw(policy, self._bucket(policy.name, whose), cost),) if policy is not None and cost > 0 else ()

    def _named(self, policy: str, whose: str) -> str:
        # Neither addresses nor tenants stand in Redis: a deleted tenant is nowhere any more.
        digest = hashlib.blake2b(whose.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        return self._keys.rate_limit(policy, digest)

    def _remember(self, shown: bytes) -> None:
        if shown in self._known:
            self._known.move_to_end(shown)
            return
        self._known[shown] = None
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


class RateLimited(GatewayError):
    """`rate_limited`, with what the answer's headers tell."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        seconds = verdict.retry_after
        extra: dict[str, Any] = {"violated-policies": list(dict.fromkeys(verdict.denying))}
        super().__init__(
            "rate_limited",
            f"Too many requests. Try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
            retry_after=seconds,
            **extra,
        )
