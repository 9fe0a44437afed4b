from __future__ import annotations

import pytest

from control.auth.authenticator import Authenticator
from control.auth.operator import OperatorKey
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import Scope
from control.auth.standing import DIGEST_LENGTH, Standing, TokenStanding
from control.errors import GatewayError
from tests.support.gateway import KEY

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"
BOUND = Principal(
    kind=PrincipalKind.TOKEN, key_id="tok", tenants=frozenset({"acme"}), scopes=frozenset({Scope.SESSIONS_READ})
)


STANDING = Standing(
    key_id="key",
    digest="0123456789abcdef",
    token=TokenStanding(sign_in="s", expires_at=9, tenants=("acme",), scopes=None),
)


class Tokens:
    def standing(self, token: str) -> Standing:
        return STANDING

    async def still(self, standing: Standing) -> Principal:
        return BOUND

    async def principal(self, token: str) -> Principal:
        if token != TOKEN:
            raise GatewayError("unauthorized")
        return BOUND


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"X-API-Key": " "}])
async def test_no_key_is_told_how_to_send_one(headers: dict[str, str]) -> None:
    with pytest.raises(GatewayError) as refused:
        await Authenticator(OperatorKey(KEY)).authenticate(headers)

    assert refused.value.code == "unauthorized"
    assert "Authorization: Bearer" in refused.value.detail


async def test_a_wrong_key_is_never_repeated() -> None:
    with pytest.raises(GatewayError) as refused:
        await Authenticator(OperatorKey(KEY)).authenticate({"X-API-Key": "something-secret"})

    assert refused.value.code == "unauthorized"
    assert "something-secret" not in str(refused.value)


async def test_a_signed_token_is_asked_of_who_knows_tokens() -> None:
    authenticator = Authenticator(OperatorKey(KEY), tokens=Tokens())

    assert await authenticator.authenticate({"Authorization": f"Bearer {TOKEN}"}) == BOUND
    assert (await authenticator.authenticate({"X-API-Key": KEY})).kind is PrincipalKind.OPERATOR


async def test_what_somebody_rests_on_is_a_key_s_hash_or_a_token_s_word_and_never_the_credential() -> None:
    authenticator = Authenticator(OperatorKey(KEY), tokens=Tokens())

    by_key = authenticator.standing({"X-API-Key": KEY})
    assert by_key.token is None
    assert KEY not in str(by_key.dumped())
    assert len(by_key.digest) == DIGEST_LENGTH
    assert authenticator.standing({"Authorization": f"Bearer {TOKEN}"}) == STANDING
    assert Standing.loaded(STANDING.dumped()) == STANDING


async def test_a_signed_token_is_nothing_where_there_are_none() -> None:
    with pytest.raises(GatewayError, match="unauthorized"):
        await Authenticator(OperatorKey(KEY)).authenticate({"Authorization": f"Bearer {TOKEN}"})


def test_another_tenant_and_one_that_is_not_there_get_the_same_answer_before_the_scope_is_looked_at() -> None:
    for scope in (Scope.SESSIONS_READ, Scope.SESSIONS_WRITE):
        with pytest.raises(GatewayError) as refused:
            BOUND.require(scope, "other")
        assert (refused.value.code, refused.value.detail) == (
            "tenant_not_found",
            "There is no such tenant, or it is not this key's.",
        )
