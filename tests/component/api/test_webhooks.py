"""Webhooks over HTTP, in the whole control plane on a real Redis, with a real customer's app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, session
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for

HOOKS = "/api/v1/webhooks/acme"
PUBLIC = "https://app.example.com/hook"


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def gateway(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        outbound_allow_cidrs=(ip_network("127.0.0.0/8"),),
    )
    async with running_gateway(settings) as running:
        yield running


async def added(gateway: Gateway, **body: Any) -> dict[str, Any]:
    answer = await gateway.post(HOOKS, json={"url": PUBLIC, **body})
    assert answer.status == 201, answer.body
    return answer.json


async def test_a_webhook_is_added_shown_changed_and_removed(gateway: Gateway) -> None:
    assert (await gateway.get(HOOKS)).json == {"webhooks": []}
    made = await added(
        gateway,
        events=["message", "message.status"],
        headers={"X-Api-Token": "canary-value"},
        ordering="none",
        description="CRM",
    )
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert made.pop("success") is True
    assert made["headerNames"] == ["X-Api-Token"]
    assert made["inlineMediaMaxBytes"] == 0
    assert (made["state"], made["enabled"], made["waiting"], made["isDefault"]) == ("enabled", True, 0, False)
    shown = await gateway.get(f"{HOOKS}/{made['id']}")
    assert shown.json == made
    assert (await gateway.get(HOOKS)).json == {"webhooks": [made]}
    assert b"canary-value" not in shown.body
    assert secret.encode() not in shown.body

    changed = await gateway.request(
        "PATCH",
        f"{HOOKS}/{made['id']}",
        json={
            "events": None,
            "headers": {},
            "inlineMediaMaxBytes": 1024,
            "ordering": "chat",
            "description": None,
            "enabled": False,
        },
    )
    assert changed.status == 200
    expected: dict[str, Any] = {
        "events": None,
        "headerNames": [],
        "inlineMediaMaxBytes": 1024,
        "ordering": "chat",
        "description": None,
        "enabled": False,
    }
    assert changed.json.items() >= {**expected, "state": "disabled", "disabledReason": "by_request"}.items()
    assert changed.json["url"] == PUBLIC
    enabled = await gateway.post(f"{HOOKS}/{made['id']}/enable")
    assert (enabled.json["state"], enabled.json["disabledReason"]) == ("enabled", None)

    removed = await gateway.request("DELETE", f"{HOOKS}/{made['id']}")
    assert removed.json == {"success": True, "dropped": 0}
    assert (await gateway.get(f"{HOOKS}/{made['id']}")).problem() == (404, "webhook_not_found")
    assert (await gateway.get("/api/v1/webhooks/other")).json == {"webhooks": []}


async def test_a_webhook_of_one_tenant_is_not_there_for_another(gateway: Gateway) -> None:
    made = await added(gateway)
    other = f"/api/v1/webhooks/other/{made['id']}"
    for method, path in (
        *(("GET", other), ("PATCH", other), ("DELETE", other), ("POST", f"{other}/rotate-secret")),
        *(("POST", f"{other}/test"), ("POST", f"{other}/enable"), ("GET", f"{other}/deliveries")),
        *(("GET", f"{other}/dead-letters"), ("POST", f"{other}/deliveries/evt_1/retry")),
        ("POST", f"{other}/recover"),
    ):
        body = {"PATCH": {"enabled": False}}.get(method, {"since": "2026-01-01T00:00:00Z"})
        json = body if path.endswith("recover") or method == "PATCH" else None
        answer = await gateway.request(method, path, json=json)
        assert answer.problem() == (404, "webhook_not_found"), (method, path)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"headers": {"Host": "evil"}}, "headers.Host"),
        ({"headers": {"webhook-id": "x"}}, "headers.webhook-id"),
        ({"headers": {"X-Webhook-Signature": "x"}}, "headers.X-Webhook-Signature"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "headers.Transfer-Encoding"),
        ({"headers": {"Content-Length": "0"}}, "headers.Content-Length"),
        ({"headers": {"A B": "x"}}, "headers.A B"),
        ({"headers": {"X-A": "one\r\nX-B: two"}}, "headers.X-A"),
        ({"headers": {"X-A": ""}}, "headers.X-A"),
        ({"headers": {"X-A": " padded"}}, "headers.X-A"),
        ({"headers": {"X-A": "Olá"}}, "headers.X-A"),
        ({"headers": {"X-A": "x" * 1025}}, "headers.X-A"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "headers"),
        ({"headers": {f"X-{n}": "1" for n in range(21)}}, "headers"),
        ({"headers": {f"X-{n}": "1" * 1000 for n in range(5)}}, "headers"),
        ({"headers": {"X-A": 1}}, "headers.X-A"),
        ({"events": ["mesage"]}, "events"),
        ({"events": []}, "events"),
        ({"inlineMediaMaxBytes": 1024 * 1024 + 1}, "inlineMediaMaxBytes"),
        ({"inlineMediaMaxBytes": -1}, "inlineMediaMaxBytes"),
        ({"secret": "short"}, "secret"),
        ({"ordering": "global"}, "ordering"),
        ({"description": "x" * 257}, "description"),
        ({"enabled": False}, "enabled"),
        ({"url": 5}, "url"),
    ],
)
async def test_what_cannot_be_had_is_refused_by_name(gateway: Gateway, body: dict[str, Any], field: str) -> None:
    answer = await gateway.post(HOOKS, json={"url": PUBLIC, **body})
    assert answer.problem() == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == field
    assert (await gateway.get(HOOKS)).json == {"webhooks": []}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("deliveries?limit=0", (400, "invalid_request")),
        ("deliveries?limit=x", (400, "invalid_request")),
        ("deliveries?after=%2B", (400, "invalid_request")),
        ("deliveries?status=maybe", (400, "invalid_request")),
        ("dead-letters?after=1", (400, "invalid_request")),
    ],
)
async def test_lists_refuse_what_they_do_not_understand(
    gateway: Gateway, path: str, code: tuple[int, str]
) -> None:
    made = await added(gateway)
    assert (await gateway.get(f"{HOOKS}/{made['id']}/{path}")).problem() == code


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("recover", {}),
        ("recover", {"since": "yesterday"}),
        ("recover", {"since": "2026-01-01T00:00:00"}),
        ("recover", {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}),
        ("recover", {"since": "2026-01-02T00:00:00Z", "status": "none"}),
        ("rotate-secret", {"overlapSeconds": -1}),
        ("rotate-secret", {"overlapSeconds": 604_801}),
    ],
)
async def test_verbs_refuse_what_they_do_not_understand(gateway: Gateway, path: str, body: dict[str, Any]) -> None:
    made = await added(gateway)
    assert (await gateway.post(f"{HOOKS}/{made['id']}/{path}", json=body)).problem() == (400, "invalid_request")


async def test_an_internal_address_is_refused_when_added_and_when_changed(gateway: Gateway) -> None:
    refused = (422, "webhook_url_refused")
    assert (await gateway.post(HOOKS, json={"url": "http://169.254.169.254/"})).problem() == refused
    made = await added(gateway)
    changed = await gateway.request("PATCH", f"{HOOKS}/{made['id']}", json={"url": "https://10.0.0.1/"})
    assert changed.problem() == refused
    assert (await gateway.request("PATCH", f"{HOOKS}/{made['id']}", json={})).problem() == (400, "invalid_request")


async def test_a_rotated_secret_is_shown_once(gateway: Gateway) -> None:
    made = await added(gateway)
    rotated = await gateway.post(f"{HOOKS}/{made['id']}/rotate-secret", json={"overlapSeconds": 3600})
    assert rotated.status == 200
    assert rotated.json["secret"] not in (None, made["secret"])
    assert rotated.json["secretOverlapUntil"] is not None
    assert rotated.json["secret"].encode() not in (await gateway.get(f"{HOOKS}/{made['id']}")).body
    at_once = await gateway.post(f"{HOOKS}/{made['id']}/rotate-secret", json={"overlapSeconds": 0})
    assert at_once.json["secretOverlapUntil"] is None


async def test_what_happened_can_be_looked_at_and_sent_again(
    gateway: Gateway, bridge: ScriptedBridge, app: CustomerApp
) -> None:
    journal = ScriptedJournal(bridge)
    made = await added(gateway, url=f"{app.url}/hook", events=["session.status"])
    hook = f"{HOOKS}/{made['id']}"
    app.set("/hook", Behaviour(status=500, body=b"out of order"))
    tested = await gateway.post(f"{hook}/test")
    expected = {"delivered": False, "reason": "http_500", "status": 500, "answer": "out of order"}
    assert tested.json.items() >= expected.items()

    journal.status("acme", "connected")
    await wait_for(lambda: len(app.received) == 2)

    async def recorded() -> bool:
        return bool((await gateway.get(f"{hook}/deliveries?status=failed")).json["deliveries"])

    await wait_for(recorded)
    (failed,) = (await gateway.get(f"{hook}/deliveries?status=failed")).json["deliveries"]
    assert failed.items() >= {"reason": "http_500", "answer": "out of order", "attempt": 1}.items()
    assert (await gateway.get(hook)).json.items() >= {"waiting": 1, "consecutiveFailures": 1}.items()
    app.set("/hook", Behaviour())
    retried = await gateway.post(f"{hook}/deliveries/{failed['eventId']}/retry")
    assert retried.json == {"success": True, "eventId": failed["eventId"], "state": "waiting"}

    async def settled() -> bool:
        # The app has it a little before it is written down that it has.
        return bool((await gateway.get(f"{hook}/deliveries?status=delivered")).json["deliveries"])

    await wait_for(settled)
    recovered = await gateway.post(f"{hook}/recover", json={"since": "2020-01-01T00:00:00Z", "status": "all"})
    assert recovered.json == {"success": True, "lookedAt": 1, "queued": 1, "complete": True, "continueFrom": None}
    await wait_for(lambda: len(app.received) == 4)
    assert len({r.event["id"] for r in app.received[1:]}) == 1
    nobody = await gateway.post(f"{hook}/deliveries/evt_nobody/retry")
    assert nobody.problem() == (404, "delivery_not_found")
    assert (await gateway.get(f"{hook}/dead-letters")).json == {"deadLetters": [], "next": None}


async def test_start_adds_one_webhook_and_changes_it_the_next_time(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["session.start"] = lambda params: session(params["tenantId"])
    first = await gateway.post("/api/v1/sessions/acme/start", json={"webhook": {"url": PUBLIC}})
    made = first.json["webhook"]
    assert made["secret"].startswith("whsec_")
    other = await added(gateway, url=f"{PUBLIC}/other")
    again = await gateway.post("/api/v1/sessions/acme/start", json={"webhook": {"url": f"{PUBLIC}/new"}})
    assert again.json["webhook"] == {"id": made["id"], "url": f"{PUBLIC}/new", "events": None, "secret": None}
    webhooks = (await gateway.get(HOOKS)).json["webhooks"]
    assert [(hook["id"], hook["registeredByStart"]) for hook in webhooks] == [
        (made["id"], True),
        (other["id"], False),
    ]


async def test_the_installations_webhook_is_shown_and_can_only_be_switched(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        webhook_url="https://192.0.2.1/",
        webhook_secret="sixteen-characters!",
    )
    async with running_gateway(settings) as gateway:
        (shown,) = (await gateway.get(HOOKS)).json["webhooks"]
        assert (shown["id"], shown["isDefault"], shown["url"]) == ("default", True, "https://192.0.2.1/")
        default = f"{HOOKS}/default"
        is_default = (409, "webhook_is_default")
        assert (await gateway.request("PATCH", default, json={"url": PUBLIC})).problem() == is_default
        assert (await gateway.request("DELETE", default)).problem() == is_default
        assert (await gateway.post(f"{default}/rotate-secret")).problem() == is_default
        off = await gateway.request("PATCH", default, json={"enabled": False})
        assert off.json["state"] == "disabled"
        assert (await gateway.get("/api/v1/webhooks/other")).json["webhooks"][0]["state"] == "enabled"
        await added(gateway)
        assert [hook["isDefault"] for hook in (await gateway.get(HOOKS)).json["webhooks"]] == [False]


async def test_deleting_the_session_deletes_the_webhooks_everywhere(
    gateway: Gateway, bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    bridge.answers("session.delete", {"deleted": True})
    await added(gateway)
    copy = socket_dir / "control" / "webhooks.sqlite"
    assert PUBLIC.encode() in copy.read_bytes()
    assert (await gateway.request("DELETE", "/api/v1/sessions/acme")).status == 200
    assert PUBLIC.encode() not in copy.read_bytes()
    assert (await gateway.get(HOOKS)).json == {"webhooks": []}
    redis = connect_redis(redis_server.url)
    assert not await redis.exists(Keys(key_prefix).webhooks("acme"))
    await redis.aclose()


async def test_the_twenty_first_webhook_is_refused(gateway: Gateway) -> None:
    for _ in range(20):
        await added(gateway)
    assert (await gateway.post(HOOKS, json={"url": PUBLIC})).problem() == (409, "too_many_webhooks")
