"""Registering webhooks, on a real Redis."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from control.errors import GatewayError
from control.settings import Settings
from control.storage.keys import Keys
from control.storage.seal import SealBroken
from control.webhooks.endpoint import Endpoint
from control.webhooks.endpoints import WebhookEndpoints
from control.webhooks.queue import Line
from tests.component.webhooks.gateway import SECRET, registry_for, settings_for

PUBLIC = "https://app.example.com/api/webhook?x=1"


def endpoints_for(redis: Redis, keys: Keys, settings: Settings) -> WebhookEndpoints:
    return WebhookEndpoints(registry_for(redis, keys, settings), settings)


async def only_one(endpoints: WebhookEndpoints) -> Endpoint | None:
    """The one webhook of t1 as the worker finds it."""
    found = await endpoints.page("t1")
    assert len(found) <= 1
    return await endpoints.find(Line("t1", found[0].id)) if found else None


@pytest.fixture
def endpoints(redis: Redis, keys: Keys, tmp_path: Path) -> WebhookEndpoints:
    return endpoints_for(redis, keys, settings_for(tmp_path, outbound_allow_cidrs=()))


async def test_a_secret_is_generated_and_shown_once(endpoints: WebhookEndpoints) -> None:
    first = await endpoints.register("t1", url=PUBLIC, secret=None, events=None)
    assert first.secret_generated is not None
    assert first.secret_generated.startswith("whsec_")
    again = await endpoints.register("t1", url=PUBLIC + "&y=2", secret=None, events=["message"])
    assert again.secret_generated is None
    stored = await only_one(endpoints)
    assert stored is not None
    assert (stored.url, stored.secret) == (PUBLIC + "&y=2", first.secret_generated)
    assert [found.events for found in await endpoints.page("t1")] == [("message",)]
    assert first.secret_generated not in repr(first)
    assert first.secret_generated not in repr(stored)


async def test_a_secret_of_ones_own_replaces_the_one_before(endpoints: WebhookEndpoints) -> None:
    await endpoints.register("t1", url=PUBLIC, secret=None, events=None)
    given = await endpoints.register("t1", url=PUBLIC, secret="my-own-secret-16", events=None)
    assert given.secret_generated is None
    stored = await only_one(endpoints)
    assert stored is not None
    assert stored.secret == "my-own-secret-16"


async def test_nothing_in_redis_shows_a_secret(endpoints: WebhookEndpoints, redis: Redis, keys: Keys) -> None:
    await endpoints.register("t1", url=PUBLIC, secret="my-own-secret-16", events=None)
    stored = await redis.hgetall(keys.webhooks("t1"))  # type: ignore[misc]
    assert b"my-own-secret-16" not in b"".join(stored.values())


async def test_a_tenant_without_one_uses_the_installations(redis: Redis, keys: Keys, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, webhook_url=PUBLIC, webhook_secret=SecretStr("LOCAI-secret-0001"))
    endpoint = await only_one(endpoints_for(redis, keys, settings))
    assert endpoint is not None
    assert (endpoint.id, endpoint.url, endpoint.secret) == ("default", PUBLIC, "LOCAI-secret-0001")


async def test_without_either_there_is_no_endpoint(endpoints: WebhookEndpoints) -> None:
    assert await only_one(endpoints) is None


async def test_a_secret_sealed_under_another_key_does_not_open(
    endpoints: WebhookEndpoints, redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await endpoints.register("t1", url=PUBLIC, secret=SECRET, events=None)
    other = endpoints_for(redis, keys, settings_for(tmp_path / "other", webhook_url=PUBLIC))
    with pytest.raises(SealBroken):
        await only_one(other)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/hook",
        "https://example.com:80/",
        "HTTPS://EXAMPLE.COM/Path",
        "https://bücher.example/",
        "https://93.184.216.34/",
        "https://[2606:4700:4700::1111]/",
    ],
)
async def test_urls_that_are_accepted(endpoints: WebhookEndpoints, url: str) -> None:
    assert (await endpoints.register("t1", url=url, secret=None, events=None)).url == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "//example.com/", "/hook", "ftp://example.com/", "file:///etc/passwd", "https://"),
        *(
            "https:///hook",
            "https://user@example.com/",
            "https://user:pw@example.com/",
            "https://:pw@example.com/",
        ),
        *(
            "https://example.com:22/",
            "https://example.com:6379x/",
            "https://example.com:0/",
            "https://example.com:99999/",
        ),
        *(
            "https://exa mple.com/",
            "https://example.com/\n",
            "https://example.com\\@evil.example/",
            "https://[::1",
        ),
        *(
            "https://localhost/",
            "https://foo.localhost:3000/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0/",
        ),
        *("https://2130706433/", "https://0x7f000001/", "https://169.254.169.254/", "https://10.1.2.3:8080/"),
        *("https://[::ffff:10.0.0.1]/", "https://①②⑦.0.0.1/", "http://example.com/", "http://93.184.216.34/"),
        "https://example.com/" + "x" * 2048,
    ],
)
async def test_urls_that_are_refused_with_a_sentence(endpoints: WebhookEndpoints, url: str) -> None:
    with pytest.raises(GatewayError) as refused:
        await endpoints.register("t1", url=url, secret=None, events=None)
    assert refused.value.code == "webhook_url_refused"
    assert refused.value.detail.endswith(".")
    assert await only_one(endpoints) is None


async def test_plain_http_is_accepted_into_allowed_networks_only(redis: Redis, keys: Keys, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, outbound_allow_cidrs=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
    endpoints = endpoints_for(redis, keys, settings)
    for url in ("http://127.0.0.1:4000/hook", "http://localhost:4000/hook", "https://127.0.0.1:4000/hook"):
        await endpoints.register("t1", url=url, secret=None, events=None)
    for url in ("http://10.0.0.1/", "http://93.184.216.34/", "https://10.0.0.1/", "http://no-such-name.invalid/"):
        with pytest.raises(GatewayError, match="webhook_url_refused"):
            await endpoints.register("t1", url=url, secret=None, events=None)


@pytest.mark.parametrize(("secret", "events"), [("short", None), ("", None), ("x" * 513, None)])
async def test_a_secret_of_a_wrong_length_is_refused(
    endpoints: WebhookEndpoints, secret: str, events: list[str] | None
) -> None:
    with pytest.raises(GatewayError) as refused:
        await endpoints.register("t1", url=PUBLIC, secret=secret, events=events)
    assert refused.value.errors is not None
    assert refused.value.errors[0]["field"] == "webhook.secret"


@pytest.mark.parametrize("events", [[], ["mesage"], ["message", "*"]])
async def test_unknown_event_names_are_refused_by_name(endpoints: WebhookEndpoints, events: list[str]) -> None:
    with pytest.raises(GatewayError) as refused:
        await endpoints.register("t1", url=PUBLIC, secret=None, events=events)
    assert refused.value.errors is not None
    assert refused.value.errors[0]["field"] == "webhook.events"
    assert await only_one(endpoints) is None
