from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from control.errors import GatewayError
from control.rpc.contract_gen import Session
from control.sessions.qr import QrImages
from control.sessions.service import SessionService
from tests.support.scripted_bridge import session

NOW = 1_795_435_218_000


class PlayedBridge:
    def __init__(self, state: str, **fields: Any) -> None:
        self.session = Session.model_validate(session("acme", state, **fields))
        self.waits: list[int] = []

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        self.waits.append(wait_ms)
        return self.session

    async def session_stop(self, tenant_id: str) -> Session:
        return self.session

    async def session_logout(self, tenant_id: str) -> Session:
        return self.session

    async def session_get(self, tenant_id: str) -> Session:
        return self.session


class Forgetful:
    async def remember(self, session: Session) -> None:
        pass


@pytest.fixture
async def images() -> AsyncIterator[QrImages]:
    drawn = QrImages()
    yield drawn
    drawn.close()


def service(bridge: PlayedBridge, images: QrImages) -> SessionService:
    return SessionService(bridge, Forgetful(), images, start_wait_ms=7, now_ms=lambda: NOW)


async def test_a_code_that_can_be_scanned_is_shown_as_text_and_picture(images: QrImages) -> None:
    bridge = PlayedBridge("qr", qr={"text": "2@a", "expiresAtMs": NOW + 1})

    view = await service(bridge, images).status("acme")

    assert view.qr == "2@a"
    assert view.qr_code is not None


async def test_a_code_that_expired_is_not_shown(images: QrImages) -> None:
    bridge = PlayedBridge("qr", qr={"text": "2@a", "expiresAtMs": NOW})

    view = await service(bridge, images).status("acme")

    assert (view.qr, view.qr_code) == (None, None)


async def test_a_start_that_got_no_code_in_time_says_what_it_waits_for(images: QrImages) -> None:
    bridge = PlayedBridge("connecting")

    view = await service(bridge, images).start("acme")

    assert bridge.waits == [7]
    assert (view.qr_code, view.message) == (None, "Connecting to WhatsApp.")


@pytest.mark.parametrize("state", ["connecting", "reconnecting"])
async def test_a_start_that_cannot_reach_whatsapp_is_an_error(images: QrImages, state: str) -> None:
    bridge = PlayedBridge(state, reason="whatsapp_unreachable")

    with pytest.raises(GatewayError, match="whatsapp_unreachable"):
        await service(bridge, images).start("acme")


async def test_a_status_that_cannot_reach_whatsapp_is_a_status(images: QrImages) -> None:
    bridge = PlayedBridge("reconnecting", reason="whatsapp_unreachable")

    assert "cannot be reached" in (await service(bridge, images).status("acme")).message
