"""Files inside the event: what the customer's app gets on the wire, signed with the file in it, or without it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from control.errors import GatewayError
from control.media.received import ReceivedMedia
from control.rpc.contract_gen import MediaFetchParams, MediaFile
from control.webhooks.endpoint import Endpoint
from control.webhooks.inline_media import InlineMedia
from tests.component.events.journal import text_message
from tests.component.webhooks.gateway import SECRET, Gateway, running
from tests.support.customer_app import CustomerApp, Received
from tests.support.wait import wait_for

CONTENT = bytes(range(256)) * 4
MEDIA_ID = "med_0123456789ABCDEF0123"


@dataclass
class PlayedMedia:
    """The bridge's part: has one file, or fails, or takes long."""

    size: int = len(CONTENT)
    fault: str | None = None
    hangs: bool = False
    fetched: list[tuple[str, str]] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def media_fetch(self, params: MediaFetchParams) -> MediaFile:
        self.fetched.append((params.tenant_id, params.media_id))
        if self.hangs:
            await asyncio.Event().wait()
        if self.fault is not None:
            raise GatewayError(self.fault)
        return MediaFile(
            media_id=params.media_id,
            file_name="0123456789abcdef0123",
            mime_type="image/jpeg",
            size_bytes=self.size,
            sha256="0" * 64,
            kept_until_ms=0,
        )


@pytest.fixture
def media() -> PlayedMedia:
    return PlayedMedia()


@pytest.fixture
def inline(gateway: Gateway, media: PlayedMedia, tmp_path: Path) -> InlineMedia:
    (tmp_path / "0123456789abcdef0123").write_bytes(CONTENT)
    inline = InlineMedia(ReceivedMedia(media, tmp_path), seconds=0.5)
    gateway.worker = gateway.new_worker(inline=inline)
    return inline


def picture(size: int | None = len(CONTENT), text: str = "a picture") -> dict[str, Any]:
    told = {} if size is None else {"sizeBytes": size}
    about = {"mediaId": MEDIA_ID, "mimeType": "image/jpeg", **told}
    return {**text_message(""), "content": {"type": "image", "caption": text, "media": about}}


async def sent(gateway: Gateway, app: CustomerApp, data: dict[str, Any], at_most: int) -> Received:
    """Have a webhook with a limit get an event."""
    await gateway.endpoints.add("t1", secret=SECRET, url=f"{app.url}/app", inline_media_max_bytes=at_most)
    gateway.bridge.add("t1", data)
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.delivered("/app"))
    (got,) = app.at("/app")
    return got


async def test_a_small_file_is_in_the_event_and_under_the_signature(
    gateway: Gateway, app: CustomerApp, media: PlayedMedia, inline: InlineMedia
) -> None:
    got = await sent(gateway, app, picture(), len(CONTENT))

    shown = got.event["data"]["media"]
    assert base64.b64decode(shown["base64"]) == CONTENT
    assert shown["mediaId"] == MEDIA_ID
    assert shown["url"].endswith(f"/t1/{MEDIA_ID}")
    assert got.event["data"]["message"] == "a picture"
    expected = "sha256=" + hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Webhook-Signature"] == expected
    assert media.fetched == [("t1", MEDIA_ID)]


@pytest.mark.parametrize("why", ["off", "too_large", "size_not_told", "a_text"])
async def test_what_is_not_wanted_inside_is_not_even_fetched(
    gateway: Gateway, app: CustomerApp, media: PlayedMedia, inline: InlineMedia, why: str
) -> None:
    data = {"a_text": text_message("olá"), "size_not_told": picture(None)}.get(why, picture())
    at_most = {"off": 0, "too_large": len(CONTENT) - 1}.get(why, len(CONTENT))

    got = await sent(gateway, app, data, at_most)

    assert got.event["data"].get("media", {}).get("base64") is None
    assert not media.fetched


@pytest.mark.parametrize(
    "why", ["bridge_away", "hangs", "larger_than_told", "longer_than_the_bridge_says", "gone"]
)
async def test_without_the_file_the_event_goes_all_the_same(
    gateway: Gateway, app: CustomerApp, media: PlayedMedia, inline: InlineMedia, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "0123456789abcdef0123"
    match why:
        case "bridge_away":
            media.fault = "bridge_unavailable"
        case "hangs":
            media.hangs = True
        case "larger_than_told":
            media.size = len(CONTENT) + 1
        case "longer_than_the_bridge_says":
            await asyncio.to_thread(path.write_bytes, CONTENT + b"x")
        case _:
            await asyncio.to_thread(path.unlink)

    got = await sent(gateway, app, picture(), len(CONTENT))

    assert got.event["data"]["media"].get("base64") is None
    assert got.event["data"]["media"]["url"].endswith(MEDIA_ID)
    assert len(media.fetched) == 1


async def test_a_changed_limit_counts_from_the_next_attempt(
    gateway: Gateway, app: CustomerApp, inline: InlineMedia
) -> None:
    stored, _ = await gateway.endpoints.add("t1", secret=SECRET, url=f"{app.url}/app", inline_media_max_bytes=9999)
    async with running(gateway.ingest.run, gateway.worker.run):
        gateway.bridge.add("t1", picture())
        await wait_for(lambda: len(app.delivered("/app")) == 1)
        await gateway.endpoints.update("t1", stored.id, inline_media_max_bytes=0)
        gateway.bridge.add("t1", picture())
        await wait_for(lambda: len(app.delivered("/app")) == 2)

    first, second = app.delivered("/app")
    assert first["data"]["media"]["base64"]
    assert not second["data"]["media"].get("base64")


async def test_only_so_many_files_are_held_and_what_finds_no_room_goes_without(
    media: PlayedMedia, tmp_path: Path
) -> None:
    (tmp_path / "0123456789abcdef0123").write_bytes(CONTENT)
    inline = InlineMedia(ReceivedMedia(media, tmp_path), seconds=0.05, at_once=1)
    endpoint = Endpoint("whe_1", "https://example.com", SECRET, inline_media_max_bytes=9999)
    about = {"mediaId": MEDIA_ID, "sizeBytes": len(CONTENT)}
    body = orjson.dumps({"event": "message", "data": {"type": "image", "media": about}})

    async with (
        inline.added(endpoint, "t1", "message", body) as first,
        inline.added(endpoint, "t1", "message", body) as second,
    ):
        assert b"base64" in first
        assert second == body
    async with inline.added(endpoint, "t1", "message", body) as third:
        assert third == first
