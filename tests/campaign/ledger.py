"""What WhatsApp and the receiving phones met, as the sandbox recorded it, and what the gateway says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.campaign.history import Asked, History
from tests.campaign.stage import Stage, Tenant

PAGE = 200
PHONE = 0


@dataclass(frozen=True, slots=True)
class Copies:
    """What one device got of a message. readable: None for linked devices, whose keys nobody here has."""

    number: str
    device: int
    copies: int
    readable: int | None
    identical: bool
    retries: int
    first_read: int | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message of a tenant as the server met it; see docs/sandbox.md, `sends`."""

    id: str
    number: str
    chat: str
    chat_position: int
    ack: str
    text: str | None
    devices: tuple[Copies, ...]
    raw: dict[str, Any]

    def read_by(self, number: str) -> int:
        """How often a phone could read it."""
        return sum(
            copies.readable or 0 for copies in self.devices if copies.number == number and copies.device == PHONE
        )

    @property
    def is_known(self) -> bool:
        """Whether WhatsApp has it: it said so, or somebody read it."""
        return self.ack == "sent" or any((copies.readable or 0) > 0 for copies in self.devices)


@dataclass(slots=True)
class Ledger:
    """arrivals: by the tenant's name and the message's id. rows: GET /messages, the same way.

    files: SHA-256 of what a contact downloaded, by the message's id.
    """

    arrivals: dict[tuple[str, str], Arrival] = field(default_factory=dict)
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def arrival_of(raw: dict[str, Any]) -> Arrival:
    """Read one entry of GET /admin/sends."""
    devices = tuple(
        Copies(
            number=each["number"],
            device=each["device"],
            copies=each["copies"],
            readable=each.get("readable"),
            identical=each["identical"],
            retries=each["retries"],
            first_read=each.get("firstRead"),
        )
        for each in raw["devices"]
    )
    return Arrival(
        raw["id"], raw["number"], raw["chat"], raw["chatPosition"], raw["ack"], raw.get("text"), devices, raw
    )


async def read_ledger(stage: Stage, history: History) -> Ledger:
    """Ask the sandbox and the gateway for everything."""
    ledger = Ledger()
    for tenant in stage.tenants:
        for raw in await _sends(stage, tenant):
            arrival = arrival_of(raw)
            ledger.arrivals[tenant.name, arrival.id] = arrival
        for row in await _rows(stage, tenant):
            ledger.rows[tenant.name, row["messageId"]] = row
    for asked in history.asked:
        await _name_messages(stage, asked)
    await _files(stage, history, ledger)
    return ledger


async def _sends(stage: Stage, tenant: Tenant) -> list[dict[str, Any]]:
    sends: list[dict[str, Any]] = []
    cursor = 0
    while True:
        path = f"/sends?number={quote(tenant.number)}&after={cursor}&limit=10000"
        answer = await stage.sandbox.call("GET", path)
        if not answer["sends"]:
            return sends
        sends += answer["sends"]
        cursor = answer["cursor"]


async def _rows(stage: Stage, tenant: Tenant) -> list[dict[str, Any]]:
    return await pages(stage, f"/api/v1/messages/{tenant.name}", "before")


async def pages(stage: Stage, path: str, cursor_name: str, **query: str) -> list[dict[str, Any]]:
    """Get all pages of a list of messages."""
    found: list[dict[str, Any]] = []
    while True:
        words = "&".join(f"{name}={value}" for name, value in {"limit": str(PAGE), **query}.items())
        status, answer = await stage.gateway.call("GET", f"{path}?{words}")
        assert status == 200, answer
        found += answer["messages"]
        if answer["next"] is None:
            return found
        query = {**query, cursor_name: answer["next"]}


async def _name_messages(stage: Stage, asked: Asked) -> None:
    """Note which message each request made."""
    first = asked.first_answer
    if first is None:
        settled = (one.body.get("messageId") for one in asked.attempts)
        asked.messages[0].message_id = next((one for one in settled if one is not None), None)
    elif asked.way == "batch":
        path = f"/api/v1/messages/{asked.tenant}/batches/{first.body['batchId']}/messages"
        for wanted, row in zip(asked.messages, await pages(stage, path, "after"), strict=True):
            wanted.message_id = row["messageId"]
    else:
        asked.messages[0].message_id = first.body["messageId"]


async def _files(stage: Stage, history: History, ledger: Ledger) -> None:
    """Note what contacts downloaded; a contact's inbox keeps the last thousand messages."""
    pictures = [wanted for asked in history.asked for wanted in asked.messages if wanted.file_sha256 is not None]
    for reader in {wanted.readers[0] for wanted in pictures}:
        for message in await stage.sandbox.messages(f"+{reader}"):
            if "media" in message:
                ledger.files[message["id"]] = message["media"]["sha256"]
