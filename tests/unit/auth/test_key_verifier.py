from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from control.auth.key_format import new_key_id, new_secret
from control.auth.key_verifier import PAUSE_SECONDS, TRUST_SECONDS, KeyVerifier
from control.auth.principal import PrincipalKind
from control.auth.scopes import Scope
from control.auth.stored_key import StoredKey, digest_of
from control.errors import GatewayError

NOW_MS = 1_800_000_000_000


class Registry:
    """Keys in memory, and a Redis that can be away."""

    def __init__(self) -> None:
        self.keys: dict[str, StoredKey] = {}
        self.away = False
        self.asked = 0

    async def get(self, key_id: str) -> StoredKey | None:
        self.asked += 1
        if self.away:
            raise RedisConnectionError("away")
        return self.keys.get(key_id)


class Use:
    def __init__(self) -> None:
        self.noted: list[tuple[str, str | None]] = []

    def note(self, key_id: str, address: str | None) -> None:
        self.noted.append((key_id, address))


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0


class Made:
    """A verifier of one key."""

    def __init__(self, **changes: Any) -> None:
        self.registry, self.use, self.time = Registry(), Use(), Time()
        key_id = new_key_id()
        self.key = new_secret(key_id)
        self.stored = StoredKey(
            **{
                "id": key_id,
                "name": "x",
                "tenants": ("acme",),
                "scopes": (Scope.SESSIONS_READ,),
                "digest": digest_of(self.key),
                "created_ms": 1,
                "created_by": "op",
                **changes,
            }
        )
        self.registry.keys[key_id] = self.stored
        self.verifier = KeyVerifier(
            self.registry,  # type: ignore[arg-type]
            self.use,  # type: ignore[arg-type]
            now_ms=lambda: NOW_MS + int(self.time.seconds * 1000),
            clock=lambda: self.time.seconds,
        )

    async def code(self, key: str | None = None) -> str:
        """What somebody with the key hears."""
        try:
            await self.verifier.principal(key or self.key, "203.0.113.7")
        except GatewayError as error:
            return error.code
        return "ok"


async def test_the_holder_of_a_key_is_who_the_key_says() -> None:
    made = Made()

    principal = await made.verifier.principal(made.key, "203.0.113.7")

    assert (principal.kind, principal.key_id) == (PrincipalKind.KEY, made.stored.id)
    assert (principal.tenants, principal.scopes) == (frozenset({"acme"}), frozenset({Scope.SESSIONS_READ}))
    assert made.use.noted == [(made.stored.id, "203.0.113.7")]


async def test_what_is_no_key_is_refused_without_asking_redis() -> None:
    made = Made()

    assert await made.code(made.key[:-1] + ("a" if made.key[-1] != "a" else "b")) == "unauthorized"
    assert made.registry.asked == 0


async def test_a_key_of_the_same_id_and_another_secret_is_refused() -> None:
    made = Made()

    assert await made.code(new_secret(made.stored.id)) == "unauthorized"
    assert made.use.noted == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"expires_ms": NOW_MS}, "has expired"), ({"revoked_ms": 5}, "was revoked")],
    ids=["expired", "revoked"],
)
async def test_what_became_of_a_key_is_told_to_who_holds_it_only(changes: dict[str, Any], says: str) -> None:
    made = Made(**changes)

    with pytest.raises(GatewayError, match=says):
        await made.verifier.principal(made.key, None)
    with pytest.raises(GatewayError, match="not valid here"):
        await made.verifier.principal(new_secret(made.stored.id), None)


async def test_the_key_before_a_rotation_opens_until_its_overlap_ends() -> None:
    made = Made()
    new = new_secret(made.stored.id)
    rotated = replace(
        made.stored,
        digest=digest_of(new),
        previous_digest=made.stored.digest,
        previous_until_ms=NOW_MS + 10_000,
    )
    made.registry.keys[made.stored.id] = rotated

    assert [await made.code(), await made.code(new)] == ["ok", "ok"]
    made.time.seconds = 10
    assert [await made.code(), await made.code(new)] == ["unauthorized", "ok"]


async def test_without_redis_a_key_found_good_is_believed_for_a_time_and_no_other() -> None:
    made, other = Made(), Made()
    made.registry.keys[other.stored.id] = other.stored
    assert await made.code() == "ok"
    made.registry.away = True

    assert await made.code() == "ok"
    assert await made.code(other.key) == "redis_unavailable"
    made.time.seconds = TRUST_SECONDS + 1
    assert await made.code() == "redis_unavailable"
    made.registry.away = False
    made.time.seconds += PAUSE_SECONDS
    assert await made.code() == "ok"


async def test_without_redis_a_key_still_expires() -> None:
    made = Made(expires_ms=NOW_MS + 5_000)
    assert await made.code() == "ok"
    made.registry.away = True
    made.time.seconds = 6

    assert await made.code() == "unauthorized"


async def test_a_redis_that_did_not_answer_is_not_asked_by_every_request() -> None:
    made = Made()
    await made.code()
    made.registry.away = True
    asked = made.registry.asked

    for _ in range(20):
        assert await made.code() == "ok"

    assert made.registry.asked == asked + 1


async def test_a_key_that_was_revoked_is_not_believed_later_without_redis() -> None:
    made = Made()
    assert await made.code() == "ok"
    made.registry.keys[made.stored.id] = replace(made.stored, revoked_ms=NOW_MS)
    assert await made.code() == "unauthorized"
    made.registry.away = True

    assert await made.code() == "redis_unavailable"


def test_a_stored_key_is_the_same_after_it_was_stored_and_never_gets_the_operator_s_scope() -> None:
    stored = Made(previous_digest="a" * 64, previous_until_ms=5).stored

    assert StoredKey.loaded(stored.dumped()) == stored
    forged = stored.dumped().replace(b'"sessions:read"', b'"sessions:read","installation","of:tomorrow"')
    assert StoredKey.loaded(forged).scopes == (Scope.SESSIONS_READ,)
