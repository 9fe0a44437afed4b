from __future__ import annotations

import re

import pytest

from control.errors import GatewayError
from control.messages.service import MessageService, new_message_id
from control.rpc.contract_gen import (
    ContentType,
    MessageFailure,
    MessageSendParams,
    MessageStatus,
    OutgoingMessage,
    SendResult,
)


class PlayedBridge:
    def __init__(self, status: MessageStatus, whatsapp_error: int | None = None) -> None:
        self.status = status
        self.whatsapp_error = whatsapp_error
        self.ids: list[str] = []

    async def message_send(self, params: MessageSendParams) -> SendResult:
        assert params.message_id is not None
        self.ids.append(params.message_id)
        failure = MessageFailure.model_validate({"code": "rejected", "whatsappError": self.whatsapp_error})
        message = OutgoingMessage(
            message_id=params.message_id,
            to=params.to,
            type=ContentType.text,
            chat_id="5511999999999@s.whatsapp.net",
            status=self.status,
            accepted_at_ms=1,
            failure=failure if self.status is MessageStatus.failed else None,
        )
        return SendResult(message=message, replayed=False)


def test_message_ids_are_random_and_look_like_whatsapp_s() -> None:
    ids = {new_message_id() for _ in range(1_000)}

    assert len(ids) == 1_000
    assert all(re.fullmatch(r"3EB0[0-9A-F]{18}", one) for one in ids)


@pytest.mark.parametrize("status", ["accepted", "sent", "delivered", "read", "played"])
async def test_what_was_taken_is_said_as_it_is(status: str) -> None:
    bridge = PlayedBridge(MessageStatus(status))

    sent = await MessageService(bridge).send_text("t", "+5511999999999", "x")

    assert sent.message.status.value == status
    assert sent.message.message_id == bridge.ids[0]


async def test_a_message_whatsapp_refused_is_never_called_sent() -> None:
    bridge = PlayedBridge(MessageStatus.failed, whatsapp_error=463)

    with pytest.raises(GatewayError) as refused:
        await MessageService(bridge).send_text("t", "+5511999999999", "x")

    assert refused.value.code == "send_rejected"
    assert refused.value.extra == {"messageId": bridge.ids[0], "whatsappError": 463}


async def test_a_message_nobody_knows_about_is_called_unconfirmed() -> None:
    bridge = PlayedBridge(MessageStatus.unknown)

    with pytest.raises(GatewayError) as refused:
        await MessageService(bridge).send_text("t", "+5511999999999", "x")

    assert refused.value.code == "message_unconfirmed"
    assert refused.value.extra == {"messageId": bridge.ids[0]}


async def test_a_text_that_is_too_long_never_reaches_the_bridge() -> None:
    bridge = PlayedBridge(MessageStatus.sent)

    with pytest.raises(GatewayError, match="message_too_long"):
        await MessageService(bridge).send_text("t", "+5511999999999", "x" * 65_537)

    assert not bridge.ids
