from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from control.errors import GatewayError
from control.rpc.contract_gen import PairingCodeResult, Session, SessionDeleteResult, SessionListResult
from control.sessions.qr import QrImages
from control.sessions.service import SessionService
from tests.support.scripted_bridge import session

NOW = 1_795_435_218_000


class PlayedBridge:
    def __init__(self, state: str, **fields: Any) -> None:
        self.session = Session.model_validate(session("acme", state, **fields))
        self.next: list[Session] = []
        self.waits: list[int] = []
        self.deleted = True

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        self.waits.append(wait_ms)
        return self.session

    async def session_restart(self, tenant_id: str, wait_ms: int) -> Session:
        return await self.session_start(tenant_id, wait_ms)

    async def session_pairing_code(self, tenant_id: str, phone_number: str) -> PairingCodeResult:
        code = {"code": "ABCDEFGH", "expiresAtMs": NOW + 1}
        return PairingCodeResult.model_validate({"pairingCode": code, "session": self.session})

    async def session_stop(self, tenant_id: str) -> Session:
        return self.session

    async def session_logout(self, tenant_id: str) -> Session:
        return self.session

    async def session_delete(self, tenant_id: str) -> SessionDeleteResult:
        return SessionDeleteResult(deleted=self.deleted)

    async def session_set_proxy(self, tenant_id: str, proxy_url: str | None) -> Session:
        return self.session

    async def session_get(self, tenant_id: str) -> Session:
        if self.next:
            self.session = self.next.pop(0)
        return self.session

    async def session_list(self, after: str | None, limit: int) -> SessionListResult:
        return SessionListResult(sessions=[self.session], has_more=True)


class Forgetful:
    def __init__(self) -> None:
        self.erased: list[str] = []

    async def remember(self, session: Session) -> None:
        pass

    def expect(self, tenant_id: str) -> None:
        pass

    async def erase(self, tenant_id: str) -> None:
        self.erased.append(tenant_id)


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


@pytest.mark.parametrize("state", ["connecting", "qr", "reconnecting"])
async def test_a_start_without_a_code_is_an_error_and_never_an_empty_answer(images: QrImages, state: str) -> None:
    bridge = PlayedBridge(state)

    with pytest.raises(GatewayError, match="qr_code_not_ready") as caught:
        await service(bridge, images).start("acme")

    assert bridge.waits == [7]
    assert caught.value.retry_after is not None


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("connecting", {"phoneNumber": "+5511999999999"}),
        ("pairing", {}),
        ("qr", {"pairingCode": {"code": "ABCDEFGH", "expiresAtMs": NOW + 1}}),
    ],
    ids=str,
)
async def test_a_start_that_needs_no_code_is_answered_without_one(
    images: QrImages, state: str, fields: dict[str, Any]
) -> None:
    assert (await service(PlayedBridge(state, **fields), images).start("acme")).qr is None


async def test_between_two_codes_the_next_one_is_waited_for(
    images: QrImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control.sessions.service.QR_LOOK_SECONDS", 0.001)
    bridge = PlayedBridge("qr")
    codes = [{"text": "2@old", "expiresAtMs": NOW}, None, {"text": "2@new", "expiresAtMs": NOW + 1}]
    bridge.next = [
        Session.model_validate(session("acme", "qr", **({"qr": code} if code else {}))) for code in codes
    ]

    assert (await service(bridge, images).qr("acme")).qr == "2@new"


@pytest.mark.parametrize("state", ["connected", "disconnected", "logged_out", "failed", "pairing", "restricted"])
async def test_where_no_code_will_come_the_state_is_told_at_once(images: QrImages, state: str) -> None:
    with pytest.raises(GatewayError, match="no_qr_code") as caught:
        await service(PlayedBridge(state), images).qr("acme")

    assert caught.value.extra == {"state": state}
    assert caught.value.detail.endswith(".")


async def test_a_deletion_is_told_to_everybody_who_remembers_the_tenant(images: QrImages) -> None:
    bridge, memory, told = PlayedBridge("connected"), Forgetful(), list[str]()
    bridge.deleted = False
    sessions = SessionService(bridge, memory, images, on_deleted=(told.append,))

    assert await sessions.delete("acme") is False

    assert memory.erased == ["acme"]
    assert told == ["acme"]


@pytest.mark.parametrize("state", ["connecting", "reconnecting"])
@pytest.mark.parametrize("reason", ["whatsapp_unreachable", "dns_failure", "proxy_unreachable"])
async def test_a_start_that_cannot_reach_whatsapp_is_an_error(images: QrImages, state: str, reason: str) -> None:
    bridge = PlayedBridge(state, reason=reason)

    with pytest.raises(GatewayError, match="whatsapp_unreachable"):
        await service(bridge, images).start("acme")


async def test_a_status_that_cannot_reach_whatsapp_is_a_status(images: QrImages) -> None:
    bridge = PlayedBridge("reconnecting", reason="whatsapp_unreachable")

    assert "cannot be reached" in (await service(bridge, images).status("acme")).truth.sentence
